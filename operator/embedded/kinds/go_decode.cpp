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

// A value on its way down from the whole. Paths are written out only for what is wrong.
struct Position {
  enum class Step { Whole, Field, Index, Key };

  const Position* outer = nullptr;
  Step step = Step::Whole;
  std::string_view name;                 // of a field, or a map's key; of the whole: the path to it
  std::size_t index = 0;                 // in a list
  const std::string* struct_ = nullptr;  // the type that the field belongs to
  std::size_t depth = 0;

  Position field_of(const std::string& type, std::string_view field) const {
    return {this, Step::Field, field, 0, &type, depth + 1};
  }
  Position item(std::size_t at) const { return {this, Step::Index, {}, at, struct_, depth + 1}; }
  Position value_of(std::string_view key) const { return {this, Step::Key, key, 0, struct_, depth + 1}; }

  // "JobSpec": the struct, as messages call it.
  std::string owner() const { return struct_ == nullptr ? std::string() : bare(*struct_); }
  // "spec.template.spec.containers.name"
  std::string field() const {
    if (outer == nullptr) return {};
    std::string out = outer->field();
    return step == Step::Field ? joined(std::move(out), name) : out;
  }
  // "spec.template.spec.containers[0].name"
  std::string path() const {
    if (outer == nullptr) return std::string(name);
    std::string out = outer->path();
    return step == Step::Index ? out + "[" + std::to_string(index) + "]" : joined(std::move(out), name);
  }

 private:
  static std::string joined(std::string path, std::string_view name) {
    if (!path.empty()) path += '.';
    return path.append(name);
  }
};

class Decoder {
 public:
  Decoded out;

  // Of the whole: the error that ended it, or the first value of a wrong type.
  Decoded result() {
    if (out.error.empty()) out.error = std::move(wrong_);
    return std::move(out);
  }

  void structure(Json& value, const SchemaNode& node, const std::string& type, const Position& place) {
    if (place.depth > limits::value_depth) return;
    // Both are in the order of names, so that nothing is looked up.
    auto property = node.properties.begin();
    for (auto item = value.begin(); item != value.end();) {
      while (property != node.properties.end() && property->name < item.key()) ++property;
      const Position inner = place.field_of(type, item.key());
      if (property == node.properties.end() || property->name != item.key() || property->go.type.empty()) {
        out.unknown.push_back(inner.path());
        item = value.erase(item);
        continue;
      }
      if (!item->is_null()) read(*item, *property->node, property->go.type, inner);
      if (failed()) return;
      ++item;
    }
    auto item = value.begin();
    for (const Property& each : node.properties) {
      while (item != value.end() && item.key() < each.name) ++item;
      const bool there = item != value.end() && item.key() == each.name;
      write(value, each, there ? &*item++ : nullptr, place.depth);
    }
  }

 private:
  bool failed() const { return !out.error.empty(); }
  // Types that decode themselves end the whole with their error.
  void give_up() { out.error = wrong_; }

  // A value of a wrong type: Go goes on, and tells the first one at the end if nothing worse comes.
  void wrong(std::string_view found, const Position& place, const std::string& type) {
    if (!wrong_.empty()) return;
    wrong_ = "json: cannot unmarshal " + std::string(found) + " into Go struct field " + place.owner() + "." +
             place.field() + " of type " + type;
  }

  void read(Json& value, const SchemaNode& node, const std::string& type, const Position& place) {
    if (place.depth > limits::value_depth) return;
    if (is_plain(node, type)) return read_plain(value, node, type, place);
    if (is_raw(type)) return;
    if (type == "resource.Quantity") return read_quantity(value);
    if (is_time(type)) return read_moment(value, type, place);
    if (type == "intstr.IntOrString") return read_int_or_string(value, place);
    if (type == "[]uint8") return read_bytes(value, place);
    if (type.starts_with("[]")) return read_list(value, node, type, place);
    bool is_map = type.starts_with("map[") || type == "v1.ResourceList";
    if (is_map || node.type == ValueType::Object) return read_object(value, node, type, is_map, place);
    read_plain(value, node, type, place);
  }

  // Most are, and are told without comparing their type with all the others.
  static bool is_plain(const SchemaNode& node, const std::string& type) {
    return node.type == ValueType::Boolean || node.type == ValueType::Integer || type == "string";
  }

  void read_plain(const Json& value, const SchemaNode& node, const std::string& type, const Position& place) {
    bool fits = node.type == ValueType::Boolean  ? value.is_boolean()
                : node.type == ValueType::String ? value.is_string()
                                                 : value.is_number();
    if (!fits) return wrong(json_type(value), place, type);
    if (value.is_number()) read_number(value, type, place);
  }

  void read_number(const Json& value, const std::string& type, const Position& place) {
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

  void read_moment(Json& value, const std::string& type, const Position& place) {
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

  void read_int_or_string(const Json& value, const Position& place) {
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

  void read_bytes(Json& value, const Position& place) {
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
  void read_byte_list(Json& value, const Position& place) {
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

  void read_list(Json& value, const SchemaNode& node, const std::string& type, const Position& place) {
    if (!value.is_array()) return wrong(json_type(value), place, type);
    if (node.items == nullptr) return;
    std::string inner = element_type(type);
    for (std::size_t i = 0; i < value.size() && !failed(); ++i) {
      if (value[i].is_null()) value[i] = zero(*node.items, inner);
      read(value[i], *node.items, inner, place.item(i));
    }
  }

  void read_object(Json& value, const SchemaNode& node, const std::string& type, bool is_map, const Position& place) {
    if (!value.is_object()) return wrong(json_type(value), place, type);
    if (!is_map) return structure(value, node, type, place);
    if (node.additional_properties == nullptr) return;
    std::string inner = element_type(type);
    for (auto item = value.begin(); item != value.end() && !failed(); ++item) {
      if (item->is_null()) *item = zero(*node.additional_properties, inner);
      read(*item, *node.additional_properties, inner, place.value_of(item.key()));
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

  static bool is_struct(const SchemaNode& node, const std::string& type) {
    if (is_plain(node, type) || node.type == ValueType::Array) return false;
    if (is_time(type) || is_raw(type) || type == "resource.Quantity" || type == "intstr.IntOrString") return true;
    if (type.starts_with("[]") || type.starts_with("map[") || type == "v1.ResourceList") return false;
    return node.type == ValueType::Object;
  }

  // A default that says something: those that only repeat Go's zero values are written anyhow.
  static const Json* declared_default(const SchemaNode& node) {
    const auto& value = node.default_value;
    bool says_something =
        value && !value->is_structured() && !value->is_null() && *value != "" && *value != 0 && *value != false;
    return says_something ? &*value : nullptr;
  }

  static bool may_be_left_out(const Property& property) {
    const GoField& go = property.go;
    return go.pointer || !is_struct(*property.node, go.type) ? go.omit_empty || (go.pointer && go.omit_zero)
                                                             : go.omit_zero;
  }

  // Leaves the field as Go would write it; `field` null: there is none.
  void write(Json& object, const Property& property, Json* field, std::size_t depth) {
    const GoField& go = property.go;
    if (go.type.empty()) return;
    bool absent = field == nullptr || field->is_null();
    if (const Json* declared = declared_default(*property.node);
        declared != nullptr && (absent || (!go.pointer && *field == ""))) {
      object[property.name] = *declared;
      return;
    }
    if (absent && may_be_left_out(property)) {
      if (field != nullptr) object.erase(property.name);
      return;
    }
    if (go.pointer) {
      if (absent) object[property.name] = nullptr;
      return;
    }
    if (!absent) {
      if (may_be_left_out(property) && is_empty(*field, *property.node, go.type)) object.erase(property.name);
      return;
    }
    Json& written = object[property.name] = zero(*property.node, go.type);
    if (written.is_object()) structure(written, *property.node, go.type, {.depth = depth + 1});
  }

  // Of a value that is there.
  static bool is_empty(const Json& value, const SchemaNode& node, const std::string& type) {
    if (is_struct(node, type)) return false;
    if (value.is_string() && is_plain(node, type)) return value.get_ref<const std::string&>().empty();
    return value.is_structured() ? value.empty() : value == zero(node, type);
  }

  std::string wrong_;
};

}  // namespace

Decoded go_decode(Json& value, const SchemaNode& node, const std::string& type, const std::string& path) {
  Decoder decoder;
  if (value.is_null()) value = Json::object();
  if (value.is_object()) {
    decoder.structure(value, node, type, {.name = path});
  } else {
    decoder.out.error = "json: cannot unmarshal " + std::string(json_type(value)) + " into Go value of type " + type;
  }
  return decoder.result();
}

}  // namespace ork::embedded
