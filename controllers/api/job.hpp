#pragma once

// The slice of batch/v1 Job that ork reads. What it writes is built by controllers/jobs.

#include <string>

#include "controllers/api/meta.hpp"
#include "controllers/api/time.hpp"

namespace ork::api {

// On a Job that was made suspended, until ork has told the Job controller which of its indexes are done and has let it
// start, or has handed it to its queue. A Job that is suspended without it is somebody else's to start: its queue's, or
// whoever suspended it.
inline constexpr std::string_view annotation_unseeded = "ork.dev/unseeded";

struct Job {
  ObjectMeta meta;
  std::string run_uid;  // label ork.dev/run-uid; who really owns it says meta.owner_uid
  std::string task;     // label ork.dev/task
  int attempt = 0;      // label ork.dev/attempt
  bool indexed = false;
  std::int64_t completions = 0;  // spec.completions
  bool suspended = false;        // spec.suspend
  bool unseeded = false;         // it has that annotation
  bool held = false;             // condition Suspended is True: the Job controller runs nothing of it
  bool resumed = false;          // condition Suspended is False: that had been so once
  std::string queue;             // label_queue; empty: none
  TimeMs start_ms = 0;
  TimeMs completion_ms = 0;    // of a failed one: when it was found to have failed
  TimeMs given_up_ms = 0;      // when it was found to fail, while its Pods may still have to be stopped
  bool complete = false;       // condition Complete or SuccessCriteriaMet is True
  bool failed = false;         // condition Failed or FailureTarget is True
  bool finished = false;       // condition Complete or Failed is True: nothing of it runs any more
  std::string failure_reason;  // of that condition: DeadlineExceeded, BackoffLimitExceeded, FailedIndexes, ...
  std::string failure_message;
  std::string completed_indexes;  // as Kubernetes writes them
  std::string failed_indexes;
  // The Job is gone from the cluster. Held on to until the run's status has said what became of it.
  bool deleted = false;
  friend bool operator==(const Job&, const Job&) = default;
};

}  // namespace ork::api
