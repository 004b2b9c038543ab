#pragma once

// Rules about hooks: what of a task means nothing for them, and what they may wait for.

#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"
#include "controllers/workflow/task_expressions.hpp"

namespace ork::workflow {

// How many tasks there are before the hooks.
std::size_t count_ordinary(const api::WorkflowSpec& spec);

// Of the hooks as a whole. `path` is that of the spec.
void check_hooks(const api::WorkflowSpec& spec, std::string_view path, ProblemList& problems);

// Of one by itself, at `path`.
void check_hook(const api::Task& hook, const std::string& path, ProblemList& problems);

// Nothing but hooks waits for hooks; they wait for no task but those that they read, and none that has its end after
// their beginning. Of names that there are.
void check_what_hooks_wait_for(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions,
                               std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
