#pragma once

// Rules about retry: its condition.

#include <optional>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/workflow/problem.hpp"
#include "controllers/workflow/schema_rules.hpp"

namespace ork::workflow {

// retry.when of each task, its own or that of defaults, parsed; nullopt where there is none or it has a problem.
// `path` is that of the spec.
std::vector<std::optional<expr::Expression>> compile_retry_conditions(const api::WorkflowSpec& spec,
                                                                      const Schemas& schemas, std::string_view path,
                                                                      ProblemList& problems);

}  // namespace ork::workflow
