#include "controllers/run/start.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/jobs/failure.hpp"
#include "controllers/jobs/items_object.hpp"
#include "controllers/jobs/job_object.hpp"
#include "controllers/jobs/limits.hpp"
#include "controllers/jobs/names.hpp"
#include "controllers/run/actions.hpp"
#include "controllers/run/cache.hpp"
#include "controllers/run/call.hpp"
#include "controllers/run/fan_out.hpp"
#include "controllers/run/inputs.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/queue.hpp"
#include "controllers/run/refused.hpp"
#include "controllers/run/run_scope.hpp"
#include "controllers/run/trigger.hpp"
#include "controllers/run/waiting.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::run {
namespace {

using api::Phase;
using api::TaskStatus;

constexpr std::string_view run_is_suspended = "the run is suspended";
constexpr std::string_view parent_is_suspended = "the run's parent is suspended";

class Starter {
 public:
  Starter(const StartInput& input, std::vector<api::TaskStatusPtr>& tasks, Plan& plan)
      : input_(input), definition_(*input.snapshot.definition), tasks_(tasks), plan_(plan) {
    const auto used = std::accumulate(input.slots.begin(), input.slots.end(), std::int64_t{0});
    free_ = definition_.parallelism.value_or(std::numeric_limits<std::int64_t>::max()) - used;
  }

  void run() {
    reserve_creating();
    for (const int task : definition_.graph.order()) consider(static_cast<std::size_t>(task));
    if (!asked_cache_) return;
    plan_.create.clear();
    plan_.urgency = Urgency::First;
  }

 private:
  struct Attempt {
    int number = 0;
    std::int64_t count = 0;
    std::int64_t width = 1;
  };

  void consider(std::size_t i) {
    const TaskStatus& status = *tasks_[i];
    if (api::is_final(status.phase)) return;
    const workflow::CompiledTask& task = definition_.tasks[i];
    const bool at_work =
        task.has_attempts() ? status.attempt > 0 && !input_.retry_due[i] : is_waiting(task, status, input_.now);
    if (at_work) return task.calls() ? call_more(i) : void();
    if (task.is_hook() && !has_come(i)) return;
    // A retry asks again: what was seen of the upstream may have been lost before it was stored.
    switch (turn_of_task(definition_, static_cast<int>(i), tasks_)) {
      case Turn::NotYet: return set(i, Phase::Pending, "Upstream", "");
      case Turn::Skip: return skip(i);
      case Turn::UpstreamFailed:
        return finish(i, Phase::UpstreamFailed, "UpstreamFailed", "a task that it depends on has failed");
      case Turn::Run: break;
    }
    if (!is_wanted(i)) return;
    if (task.has_attempts()) {
      start(i);
    } else {
      begin_to_wait(i);
    }
  }

  // Whether a hook's moment has; one whose moment never comes ends by that.
  bool has_come(std::size_t i) {
    switch (input_.hooks[i - definition_.first_hook]) {
      case HookTurn::Come: return true;
      case HookTurn::NotYet: set(i, Phase::Pending, reason_hook, ""); return false;
      case HookTurn::Never: break;
    }
    finish(i, Phase::Skipped, reason_hook_not_met, why_never(definition_, *definition_.tasks[i].task.hook, tasks_));
    return false;
  }

  // Of a run that has its result, hooks alone are left: they are not held back.
  bool is_suspended() const { return input_.snapshot.is_suspended() && !input_.snapshot.run->status.result; }

  std::string_view who_is_suspended() const {
    return input_.snapshot.run->spec.suspend ? run_is_suspended : parent_is_suspended;
  }

  void skip(std::size_t i) {
    const api::Trigger trigger = definition_.tasks[i].task.trigger;
    const bool usual = trigger == api::Trigger::AllSucceeded;
    finish(i, Phase::Skipped, usual ? "UpstreamSkipped" : "TriggerNotMet", why_skipped(trigger));
  }

  // Evaluates `when`, once: what waits for more than its upstream has been found wanted before. False: the task has
  // ended by that.
  bool is_wanted(std::size_t i) {
    const workflow::CompiledTask& task = definition_.tasks[i];
    if (!task.when || (tasks_[i]->phase != Phase::Pending && !is_cleared(*tasks_[i]))) return true;
    const auto value = expr::evaluate(*task.when, scope());
    const bool* wanted = value ? value->get_if<bool>() : nullptr;
    if (wanted != nullptr && *wanted) return true;
    if (wanted != nullptr) {
      finish(i, Phase::Skipped, "WhenFalse",
             "when is false: " + expr::printable(task.when->text(), max_told_expression));
    } else {
      const std::string why = value ? "its value is of type " + std::string(expr::type_name(*value)) +
                                          ", but has to be a bool: true or false"
                                    : value.error().message;
      finish(i, Phase::Failed, "WhenUnavailable", "when has no value: " + why, api::Cause::Program);
    }
    return false;
  }

  RunScope scope() const { return {input_.snapshot, input_.params, tasks_}; }

  // Creates on their way take their room before anything else gets some, wherever they stand in the
  // order: a task that became ready since then may come before them.
  void reserve_creating() {
    std::size_t left = definition_.parallelism ? input_.snapshot.creating.size() : 0;
    for (const int task : definition_.graph.order()) {
      if (left == 0) return;
      const auto i = static_cast<std::size_t>(task);
      if (api::is_final(tasks_[i]->phase) || !is_creating(input_.snapshot, *tasks_[i])) continue;
      --left;
      if (definition_.tasks[i].is_hook()) continue;
      const auto count = count_of(definition_.tasks[i], tasks_[i]->count, scope());
      free_ -= width_of(i, count ? *count : 1);
    }
  }

  void begin_to_wait(std::size_t i) {
    if (is_suspended()) return set(i, Phase::Queued, "Suspended", who_is_suspended());
    auto waiting = begin_waiting(definition_.tasks[i], scope(), input_.now);
    if (!waiting) return finish(i, Phase::Failed, "WaitUnavailable", waiting.error(), api::Cause::Program);
    if (waiting->run == input_.snapshot.run->meta.name)
      return finish(i, Phase::Failed, "WaitUnavailable", "it would wait for its own run", api::Cause::Program);
    tasks_[i] = std::make_shared<const TaskStatus>(std::move(*waiting));
  }

  // Starts the next attempt, or says why not.
  void start(std::size_t i) {
    const workflow::CompiledTask& task = definition_.tasks[i];
    const int attempt = tasks_[i]->attempt + 1;
    // No budget allows so many: somebody has written that number, and a Job that carries a higher one is not looked at.
    if (attempt > max_attempt)
      return finish(i, Phase::Failed, "TooManyAttempts", "its status tells of more attempts than there can be",
                    api::Cause::Infrastructure);
    const auto count = count_of(task, tasks_[i]->count, scope());
    if (!count) {
      return finish(i, Phase::Failed, reason_without_indexes(task), count.error(), api::Cause::Program);
    }
    if (task.fans_out() && *count == 0) return finish_empty(i);
    if (task.calls() && *count > workflow::max_children)
      return finish(i, Phase::Failed, "TooManyRuns",
                    "it fans out into " + std::to_string(*count) + " runs, but may make at most " +
                        std::to_string(workflow::max_children),
                    api::Cause::Program);
    if (task.fans_out()) keep_count(i, *count);
    const std::int64_t width = width_of(i, *count);
    if (is_suspended()) return set(i, Phase::Queued, "Suspended", who_is_suspended());
    if (is_creating(input_.snapshot, *tasks_[i])) return set(i, Phase::Queued, "Creating", "");
    if (!task.is_hook() && (blocked_ || width > free_)) {
      blocked_ = true;
      return set(i, Phase::Queued, "Parallelism", "waits for room in the run's parallelism");
    }
    if (task.cache_key && !has_to_run(i, *count, width)) return;
    std::string name = next_job(input_.snapshot, *tasks_[i]);
    // The rest has its turn when some of these have been answered.
    if (plan_.create.size() + input_.snapshot.creating.size() >= max_creates_in_flight) {
      return set(i, Phase::Queued, "Creating", "");
    }
    if (task.calls()) {
      free_ -= width;
      return call(i, {attempt, *count, width});
    }
    if (const RefusedJob* refused = find_refused(input_.snapshot, name)) {
      if (refused->final) return finish(i, Phase::Failed, "JobRejected", said_of(*refused), api::Cause::Program);
      if (refused->retry_ms > input_.now) {
        plan_.wake_ms = std::min(plan_.wake_ms.value_or(refused->retry_ms), refused->retry_ms);
        return set(i, Phase::Queued, "JobNotCreated", said_of(*refused));
      }
    }
    const auto inputs = inputs_of(task, scope());
    if (!inputs) return finish(i, Phase::Failed, "InputUnavailable", inputs.error(), api::Cause::Program);
    const auto items = items_of(task, *count, scope());
    if (!items) return finish(i, Phase::Failed, reason_without_indexes(task), items.error(), api::Cause::Program);
    const auto own = handed_out(task, *count, *items, *inputs, scope());
    if (!own) return finish(i, Phase::Failed, "InputUnavailable", own.error(), api::Cause::Program);
    free_ -= width;
    create(i, {attempt, *count, width}, std::move(name), *inputs, *own);
  }

  static std::string_view reason_without_indexes(const workflow::CompiledTask& task) {
    if (task.matrix != nullptr) return "MatrixUnavailable";
    return task.has_items() ? "ForEachUnavailable" : "CountUnavailable";
  }

  // False: an earlier run's result takes its place, or whether one does is not stored yet.
  bool has_to_run(std::size_t i, std::int64_t count, std::int64_t width) {
    const workflow::CompiledTask& task = definition_.tasks[i];
    const auto key = cache_key(task, count, scope());
    if (!key) {
      finish(i, Phase::Failed, "CacheKeyUnavailable", key.error(), api::Cause::Program);
      return false;
    }
    CacheAnswer answer = ask_cache(input_.snapshot, task, *tasks_[i], *key, input_.now);
    if (!answer.consulted.empty() && !consult(answer.consulted)) return false;
    if (!answer.known) {
      plan_.look_up.push_back({Missing::Kind::Run, answer.consulted, ""});
      return false;
    }
    if (answer.result == nullptr && tasks_[i]->cache_key == *key) return true;
    asked_cache_ = true;
    if (answer.result != nullptr) {
      tasks_[i] = std::move(answer.result);
      return false;
    }
    set(i, Phase::Queued, "Creating", "");
    keep_cache_key(i, *key);
    free_ -= width;
    return false;
  }

  // False: its turn comes when others have been.
  bool consult(const std::string& run) {
    if (!plan_.consulted.contains(run) && plan_.consulted.size() >= max_consulted_runs) return false;
    plan_.consulted.insert(run);
    return true;
  }

  void keep_cache_key(std::size_t i, const std::string& key) {
    auto status = std::make_shared<TaskStatus>(*tasks_[i]);
    status->cache_key = key;
    tasks_[i] = std::move(status);
  }

  // Makes the child runs that the attempt lacks; of a fan-out more of them as others end.
  void call(std::size_t i, const Attempt& attempt) {
    const RunScope values_of = scope();
    const std::size_t under_way = plan_.create.size() + input_.snapshot.creating.size();
    Calls calls = run::call({.snapshot = input_.snapshot,
                             .task = definition_.tasks[i],
                             .status = *tasks_[i],
                             .observed = input_.children.find(definition_.tasks[i].name(), attempt.number),
                             .scope = values_of,
                             .attempt = attempt.number,
                             .count = attempt.count,
                             .room = attempt.width,
                             .creates = max_creates_in_flight - std::min(under_way, max_creates_in_flight),
                             .now = input_.now});
    if (calls.failure)
      return finish(i, Phase::Failed, calls.failure->reason, calls.failure->message, api::Cause::Program);
    const bool begun = tasks_[i]->attempt == attempt.number;
    if (!begun) set(i, Phase::Queued, calls.retry_ms ? "RunNotCreated" : "Creating", calls.refused);
    if (calls.retry_ms) plan_.wake_ms = std::min(plan_.wake_ms.value_or(*calls.retry_ms), *calls.retry_ms);
    std::move(calls.create.begin(), calls.create.end(), std::back_inserter(plan_.create));
  }

  void call_more(std::size_t i) {
    const TaskStatus& status = *tasks_[i];
    // A retry that is not due yet has its attempt behind it.
    if (!definition_.tasks[i].fans_out() || status.phase == Phase::Retrying || is_suspended()) return;
    const std::int64_t most = definition_.parallelism.value_or(input_.slots[i]);
    call(i, {status.attempt, status.count, std::min(input_.slots[i], most)});
  }

  // From here on it stays as it is, whatever becomes of what it was taken from.
  void keep_count(std::size_t i, std::int64_t count) {
    if (tasks_[i]->count == count) return;
    auto status = std::make_shared<TaskStatus>(*tasks_[i]);
    status->count = count;
    tasks_[i] = std::move(status);
  }

  void finish_empty(std::size_t i) {
    const workflow::CompiledTask& task = definition_.tasks[i];
    finish(i, Phase::Succeeded, "",
           task.matrix != nullptr ? "its matrix has no combinations: there was nothing to do"
           : task.has_items()     ? "forEach has no elements: there was nothing to do"
                                  : "its count is 0: there was nothing to do");
    auto status = std::make_shared<TaskStatus>(*tasks_[i]);
    status->output = api::Json::array();
    tasks_[i] = std::move(status);
  }

  std::int64_t width_of(std::size_t i, std::int64_t count) const {
    const workflow::CompiledTask& task = definition_.tasks[i];
    if (!task.fans_out()) return task.is_hook() ? 0 : 1;
    // Somebody may have written more indexes into the status than there are.
    const std::int64_t open = std::max(count - tasks_[i]->succeeded_indexes.size(), std::int64_t{0});
    const std::int64_t asked = std::min(open, task.task.parallelism.value_or(open));
    return std::min(asked, definition_.parallelism.value_or(asked));
  }

  void create(std::size_t i, const Attempt& attempt, std::string name, const api::Json& inputs, const api::Json& own) {
    const workflow::CompiledTask& task = definition_.tasks[i];
    // A retried fan-out is seeded with what succeeded before, so that only the rest runs again.
    const bool unseeded = !tasks_[i]->succeeded_indexes.empty();
    const api::QueueLabels queue = queue_labels_of(input_.snapshot, task);
    const api::ObjectMeta& run = input_.snapshot.run->meta;
    const std::string items_name =
        own.is_null() ? std::string() : jobs::items_name(run.name, run.uid, task.name(), own);
    std::string body = jobs::build_job({.run = *input_.snapshot.run,
                                        .task = task,
                                        .workflow = input_.snapshot.workflow_name,
                                        .attempt = attempt.number,
                                        .inputs = inputs,
                                        .count = attempt.count,
                                        .parallelism = attempt.width,
                                        .items = items_name,
                                        .unseeded = unseeded,
                                        .queue = queue,
                                        .memory_growths = tasks_[i]->memory_growths});
    plan_.create.push_back({std::move(name), task.name(), attempt.number, std::move(body), task.fans_out(),
                            attempt.count, unseeded, unseeded || !api::queue_of(queue).empty()});
    if (!own.is_null()) {
      plan_.create.back().items =
          NewItems{items_name, jobs::build_items(run, input_.snapshot.workflow_name, task.name(), own)};
    }
    set(i, Phase::Queued, "Creating", "");
  }

  void set(std::size_t i, Phase phase, std::string_view reason, std::string_view message) {
    const TaskStatus& old = *tasks_[i];
    // A retry that waits for room is still Retrying: it says how the last attempt ended.
    if (old.attempt > 0) phase = Phase::Retrying;
    if (old.phase == phase && old.reason == reason && old.message == message) return;
    auto status = std::make_shared<TaskStatus>(old);
    status->phase = phase;
    status->reason = reason;
    status->message = message;
    tasks_[i] = std::move(status);
  }

  void finish(std::size_t i, Phase phase, std::string_view reason, std::string_view message,
              api::Cause cause = api::Cause::None) {
    auto status = std::make_shared<TaskStatus>(*tasks_[i]);
    status->phase = phase;
    status->reason = reason;
    status->message = message;
    status->cause = cause;
    status->completion_ms = input_.now;
    status->retry_ms = 0;
    tasks_[i] = std::move(status);
  }

  const StartInput& input_;
  const workflow::Definition& definition_;
  std::vector<api::TaskStatusPtr>& tasks_;
  Plan& plan_;
  std::int64_t free_ = 0;
  bool blocked_ = false;
  bool asked_cache_ = false;  // for some task it has been decided whether an earlier result takes its place
};

}  // namespace

std::string next_job(const Snapshot& snapshot, const TaskStatus& task) {
  const api::ObjectMeta& run = snapshot.run->meta;
  return jobs::job_name(run.name, run.uid, task.name, task.attempt + 1);
}

bool is_creating(const Snapshot& snapshot, const TaskStatus& task) {
  if (snapshot.creating.empty()) return false;
  const std::string name = next_job(snapshot, task);
  if (snapshot.creating.contains(name)) return true;
  // A run of a fan-out is called by its index as well.
  const auto next = snapshot.creating.lower_bound(name + "-");
  return next != snapshot.creating.end() && next->starts_with(name + "-");
}

void start_tasks(const StartInput& input, std::vector<api::TaskStatusPtr>& tasks, Plan& plan) {
  Starter(input, tasks, plan).run();
}

}  // namespace ork::run
