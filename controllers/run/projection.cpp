#include "controllers/run/projection.hpp"

#include <algorithm>

#include "controllers/run/tolerance.hpp"

namespace ork::run {
namespace {

using api::Condition;
using api::ConditionStatus;
using api::Phase;
using api::TaskStatus;

std::int64_t& slot(api::TaskCounts& counts, Phase phase) {
  switch (phase) {
    case Phase::Pending: return counts.pending;
    case Phase::Queued: return counts.queued;
    case Phase::Running:
    case Phase::Deferred: return counts.running;
    case Phase::Retrying: return counts.retrying;
    case Phase::Succeeded: return counts.succeeded;
    case Phase::Failed: return counts.failed;
    case Phase::Skipped: return counts.skipped;
    case Phase::UpstreamFailed: return counts.upstream_failed;
    case Phase::Cancelled: break;
  }
  return counts.cancelled;
}

std::int64_t final_tasks(const api::TaskCounts& c) {
  return c.succeeded + c.failed + c.skipped + c.upstream_failed + c.cancelled;
}

std::string describe_counts(const api::TaskCounts& c) {
  std::string out = std::to_string(final_tasks(c)) + " of " + std::to_string(c.total) + " tasks done";
  const auto part = [&](std::int64_t n, const char* what) {
    if (n > 0) out += ", " + std::to_string(n) + what;
  };
  part(c.running, " running");
  part(c.retrying, " retrying");
  part(c.queued, " queued");
  part(c.failed, " failed");
  part(c.skipped, " skipped");
  return out;
}

// The first task, in declared order, whose failure fails the run; nullptr where there is none.
const TaskStatus* decisive_failure(const Snapshot& snapshot, const std::vector<api::TaskStatusPtr>& tasks) {
  for (std::size_t i = 0; i < snapshot.definition->first_hook; ++i) {
    if (tasks[i]->phase != Phase::Failed) continue;
    if (snapshot.definition->tasks[i].on_failure == api::OnFailure::Skip) return tasks[i].get();
  }
  return nullptr;
}

std::string describe_failure(const TaskStatus& task, const api::TaskCounts& counts) {
  std::string out = "task " + task.name + " failed";
  if (task.attempt > 1) out += " after " + std::to_string(task.attempt) + " attempts";
  out += ": " + task.message;
  if (counts.failed > 1) out += " (and " + std::to_string(counts.failed - 1) + " more failed)";
  return out;
}

std::string describe_success(const api::TaskCounts& counts, const std::vector<api::TaskStatusPtr>& tasks) {
  const auto partly = std::count_if(tasks.begin(), tasks.end(),
                                    [](const api::TaskStatusPtr& task) { return task->reason == reason_tolerated; });
  const std::string tolerated = partly == 0 ? "" : ", " + std::to_string(partly) + " with failures that it tolerates";
  if (counts.succeeded == counts.total)
    return "all " + std::to_string(counts.succeeded) + " tasks succeeded" + tolerated;
  std::string out =
      std::to_string(counts.succeeded) + " of " + std::to_string(counts.total) + " tasks succeeded" + tolerated;
  if (counts.skipped > 0) out += ", " + std::to_string(counts.skipped) + " skipped";
  if (counts.failed > 0) out += ", " + std::to_string(counts.failed) + " failed as onFailure: run allows";
  return out;
}

Condition condition(std::string_view type, ConditionStatus status, const Verdict& verdict, std::int64_t generation,
                    api::TimeMs now) {
  return {std::string(type), status, generation, now, verdict.reason, verdict.message};
}

// kstatus reads Reconciling=True as "in progress" and Stalled=True as "failed"; absent means False.
std::vector<Condition> conditions_of(const Verdict& verdict, std::int64_t generation, api::TimeMs now) {
  const bool final = api::is_final(verdict.phase);
  const bool good = verdict.phase == Phase::Succeeded;
  const auto succeeded = !final ? ConditionStatus::Unknown : good ? ConditionStatus::True : ConditionStatus::False;
  std::vector<Condition> out;
  out.push_back(condition("Succeeded", succeeded, verdict, generation, now));
  out.push_back(condition("Ready", good ? ConditionStatus::True : ConditionStatus::False, verdict, generation, now));
  if (!final) out.push_back(condition("Reconciling", ConditionStatus::True, verdict, generation, now));
  if (final && !good) out.push_back(condition("Stalled", ConditionStatus::True, verdict, generation, now));
  return out;
}

}  // namespace

api::TaskCounts count_tasks(const std::vector<api::TaskStatusPtr>& tasks) {
  api::TaskCounts counts;
  for (const api::TaskStatusPtr& task : tasks) {
    if (task->is_hook()) continue;
    ++counts.total;
    ++slot(counts, task->phase);
  }
  return counts;
}

Verdict verdict_of(const Snapshot& snapshot, const std::vector<api::TaskStatusPtr>& tasks,
                   const api::TaskCounts& counts) {
  if (final_tasks(counts) < counts.total) {
    if (snapshot.is_suspended() && counts.running == 0) return {Phase::Pending, "Suspended", describe_counts(counts)};
    return {Phase::Running, "Running", describe_counts(counts)};
  }
  if (counts.cancelled > 0) return {Phase::Cancelled, "Cancelled", "cancelled; " + describe_counts(counts)};
  if (const TaskStatus* failure = decisive_failure(snapshot, tasks)) {
    return {Phase::Failed, "TaskFailed", describe_failure(*failure, counts)};
  }
  return {Phase::Succeeded, "Succeeded", describe_success(counts, tasks)};
}

void project(const Snapshot& snapshot, const Verdict& verdict, api::TimeMs now, api::RunStatus& status) {
  const api::WorkflowRun& run = *snapshot.run;
  status.counts = count_tasks(status.tasks);
  status.phase = verdict.phase;
  status.message = verdict.message;
  status.observed_generation = run.meta.generation;
  status.workflow = snapshot.workflow_name;
  status.progress = std::to_string(final_tasks(status.counts)) + "/" + std::to_string(status.counts.total);
  const bool has_definition = !snapshot.revision.empty() || run.spec.workflow != nullptr;
  if (status.start_ms == 0 && has_definition && !verdict.is_before_start) status.start_ms = now;
  if (api::is_final(verdict.phase) && status.completion_ms == 0) status.completion_ms = now;
  const api::TimeMs end = status.completion_ms != 0 ? status.completion_ms : now;
  // Whole seconds: what a reader of kubectl get compares.
  if (status.start_ms != 0) status.duration = api::format_duration((end - status.start_ms) / 1000 * 1000);
  status.conditions =
      api::keep_transition_times(run.status.conditions, conditions_of(verdict, run.meta.generation, now));
}

bool differs(const api::RunStatus& stored, const api::RunStatus& next) {
  const auto same_task = [](const api::TaskStatusPtr& a, const api::TaskStatusPtr& b) { return a == b || *a == *b; };
  return stored.phase != next.phase || stored.observed_generation != next.observed_generation ||
         stored.start_ms != next.start_ms || stored.completion_ms != next.completion_ms ||
         stored.expiration_ms != next.expiration_ms || stored.workflow != next.workflow ||
         stored.revision != next.revision || stored.message != next.message || stored.output != next.output ||
         stored.result != next.result || !(stored.counts == next.counts) || stored.conditions != next.conditions ||
         stored.actions != next.actions || stored.rerun_of != next.rerun_of ||
         !std::equal(stored.tasks.begin(), stored.tasks.end(), next.tasks.begin(), next.tasks.end(), same_task);
}

}  // namespace ork::run
