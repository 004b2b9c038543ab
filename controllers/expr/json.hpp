#pragma once

// JSON as values, and values as JSON.

#include <nlohmann/json.hpp>

#include "controllers/expr/value.hpp"

namespace ork::expr {

using Json = nlohmann::json;

// Lists and maps are views: `json` has to outlive the value and all that comes from it. Whole numbers are ints
// (uints where they don't fit), other numbers doubles.
Value view_of(const Json& json);

// What JSON has no word for: a timestamp as RFC 3339, a duration as "90s", bytes as base64, NaN and infinities as
// "NaN", "Infinity", "-Infinity", a type as its name, an optional as its value or null, a key as its text.
Json to_json(const Value& value);

std::string to_base64(std::string_view octets);
// Padded or not. nullopt: it is none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace ork::expr
