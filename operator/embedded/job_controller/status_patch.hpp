#pragma once

// From a Job's status as it is and as it should be to the merge patch between them. Pure.

#include <optional>
#include <string>

#include "operator/embedded/job_controller/job.hpp"

namespace ork::embedded {

// The body of a merge patch on /status that applies only to `resource_version`; nullopt where there
// is nothing to say. Times are compared as they are stored, in whole seconds; numbers that are 0 are
// left out of a stored status, as Kubernetes does, except ready and terminating.
std::optional<std::string> status_patch(const JobStatus& is, const JobStatus& wanted,
                                        const std::string& resource_version);

}  // namespace ork::embedded
