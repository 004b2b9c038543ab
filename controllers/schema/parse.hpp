#pragma once

// From a schema as JSON to a Schema, with all that is wrong with it told at once. Never throws; the JSON may be
// anything that is not nested deeper than the JSON library can bear.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/schema/schema.hpp"

namespace ork::schema {

// Schemas by the names that `type` may say beside those of JSON.
using Types = std::map<std::string, SchemaPtr, std::less<>>;

// Those of an object {"File": {...}}. They may refer to each other, in any order, but not in a circle. Problems go to
// the end of the list, at most max_schema_problems of them; a type with a problem is there all the same, so that
// nothing that refers to it is told as well.
Types parse_types(const Json& json, std::vector<Problem>& problems);

struct ParseOptions {
  Type type = Type::Any;                     // where `type` is left out; Any: what its keywords say
  std::span<const std::string_view> also{};  // fields beside the keywords, which are somebody else's
};

// What could be read of it, where there are problems.
SchemaPtr parse(const Json& json, const Types& types, const ParseOptions& options, std::vector<Problem>& problems);

}  // namespace ork::schema
