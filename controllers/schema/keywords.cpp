#include "controllers/schema/keywords.hpp"

#include <algorithm>

namespace ork::schema {
namespace {

constexpr Keyword all[] = {
    {.name = "type"},
    {.name = "description"},
    {.name = "default"},
    {.name = "enum"},
    {.name = "pattern", .of = Type::String},
    {.name = "format", .of = Type::String},
    {.name = "minLength", .of = Type::String},
    {.name = "maxLength", .of = Type::String},
    {.name = "minimum", .of = Type::Number},
    {.name = "maximum", .of = Type::Number},
    {.name = "exclusiveMinimum", .of = Type::Number},
    {.name = "exclusiveMaximum", .of = Type::Number},
    {.name = "items", .of = Type::Array},
    {.name = "minItems", .of = Type::Array},
    {.name = "maxItems", .of = Type::Array},
    {.name = "properties", .of = Type::Object},
    {.name = "required", .of = Type::Object},
    {.name = "additionalProperties", .of = Type::Object},
};

struct Foreign {
  std::string_view word;
  std::string_view instead;
};

constexpr std::string_view one_shape = "a value has one type here: leave it out, and check the value in the program";
constexpr std::string_view a_named_type = "name the type under spec.types, and write type: NAME";

constexpr Foreign foreign[] = {
    {"$ref", a_named_type},
    {"$defs", a_named_type},
    {"definitions", a_named_type},
    {"allOf", one_shape},
    {"anyOf", one_shape},
    {"oneOf", one_shape},
    {"not", one_shape},
    {"nullable", "a field that may be null is left out instead: remove it from required"},
    {"const", "write enum: with that one value"},
    {"optional", "a field is optional unless its object names it in required"},
    {"fields", "write properties"},
    {"options", "write enum"},
    {"values", "write enum"},
    {"regex", "write pattern"},
    {"min", "write minimum, or minLength of a string, or minItems of an array"},
    {"max", "write maximum, or maxLength of a string, or maxItems of an array"},
};

}  // namespace

std::span<const Keyword> keywords() { return all; }

std::string_view instead_of_foreign(std::string_view word) {
  const auto* found =
      std::find_if(std::begin(foreign), std::end(foreign), [&](const auto& f) { return f.word == word; });
  return found == std::end(foreign) ? std::string_view() : found->instead;
}

}  // namespace ork::schema
