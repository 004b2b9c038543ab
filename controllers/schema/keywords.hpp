#pragma once

// The words of a schema. Private to this folder, but for their names.

#include <span>
#include <string_view>

#include "controllers/schema/schema.hpp"

namespace ork::schema {

struct Keyword {
  std::string_view name;
  Type of = Type::Any;  // values of which type it says something about; Number: of integers too
};

std::span<const Keyword> keywords();

// What to write in place of a word of JSON Schema, or of OpenAPI, that ork does not take; empty: it is none.
std::string_view instead_of_foreign(std::string_view word);

}  // namespace ork::schema
