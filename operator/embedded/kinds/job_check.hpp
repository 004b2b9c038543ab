#pragma once

#include <string>
#include <vector>

#include "operator/embedded/kinds/object_meta.hpp"

namespace ork::embedded {

Problems job_problems(const Json& job, const Json* old);
Problems job_status_problems(const Json& job, const Json* old);

// What a podFailurePolicy and a successPolicy may say; `spec` is the Job's.
Problems failure_policy_problems(const Place& spec);
Problems success_policy_problems(const Place& spec);

std::vector<std::string> job_warnings(const Json& job);

}  // namespace ork::embedded
