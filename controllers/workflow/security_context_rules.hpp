#pragma once

// Rules about `securityContext`: what a task's container may do, as in a Pod. What is of the wrong type would make
// every Job of the task be refused; whether its values suit each other is for the API server to judge.

#include <string>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// An object, or null for none. Which fields there are, and how large numbers may be, check_fields() knows.
void check_security_context(const api::Json& context, const std::string& path, ProblemList& problems);

}  // namespace ork::workflow
