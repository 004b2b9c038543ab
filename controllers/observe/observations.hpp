#pragma once

// What was measured when one status of a run took the place of another.

#include <optional>
#include <string_view>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::observe {

// OpenTelemetry's words for how a run, or a task of it, has ended (cicd.pipeline.result).
enum class Result {
  Success,
  Failure,       // by the program's doing
  Error,         // by the infrastructure's
  Timeout,       // a deadline has passed
  Cancellation,  // somebody wanted it so
  Skip,          // a task that was not to run, or could not, because of what came before it
};
std::string_view to_string(Result result);

struct Ended {
  Result result = Result::Success;
  std::optional<api::DurationMs> took_ms;  // nullopt: it had never begun
};

struct TaskEnded {
  std::string_view task;
  Ended end;
};

struct TaskStarted {
  std::string_view task;
  // From when nothing stood in its way any more to its first container, in whole seconds: Kubernetes has no finer times
  // of containers. Retries don't count, nor do waits.
  api::DurationMs latency_ms = 0;
};

enum class RetryCause { Program, Infrastructure, Memory };
std::string_view to_string(RetryCause cause);

struct TaskRetried {
  std::string_view task;
  RetryCause cause = RetryCause::Program;
  int times = 1;
};

// The views point into `after`.
struct Observations {
  std::optional<Ended> run_ended;
  std::optional<api::DurationMs> schedule_lag_ms;  // a scheduled run has begun: so long after its time
  std::vector<TaskEnded> tasks_ended;              // hooks and what a rerun inherits are left out
  std::vector<TaskStarted> tasks_started;
  std::vector<TaskRetried> retries;
};

// `after` was stored in place of `before`. `definition`: what the run is planned from; nullptr: no latency is known.
Observations observe(const api::RunStatus& before, const api::WorkflowRun& after,
                     const workflow::Definition* definition);

// Of a phase that is final.
Result result_of(api::Phase phase, api::Cause cause);
// Of a run that has ended.
Result result_of(const api::RunStatus& run);

// What `before` holds of the task in the i-th place of `after`; nullptr: nothing. Tasks keep their places, unless
// somebody has edited the status.
const api::TaskStatus* stored_as(const api::RunStatus& before, const api::RunStatus& after, std::size_t i);

}  // namespace ork::observe
