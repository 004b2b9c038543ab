#pragma once

// Rules about each task by itself: its name, its kind, how it fans out and how long it may take.

#include <string>
#include <string_view>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// Of the whole spec, its own timeout and its defaults included. `path` is that of the spec.
void check_tasks(const api::WorkflowSpec& spec, std::string_view path, ProblemList& problems);

// Where the task at that place stands, or the hook: "spec.tasks[3]", "spec.hooks.onExit[0]".
std::string path_of_task(const api::WorkflowSpec& spec, std::string_view path, std::size_t place);

}  // namespace ork::workflow
