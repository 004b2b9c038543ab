#include "controllers/run/actions.hpp"

#include <algorithm>
#include <utility>

#include "controllers/jobs/failure.hpp"
#include "controllers/run/cache.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/output.hpp"
#include "controllers/run/start.hpp"
#include "controllers/run/task_progress.hpp"
#include "controllers/run/waiting.hpp"
#include "controllers/workflow/find_task.hpp"

namespace ork::run {
namespace {

using api::Act;
using api::Action;
using api::Phase;
using api::TaskStatus;
using Refusal = std::optional<std::string>;

bool is_at_work(const TaskStatus& task) {
  return task.has_begun() && !api::is_final(task.phase) && task.phase != Phase::Retrying;
}

std::string asked_by(const Action& action) { return action.by.empty() ? "" : " by " + action.by; }

bool is_answer(api::Act act) { return act == Act::Approve || act == Act::Reject; }

std::string count_of(std::size_t n) { return std::to_string(n) + (n == 1 ? " task" : " tasks"); }

bool is_told(std::span<const api::ActionStatus> told, const Action& action) {
  return std::any_of(told.begin(), told.end(), [&](const api::ActionStatus& one) { return one.id == action.id; });
}

api::ActionStatus told_of(const Action& action, api::TimeMs now) {
  return {.id = action.id, .task = action.task, .act = action.act, .by = action.by, .time_ms = now};
}

class Actor {
 public:
  Actor(const Snapshot& snapshot, api::TimeMs now, std::vector<api::TaskStatusPtr>& tasks)
      : snapshot_(snapshot), definition_(*snapshot.definition), now_(now), tasks_(tasks) {}

  // An attempt of it, or of a task that follows it, is on its way: what became of that comes first.
  bool has_to_wait(const Action& action) const {
    const int place = definition_.index_of(action.task);
    if (place < 0 || snapshot_.creating.empty() || is_answer(action.act)) return false;
    const auto i = static_cast<std::size_t>(place);
    if (is_creating(snapshot_, *tasks_[i])) return true;
    const std::vector<std::size_t> following = what_follows(i);
    return std::any_of(following.begin(), following.end(),
                       [this](std::size_t j) { return is_creating(snapshot_, *tasks_[j]); });
  }

  api::ActionStatus carry_out(const Action& action) {
    api::ActionStatus out = told_of(action, now_);
    Refusal refusal = try_to(action);
    out.done = !refusal;
    out.message = refusal ? *std::move(refusal) : std::move(message_);
    return out;
  }

 private:
  Refusal try_to(const Action& action) {
    const int place = definition_.index_of(action.task);
    if (place < 0) return workflow::no_such_task(definition_, action.task, workflow::Among::TasksAndHooks);
    const auto i = static_cast<std::size_t>(place);
    message_.clear();
    if (snapshot_.run->status.result && !definition_.tasks[i].is_hook())
      return refuse(*tasks_[i], "can't be acted on any more: the run has its result, and only its hooks go on");
    if (action.output && action.act != Act::MarkSucceeded)
      return "an output is given to a task that is marked as succeeded, and to no other: leave it out";
    if (!action.comment.empty() && !is_answer(action.act))
      return "a comment is given with an answer, Approve or Reject, and with nothing else: leave it out";
    switch (action.act) {
      case Act::Retry: return retry(i, action);
      case Act::Clear: return clear(i, action);
      case Act::MarkSucceeded: return mark_succeeded(i, action);
      case Act::MarkFailed: return mark_failed(i, action);
      case Act::Kill: return kill(i, action);
      case Act::Approve:
      case Act::Reject: return answer(i, action);
    }
    return std::nullopt;
  }

  static Refusal refuse(const TaskStatus& task, const std::string& why) { return "task " + task.name + " " + why; }

  Refusal retry(std::size_t i, const Action& action) {
    const TaskStatus& task = *tasks_[i];
    switch (task.phase) {
      case Phase::Succeeded: return refuse(task, "has succeeded; Clear runs it again, with what follows it");
      case Phase::Skipped:
      case Phase::Cancelled:
      case Phase::UpstreamFailed: return refuse(task, "has not run; Clear lets it be decided again");
      case Phase::Failed: break;
      default:
        if (!task.has_begun()) return refuse(task, "has not started");
    }
    message_ = definition_.tasks[i].has_attempts()
                   ? "attempt " + std::to_string(task.attempt + 1) + " of " + task.name + " was asked for"
                   : task.name + " waits anew";
    run_again(i, reason_retried, action);
    reopen_what_follows(i);
    return std::nullopt;
  }

  Refusal clear(std::size_t i, const Action& action) {
    if (!tasks_[i]->has_begun() && !api::is_final(tasks_[i]->phase)) return refuse(*tasks_[i], "has not started");
    const std::vector<std::size_t> following = what_follows(i);
    std::size_t cleared = 0;
    run_again(i, reason_cleared, action);
    if (definition_.tasks[i].cache_key) edit(i, [](TaskStatus& task) { task.cache_key = key_of_cleared; });
    for (const std::size_t j : following) {
      if (!tasks_[j]->has_begun() && !api::is_final(tasks_[j]->phase)) continue;
      run_again(j, reason_cleared, action);
      ++cleared;
    }
    message_ = action.task + (cleared == 0 ? " runs again" : " and " + count_of(cleared) + " that follow it run again");
    return std::nullopt;
  }

  Refusal mark_succeeded(std::size_t i, const Action& action) {
    if (tasks_[i]->phase == Phase::Succeeded) return refuse(*tasks_[i], "has succeeded already");
    auto output = given_output(action.output, definition_.tasks[i]);
    if (!output) return output.error();
    end(i, Phase::Succeeded, reason_marked_succeeded, "marked as succeeded" + asked_by(action));
    edit(i, [&](TaskStatus& task) {
      task.output = std::move(output->value);
      task.cache_key.clear();  // it is nothing that its program has made
    });
    reopen_what_follows(i);
    message_ = action.task + " counts as succeeded";
    return std::nullopt;
  }

  Refusal mark_failed(std::size_t i, const Action& action) {
    const TaskStatus& task = *tasks_[i];
    if (api::is_final(task.phase)) return refuse(task, "has ended already: " + std::string(api::to_string(task.phase)));
    end(i, Phase::Failed, reason_marked_failed, "marked as failed" + asked_by(action));
    message_ = action.task + " counts as failed";
    return std::nullopt;
  }

  Refusal kill(std::size_t i, const Action& action) {
    const TaskStatus& task = *tasks_[i];
    if (!is_at_work(task)) return refuse(task, "does not run");
    const std::string why = "killed" + asked_by(action);
    if (!definition_.tasks[i].has_attempts()) {
      message_ = task.name + " waits no longer";
      end(i, Phase::Failed, reason_killed, why);
      return std::nullopt;
    }
    message_ = "attempt " + std::to_string(task.attempt) + " of " + task.name + " is ended";
    tasks_[i] = std::make_shared<const TaskStatus>(
        end_attempt(definition_.tasks[i], task, {reason_killed, why}, snapshot_.run->meta.uid, now_));
    return std::nullopt;
  }

  Refusal answer(std::size_t i, const Action& action) {
    const TaskStatus& task = *tasks_[i];
    if (!definition_.tasks[i].task.approve)
      return refuse(task, "does not wait for an answer: only a task with approve does");
    if (api::is_final(task.phase)) return refuse(task, "has ended already: " + std::string(api::to_string(task.phase)));
    if (!has_begun_to_wait(definition_.tasks[i], task)) return refuse(task, "does not ask yet");
    const bool approved = action.act == Act::Approve;
    const std::string word = approved ? "approved" : "rejected";
    std::string told = word + asked_by(action) + " at " + api::format_time(now_);
    if (!action.comment.empty()) told += ": " + jobs::printable_head(action.comment, max_answer_comment);
    end(i, approved ? Phase::Succeeded : Phase::Failed, approved ? reason_approved : reason_rejected, told);
    message_ = action.task + " is " + word;
    return std::nullopt;
  }

  template <typename Edit>
  void edit(std::size_t i, Edit change) {
    auto next = std::make_shared<TaskStatus>(*tasks_[i]);
    change(*next);
    tasks_[i] = std::move(next);
  }

  void end(std::size_t i, Phase phase, std::string_view reason, const std::string& message) {
    edit(i, [&](TaskStatus& task) {
      task.phase = phase;
      task.reason = reason;
      task.message = message;
      task.cause = phase == Phase::Failed ? api::Cause::Program : api::Cause::None;
      task.completion_ms = std::max(now_, task.start_ms);
      task.retry_ms = 0;
      task.active = 0;
    });
  }

  // A task that has begun keeps the number of its attempts: a Job's name is never used twice.
  void run_again(std::size_t i, std::string_view reason, const Action& action) {
    if (tasks_[i]->attempt == 0 || !definition_.tasks[i].has_attempts()) return start_over(i);
    edit(i, [&](TaskStatus& task) {
      const bool cleared = reason == reason_cleared;
      if (cleared || is_at_work(task)) {
        keep_attempt(task, {.attempt = task.attempt,
                            .job = task.job,
                            .completion_ms = task.completion_ms != 0 ? task.completion_ms : now_,
                            .exit_code = task.exit_code,
                            .reason = std::string(reason),
                            .message = std::string(cleared ? "cleared" : "tried again") + asked_by(action)});
      }
      task.phase = Phase::Retrying;
      task.reason = reason;
      task.message = task.attempts.empty() ? "" : task.attempts.back().message;
      task.retry_ms = now_;
      task.completion_ms = 0;
      task.exit_code.reset();
      task.cause = api::Cause::None;
      task.output.reset();
      task.program_retries = task.infrastructure_retries = 0;
      task.active = 0;
      task.failed_indexes = {};
      if (!cleared) return;
      task.succeeded_indexes = {};
      task.memory_growths = 0;
      task.count = definition_.tasks[i].written_count().value_or(0);
    });
  }

  void start_over(std::size_t i) { tasks_[i] = std::make_shared<const TaskStatus>(initial_status(definition_, i)); }

  // What never ran because of how this one ended is decided again.
  void reopen_what_follows(std::size_t i) {
    for (const std::size_t j : what_follows(i)) {
      if (api::is_final(tasks_[j]->phase) && !tasks_[j]->has_begun() && tasks_[j]->phase != Phase::Succeeded)
        start_over(j);
    }
  }

  // Everything that depends on it, directly or not, in the graph's order.
  std::vector<std::size_t> what_follows(std::size_t i) const {
    std::vector<bool> follows(tasks_.size(), false);
    follows[i] = true;
    std::vector<std::size_t> out;
    for (const int task : definition_.graph.order()) {
      const auto& upstream = definition_.graph.upstream(task);
      const auto j = static_cast<std::size_t>(task);
      if (j == i ||
          std::none_of(upstream.begin(), upstream.end(), [&](int u) { return follows[static_cast<std::size_t>(u)]; }))
        continue;
      follows[j] = true;
      out.push_back(j);
    }
    return out;
  }

  const Snapshot& snapshot_;
  const workflow::Definition& definition_;
  api::TimeMs now_;
  std::vector<api::TaskStatusPtr>& tasks_;
  std::string message_;
};

}  // namespace

bool is_stopped_by_action(const TaskStatus& task) {
  if (task.phase != Phase::Retrying || task.attempts.empty() || task.attempts.back().attempt != task.attempt)
    return false;
  const std::string& reason = task.attempts.back().reason;
  return reason == reason_retried || reason == reason_cleared || reason == reason_killed;
}

bool is_cleared(const TaskStatus& task) {
  return is_stopped_by_action(task) && task.attempts.back().reason == reason_cleared;
}

bool carry_out_actions(const Snapshot& snapshot, api::TimeMs now, std::vector<api::TaskStatusPtr>& tasks,
                       std::vector<api::ActionStatus>& told) {
  const std::size_t before = told.size();
  Actor actor(snapshot, now, tasks);
  for (const Action& action : snapshot.run->spec.actions) {
    if (told.size() == max_actions) break;
    if (is_told(told, action) || actor.has_to_wait(action)) continue;
    told.push_back(actor.carry_out(action));
  }
  return told.size() > before;
}

bool refuse_actions(const api::WorkflowRun& run, const std::string& why, api::TimeMs now,
                    std::vector<api::ActionStatus>& told) {
  const std::size_t before = told.size();
  for (const Action& action : run.spec.actions) {
    if (told.size() == max_actions) break;
    if (is_told(told, action)) continue;
    told.push_back(told_of(action, now));
    told.back().message = why;
  }
  return told.size() > before;
}

}  // namespace ork::run
