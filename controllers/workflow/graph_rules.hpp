#pragma once

// Rules about how tasks depend on each other, by dependsOn and by what their expressions refer to.

#include <optional>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"
#include "controllers/workflow/task_expressions.hpp"

namespace ork::workflow {

// Nothing where it is no graph. `expressions` by task; `path` is that of the spec.
std::optional<dag::Graph> build_graph(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions,
                                      std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
