#include "operator/instruments/run_metrics.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "controllers/observe/trace.hpp"

namespace ork::instruments {
namespace {

using telemetry::LabelName;
using telemetry::Type;

// Few, for each Workflow has them all: a hundred Workflows are to stay under 2,000 series in everything.
const std::vector<double> run_seconds = {2, 10, 60, 300, 1'800, 7'200};
const std::vector<double> task_seconds = {0.5, 1, 2, 5, 10, 30, 60, 300, 1'800, 7'200};
// A container starts within seconds; what takes minutes waits for a node.
const std::vector<double> start_seconds = {0, 1, 2, 5, 10, 30, 60, 300, 1'800};
const std::vector<double> lag_seconds = {0.1, 0.5, 1, 5, 15, 60, 300, 1'800};

const LabelName of_namespace{"namespace", true};
const LabelName of_workflow{"workflow", true};
const LabelName of_task{"task", true};

std::vector<LabelName> with_task(std::vector<LabelName> labels, bool per_task, bool names_workflow) {
  if (per_task && !names_workflow) labels.push_back(of_workflow);
  if (per_task) labels.push_back(of_task);
  return labels;
}

double seconds(api::DurationMs ms) { return static_cast<double>(ms) / 1000; }

const std::string& workflow_of(const api::WorkflowRun& run) {
  return run.spec.workflow_ref.empty() ? run.status.workflow : run.spec.workflow_ref;
}

const char* word_of(api::PodPhase phase) {
  switch (phase) {
    case api::PodPhase::Pending: return "Pending";
    case api::PodPhase::Running: return "Running";
    case api::PodPhase::Succeeded: return "Succeeded";
    case api::PodPhase::Failed: return "Failed";
    case api::PodPhase::Unknown: break;
  }
  return "Unknown";
}

bool is_worked_on(const reconcile::Operator& work, const api::Pod& pod) {
  const api::Job* job = work.mirror().jobs.find_uid(pod.meta.owner_uid);
  const api::WorkflowRun* run = job == nullptr ? nullptr : work.mirror().runs.find_uid(job->meta.owner_uid);
  return run != nullptr && work.works_on(reconcile::share_key_of(*run));
}

}  // namespace

RunMetrics::RunMetrics(telemetry::Registry& registry, bool per_task)
    : per_task_(per_task),
      runs_(registry.add({.name = "ork_workflow_runs",
                          .type = Type::Counter,
                          .help = "Runs that have ended, by how.",
                          .labels = {of_namespace, of_workflow, {"result"}}})),
      run_duration_(registry.add({.name = "ork_workflow_run_duration_seconds",
                                  .type = Type::Histogram,
                                  .help = "How long runs took, from their start to their end.",
                                  .unit = "seconds",
                                  .labels = {of_namespace, of_workflow},
                                  .buckets = run_seconds})),
      schedule_lag_(registry.add({.name = "ork_schedule_lag_seconds",
                                  .type = Type::Histogram,
                                  .help = "How long after its time the run of a schedule began.",
                                  .unit = "seconds",
                                  .labels = {of_namespace},
                                  .buckets = lag_seconds})),
      tasks_(registry.add({.name = "ork_task_runs",
                           .type = Type::Counter,
                           .help = "Tasks of runs that have ended, by how; one that was tried again counts once.",
                           .labels = with_task({of_namespace, of_workflow, {"result"}}, per_task, true)})),
      task_duration_(registry.add({.name = "ork_task_run_duration_seconds",
                                   .type = Type::Histogram,
                                   .help = "How long tasks took, from their first container's start, retries included.",
                                   .unit = "seconds",
                                   .labels = with_task({of_namespace}, per_task, false),
                                   .buckets = task_seconds})),
      start_latency_(
          registry.add({.name = "ork_task_start_latency_seconds",
                        .type = Type::Histogram,
                        .help = "From when a task could start to its first container's start, in whole seconds.",
                        .unit = "seconds",
                        .labels = {of_namespace},
                        .buckets = start_seconds})),
      retries_(registry.add({.name = "ork_task_retries",
                             .type = Type::Counter,
                             .help = "Attempts that failed and were followed by another, by whose fault it was.",
                             .labels = {of_namespace, of_workflow, {"cause"}}})),
      runs_active_(registry.add({.name = "ork_workflow_runs_active",
                                 .help = "Runs that have not ended, by their phase.",
                                 .labels = {of_namespace, {"state"}}})),
      runs_kept_(registry.add({.name = "ork_workflow_runs_kept",
                               .help = "Runs that have ended and are kept in the cluster.",
                               .labels = {of_namespace}})),
      run_idle_(registry.add(
          {.name = "ork_workflow_run_idle_seconds",
           .help = "The longest time for which nothing has happened to an unfinished run of which nothing runs.",
           .unit = "seconds",
           .labels = {of_namespace}})),
      tasks_active_(registry.add({.name = "ork_tasks_active",
                                  .help = "Tasks of unfinished runs that have not ended, by their phase.",
                                  .labels = {{"state"}}})),
      pods_(registry.add(
          {.name = "ork_pods", .help = "Pods of unfinished runs, by their phase.", .labels = {{"state"}}})) {}

void RunMetrics::count(const observe::Observations& seen, const api::WorkflowRun& run, api::TimeMs now) {
  const std::string& ns = run.meta.ns;
  const std::string& workflow = workflow_of(run);
  if (seen.schedule_lag_ms) schedule_lag_.observe({ns}, seconds(*seen.schedule_lag_ms));
  for (const observe::TaskStarted& task : seen.tasks_started) start_latency_.observe({ns}, seconds(task.latency_ms));
  for (const observe::TaskRetried& task : seen.retries)
    retries_.increase({ns, workflow, observe::to_string(task.cause)}, task.times);
  for (const observe::TaskEnded& task : seen.tasks_ended) count_task_end(task, run, workflow);
  if (!seen.run_ended) return;
  runs_.increase({ns, workflow, observe::to_string(seen.run_ended->result)});
  if (!seen.run_ended->took_ms) return;
  run_duration_.observe({ns, workflow}, seconds(*seen.run_ended->took_ms), observe::trace_of(run).trace_id,
                        seconds(now));
}

void RunMetrics::count_task_end(const observe::TaskEnded& task, const api::WorkflowRun& run,
                                const std::string& workflow) {
  const std::string& ns = run.meta.ns;
  const std::string_view result = observe::to_string(task.end.result);
  if (per_task_) {
    tasks_.increase({ns, workflow, result, task.task});
    if (task.end.took_ms) task_duration_.observe({ns, workflow, task.task}, seconds(*task.end.took_ms));
  } else {
    tasks_.increase({ns, workflow, result});
    if (task.end.took_ms) task_duration_.observe({ns}, seconds(*task.end.took_ms));
  }
}

void RunMetrics::count_present(const reconcile::Operator& work, api::TimeMs now) {
  const reconcile::Mirror& mirror = work.mirror();
  std::map<std::pair<std::string, std::string_view>, int> active;
  std::map<std::string, int> kept;
  std::map<std::string, api::DurationMs> idle;
  std::array<std::int64_t, 4> tasks{};
  mirror.runs.for_each([&](const api::WorkflowRun& run) {
    if (!work.works_on(reconcile::share_key_of(run))) return;
    if (api::is_final(run.status.phase)) {
      ++kept[run.meta.ns];
      return;
    }
    ++active[{run.meta.ns, api::to_string(run.status.phase)}];
    const api::TaskCounts& counts = run.status.counts;
    tasks[0] += counts.pending;
    tasks[1] += counts.queued;
    tasks[2] += counts.running;
    tasks[3] += counts.retrying;
    api::DurationMs& longest = idle[run.meta.ns];
    const api::TimeMs since = idle_since(run);
    if (since != 0) longest = std::max(longest, now - since);
  });
  for (telemetry::Family* family : {&runs_active_, &runs_kept_, &run_idle_, &pods_}) family->clear();
  for (const auto& [key, number] : active) runs_active_.set({key.first, key.second}, number);
  for (const auto& [ns, number] : kept) runs_kept_.set({ns}, number);
  for (const auto& [ns, longest] : idle) run_idle_.set({ns}, seconds(longest));
  static constexpr std::array<std::string_view, 4> states = {"Pending", "Queued", "Running", "Retrying"};
  for (std::size_t i = 0; i < states.size(); ++i) tasks_active_.set({states[i]}, static_cast<double>(tasks[i]));
  std::map<const char*, int> pods = {{word_of(api::PodPhase::Pending), 0}, {word_of(api::PodPhase::Running), 0}};
  mirror.pods.for_each([&](const api::Pod& pod) {
    if (is_worked_on(work, pod)) ++pods[word_of(pod.phase)];
  });
  for (const auto& [state, number] : pods) pods_.set({state}, number);
}

api::TimeMs idle_since(const api::WorkflowRun& run) {
  const api::RunStatus& status = run.status;
  if (run.spec.suspend || status.counts.running > 0 || status.counts.retrying > 0) return 0;
  api::TimeMs last = std::max(run.meta.creation_ms, status.start_ms);
  for (const api::TaskStatusPtr& task : status.tasks) {
    // What waits for a person or for another object has a limit of its own.
    if (task->phase == api::Phase::Deferred) return 0;
    last = std::max({last, task->start_ms, task->completion_ms});
  }
  return last;
}

}  // namespace ork::instruments
