#pragma once

// Rules about a task's matrix.

#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// `path` is that of the task, which has a matrix. What its expressions say is left to the rules about these.
void check_matrix(const api::Task& task, const std::string& path, ProblemList& problems);

}  // namespace ork::workflow
