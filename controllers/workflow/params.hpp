#pragma once

// The values of a run's params: what was given, what was not given by default.

#include <span>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/result/result.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// One object with a value for each param, as its schema has it (schema/check.hpp). `given` is the run's spec.params: an
// object, or null for none. `path` is where `given` stands, for the problems' sake.
Result<api::Json, std::vector<Problem>> resolve_params(std::span<const CompiledParam> params, const api::Json& given,
                                                       std::string_view path = "spec.params");

}  // namespace ork::workflow
