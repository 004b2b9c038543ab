#pragma once

// Kinds are watched apart: what one object names, the view of another kind may not show yet. So nothing
// is decided from an absence before the API server itself has been asked for that one thing. Between the
// question and its answer the run's task stays as it is.

#include <compare>
#include <string>

namespace ork::run {

struct Missing {
  enum class Kind {
    Job,       // that the stored status names
    Pods,      // of a finished Job, more than the snapshot shows
    Revision,  // that the run pins, or the earlier run that it repeats
    Run,       // that it repeats, or that has a result for it; found or not, it is in the next snapshot
  };
  Kind kind = Kind::Job;
  std::string name;  // of the Job, the ControllerRevision or the WorkflowRun
  std::string uid;   // of the Job; Pods only
  friend auto operator<=>(const Missing&, const Missing&) = default;
};

}  // namespace ork::run
