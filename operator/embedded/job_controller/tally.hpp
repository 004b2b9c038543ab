#pragma once

// What of a Job has ended so far: the Pods that are there and those that are gone. Pure.
//
// Kubernetes keeps each ended Pod by a finalizer until it has been counted. Here a Pod is counted as
// soon as its end is seen, once for each uid, and the numbers in the Job's status are what survives
// us: base_on() takes them over. After a restart all Pods that still exist are counted anew and the
// status adds those that were counted and deleted before; so no end is counted twice, and none that
// reached the status is lost.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>

#include "operator/embedded/job_controller/job.hpp"

namespace ork::embedded {

// How often an index has failed without having been tried again yet.
struct IndexFailures {
  std::int64_t failures = 0;
  std::int64_t ignored = 0;
  api::TimeMs last_ms = 0;
  friend bool operator==(const IndexFailures&, const IndexFailures&) = default;
};

struct Tally {
  std::int64_t succeeded = 0;  // not of an Indexed Job: that is completed.size()
  std::int64_t failed = 0;
  api::IndexSet completed;
  api::IndexSet failed_indexes;                      // with backoffLimitPerIndex
  std::map<std::int64_t, IndexFailures> to_replace;  // with backoffLimitPerIndex
  // Failures since the last success, for the wait before the next try.
  std::int64_t failures_in_a_row = 0;
  api::TimeMs last_failure_ms = 0;
  api::TimeMs last_success_ms = 0;
  std::optional<std::string> fail_job;      // a failure rule ends the Job: why
  std::unordered_set<std::string> counted;  // uids
};

// True where `pod` counts for its Job. One that is being deleted counts as failed before it has
// ended, unless the Job replaces only Pods that have (podReplacementPolicy Failed).
bool has_ended(const JobSpec& spec, const JobPod& pod);

// Counts a Pod that has_ended(), or that is gone from the API server without having said how it ended
// (then it has failed), at `now` where it does not say when. False: counted before, or released.
bool count_end(Tally& tally, const JobSpec& spec, const JobPod& pod, api::TimeMs now);

// Takes over what the Job's status knows and the Pods can no longer tell.
void base_on(Tally& tally, const JobSpec& spec, const JobStatus& status);

}  // namespace ork::embedded
