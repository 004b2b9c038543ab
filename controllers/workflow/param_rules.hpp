#pragma once

// Rules about the declared params.

#include <span>
#include <string_view>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// `path` is that of the list: "spec.params".
void check_params(std::span<const api::Param> params, std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
