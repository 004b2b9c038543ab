#pragma once

// The values of a run's params: what was given, what was not given by default.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/result/result.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// One object with a value for each param. `given` is the run's spec.params: an object, or null for
// none. Nothing is coerced: "3" is a string, and never an integer; only 3.0 is taken as the integer
// 3. `path` is where `given` stands, for the problems' sake.
Result<api::Json, std::vector<Problem>> resolve_params(std::span<const api::Param> params, const api::Json& given,
                                                       std::string_view path = "spec.params");

// True where the value is of that type ("string", "integer", "number", "boolean", "array",
// "object"). No value is of a type that does not exist.
bool is_of_type(const api::Json& value, std::string_view type);

// The value as the type has it: 3.0 becomes the integer 3. It must be of that type.
api::Json typed(const api::Json& value, std::string_view type);

// True where the param has no enum, or the value is one of it.
bool is_allowed(const api::Json& value, const api::Param& param);

// A message about a value that is not.
std::string not_allowed(const api::Json& value, const api::Param& param);

}  // namespace ork::workflow
