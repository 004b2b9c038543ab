#pragma once

// What Kubernetes fills into a Job.

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

inline constexpr const char* controller_uid_label = "batch.kubernetes.io/controller-uid";
inline constexpr const char* job_name_label = "batch.kubernetes.io/job-name";
// The names of the same labels before they had a prefix.
inline constexpr const char* legacy_controller_uid_label = "controller-uid";
inline constexpr const char* legacy_job_name_label = "job-name";

void default_job(Json& job);

// A new Job's selector and the labels of its Pods, unless its author selects them; an empty status.
void prepare_job(Json& job, const Json* old);

}  // namespace ork::embedded
