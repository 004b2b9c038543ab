#include "controllers/run/hooks.hpp"

#include <algorithm>

#include "controllers/run/actions.hpp"

namespace ork::run {
namespace {

using api::Moment;
using api::Phase;

HookTurn come_if(bool come) { return come ? HookTurn::Come : HookTurn::Never; }

HookTurn turn_in_run(Moment moment, const std::optional<api::RunResult>& result) {
  if (moment == Moment::Start) return HookTurn::Come;
  if (!result) return HookTurn::NotYet;
  switch (moment) {
    case Moment::Success: return come_if(result->phase == Phase::Succeeded);
    case Moment::Failure: return come_if(result->phase == Phase::Failed);
    case Moment::Start:
    case Moment::Exit: break;
  }
  return HookTurn::Come;
}

HookTurn turn_in_task(Moment moment, const api::TaskStatus& task) {
  const bool begun = task.has_begun() && !is_cleared(task);
  if (moment == Moment::Start && begun) return HookTurn::Come;
  if (!api::is_final(task.phase)) return HookTurn::NotYet;
  switch (moment) {
    case Moment::Success: return come_if(task.phase == Phase::Succeeded);
    case Moment::Failure: return come_if(task.phase == Phase::Failed);
    case Moment::Exit: return come_if(begun || task.phase == Phase::Succeeded || task.phase == Phase::Failed);
    case Moment::Start: break;
  }
  return HookTurn::Never;
}

// At its place, where it nearly always is, or by its name.
const api::TaskStatus* task_in(const api::RunStatus& stored, const workflow::Definition& definition,
                               std::size_t place) {
  const std::string& name = definition.tasks[place].name();
  if (place < stored.tasks.size() && stored.tasks[place]->name == name) return stored.tasks[place].get();
  const auto it = std::find_if(stored.tasks.begin(), stored.tasks.end(),
                               [&](const api::TaskStatusPtr& task) { return task->name == name; });
  return it == stored.tasks.end() ? nullptr : it->get();
}

}  // namespace

std::vector<HookTurn> hook_turns(const workflow::Definition& definition, const api::RunStatus& stored) {
  std::vector<HookTurn> out;
  for (std::size_t i = definition.first_hook; i < definition.tasks.size(); ++i) {
    const api::Hook& hook = *definition.tasks[i].task.hook;
    if (hook.of < 0) {
      out.push_back(turn_in_run(hook.moment, stored.result));
    } else {
      const api::TaskStatus* task = task_in(stored, definition, static_cast<std::size_t>(hook.of));
      out.push_back(task == nullptr        ? HookTurn::NotYet
                    : task->is_inherited() ? HookTurn::Never
                                           : turn_in_task(hook.moment, *task));
    }
  }
  return out;
}

std::string why_never(const workflow::Definition& definition, const api::Hook& hook,
                      std::span<const api::TaskStatusPtr> tasks) {
  const std::string what =
      hook.of < 0 ? "the run" : "task " + definition.tasks[static_cast<std::size_t>(hook.of)].name();
  if (hook.of >= 0 && tasks[static_cast<std::size_t>(hook.of)]->is_inherited())
    return what + " has ended in an earlier run, with its hooks";
  switch (hook.moment) {
    case Moment::Start: return what + " has not started";
    case Moment::Success: return what + " has not succeeded";
    case Moment::Failure: return what + " has not failed";
    case Moment::Exit: break;
  }
  return what + " was not run";
}

void end_hooks(const workflow::Definition& definition, std::span<const HookTurn> turns,
               std::span<api::TaskStatusPtr> tasks, api::TimeMs now) {
  for (std::size_t i = definition.first_hook; i < tasks.size(); ++i) {
    if (api::is_final(tasks[i]->phase)) continue;
    const bool never = turns[i - definition.first_hook] == HookTurn::Never;
    auto next = std::make_shared<api::TaskStatus>(*tasks[i]);
    next->phase = never ? Phase::Skipped : Phase::Failed;
    next->reason = never ? reason_hook_not_met : "DeadlineExceeded";
    next->message = never ? why_never(definition, *definition.tasks[i].task.hook, tasks)
                          : "the run's hooks took longer than their timeout of " +
                                api::format_duration(definition.hooks_timeout_ms);
    next->cause = never ? api::Cause::None : api::Cause::Deadline;
    next->completion_ms = now;
    next->retry_ms = 0;
    tasks[i] = std::move(next);
  }
}

Verdict verdict_with_hooks(const workflow::Definition& definition, const api::RunResult& result,
                           std::span<const api::TaskStatusPtr> tasks) {
  const auto hooks = tasks.subspan(definition.first_hook);
  const auto done = std::count_if(hooks.begin(), hooks.end(), [](const auto& hook) { return is_final(hook->phase); });
  if (done < std::ssize(hooks)) {
    return {Phase::Running, "RunningHooks",
            result.message + "; " + std::to_string(done) + " of " + std::to_string(hooks.size()) + " hooks done"};
  }
  Verdict verdict{result.phase, result.reason, result.message};
  std::size_t failed = 0;
  const api::TaskStatus* told = nullptr;  // the first that fails the run, or else the first
  bool fails_run = false;
  for (std::size_t i = definition.first_hook; i < tasks.size(); ++i) {
    if (tasks[i]->phase != Phase::Failed) continue;
    ++failed;
    const bool decisive = definition.tasks[i].task.fails_run && !fails_run;
    if (told == nullptr || decisive) told = tasks[i].get();
    fails_run = fails_run || decisive;
  }
  if (told != nullptr) verdict.message += "; hook " + told->name + " failed: " + told->message;
  if (failed > 1) verdict.message += " (and " + std::to_string(failed - 1) + " more)";
  if (fails_run && result.phase == Phase::Succeeded) {
    verdict.phase = Phase::Failed;
    verdict.reason = "HookFailed";
  }
  return verdict;
}

}  // namespace ork::run
