#pragma once

// Rules about how tasks depend on each other, by dependsOn and by what their inputs refer to.

#include <optional>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// Nothing where there is a problem. `inputs` by task; `path` is that of the spec.
std::optional<dag::Graph> build_graph(const api::WorkflowSpec& spec, const std::vector<std::vector<Input>>& inputs,
                                      std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
