#pragma once

// A schema, once it is known to be right: the part of JSON Schema (2020-12) that params, outputs and the types that
// they share are written in. Immutable once made; shared.

#include <cstddef>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/type.hpp"

namespace re2 {
class RE2;
}

namespace ork::schema {

using Json = nlohmann::json;

enum class Type { Any, String, Integer, Number, Boolean, Array, Object };
// "string"; "" for Any.
std::string_view to_string(Type type);

// Of a string.
enum class Format {
  None,
  Date,      // 2026-01-31
  DateTime,  // RFC 3339: 2026-01-31T12:00:00Z
  Duration,  // as everywhere in ork: 90s, 1h30m
  Uri        // RFC 3986, with a scheme
};

struct Schema;
using SchemaPtr = std::shared_ptr<const Schema>;  // never null, unless said

struct Schema {
  Type type = Type::Any;
  std::string written;       // the type as it is written: "integer", "File"; empty where it is not
  std::string description;   // for people
  std::vector<Json> one_of;  // `enum`; empty: any value
  std::optional<Json> default_value;

  std::string pattern;
  std::shared_ptr<const re2::RE2> regex;  // of the pattern; may be null
  Format format = Format::None;
  std::optional<std::size_t> min_length;  // in characters
  std::optional<std::size_t> max_length;

  std::optional<Json> minimum;
  std::optional<Json> maximum;
  std::optional<Json> exclusive_minimum;
  std::optional<Json> exclusive_maximum;

  SchemaPtr items;  // may be null: any
  std::optional<std::size_t> min_items;
  std::optional<std::size_t> max_items;

  std::map<std::string, SchemaPtr, std::less<>> properties;
  std::vector<std::string> required;
  bool closed = false;  // additionalProperties: false
  SchemaPtr others;     // additionalProperties: a schema; may be null

  // What an expression knows of such a value. Of an object with properties it may name only those, unless
  // additionalProperties says that there are more.
  expr::Type in_expressions;
  std::size_t height = 1;  // schemas inside each other, this one included
};

// A place in a schema or in a value, and what is wrong there. The path begins at the root of what was looked at: "",
// ".files[0].size", "[3]". Both are safe to print.
struct Problem {
  std::string path;
  std::string message;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// ".size", or ["two words"] where a name needs it.
std::string field(std::string_view name);
// "[3]".
std::string item(std::size_t index);

}  // namespace ork::schema
