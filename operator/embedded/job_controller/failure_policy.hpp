#pragma once

// spec.podFailurePolicy: what a failed Pod means for its Job. Pure; the rules are Kubernetes'.

#include <string>

#include "operator/embedded/job_controller/job.hpp"

namespace ork::embedded {

struct FailureVerdict {
  FailureRule::Action action = FailureRule::Action::Count;
  std::string message;  // FailJob: why, as the Job's condition says it
  bool counts() const { return action != FailureRule::Action::Ignore; }
};

// The first rule that matches `pod` decides; Count where none does.
FailureVerdict judge_failure(const JobSpec& spec, const JobPod& pod);

}  // namespace ork::embedded
