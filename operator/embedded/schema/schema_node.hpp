#pragma once

// The parsed form of a structural schema: what schema/ and fields/ walk beside a value.
//
// Nodes belong to their Schema and live as long as any copy of it. They are shared and may refer to
// one another in a circle (a JSONSchemaProps holds JSONSchemaProps): whoever walks them walks a value
// beside them, and stops at limits::value_depth.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace re2 {
class RE2;
}

namespace ork::embedded {

enum class ValueType { Any, Object, Array, String, Integer, Number, Boolean };
enum class MapType { Granular, Atomic };

struct SchemaNode;
struct Rule;  // rules/rule.hpp

// How Go's encoding/json sees a field of a built-in kind, from `x-go`.
struct GoField {
  std::string type;         // "int32", "v1.RestartPolicy", "[]v1.Container"; empty: not a built-in kind's
  bool omit_empty = false;  // not written when false, 0, "" or without items; a struct is written all the same
  bool omit_zero = false;   // not written when it has its type's zero value
  bool pointer = false;     // has a null of its own, which is what is empty
};

// What a field of a built-in kind is in protobuf. From Message to IntOrString they are messages there;
// Raw is a message that holds bytes of JSON.
enum class ProtoType : std::uint8_t {
  None,
  Bool,
  Int32,
  Int64,
  String,
  Bytes,
  Message,
  Time,
  MicroTime,
  Duration,
  Quantity,
  IntOrString,
  Raw
};
enum class ProtoShape : std::uint8_t { One, List, Map };

// Where protobuf has a field of a built-in kind, from `x-proto`.
struct ProtoField {
  ProtoType type = ProtoType::None;  // None: nowhere; of a list or a map, what it holds
  ProtoShape shape = ProtoShape::One;
  std::uint32_t number = 0;
  std::uint32_t inside = 0;  // number of the message that holds it where JSON has none; 0: it stands as in JSON
};

struct Property {
  std::string name;
  const SchemaNode* node = nullptr;  // never null
  GoField go;
  ProtoField proto;
};

// `pattern:` with the text it came from.
struct Pattern {
  std::string text;
  std::shared_ptr<const re2::RE2> expression;
};

struct Bound {
  double value = 0;
  Json text;  // the number as the schema writes it: messages quote it
  bool exclusive = false;
};

// What a value must fulfil beyond its shape.
struct Checks {
  std::vector<Json> one_of_values;  // `enum`; empty: anything
  std::optional<Pattern> pattern;
  std::string format;  // "date-time"; empty: none
  std::optional<Bound> minimum;
  std::optional<Bound> maximum;
  std::optional<Bound> multiple_of;
  std::optional<std::int64_t> min_length;  // in code points, as max_length
  std::optional<std::int64_t> max_length;
  std::optional<std::int64_t> min_items;
  std::optional<std::int64_t> max_items;
  std::optional<std::int64_t> min_properties;
  std::optional<std::int64_t> max_properties;
  bool unique_items = false;
  std::vector<std::string> required;  // in the schema's order
  std::vector<const SchemaNode*> all_of;
  std::vector<const SchemaNode*> any_of;
  std::vector<const SchemaNode*> one_of;
  const SchemaNode* none_of = nullptr;  // `not`
};

struct SchemaNode {
  ValueType type = ValueType::Any;
  bool nullable = false;
  bool int_or_string = false;            // an integer or a string; `type` is Any
  bool preserve_unknown_fields = false;  // fields without a schema of their own are kept
  bool embedded_resource = false;        // apiVersion, kind and metadata are fields of it

  std::vector<Property> properties;                   // by name, ascending
  const SchemaNode* additional_properties = nullptr;  // of every field that `properties` does not name; null: unknown
  const SchemaNode* items = nullptr;                  // null: anything
  ListType list_type = ListType::Atomic;
  std::vector<std::string> list_map_keys;  // of a list of type Map, in the schema's order
  MapType map_type = MapType::Granular;    // of an object: Atomic is one value to server-side apply

  std::vector<std::string> patch_strategy;  // "merge", "retainKeys", "replace"
  std::string patch_merge_key;

  std::optional<Json> default_value;
  Checks checks;
  std::vector<std::shared_ptr<const Rule>> rules;  // x-kubernetes-validations, in order
  bool rules_below = false;                        // here or somewhere below

  // The schema of the field `name`: its own, or that of all others; null where it is unknown.
  const SchemaNode* field(std::string_view name) const;
  // Only its own.
  const SchemaNode* property(std::string_view name) const;
  const Property* property_entry(std::string_view name) const;
};

}  // namespace ork::embedded
