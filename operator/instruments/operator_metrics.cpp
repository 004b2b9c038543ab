#include "operator/instruments/operator_metrics.hpp"

#include <array>

namespace ork::instruments {
namespace {

using runtime::StreamEnd;
using telemetry::Type;

const std::vector<double> reconcile_seconds = {0.0001, 0.001, 0.01, 0.1, 1, 10};
const std::vector<double> request_seconds = {0.005, 0.025, 0.1, 0.5, 2.5, 10};
// The last but one is three quarters of what a status may have (controllers/run/limits.hpp): the alert asks for it.
const std::vector<double> status_sizes = {4'096, 16'384, 65'536, 262'144, 524'288, 786'432, 1'048'576};

// A stream that its server ends is how watches go on.
constexpr std::array restarts = {StreamEnd::Gone,    StreamEnd::WentBack, StreamEnd::Silent,   StreamEnd::Unreachable,
                                 StreamEnd::Refused, StreamEnd::Broken,   StreamEnd::Malformed};

double in_seconds(std::chrono::microseconds duration) { return static_cast<double>(duration.count()) / 1e6; }

std::uint64_t times(const runtime::WatchStats& stats, StreamEnd end) {
  const auto found = stats.ends.find(end);
  return found == stats.ends.end() ? 0 : found->second;
}

}  // namespace

OperatorMetrics::OperatorMetrics(telemetry::Registry& registry, const std::string& version)
    : reconciles_(
          registry.add({.name = "ork_reconcile",
                        .type = Type::Counter,
                        .help = "Objects that were looked at, by kind, and by whether something was to be done.",
                        .labels = {{"kind"}, {"result"}}})),
      reconcile_duration_(
          registry.add({.name = "ork_reconcile_duration_seconds",
                        .type = Type::Histogram,
                        .help = "How long it took to look at an object and to decide; answers are not waited for.",
                        .unit = "seconds",
                        .labels = {{"kind"}},
                        .buckets = reconcile_seconds})),
      queue_(registry.add({.name = "ork_workqueue_depth",
                           .help = "Objects that are to be looked at and wait for their turn.",
                           .labels = {{"kind"}}})),
      backlog_runs_(registry.add({.name = "ork_backlog_runs",
                                  .help = "Runs that wait for their turn to begin: too many tasks have no node."})),
      unplaced_(registry.add(
          {.name = "ork_unplaced_tasks", .help = "Tasks that have a Job, and whose Pods no node has taken yet."})),
      window_(registry.add({.name = "ork_unplaced_tasks_limit",
                            .help = "Tasks without a node beyond which no more runs begin, as it is measured."})),
      requests_(registry.add(
          {.name = "ork_kube_request_duration_seconds",
           .type = Type::Histogram,
           .help = "Requests to the API server, waiting for their turn included; code: HTTP's, or why there was none.",
           .unit = "seconds",
           .labels = {{"verb"}, {"resource", true}, {"code"}},
           .buckets = request_seconds})),
      watch_restarts_(registry.add({.name = "ork_watch_restarts",
                                    .type = Type::Counter,
                                    .help = "Watches that broke and were opened again, by why.",
                                    .labels = {{"resource"}, {"reason"}}})),
      status_bytes_(registry.add({.name = "ork_status_bytes",
                                  .type = Type::Histogram,
                                  .help = "Size of a run's status when it was stored, at most.",
                                  .unit = "bytes",
                                  .buckets = status_sizes})),
      status_writes_(registry.add({.name = "ork_status_writes",
                                   .type = Type::Counter,
                                   .help = "Statuses of runs that the API server has taken."})),
      jobs_created_(registry.add({.name = "ork_jobs_created", .type = Type::Counter, .help = "Jobs that were made."})),
      conflicts_(registry.add({.name = "ork_write_conflicts",
                               .type = Type::Counter,
                               .help = "Writes that were decided anew, for the object had moved on."})),
      events_dropped_(registry.add({.name = "ork_events_dropped",
                                    .type = Type::Counter,
                                    .help = "Kubernetes Events that were not sent, for too many were on their way."})),
      spans_(registry.add({.name = "ork_spans",
                           .type = Type::Counter,
                           .help = "Spans of traces, sent to the collector or dropped.",
                           .labels = {{"result"}}})),
      share_(registry.add(
          {.name = "ork_share_buckets", .help = "Of the 64 shares of the work, those that this operator holds."})),
      build_(registry.add({.name = "ork_build_info", .help = "1, of this version.", .labels = {{"version"}}})) {
  build_.set({version}, 1);
  for (const char* kind : {"WorkflowRun", "Workflow"}) {
    for (const char* result : {"changed", "unchanged"}) reconciles_.declare({kind, result});
  }
  status_bytes_.declare({});
}

void OperatorMetrics::reconciled(std::string_view kind, bool changed, std::chrono::microseconds took) {
  reconciles_.increase({kind, changed ? "changed" : "unchanged"});
  reconcile_duration_.observe({kind}, in_seconds(took));
}

void OperatorMetrics::status_stored(std::size_t bytes) { status_bytes_.observe({}, static_cast<double>(bytes)); }

void OperatorMetrics::request_ended(const kube::CallInfo& info) {
  if (info.verb == "watch") return;
  std::string resource(info.resource);
  if (!info.subresource.empty()) resource.append("/").append(info.subresource);
  std::string code = info.status != 0 ? std::to_string(info.status) : std::string();
  if (code.empty()) code = info.error ? kube::to_string(*info.error) : "none";
  requests_.observe({info.verb, resource, code}, in_seconds(info.duration));
}

void OperatorMetrics::read(const reconcile::Operator& work, std::size_t held, const telemetry::ExportStats& spans) {
  queue_.set({"WorkflowRun"}, static_cast<double>(work.waiting_runs()));
  queue_.set({"Workflow"}, static_cast<double>(work.waiting_workflows()));
  backlog_runs_.set({}, static_cast<double>(work.line().waiting()));
  window_.set({}, static_cast<double>(work.line().limit()));
  unplaced_.set({}, static_cast<double>(work.line().unplaced()));
  for (const auto& watcher : work.watchers()) {
    const std::string& resource = watcher->target().resource.plural;
    for (const StreamEnd end : restarts)
      watch_restarts_.set({resource, runtime::to_string(end)}, static_cast<double>(times(watcher->stats(), end)));
  }
  const reconcile::ReconcileStats& stats = work.stats();
  status_writes_.set({}, static_cast<double>(stats.status_writes));
  jobs_created_.set({}, static_cast<double>(stats.jobs_created));
  conflicts_.set({}, static_cast<double>(stats.conflicts));
  events_dropped_.set({}, static_cast<double>(work.events_dropped()));
  spans_.set({"sent"}, static_cast<double>(spans.sent));
  spans_.set({"dropped"}, static_cast<double>(spans.dropped));
  share_.set({}, static_cast<double>(held));
}

}  // namespace ork::instruments
