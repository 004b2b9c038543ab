#include "operator/embedded/protobuf/message.hpp"

#include <algorithm>
#include <utility>

#include "operator/embedded/protobuf/limits.hpp"
#include "operator/embedded/protobuf/special_messages.hpp"
#include "operator/embedded/protobuf/wire.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

bool is_varint(ProtoType type) {
  return type == ProtoType::Bool || type == ProtoType::Int32 || type == ProtoType::Int64;
}

Json varint_json(ProtoType type, std::uint64_t varint) {
  if (type == ProtoType::Bool) return varint != 0;
  if (type == ProtoType::Int32) return static_cast<std::int32_t>(static_cast<std::uint32_t>(varint));
  return static_cast<std::int64_t>(varint);
}

// To Go it is a struct, which is never empty and has no null.
bool is_struct(const ProtoField& proto) {
  return proto.shape == ProtoShape::One && (proto.type == ProtoType::Message || is_special_message(proto.type));
}

// Empty to Go's encoding/json.
bool is_empty(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean: return !value.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return value.get<std::int64_t>() == 0;
    case Json::value_t::string: return value.get_ref<const std::string&>().empty();
    default: return value.empty();
  }
}

class MessageReader {
 public:
  // Reads into what is there already: a message that comes twice is the sum of both.
  void read(Json& object, std::string_view message, const SchemaNode& node, std::size_t depth) {
    if (depth > limits::message_depth) {
      return fail("messages are nested deeper than " + std::to_string(limits::message_depth) + " levels");
    }
    if (!object.is_object()) object = Json::object();
    fields(object, message, node, 0, depth);
    settle(object, node, depth);
  }

  const std::string& error() const { return error_; }

 private:
  bool failed() const { return !error_.empty(); }
  void fail(std::string error) {
    if (error_.empty()) error_ = std::move(error);
  }
  void count() {
    if (++values_ > limits::message_values) {
      fail("the message holds more than " + std::to_string(limits::message_values) + " values");
    }
  }

  void fields(Json& object, std::string_view message, const SchemaNode& node, std::uint32_t inside, std::size_t depth) {
    WireReader reader(message);
    for (WireField field; !failed() && reader.next(field);) {
      const auto stands_here = [&](const Property& property) {
        return property.proto.number == field.number && property.proto.inside == inside;
      };
      const auto own = std::find_if(node.properties.begin(), node.properties.end(), stands_here);
      if (own != node.properties.end()) {
        count();
        this->field(object[own->name], *own, field, depth);
      } else if (inside == 0 && holds_fields(node, field.number)) {
        if (field.type != WireType::Bytes) {
          return fail(wrong_wire_type(field.type, std::to_string(field.number)));
        }
        fields(object, field.bytes, node, field.number, depth);
      }
    }
    if (!reader.error().empty()) fail(reader.error());
  }

  // Whether `number` is a message whose fields JSON has as fields of `node`.
  static bool holds_fields(const SchemaNode& node, std::uint32_t number) {
    return std::any_of(node.properties.begin(), node.properties.end(),
                       [&](const Property& property) { return property.proto.inside == number; });
  }

  void field(Json& slot, const Property& property, const WireField& field, std::size_t depth) {
    switch (property.proto.shape) {
      case ProtoShape::One: return value(slot, property, *property.node, field, depth);
      case ProtoShape::List: return item(slot, property, field, depth);
      case ProtoShape::Map: return entry(slot, property, field, depth);
    }
  }

  void item(Json& slot, const Property& property, const WireField& field, std::size_t depth) {
    if (!slot.is_array()) slot = Json::array();
    if (is_varint(property.proto.type) && field.type == WireType::Bytes) {
      WireReader packed(field.bytes);
      for (std::uint64_t varint = 0; !failed() && packed.next_packed(varint);) {
        count();
        slot.push_back(varint_json(property.proto.type, varint));
      }
      if (!packed.error().empty()) fail(packed.error());
      return;
    }
    Json made;
    value(made, property, node_of(property.node->items), field, depth);
    slot.push_back(std::move(made));
  }

  // Field 1 is the key, 2 what stands under it; either may be absent.
  void entry(Json& slot, const Property& property, const WireField& field, std::size_t depth) {
    if (field.type != WireType::Bytes) return fail(wrong_wire_type(field.type, property.name));
    const SchemaNode& node = node_of(property.node->additional_properties);
    std::string key;
    Json made;
    WireReader reader(field.bytes);
    for (WireField part; !failed() && reader.next(part);) {
      if (part.number == 1) {
        if (part.type != WireType::Bytes) return fail(wrong_wire_type(part.type, property.name));
        key = go_text::valid_utf8(part.bytes);
      } else if (part.number == 2) {
        made = nullptr;
        value(made, property, node, part, depth);
      }
    }
    if (!reader.error().empty()) return fail(reader.error());
    if (made.is_null()) made = zero(property.proto.type, node, depth);
    if (!slot.is_object()) slot = Json::object();
    slot[key] = std::move(made);
  }

  void value(Json& slot, const Property& property, const SchemaNode& node, const WireField& field, std::size_t depth) {
    const ProtoType type = property.proto.type;
    if (field.type != (is_varint(type) ? WireType::Varint : WireType::Bytes)) {
      return fail(wrong_wire_type(field.type, property.name));
    }
    if (is_varint(type)) {
      slot = varint_json(type, field.varint);
    } else if (type == ProtoType::String) {
      slot = go_text::valid_utf8(field.bytes);
    } else if (type == ProtoType::Bytes) {
      slot = kube::base64_encode(field.bytes);
    } else if (type == ProtoType::Message) {
      read(slot, field.bytes, node, depth + 1);
    } else {
      auto special = special_message_json(type, field.bytes);
      if (!special) return fail(special.error());
      slot = *std::move(special);
    }
  }

  // Leaves the fields that Go would write.
  void settle(Json& object, const SchemaNode& node, std::size_t depth) {
    for (const Property& property : node.properties) {
      if (failed()) return;
      if (property.proto.type == ProtoType::None) continue;
      const auto at = object.find(property.name);
      const bool absent = at == object.end();
      const GoField& go = property.go;
      if (go.pointer) {
        if (absent && !go.omit_empty && !go.omit_zero) object[property.name] = nullptr;
      } else if (is_struct(property.proto)) {
        if (!absent && !go.omit_zero) continue;
        Json zero_value = zero(property.proto.type, *property.node, depth);
        if (!go.omit_zero) {
          object[property.name] = std::move(zero_value);
        } else if (!absent && *at == zero_value) {
          object.erase(at);
        }
      } else if (go.omit_empty || go.omit_zero) {
        if (!absent && is_empty(*at)) object.erase(at);
      } else if (absent || (at->is_array() && at->empty())) {
        const bool has_null = property.proto.shape != ProtoShape::One || property.proto.type == ProtoType::Bytes;
        object[property.name] = has_null ? Json() : zero(property.proto.type, *property.node, depth);
      }
    }
  }

  // What stands where protobuf has nothing; a map's bytes are never null.
  Json zero(ProtoType type, const SchemaNode& node, std::size_t depth) {
    count();
    switch (type) {
      case ProtoType::Bool: return false;
      case ProtoType::Int32:
      case ProtoType::Int64: return 0;
      case ProtoType::String:
      case ProtoType::Bytes: return "";
      case ProtoType::Message: {
        Json object;
        read(object, {}, node, depth + 1);
        return object;
      }
      default: return special_message_zero(type);
    }
  }

  // A schema may say less than protobuf: then there is nothing to know of what is inside.
  static const SchemaNode& node_of(const SchemaNode* node) {
    static const SchemaNode unknown;
    return node == nullptr ? unknown : *node;
  }

  std::string error_;
  std::size_t values_ = 0;
};

}  // namespace

Result<Json, std::string> message_json(std::string_view message, const SchemaNode& node) {
  MessageReader reader;
  Json object;
  reader.read(object, message, node, 0);
  if (!reader.error().empty()) return Err(reader.error());
  return object;
}

}  // namespace ork::embedded
