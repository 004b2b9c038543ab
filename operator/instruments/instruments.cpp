#include "operator/instruments/instruments.hpp"

#include "controllers/observe/observations.hpp"
#include "controllers/observe/run_spans.hpp"
#include "controllers/observe/trace.hpp"
#include "controllers/run/status_budget.hpp"
#include "operator/telemetry/log.hpp"

namespace ork::instruments {
namespace {

std::string took(const observe::Ended& end) { return end.took_ms ? api::format_duration(*end.took_ms) : "0s"; }

// A line for a run's beginning and end, and for each task that did not end well; of what did, where debug lines are
// wanted.
void log_changes(const observe::Observations& seen, const api::RunStatus& before, const api::WorkflowRun& run) {
  const std::string key = api::key_of(run.meta);
  const std::string trace = observe::trace_of(run).trace_id;
  const std::string& workflow = run.spec.workflow_ref;
  if (before.start_ms == 0 && run.status.start_ms != 0)
    telemetry::info("a run begins", {{"run", key}, {"workflow", workflow}, {"traceId", trace}});
  for (const observe::TaskRetried& task : seen.retries) {
    telemetry::info("a task is tried again", {{"run", key},
                                              {"task", std::string(task.task)},
                                              {"cause", std::string(observe::to_string(task.cause))},
                                              {"traceId", trace}});
  }
  for (const observe::TaskEnded& task : seen.tasks_ended) {
    const bool good = task.end.result == observe::Result::Success || task.end.result == observe::Result::Skip;
    telemetry::log(good ? telemetry::Level::Debug : telemetry::Level::Info, "a task has ended",
                   {{"run", key},
                    {"task", std::string(task.task)},
                    {"result", std::string(observe::to_string(task.end.result))},
                    {"took", took(task.end)},
                    {"traceId", trace}});
  }
  if (!seen.run_ended) return;
  telemetry::info("a run has ended", {{"run", key},
                                      {"workflow", workflow},
                                      {"result", std::string(observe::to_string(seen.run_ended->result))},
                                      {"took", took(*seen.run_ended)},
                                      {"traceId", trace}});
}

}  // namespace

Instruments::Instruments(runtime::Loop& loop, const InstrumentsOptions& options, TakeSpans take_spans)
    : loop_(loop),
      take_spans_(std::move(take_spans)),
      runs_(registry_, options.per_task),
      operator_(registry_, options.version),
      process_(registry_) {}

void Instruments::status_stored(const api::RunStatus& before, const api::WorkflowRun& after,
                                const workflow::Definition* definition) {
  const observe::Observations seen = observe::observe(before, after, definition);
  runs_.count(seen, after, loop_.wall_ms());
  operator_.status_stored(run::estimated_bytes(after.status));
  log_changes(seen, before, after);
  if (!take_spans_) return;
  if (auto spans = observe::spans_of(before, after); !spans.empty()) take_spans_(std::move(spans));
}

void Instruments::reconciled(std::string_view kind, bool changed, std::chrono::microseconds duration) {
  operator_.reconciled(kind, changed, duration);
}

void Instruments::trouble(const api::WorkflowRun& run, const std::string& what) {
  telemetry::warning(what, {{"run", api::key_of(run.meta)}, {"traceId", observe::trace_of(run).trace_id}});
}

std::string Instruments::metrics(const reconcile::Operator& work, std::size_t held, const telemetry::ExportStats& spans,
                                 telemetry::Exposition exposition) {
  runs_.count_present(work, loop_.wall_ms());
  operator_.read(work, held, spans);
  process_.read();
  return telemetry::write_metrics(registry_, exposition);
}

}  // namespace ork::instruments
