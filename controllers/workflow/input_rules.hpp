#pragma once

// Rules about inputs: their names, and the expressions behind them.

#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// The inputs of each task, parsed; those with a problem are left out. What they say of other tasks is
// checked with the graph. `path` is that of the spec.
std::vector<std::vector<Input>> compile_inputs(const api::WorkflowSpec& spec, std::string_view path,
                                               ProblemList& problems);

// "spec.tasks[3].inputs.day".
std::string input_path(std::string_view task_path, std::string_view name);

}  // namespace ork::workflow
