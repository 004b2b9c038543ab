#pragma once

// A task that somebody names from outside the Workflow: a rerun, an action.

#include <string>
#include <string_view>

#include "controllers/workflow/definition.hpp"

namespace ork::workflow {

// A rerun begins with a task; acted on may be hooks as well.
enum class Among { Tasks, TasksAndHooks };

// "there is no task "lod"; did you mean "load"?"; empty: there is one.
std::string no_such_task(const Definition& definition, std::string_view name, Among among);

}  // namespace ork::workflow
