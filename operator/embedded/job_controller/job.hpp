#pragma once

// The slices of batch/v1 Job and core/v1 Pod that a Job controller reads and writes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/index_set.hpp"
#include "controllers/api/meta.hpp"
#include "controllers/api/pod.hpp"
#include "controllers/api/time.hpp"

namespace ork::embedded {

// One rule of spec.podFailurePolicy.
struct FailureRule {
  enum class Action { Count, Ignore, FailJob, FailIndex };
  struct PodCondition {
    std::string type;
    std::string status;
    friend bool operator==(const PodCondition&, const PodCondition&) = default;
  };
  Action action = Action::Count;
  bool by_exit_code = false;  // else by conditions
  std::string container;      // empty: any
  bool in = true;             // operator In, else NotIn
  std::vector<std::int64_t> exit_codes;
  std::vector<PodCondition> conditions;
  friend bool operator==(const FailureRule&, const FailureRule&) = default;
};

struct JobSpec {
  bool indexed = false;
  bool suspend = false;
  std::int64_t parallelism = 1;
  std::optional<std::int64_t> completions;
  std::int64_t backoff_limit = 6;
  std::optional<std::int64_t> backoff_limit_per_index;
  std::optional<std::int64_t> max_failed_indexes;
  std::optional<std::int64_t> active_deadline_seconds;
  std::optional<std::int64_t> ttl_seconds;  // ttlSecondsAfterFinished
  bool only_replace_failed = false;         // podReplacementPolicy Failed
  bool restarts_in_place = false;           // the template's restartPolicy is OnFailure
  std::vector<FailureRule> failure_rules;
  friend bool operator==(const JobSpec&, const JobSpec&) = default;
};

struct JobCondition {
  std::string type;
  std::string status;  // "True", "False", "Unknown"
  std::string reason;
  std::string message;
  api::TimeMs transition_ms = 0;
  friend bool operator==(const JobCondition&, const JobCondition&) = default;
};

struct JobStatus {
  api::TimeMs start_ms = 0;
  api::TimeMs completion_ms = 0;
  std::int64_t active = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::optional<std::int64_t> ready;        // nullopt: no controller has written this status yet
  std::optional<std::int64_t> terminating;  // being deleted, not ended
  api::IndexSet completed;
  std::optional<api::IndexSet> failed_indexes;  // only with backoffLimitPerIndex
  std::vector<JobCondition> conditions;
  friend bool operator==(const JobStatus&, const JobStatus&) = default;

  // The condition of that type if its status is True, or nullptr.
  const JobCondition* holding(std::string_view type) const;
  bool finished() const { return holding("Complete") != nullptr || holding("Failed") != nullptr; }
};

struct Job {
  api::ObjectMeta meta;
  JobSpec spec;
  JobStatus status;
  bool managed_elsewhere = false;  // spec.managedBy names another controller
  bool queued = false;             // it names a queue that is to start it
  std::string pod_template;        // spec.template, as JSON text
  friend bool operator==(const Job&, const Job&) = default;
};

// How a container of a Pod ended.
struct ContainerEnd {
  std::string container;
  std::int64_t exit_code = 0;
  friend bool operator==(const ContainerEnd&, const ContainerEnd&) = default;
};

struct JobPod {
  api::ObjectMeta meta;
  api::PodPhase phase = api::PodPhase::Pending;
  std::int64_t index = -1;            // batch.kubernetes.io/job-completion-index; -1: none
  std::int64_t failures = 0;          // of its index before it, as its annotations say
  std::int64_t ignored_failures = 0;  // those that a failure rule ignored
  bool released = false;              // this controller took it away: neither success nor failure
  bool bound = false;                 // has a node
  bool ready = false;
  std::int64_t restarts = 0;       // of all its containers
  api::TimeMs finished_ms = 0;     // when its last container ended; 0: unknown
  std::vector<ContainerEnd> ends;  // containers before init containers, as failure rules look at them
  std::vector<FailureRule::PodCondition> conditions;
  friend bool operator==(const JobPod&, const JobPod&) = default;

  bool terminal() const { return phase == api::PodPhase::Succeeded || phase == api::PodPhase::Failed; }
};

inline const JobCondition* JobStatus::holding(std::string_view type) const {
  for (const JobCondition& condition : conditions) {
    if (condition.type == type && condition.status == "True") return &condition;
  }
  return nullptr;
}

}  // namespace ork::embedded
