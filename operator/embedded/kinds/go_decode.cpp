#include "operator/embedded/kinds/go_decode.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "operator/embedded/kinds/base64.hpp"
#include "operator/embedded/kinds/go_time.hpp"
#include "operator/embedded/kinds/quantity.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/number_checks.hpp"

namespace ork::embedded {

std::string_view json_type(const Json& value) {
  if (value.is_boolean()) return "bool";
  if (value.is_string()) return "string";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return value.is_number() ? "number" : "null";
}

namespace {

bool is_time(const std::string& type) { return type == "v1.Time" || type == "v1.MicroTime"; }
// Kept as the bytes that were sent.
bool is_raw(const std::string& type) { return type == "v1.FieldsV1" || type == "runtime.RawExtension"; }

// "[]v1.Container" holds v1.Container; of a map, what stands behind the bracket.
std::string element_type(const std::string& type) {
  if (type == "v1.ResourceList") return "resource.Quantity";
  std::size_t bracket = type.find(']');
  return bracket == std::string::npos ? "" : type.substr(bracket + 1);
}

// "v1.JobSpec" without the package.
std::string bare(const std::string& type) { return type.substr(type.rfind('.') + 1); }

class Decoder {
 public:
  Decoded out;

  // Of the whole: the error that ended it, or the first value of a wrong type.
  Decoded result() {
    if (out.error.empty()) out.error = std::move(wrong_);
    return std::move(out);
  }

  void structure(Json& value, const SchemaNode& node, const std::string& type, const std::string& at,
                 const std::string& field, std::size_t depth) {
    if (depth > limits::value_depth) return;
    for (auto item = value.begin(); item != value.end();) {
      const Property* property = node.property_entry(item.key());
      std::string inner_at = at.empty() ? item.key() : at + "." + item.key();
      if (property == nullptr || property->go.type.empty()) {
        out.unknown.push_back(inner_at);
        item = value.erase(item);
        continue;
      }
      std::string inner_field = field.empty() ? item.key() : field + "." + item.key();
      Place place{bare(type), inner_field, inner_at, depth + 1};
      if (!item->is_null()) read(*item, *property->node, property->go.type, place);
      if (failed()) return;
      ++item;
    }
    for (const Property& property : node.properties) write(value, property, depth);
  }

 private:
  struct Place {
    std::string owner;  // the struct, as messages call it
    std::string field;  // "spec.template.spec.containers.name"
    std::string at;     // "spec.template.spec.containers[0].name"
    std::size_t depth = 0;
  };

  bool failed() const { return !out.error.empty(); }
  // Types that decode themselves end the whole with their error.
  void give_up() { out.error = wrong_; }

  // A value of a wrong type: Go goes on, and tells the first one at the end if nothing worse comes.
  void wrong(std::string_view found, const Place& place, const std::string& type) {
    if (!wrong_.empty()) return;
    wrong_ = "json: cannot unmarshal " + std::string(found) + " into Go struct field " + place.owner + "." +
             place.field + " of type " + type;
  }

  void read(Json& value, const SchemaNode& node, const std::string& type, const Place& place) {
    if (place.depth > limits::value_depth || is_raw(type)) return;
    if (type == "resource.Quantity") return read_quantity(value);
    if (is_time(type)) return read_moment(value, type, place);
    if (type == "intstr.IntOrString") return read_int_or_string(value, place);
    if (type == "[]uint8") return read_bytes(value, place);
    if (type.starts_with("[]")) return read_list(value, node, type, place);
    bool is_map = type.starts_with("map[") || type == "v1.ResourceList";
    if (is_map || node.type == ValueType::Object) return read_object(value, node, type, is_map, place);
    bool fits = node.type == ValueType::Boolean  ? value.is_boolean()
                : node.type == ValueType::String ? value.is_string()
                                                 : value.is_number();
    if (!fits) return wrong(json_type(value), place, type);
    if (value.is_number()) read_number(value, type, place);
  }

  void read_number(const Json& value, const std::string& type, const Place& place) {
    bool fits = is_int64(value) || type == "float64";
    if (fits && type == "int32") {
      auto number = value.get<std::int64_t>();
      fits = number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
    }
    if (!fits) wrong("number " + value.dump(), place, type);
  }

  void read_quantity(Json& value) {
    std::string text = value.is_string() ? value.get<std::string>() : go_text::json(value);
    std::size_t begin = text.find_first_not_of(" \t\r\n");
    text = begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
    auto quantity = parse_quantity(text);
    if (quantity) {
      value = printed(*quantity);
    } else {
      out.error = quantity.error();
    }
  }

  void read_moment(Json& value, const std::string& type, const Place& place) {
    if (!value.is_string()) {
      wrong_.clear();
      wrong(json_type(value), place, "string");
      return give_up();
    }
    const auto& text = value.get_ref<const std::string&>();
    auto read = type == "v1.Time" ? read_time(text) : read_micro_time(text);
    if (read) {
      value = read->empty() ? Json() : Json(*read);
    } else {
      out.error = read.error();
    }
  }

  void read_int_or_string(const Json& value, const Place& place) {
    if (value.is_string()) return;
    std::string before = std::exchange(wrong_, "");
    if (value.is_number()) {
      read_number(value, "int32", place);
    } else {
      wrong(json_type(value), place, "int32");
    }
    if (!wrong_.empty()) return give_up();
    wrong_ = std::move(before);
  }

  void read_bytes(Json& value, const Place& place) {
    if (value.is_array()) return read_byte_list(value, place);
    if (!value.is_string()) return wrong(json_type(value), place, "[]uint8");
    Base64 bytes = read_base64(value.get_ref<const std::string&>());
    if (!bytes.wrong_at) {
      value = bytes.text;
    } else if (wrong_.empty()) {
      wrong_ = "illegal base64 data at input byte " + std::to_string(*bytes.wrong_at);
    }
  }

  // Bytes may be written as a list of numbers too.
  void read_byte_list(Json& value, const Place& place) {
    std::string bytes;
    for (const Json& item : value) {
      bool fits = is_int64(item) && item.get<std::int64_t>() >= 0 && item.get<std::int64_t>() <= 255;
      if (!fits && !item.is_null()) {
        return wrong(item.is_number() ? "number " + item.dump() : std::string(json_type(item)), place, "uint8");
      }
      bytes += item.is_null() ? '\0' : static_cast<char>(item.get<std::int64_t>());
    }
    value = base64_of(bytes);
  }

  void read_list(Json& value, const SchemaNode& node, const std::string& type, const Place& place) {
    if (!value.is_array()) return wrong(json_type(value), place, type);
    if (node.items == nullptr) return;
    std::string inner = element_type(type);
    for (std::size_t i = 0; i < value.size() && !failed(); ++i) {
      if (value[i].is_null()) value[i] = zero(*node.items, inner);
      read(value[i], *node.items, inner,
           {place.owner, place.field, place.at + "[" + std::to_string(i) + "]", place.depth + 1});
    }
  }

  void read_object(Json& value, const SchemaNode& node, const std::string& type, bool is_map, const Place& place) {
    if (!value.is_object()) return wrong(json_type(value), place, type);
    if (!is_map) return structure(value, node, type, place.at, place.field, place.depth);
    if (node.additional_properties == nullptr) return;
    std::string inner = element_type(type);
    for (auto item = value.begin(); item != value.end() && !failed(); ++item) {
      if (item->is_null()) *item = zero(*node.additional_properties, inner);
      read(*item, *node.additional_properties, inner,
           {place.owner, place.field, place.at + "." + item.key(), place.depth + 1});
    }
  }

  // What stands where a Go value was never set; null for what has a null of its own.
  static Json zero(const SchemaNode& node, const std::string& type) {
    if (type == "resource.Quantity") return "0";
    if (type == "intstr.IntOrString") return 0;
    if (type == "[]uint8") return "";
    if (is_time(type) || is_raw(type) || type.starts_with("[]") || type.starts_with("map[") ||
        type == "v1.ResourceList") {
      return nullptr;
    }
    switch (node.type) {
      case ValueType::Boolean: return false;
      case ValueType::String: return "";
      case ValueType::Integer:
      case ValueType::Number: return 0;
      case ValueType::Object: return Json::object();
      default: return nullptr;
    }
  }

  // A default that says something: those that only repeat Go's zero values are written anyhow.
  static const Json* declared_default(const SchemaNode& node) {
    const auto& value = node.default_value;
    bool says_something =
        value && !value->is_structured() && !value->is_null() && *value != "" && *value != 0 && *value != false;
    return says_something ? &*value : nullptr;
  }

  // Leaves the field as Go would write it.
  void write(Json& object, const Property& property, std::size_t depth) {
    const GoField& go = property.go;
    if (go.type.empty()) return;
    auto field = object.find(property.name);
    bool absent = field == object.end() || field->is_null();
    if (const Json* declared = declared_default(*property.node);
        declared != nullptr && (absent || (!go.pointer && *field == ""))) {
      object[property.name] = *declared;
      return;
    }
    if (go.pointer) {
      if (!absent) return;
      if (go.omit_empty || go.omit_zero) {
        object.erase(property.name);
      } else {
        object[property.name] = nullptr;
      }
      return;
    }
    Json empty = zero(*property.node, go.type);
    bool is_struct = is_time(go.type) || is_raw(go.type) || empty.is_object() || go.type == "resource.Quantity" ||
                     go.type == "intstr.IntOrString";
    bool is_empty =
        absent || (!is_struct && (*field == empty || ((field->is_array() || field->is_object()) && field->empty())));
    if (is_empty && (is_struct ? go.omit_zero : go.omit_empty)) {
      object.erase(property.name);
    } else if (absent) {
      object[property.name] = empty;
      if (empty.is_object()) structure(object[property.name], *property.node, go.type, "", "", depth + 1);
    }
  }

  std::string wrong_;
};

}  // namespace

Decoded go_decode(Json& value, const SchemaNode& node, const std::string& type, const std::string& path) {
  Decoder decoder;
  if (value.is_null()) value = Json::object();
  if (value.is_object()) {
    decoder.structure(value, node, type, path, "", 0);
  } else {
    decoder.out.error = "json: cannot unmarshal " + std::string(json_type(value)) + " into Go value of type " + type;
  }
  return decoder.result();
}

}  // namespace ork::embedded
