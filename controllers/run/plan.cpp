#include "controllers/run/plan.hpp"

#include <algorithm>
#include <span>

#include "controllers/jobs/job_object.hpp"
#include "controllers/run/actions.hpp"
#include "controllers/run/beginning.hpp"
#include "controllers/run/children.hpp"
#include "controllers/run/events.hpp"
#include "controllers/run/hooks.hpp"
#include "controllers/run/inherit.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/obsolete.hpp"
#include "controllers/run/projection.hpp"
#include "controllers/run/queue.hpp"
#include "controllers/run/run_output.hpp"
#include "controllers/run/run_scope.hpp"
#include "controllers/run/start.hpp"
#include "controllers/run/status_budget.hpp"
#include "controllers/run/task_progress.hpp"
#include "controllers/run/waiting.hpp"
#include "controllers/workflow/params.hpp"

namespace ork::run {
namespace {

using api::Phase;
using api::TimeMs;

void wake(Plan& plan, TimeMs at) { plan.wake_ms = std::min(plan.wake_ms.value_or(at), at); }

// Why the run is to be cancelled; empty: it is not.
std::string cancelled_by(const Snapshot& snapshot) {
  const api::RunSpec& spec = snapshot.run->spec;
  if (spec.cancel) return "cancelled by spec.cancel";
  if (!snapshot.parent || !spec.child_of || !is_unwanted(*snapshot.parent->run, *spec.child_of)) return "";
  return "cancelled by its parent, run " + snapshot.parent->run->meta.name;
}

// A finished run is only waited on to be deleted. A child goes with its parent: what it has come to is looked for.
void expire(const Snapshot& snapshot, TimeMs now, Plan& plan) {
  if (snapshot.parent) return;
  const api::WorkflowRun& run = *snapshot.run;
  TimeMs at = run.status.expiration_ms;
  if (const auto ttl = run.spec.ttl_seconds_after_finished) at = api::later_by_seconds(run.status.completion_ms, *ttl);
  // Without a completion time somebody else wrote that status; better kept than lost.
  if (at == 0 || run.status.completion_ms == 0) return;
  if (at <= now) {
    plan.delete_run = true;
  } else {
    wake(plan, at);
  }
}

// Since when a run waits that can't start: since it was made or, where our clock has been set back behind that, since
// it was first told to wait.
TimeMs waits_since(const api::WorkflowRun& run, TimeMs now) {
  if (run.meta.creation_ms <= now + api::clock_tolerance_ms) return run.meta.creation_ms;
  const api::Condition* ready = api::find_condition(run.status.conditions, "Ready");
  return ready != nullptr ? std::min(ready->last_transition_ms, now) : now;
}

// Why the run can't start yet, or never will; nullopt: it can.
std::optional<Verdict> definition_verdict(const Snapshot& snapshot, TimeMs now, Plan& plan) {
  const api::WorkflowRun& run = *snapshot.run;
  const auto wait = [&](api::DurationMs patience, std::string reason, const std::string& message) -> Verdict {
    const TimeMs until = waits_since(run, now) + patience;
    // Where our clock has been set forward it may not have been waited for at all.
    const api::DurationMs left = patience - std::min(patience, snapshot.known_ms);
    if (patience == 0 || (until <= now && left == 0)) return {Phase::Failed, std::move(reason), message};
    wake(plan, std::max(until, now + left));
    return {Phase::Pending, std::move(reason),
            message + "; the run starts as soon as that is mended, and fails at " + api::format_time(until)};
  };
  switch (snapshot.definition_state) {
    case DefinitionState::Found:
      // What has begun is cut short only where it must be.
      if (!run.status.tasks.empty()) return std::nullopt;
      if (auto why = no_status_room(*snapshot.definition, run.bytes_beside_status))
        return Verdict{Phase::Failed, "RunTooLarge", *std::move(why)};
      return std::nullopt;
    case DefinitionState::NotYetReady:
      return Verdict{Phase::Pending, "Pending", "waits for the Workflow to be accepted"};
    case DefinitionState::WorkflowMissing:
      return wait(workflow_wait_ms, "WorkflowNotFound",
                  "there is no Workflow \"" + snapshot.workflow_name + "\" in namespace " + run.meta.ns);
    case DefinitionState::WorkflowSuspended: return Verdict{Phase::Pending, "WorkflowSuspended", snapshot.problems};
    case DefinitionState::WorkflowInvalid:
      return wait(snapshot.workflow_name.empty() ? 0 : invalid_workflow_wait_ms, "WorkflowInvalid", snapshot.problems);
    case DefinitionState::RevisionMissing:
      return Verdict{Phase::Failed, "RevisionNotFound",
                     "ControllerRevision " + snapshot.revision + ", which this run " +
                         (run.status.revision.empty() ? "is to start from, is not there" : "started from, is gone")};
  }
  return std::nullopt;
}

bool stands_for(const workflow::CompiledTask& task, const api::TaskStatus& status) {
  return task.name() == status.name && task.is_hook() == status.is_hook();
}

// Brings the stored task statuses into the definition's order, with fresh ones where nothing is
// stored. A status somebody edited by hand is put right by name.
void arrange(const Snapshot& snapshot, std::vector<api::TaskStatusPtr>& statuses) {
  const auto& tasks = snapshot.definition->tasks;
  const auto& stored = snapshot.run->status.tasks;
  const bool in_order = std::equal(tasks.begin(), tasks.end(), stored.begin(), stored.end(),
                                   [](const auto& task, const auto& status) { return stands_for(task, *status); });
  if (in_order) return;
  std::vector<api::TaskStatusPtr> out;
  out.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (i < stored.size() && stands_for(tasks[i], *stored[i])) {
      out.push_back(stored[i]);
      continue;
    }
    const auto it = std::find_if(stored.begin(), stored.end(),
                                 [&](const api::TaskStatusPtr& status) { return stands_for(tasks[i], *status); });
    if (it != stored.end()) {
      out.push_back(*it);
      continue;
    }
    out.push_back(std::make_shared<const api::TaskStatus>(initial_status(*snapshot.definition, i)));
  }
  statuses = std::move(out);
}

struct TaskJob {
  int task = 0;
  const ObservedJob* job = nullptr;
};

// The Jobs, or child runs, of tasks that are not final, by task and attempt.
std::vector<TaskJob> sort_jobs(const Snapshot& snapshot, const Children& children,
                               const std::vector<api::TaskStatusPtr>& tasks) {
  std::vector<TaskJob> out;
  const auto add = [&](const ObservedJob& job) {
    const int task = snapshot.definition->index_of(job.job->task);
    if (task < 0 || job.job->attempt < 1 || job.job->attempt > max_attempt) return;
    const auto i = static_cast<std::size_t>(task);
    const bool is_run = !job.children.empty();
    if (!api::is_final(tasks[i]->phase) && snapshot.definition->tasks[i].calls() == is_run) out.push_back({task, &job});
  };
  for (const ObservedJob& job : snapshot.jobs) add(job);
  for (const ObservedJob& attempt : children.attempts()) add(attempt);
  std::sort(out.begin(), out.end(), [](const TaskJob& a, const TaskJob& b) {
    return std::pair(a.task, a.job->job->attempt) < std::pair(b.task, b.job->job->attempt);
  });
  return out;
}

// Kubernetes cuts its times to whole seconds, so that a task would seem to begin before its run.
void keep_within_run(api::TaskStatus& task, TimeMs run_start) {
  if (task.start_ms != 0) task.start_ms = std::max(task.start_ms, run_start);
  if (task.completion_ms != 0) task.completion_ms = std::max(task.completion_ms, task.start_ms);
}

struct Observed {
  std::vector<std::int64_t> slots;
  std::vector<bool> retry_due;
  bool gave_up = false;  // some task's attempt, because its time was over
};

SeedJob seed(const api::Job& job, const api::IndexSet& done, const api::QueueLabels& queue) {
  const std::string& uid = job.meta.uid;
  return {job.meta.name, uid, jobs::seeded_status(uid, done), jobs::seeded_job(uid, queue),
          std::string(api::queue_of(queue))};
}

// Brings every task up to what its Jobs or child runs say.
Observed observe(const Snapshot& snapshot, const Children& children, TimeMs now, std::vector<api::TaskStatusPtr>& tasks,
                 Plan& plan) {
  Observed out{std::vector<std::int64_t>(tasks.size(), 0), std::vector<bool>(tasks.size(), false)};
  const std::vector<TaskJob> jobs = sort_jobs(snapshot, children, tasks);
  const TimeMs run_start = snapshot.run->status.start_ms != 0 ? snapshot.run->status.start_ms : now;
  std::vector<const ObservedJob*> own;
  auto next = jobs.begin();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    own.clear();
    for (; next != jobs.end() && next->task == static_cast<int>(i); ++next) own.push_back(next->job);
    const workflow::CompiledTask& task = snapshot.definition->tasks[i];
    if (api::is_final(tasks[i]->phase) || !task.has_attempts() || (own.empty() && tasks[i]->attempt == 0)) continue;
    TaskProgress progress = observe_task(task, *tasks[i], own, snapshot.gone, snapshot.run->meta.uid, now);
    out.slots[i] = task.is_hook() ? 0 : progress.slots;
    out.retry_due[i] = progress.retry_due;
    out.gave_up = out.gave_up || progress.gave_up;
    if (progress.unseeded != nullptr)
      plan.seed.push_back(seed(*progress.unseeded, progress.status.succeeded_indexes, queue_labels_of(snapshot, task)));
    if (progress.wake_ms) wake(plan, *progress.wake_ms);
    if (progress.look_up) plan.look_up.push_back(std::move(*progress.look_up));
    keep_within_run(progress.status, run_start);
    if (!(progress.status == *tasks[i])) tasks[i] = std::make_shared<const api::TaskStatus>(std::move(progress.status));
  }
  return out;
}

// Ends every task that has not ended. True: there was one.
bool stop_tasks(std::span<api::TaskStatusPtr> tasks, std::string_view reason, TimeMs now) {
  bool any = false;
  for (api::TaskStatusPtr& task : tasks) {
    if (api::is_final(task->phase)) continue;
    any = true;
    auto next = std::make_shared<api::TaskStatus>(*task);
    next->phase = Phase::Cancelled;
    next->reason = reason;
    next->message.clear();
    next->completion_ms = next->has_begun() ? now : 0;
    next->retry_ms = 0;
    next->active = 0;
    task = std::move(next);
  }
  return any;
}

// The run's own deadline; nullopt where it has none.
std::optional<TimeMs> deadline_of(const Snapshot& snapshot, TimeMs start_ms) {
  if (!snapshot.definition->timeout_ms || start_ms == 0) return std::nullopt;
  return start_ms + *snapshot.definition->timeout_ms;
}

// A run whose output has no value has not done what it was asked for.
Verdict give_output(const Snapshot& snapshot, const api::Json& params, Verdict succeeded, Plan& plan) {
  auto output = run_output(snapshot, params, plan.status.tasks);
  if (!output) return {Phase::Failed, "OutputUnavailable", output.error()};
  plan.status.output = std::move(*output);
  return succeeded;
}

// What there is to go on from.
struct Step {
  const Snapshot& snapshot;
  const api::Json& params;
  TimeMs now;
  const Children& children;
  Observed observed;
  std::vector<HookTurn> hooks;
  std::optional<TimeMs> deadline;
};

// One step on, of a run that nothing stops.
void go_on(const Step& step, Plan& plan) {
  std::vector<api::TaskStatusPtr>& tasks = plan.status.tasks;
  if (carry_out_actions(step.snapshot, step.now, tasks, plan.status.actions)) {
    plan.urgency = Urgency::First;
    plan.seed.clear();
    plan.wake_ms.reset();
  } else if (step.observed.gave_up) {
    plan.urgency = Urgency::First;
  } else {
    start_tasks(
        {step.snapshot, step.params, step.now, step.observed.slots, step.observed.retry_due, step.hooks, step.children},
        tasks, plan);
    end_waits(step.snapshot, RunScope(step.snapshot, step.params, tasks), step.now, tasks, plan);
    if (step.deadline) wake(plan, *step.deadline);
  }
}

// The tasks, which cancel and the run's deadline stop. Hooks go on.
Verdict advance_tasks(const Step& step, Plan& plan) {
  const workflow::Definition& definition = *step.snapshot.definition;
  const auto stop = [&](std::string_view reason) {
    const bool any = stop_tasks(std::span(plan.status.tasks).first(definition.first_hook), reason, step.now);
    if (any) plan.seed.clear();
    if (any) plan.look_up.clear();
    return any;
  };
  if (std::string why = cancelled_by(step.snapshot); !why.empty()) {
    if (stop("Cancelled")) return {Phase::Cancelled, "Cancelled", std::move(why)};
  } else if (step.deadline && *step.deadline <= step.now) {
    const std::string limit = api::format_duration(*definition.timeout_ms);
    if (stop("DeadlineExceeded"))
      return {Phase::Failed, "DeadlineExceeded", "the run took longer than its timeout of " + limit};
  } else {
    go_on(step, plan);
  }
  Verdict verdict = verdict_of(step.snapshot, plan.status.tasks, count_tasks(plan.status.tasks));
  return verdict.phase == Phase::Succeeded ? give_output(step.snapshot, step.params, std::move(verdict), plan)
                                           : verdict;
}

// The hooks, once the run has its result; nothing but their own deadline stops them.
void advance_hooks(Step step, Plan& plan) {
  const workflow::Definition& definition = *step.snapshot.definition;
  step.deadline = plan.status.result->time_ms + definition.hooks_timeout_ms;
  if (*step.deadline <= step.now) {
    end_hooks(definition, step.hooks, plan.status.tasks, step.now);
  } else {
    go_on(step, plan);
  }
}

// Advances the tasks; returns what is to be said of the run.
Verdict advance(const Snapshot& snapshot, const api::Json& params, TimeMs now, Plan& plan) {
  const workflow::Definition& definition = *snapshot.definition;
  arrange(snapshot, plan.status.tasks);
  const api::RunStatus& stored = snapshot.stored != nullptr ? *snapshot.stored : snapshot.run->status;
  const Children children(snapshot);
  Step step{snapshot,
            params,
            now,
            children,
            observe(snapshot, children, now, plan.status.tasks, plan),
            hook_turns(definition, stored),
            deadline_of(snapshot, plan.status.start_ms)};
  if (plan.status.result) {
    advance_hooks(std::move(step), plan);
  } else {
    Verdict verdict = advance_tasks(step, plan);
    if (!definition.has_hooks() || !api::is_final(verdict.phase)) return verdict;
    // From here on it stands. Stored before any hook follows from it.
    plan.status.result = api::RunResult{verdict.phase, std::move(verdict.reason), std::move(verdict.message), now};
    plan.urgency = Urgency::First;
  }
  Verdict verdict = verdict_with_hooks(definition, *plan.status.result, plan.status.tasks);
  if (verdict.phase == Phase::Failed) plan.status.output.reset();
  return verdict;
}

// A run by name chooses its revision once, by a write that only one can win: whoever chose another, or died in
// between, goes on with the stored one. Before that no Job may follow from it.
bool has_to_pin(const Snapshot& snapshot) {
  const api::WorkflowRun& run = *snapshot.run;
  return !snapshot.revision.empty() && run.status.revision.empty() && cancelled_by(snapshot).empty();
}

// A rerun begins with what it inherits. Nothing may follow from that before it is stored: then it is what it is, though
// the earlier run be deleted. nullopt: something is to be looked up first.
std::optional<Verdict> begin_rerun(const Snapshot& snapshot, const api::Json& params, Plan& plan) {
  plan.consulted.insert(snapshot.run->spec.rerun_of->name);
  auto inherited = inherit(snapshot, params);
  if (!inherited) return std::move(inherited.error());
  if (inherited->look_up) {
    plan.look_up.push_back(*std::move(inherited->look_up));
    return std::nullopt;
  }
  arrange(snapshot, plan.status.tasks);
  for (std::size_t i = 0; i < plan.status.tasks.size(); ++i) {
    if (inherited->tasks[i] != nullptr) plan.status.tasks[i] = std::move(inherited->tasks[i]);
  }
  plan.status.rerun_of = std::move(inherited->told);
  plan.urgency = Urgency::First;
  const std::int64_t count = plan.status.rerun_of->inherited;
  return Verdict{
      Phase::Pending, "Pending",
      "a rerun of " + plan.status.rerun_of->name +
          (count == 0 ? "" : ": " + std::to_string(count) + (count == 1 ? " task" : " tasks") + " inherited")};
}

void end_run(const Snapshot& snapshot, Plan& plan) {
  plan.wake_ms.reset();
  plan.urgency = Urgency::Final;
  if (snapshot.definition && snapshot.definition->ttl_seconds_after_finished) {
    plan.status.expiration_ms =
        api::later_by_seconds(plan.status.completion_ms, *snapshot.definition->ttl_seconds_after_finished);
  }
}

// What can't be stored can't go on: the run ends here, with what can be.
void give_up_storing(const Snapshot& snapshot, TimeMs now, Plan& plan) {
  plan.create.clear();
  plan.seed.clear();
  stop_tasks(plan.status.tasks, "StatusTooLarge", now);
  strip_status(plan.status);
  project(snapshot,
          {Phase::Failed, "StatusTooLarge",
           "its status would be too large to be stored: write less to $ORK_OUTPUT, or split the workflow"},
          now, plan.status);
  plan.events = events_between(snapshot.run->status, plan.status);
}

void conclude(const Snapshot& snapshot, const Verdict& verdict, TimeMs now, Plan& plan) {
  const api::RunStatus& stored = snapshot.run->status;
  if (!verdict.is_before_start) plan.status.revision = snapshot.revision;
  // However a run ends, nothing of it is left open: what runs on is known by this to be obsolete.
  if (api::is_final(verdict.phase)) stop_tasks(plan.status.tasks, verdict.reason, now);
  project(snapshot, verdict, now, plan.status);
  // Told with the detail that may now have to be dropped.
  plan.events = events_between(stored, plan.status);
  const StatusRoom room = status_room(snapshot.run->bytes_beside_status);
  const bool has_tasks = snapshot.definition && !plan.status.tasks.empty();
  if (has_tasks && !fit_status(*snapshot.definition, room, plan.status)) give_up_storing(snapshot, now, plan);
  if (api::is_final(plan.status.phase)) end_run(snapshot, plan);
  plan.status_changed = differs(stored, plan.status);
  if (!plan.status_changed) plan.events.clear();
}

// Whether nothing can be said yet of what the run runs: its revision is to be looked up first, or its Workflow has only
// just been made.
bool awaits_definition(const Snapshot& snapshot, TimeMs now, Plan& plan) {
  const api::WorkflowRun& run = *snapshot.run;
  if (snapshot.definition_state == DefinitionState::RevisionMissing) {
    Missing revision{Missing::Kind::Revision, snapshot.revision, ""};
    if (snapshot.gone.contains(revision)) return false;
    plan.look_up.push_back(std::move(revision));
    return true;
  }
  if (snapshot.definition_state != DefinitionState::NotYetReady || run.status.observed_generation >= 0) return false;
  const api::DurationMs age = now - run.meta.creation_ms;
  if (age < 0 || age >= acceptance_wait_ms) return false;
  wake(plan, run.meta.creation_ms + acceptance_wait_ms);
  return true;
}

}  // namespace

Plan plan(const Snapshot& snapshot, TimeMs now) {
  const api::WorkflowRun& run = *snapshot.run;
  Plan out;
  out.status = run.status;
  // What belongs to a run that is being deleted goes with it, by owner reference.
  if (run.meta.deleting) return out;
  out.remove = obsolete_jobs(snapshot);
  if (api::is_final(run.status.phase)) {
    expire(snapshot, now, out);
    // A wish that comes too late is seen all the same: else whoever waits for that waits for ever.
    out.status.observed_generation = run.meta.generation;
    for (api::Condition& condition : out.status.conditions) condition.observed_generation = run.meta.generation;
    const bool refused = refuse_actions(run, "the run has ended", now, out.status.actions);
    out.status_changed = refused || run.status.observed_generation != run.meta.generation;
    return out;
  }
  if (awaits_definition(snapshot, now, out)) return out;
  // Our clock has been set back since; else the run's timeout would begin only once it is there again.
  if (out.status.start_ms > now + api::clock_tolerance_ms) out.status.start_ms = now;
  std::optional<Verdict> verdict;
  // With a definition there may be Jobs already, although no status tells of them yet.
  const bool unknown = snapshot.definition_state != DefinitionState::Found;
  if (std::string why = cancelled_by(snapshot); !why.empty() && unknown && run.status.tasks.empty()) {
    verdict = Verdict{Phase::Cancelled, "Cancelled", why + " before it started"};
  } else {
    verdict = definition_verdict(snapshot, now, out);
  }
  // What is wrong with the definition can't change what the tasks have come to.
  if (const auto& result = run.status.result; result && verdict && api::is_final(verdict->phase))
    verdict = Verdict{result->phase, result->reason, result->message + "; hooks were left out: " + verdict->message};
  if (!verdict) {
    const auto params = workflow::resolve_params(snapshot.definition->params, run.spec.params);
    out.begins = params && is_at_its_beginning(snapshot) && cancelled_by(snapshot).empty();
    if (!params) {
      verdict = Verdict{Phase::Failed, "InvalidParams", workflow::describe(params.error())};
    } else if (out.waits_for_turn = out.begins && !snapshot.may_begin; out.waits_for_turn) {
      verdict = wait_for_turn(snapshot, now, out);
      if (!verdict) return out;
    } else if (has_to_inherit(snapshot)) {
      verdict = begin_rerun(snapshot, *params, out);
      if (!verdict) return out;
    } else if (has_to_pin(snapshot)) {
      verdict = Verdict{Phase::Pending, "Pending", "starts from revision " + snapshot.revision};
      out.urgency = Urgency::First;
    } else {
      verdict = advance(snapshot, *params, now, out);
    }
  }
  conclude(snapshot, *verdict, now, out);
  return out;
}

}  // namespace ork::run
