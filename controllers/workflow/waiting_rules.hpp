#pragma once

// Rules about tasks that only wait: what they wait for, and that they say nothing of a Pod.

#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// `task` has no Pod. `path` is its own.
void check_waiting(const api::Task& task, const std::string& path, ProblemList& problems);

}  // namespace ork::workflow
