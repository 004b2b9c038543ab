#pragma once

// What became of an attempt: a Job and its Pods in, a verdict out.
//
// A Pod's phase is final once it is Succeeded or Failed, and the Job controller reports it up to a
// second later; so the verdict comes from the Pod where it can, and from the Job where the Pod can't
// say (it was deleted, or is being deleted by somebody whose reason only the Job knows). Jobs and Pods
// are watched apart: where the Job has ended and its Pod seems to run, the Pod's end is on its way,
// and is waited for, since it brings the output and the exit code.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controllers/api/index_set.hpp"
#include "controllers/api/job.hpp"
#include "controllers/api/pod.hpp"
#include "controllers/api/workflow_run.hpp"

namespace ork::jobs {

enum class State {
  Waiting,  // nothing of it runs; `reason` says why where that is known
  Running,
  Succeeded,
  Failed,  // for a fan-out: every index has ended and some have failed
};

// How a program failed: what retry.when is asked about.
struct ProgramFailure {
  api::Cause cause = api::Cause::Program;
  std::optional<int> exit_code;
  std::string message;
  friend bool operator==(const ProgramFailure&, const ProgramFailure&) = default;
};

struct Outcome {
  State state = State::Waiting;
  // Waiting (and Running, of a part of a fan-out): Unschedulable, ImagePull, ContainerConfig, JobSuspended,
  // or empty. Failed: why.
  std::string reason;
  std::string message;  // a sentence, safe to print
  api::Cause cause = api::Cause::None;
  api::TimeMs start_ms = 0;          // of the first container; the Job's start where no container started
  api::TimeMs completion_ms = 0;     // where it ended
  api::TimeMs waiting_since_ms = 0;  // Waiting with a reason: when the oldest such Pod was made
  // Waiting, or between two indexes: since when nothing of it runs and a Pod waits to start, or is yet to be made; 0:
  // not so.
  api::TimeMs pending_since_ms = 0;
  std::string node;
  std::optional<int> exit_code;
  // Succeeded, plain task: what was written to $ORK_OUTPUT. nullopt: the Pod is gone, nobody knows.
  std::optional<std::string> output;
  // Failed or Succeeded by the word of the Job alone, since no Pod is to be seen, or not its end: that may be on its
  // way, and know better, or bring the output.
  bool pod_unseen = false;

  // Fan-out only.
  std::int64_t active = 0;
  api::IndexSet succeeded;
  api::IndexSet failed;
  api::IndexSet failed_by_infrastructure;  // part of `failed`
  api::IndexSet failed_by_memory;          // part of `failed`: they ran out of it
  // How indexes failed by their programs' doing, each way once, at most max_ways_to_fail of them.
  std::vector<ProgramFailure> program_failures;
  api::IndexSet unseen;            // part of `failed`: those of pod_unseen
  api::IndexSet unseen_succeeded;  // part of `succeeded`: those whose Pod is not to be seen
};

Outcome outcome_of(const api::Job& job, std::span<const api::Pod* const> pods);

// `count`: how many indexes the task has. `done`: those that earlier attempts completed, and the Job
// is (or will be) seeded with; they count as succeeded.
Outcome fan_out_outcome_of(const api::Job& job, std::span<const api::Pod* const> pods, std::int64_t count,
                           const api::IndexSet& done);

}  // namespace ork::jobs
