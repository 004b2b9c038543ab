#include "controllers/observe/observations.hpp"

#include <algorithm>

#include "controllers/api/condition.hpp"

namespace ork::observe {
namespace {

using api::Cause;
using api::Phase;
using api::TaskStatus;

// Kubernetes' times of containers are whole seconds, cut; compared with ours, these are cut as well.
api::TimeMs whole_second(api::TimeMs time) { return time / 1000 * 1000; }

std::optional<api::DurationMs> between(api::TimeMs start, api::TimeMs end) {
  if (start == 0 || end == 0) return std::nullopt;
  return std::max<api::DurationMs>(0, end - start);
}

class Comparison {
 public:
  Comparison(const api::RunStatus& before, const api::WorkflowRun& after, const workflow::Definition* definition)
      : before_(before), run_(after), after_(after.status), definition_(definition) {}

  Observations run() {
    look_at_run();
    static const TaskStatus none;
    for (std::size_t i = 0; i < after_.tasks.size(); ++i) {
      const TaskStatus* stored = stored_as(before_, after_, i);
      if (stored == after_.tasks[i].get() || after_.tasks[i]->is_hook()) continue;
      look_at_task(stored == nullptr ? none : *stored, *after_.tasks[i], i);
    }
    return std::move(out_);
  }

 private:
  void look_at_run() {
    if (before_.start_ms == 0 && after_.start_ms != 0 && run_.spec.scheduled_ms != 0)
      out_.schedule_lag_ms = std::max<api::DurationMs>(0, after_.start_ms - run_.spec.scheduled_ms);
    if (api::is_final(before_.phase) || !api::is_final(after_.phase)) return;
    out_.run_ended = Ended{result_of(after_), between(after_.start_ms, after_.completion_ms)};
  }

  void look_at_task(const TaskStatus& stored, const TaskStatus& task, std::size_t place) {
    if (task.is_inherited()) return;
    const auto retried = [&](RetryCause cause, int was, int is) {
      if (is > was) out_.retries.push_back({task.name, cause, is - was});
    };
    retried(RetryCause::Program, stored.program_retries, task.program_retries);
    retried(RetryCause::Infrastructure, stored.infrastructure_retries, task.infrastructure_retries);
    retried(RetryCause::Memory, stored.memory_growths, task.memory_growths);
    if (stored.start_ms == 0 && task.start_ms != 0 && task.attempt > 0) look_at_start(task, place);
    if (api::is_final(stored.phase) || !api::is_final(task.phase)) return;
    out_.tasks_ended.push_back(
        {task.name, {result_of(task.phase, task.cause), between(task.start_ms, task.completion_ms)}});
  }

  void look_at_start(const TaskStatus& task, std::size_t place) {
    if (definition_ == nullptr || place >= definition_->tasks.size()) return;
    if (definition_->tasks[place].name() != task.name) return;
    api::TimeMs ready = after_.start_ms;
    for (const int upstream : definition_->graph.upstream(static_cast<int>(place))) {
      const auto i = static_cast<std::size_t>(upstream);
      if (i < after_.tasks.size()) ready = std::max(ready, after_.tasks[i]->completion_ms);
    }
    out_.tasks_started.push_back(
        {task.name, std::max<api::DurationMs>(0, whole_second(task.start_ms) - whole_second(ready))});
  }

  const api::RunStatus& before_;
  const api::WorkflowRun& run_;
  const api::RunStatus& after_;
  const workflow::Definition* definition_;
  Observations out_;
};

}  // namespace

std::string_view to_string(Result result) {
  switch (result) {
    case Result::Success: return "success";
    case Result::Failure: return "failure";
    case Result::Error: return "error";
    case Result::Timeout: return "timeout";
    case Result::Cancellation: return "cancellation";
    case Result::Skip: break;
  }
  return "skip";
}

std::string_view to_string(RetryCause cause) {
  switch (cause) {
    case RetryCause::Program: return "program";
    case RetryCause::Infrastructure: return "infrastructure";
    case RetryCause::Memory: break;
  }
  return "memory";
}

Result result_of(Phase phase, Cause cause) {
  switch (phase) {
    case Phase::Succeeded: return Result::Success;
    case Phase::Cancelled: return Result::Cancellation;
    case Phase::Skipped:
    case Phase::UpstreamFailed: return Result::Skip;
    default: break;
  }
  if (cause == Cause::Deadline) return Result::Timeout;
  return cause == Cause::Infrastructure ? Result::Error : Result::Failure;
}

Result result_of(const api::RunStatus& run) {
  if (run.phase != Phase::Failed) return result_of(run.phase, Cause::None);
  const api::Condition* succeeded = api::find_condition(run.conditions, "Succeeded");
  const std::string_view reason = succeeded == nullptr ? std::string_view() : succeeded->reason;
  if (reason == "DeadlineExceeded") return Result::Timeout;
  return reason == "TaskFailed" ? Result::Failure : Result::Error;
}

const TaskStatus* stored_as(const api::RunStatus& before, const api::RunStatus& after, std::size_t i) {
  const TaskStatus& task = *after.tasks[i];
  const auto is_it = [&](const api::TaskStatusPtr& one) { return one->name == task.name && one->hook == task.hook; };
  if (i < before.tasks.size() && is_it(before.tasks[i])) return before.tasks[i].get();
  const auto found = std::find_if(before.tasks.begin(), before.tasks.end(), is_it);
  return found == before.tasks.end() ? nullptr : found->get();
}

Observations observe(const api::RunStatus& before, const api::WorkflowRun& after,
                     const workflow::Definition* definition) {
  return Comparison(before, after, definition).run();
}

}  // namespace ork::observe
