#pragma once

// Names that Kubernetes gives, and the one that is ours.

#include "controllers/api/queue_labels.hpp"

namespace ork::embedded::names {

inline constexpr const char* job_controller = "kubernetes.io/job-controller";  // spec.managedBy
inline constexpr const char* completion_index = "batch.kubernetes.io/job-completion-index";
inline constexpr const char* failure_count = "batch.kubernetes.io/job-index-failure-count";
inline constexpr const char* ignored_failure_count = "batch.kubernetes.io/job-index-ignored-failure-count";

inline constexpr std::string_view queue = api::label_queue;

// Set on a Pod before it is taken away because its Job is suspended or has too many: such a Pod
// counts neither as a success nor as a failure. (Kubernetes removes its tracking finalizer instead.)
inline constexpr const char* released = "ork.dev/released-by-job";

}  // namespace ork::embedded::names
