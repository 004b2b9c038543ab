#pragma once

// Bounds of the Job controller, each with its reason.

#include <cstddef>
#include <cstdint>

#include "controllers/api/time.hpp"
#include "operator/runtime/backoff.hpp"

namespace ork::embedded::limits {

// Creates and deletes of Pods on their way at once, of all Jobs together: enough to keep the API
// server busy, few enough that a Job that is made now is not behind a thousand others.
inline constexpr std::size_t pod_requests_in_flight = 64;
// Decided upon at once for one Job, so that one Job's decision stays small; Kubernetes' own figure.
inline constexpr std::int64_t pods_per_decision = 500;
// A Job's first status waits this long, for a quick Job then needs only its last; later ones keep
// this distance. Whoever wants to be quicker watches Pods.
inline constexpr runtime::Duration status_spacing{100};
// Statuses of all Jobs together that only tell how far they are: where ten thousand wait, to write each
// "active: 1" would take the time in which they could run. The rest wait their turn; ends never do.
inline constexpr std::size_t progress_per_second = 100;
inline constexpr std::size_t progress_at_once = 20;
// A decision looks at all live Pods of a Job; beyond so many, events gather for a millisecond each.
inline constexpr std::size_t pods_per_spacing_ms = 1000;
// Pods that fail are made again after this, doubling with each failure; Kubernetes' own figures.
inline constexpr api::DurationMs pod_backoff_ms = 10'000;
inline constexpr api::DurationMs pod_backoff_cap_ms = 600'000;
// After a refused or failed request of one Job.
inline constexpr runtime::BackoffPolicy job_request_backoff{runtime::Duration{100}, runtime::Duration{30'000}, 0.2};
// A namespace that is being deleted takes no new Pod; its Jobs go with it.
inline constexpr runtime::Duration terminating_wait{30'000};
// A name from generateName keeps this much of its prefix; Kubernetes' own figure.
inline constexpr std::size_t generated_name_prefix = 58;
// podFailurePolicy has at most 20 rules, each with at most 255 exit codes; what is beyond is not read.
inline constexpr std::size_t failure_rules = 20;
inline constexpr std::size_t rule_values = 255;

}  // namespace ork::embedded::limits
