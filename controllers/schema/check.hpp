#pragma once

// Values held against a schema. Nothing is coerced: "3" is a string and never an integer; only 3.0 is taken as the
// integer 3.

#include <cstddef>
#include <optional>
#include <vector>

#include "controllers/schema/schema.hpp"

namespace ork::schema {

// What is wrong with the value, in its order, at most max_value_problems; none: it is right.
std::vector<Problem> check(const Json& value, const Schema& schema);

// The value as its schema has it, whose enum is about what was given: fields that are missing and have a default are
// there, and 3.0 is 3. The value is right. nullopt: the defaults would add more than `most` bytes.
std::optional<Json> completed(const Json& value, const Schema& schema, std::size_t most);

}  // namespace ork::schema
