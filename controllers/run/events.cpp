#include "controllers/run/events.hpp"

#include "controllers/run/actions.hpp"
#include "controllers/run/limits.hpp"

namespace ork::run {
namespace {

std::string reason_of(const api::RunStatus& status) {
  const api::Condition* condition = api::find_condition(status.conditions, "Succeeded");
  return condition == nullptr ? "" : condition->reason;
}

bool failed_anew(const api::TaskStatus* stored, const api::TaskStatus& next) {
  // Its action's Event tells of that.
  if (is_stopped_by_action(next) && next.attempts.back().reason != reason_killed) return false;
  if (next.attempts.empty())
    return next.phase == api::Phase::Failed && (stored == nullptr || stored->phase != next.phase);
  return stored == nullptr || stored->attempts.empty() ||
         stored->attempts.back().attempt != next.attempts.back().attempt;
}

Event task_event(const api::TaskStatus& task) {
  const char* what = task.phase == api::Phase::Failed      ? task.is_hook() ? "HookFailed" : "TaskFailed"
                     : task.phase == api::Phase::Succeeded ? "TaskTolerated"
                                                           : "TaskRetrying";
  const std::string message = task.attempts.empty() ? task.message : task.attempts.back().message;
  const int attempt = task.attempts.empty() ? task.attempt : task.attempts.back().attempt;
  const std::string which = attempt > 0 ? ", attempt " + std::to_string(attempt) : "";
  return {EventType::Warning, what, (task.is_hook() ? "hook " : "task ") + task.name + which + ": " + message};
}

void add_task_events(const api::RunStatus& stored, const api::RunStatus& next, std::vector<Event>& out) {
  std::size_t more = 0;
  for (std::size_t i = 0; i < next.tasks.size(); ++i) {
    const api::TaskStatus* old = i < stored.tasks.size() ? stored.tasks[i].get() : nullptr;
    if (old == next.tasks[i].get() || !failed_anew(old, *next.tasks[i])) continue;
    if (out.size() < max_events_per_plan) {
      out.push_back(task_event(*next.tasks[i]));
    } else {
      ++more;
    }
  }
  if (more > 0)
    out.push_back({EventType::Warning, "TaskFailed", std::to_string(more) + " more tasks failed; see the status"});
}

void add_action_events(const api::RunStatus& stored, const api::RunStatus& next, std::vector<Event>& out) {
  for (std::size_t i = stored.actions.size(); i < next.actions.size() && out.size() < max_events_per_plan; ++i) {
    const api::ActionStatus& action = next.actions[i];
    const std::string what = std::string(api::to_string(action.act)) + " of task " + action.task +
                             (action.by.empty() ? "" : " for " + action.by) + ": " + action.message;
    out.push_back(
        {action.done ? EventType::Normal : EventType::Warning, action.done ? "ActionDone" : "ActionRefused", what});
  }
}

}  // namespace

std::vector<Event> events_between(const api::RunStatus& stored, const api::RunStatus& next) {
  std::vector<Event> out;
  add_action_events(stored, next, out);
  add_task_events(stored, next, out);
  const std::string reason = reason_of(next);
  if (api::is_final(next.phase) && !api::is_final(stored.phase)) {
    // "TaskFailed" and "HookFailed" are Events of their own; the run's tells what that did to it.
    const bool by_one = reason == "TaskFailed" || reason == "HookFailed";
    const std::string_view what = by_one ? api::to_string(next.phase) : std::string_view(reason);
    out.push_back({next.phase == api::Phase::Succeeded ? EventType::Normal : EventType::Warning, std::string(what),
                   next.message});
  } else if (next.start_ms == 0 && reason != "Pending" && reason != reason_of(stored)) {
    // "Pending" is a moment that every run may have, applied together with its Workflow.
    out.push_back({EventType::Warning, reason, next.message});
  }
  return out;
}

}  // namespace ork::run
