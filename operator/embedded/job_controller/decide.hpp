#pragma once

// What a Job needs next: Pods to make, Pods to take away, the status it should have. Pure; the order
// of the rules and their words are those of Kubernetes' Job controller (1.34).

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "operator/embedded/job_controller/job.hpp"
#include "operator/embedded/job_controller/tally.hpp"

namespace ork::embedded {

struct JobSnapshot {
  const Job& job;
  const Tally& tally;                   // based on the Job's status
  std::span<const JobPod* const> pods;  // of this Job that have not ended
  // What has been asked for and not been seen yet: uids of Pods, and Pods on their way.
  const std::set<std::string>& deleting;
  const std::vector<std::int64_t>& creating;  // their indexes; -1 for a Job without
  api::TimeMs start_ms = 0;                   // when it was first seen not suspended, to the millisecond; 0: unknown
  bool starts_queued = false;                 // there is no queue: what waits for one is let go
};

struct NewPod {
  std::int64_t index = -1;
  std::int64_t failures = 0;  // annotations, with backoffLimitPerIndex
  std::int64_t ignored_failures = 0;
  friend bool operator==(const NewPod&, const NewPod&) = default;
};

struct PodRemoval {
  const JobPod* pod = nullptr;
  bool release = false;  // mark it as released first: it is no failure
  friend bool operator==(const PodRemoval&, const PodRemoval&) = default;
};

struct JobDecision {
  std::vector<NewPod> create;
  std::vector<PodRemoval> remove;
  JobStatus status;     // what it should be; times in milliseconds
  bool urgent = false;  // a condition changes: not to be held back
  std::optional<api::TimeMs> look_again_ms;
  bool delete_job = false;  // its ttlSecondsAfterFinished has passed
  bool start_job = false;   // it waits for its queue
};

JobDecision decide(const JobSnapshot& snapshot, api::TimeMs now);

}  // namespace ork::embedded
