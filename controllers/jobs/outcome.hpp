#pragma once

// What became of an attempt: a Job and its Pods in, a verdict out.
//
// A Pod's phase is final once it is Succeeded or Failed, and the Job controller reports it up to a
// second later; so the verdict comes from the Pod where it can, and from the Job where the Pod can't
// say (it was deleted, or is being deleted by somebody whose reason only the Job knows).

#include <optional>
#include <span>
#include <string>

#include "controllers/api/index_set.hpp"
#include "controllers/api/job.hpp"
#include "controllers/api/pod.hpp"
#include "controllers/api/workflow_run.hpp"

namespace ork::jobs {

enum class State {
  Waiting,    // nothing of it runs yet; `reason` says why where that is known
  Running,
  Succeeded,
  Failed,     // for a fan-out: every index has ended and some have failed
};

struct Outcome {
  State state = State::Waiting;
  std::string reason;   // Waiting: Unschedulable, ImagePull, ContainerConfig, or empty. Failed: see api.
  std::string message;  // a sentence, safe to print
  api::Cause cause = api::Cause::None;
  api::TimeMs start_ms = 0;       // of the first container; the Job's start where no container started
  api::TimeMs completion_ms = 0;  // where it ended
  api::TimeMs waiting_since_ms = 0;  // Waiting with a reason: when the oldest such Pod was made
  std::string node;
  std::optional<int> exit_code;
  // Succeeded, plain task: what was written to $ORK_OUTPUT. nullopt: the Pod is gone, nobody knows.
  std::optional<std::string> output;

  // Fan-out only.
  std::int64_t active = 0;
  api::IndexSet succeeded;
  api::IndexSet failed;
  api::IndexSet failed_by_infrastructure;  // part of `failed`
};

Outcome outcome_of(const api::Job& job, std::span<const api::Pod* const> pods);

// `count`: how many indexes the task has. Indexes that earlier attempts completed count as
// succeeded, since the Job was seeded with them.
Outcome fan_out_outcome_of(const api::Job& job, std::span<const api::Pod* const> pods, std::int64_t count);

}  // namespace ork::jobs
