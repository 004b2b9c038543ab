#pragma once

// The slice of core/v1 Pod that ork reads.

#include <cstdint>
#include <optional>
#include <string>

#include "controllers/api/meta.hpp"
#include "controllers/api/time.hpp"

namespace ork::api {

enum class PodPhase { Pending, Running, Succeeded, Failed, Unknown };

struct Pod {
  ObjectMeta meta;  // owner_uid is the Job's
  PodPhase phase = PodPhase::Pending;
  bool tracked = false;     // its Job has neither counted its end nor let go of it: finalizer of the Job controller
  std::int64_t index = -1;  // annotation batch.kubernetes.io/job-completion-index; -1: none
  std::string node;
  TimeMs start_ms = 0;              // when the task's container started; 0: not yet
  TimeMs finish_ms = 0;             // when it ended
  std::optional<int> exit_code;     // of the task's container
  std::string terminated_reason;    // of the task's container: OOMKilled, Error, Completed, ...
  std::string termination_message;  // what was written to $ORK_OUTPUT
  std::string waiting_reason;       // ImagePullBackOff, CreateContainerConfigError, ...
  std::string waiting_message;
  bool unschedulable = false;  // condition PodScheduled is False, reason Unschedulable
  std::string unschedulable_message;
  std::string disruption_reason;  // condition DisruptionTarget is True: PreemptionByScheduler, ...
  std::string status_reason;      // status.reason: Evicted, NodeLost, DeadlineExceeded, ...
  std::string status_message;
  friend bool operator==(const Pod&, const Pod&) = default;
};

}  // namespace ork::api
