#pragma once

// Rules about tasks that are another Workflow. Whether that one is there, and takes these params, is seen when the
// child run is made: it may be written after this one.

#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

void check_call(const api::Task& task, const std::string& path, ProblemList& problems);

}  // namespace ork::workflow
