#include <algorithm>

#include "controllers/api/time.hpp"
#include "operator/embedded/table/human_time.hpp"
#include "operator/embedded/table/reading.hpp"
#include "operator/embedded/table/rows.hpp"

namespace ork::embedded {
namespace {

using reading::at;
using reading::has_condition;
using reading::items;
using reading::text;
using reading::whole;

struct PodSummary {
  std::int64_t ready = 0;
  std::int64_t containers = 0;
  std::string reason;
  std::int64_t restarts = 0;
  api::TimeMs last_restart = 0;  // 0: unknown
};

// Restarts of one group of containers, and the last end before one.
struct Restarts {
  std::int64_t count = 0;
  api::TimeMs last = 0;

  void add(const Json& status) {
    count += whole(status, "restartCount");
    const auto ended = api::parse_time(text(status, {"lastState", "terminated", "finishedAt"}));
    if (ended) last = std::max(last, *ended);
  }
};

// A sidecar: an init container that goes on running.
bool is_sidecar(const Json& pod, const std::string& name) {
  for (const Json& container : items(pod, {"spec", "initContainers"})) {
    if (text(container, "name") == name) return text(container, "restartPolicy") == "Always";
  }
  return false;
}

std::string how_it_ended(const Json& terminated) {
  if (const std::string reason = text(terminated, "reason"); !reason.empty()) return reason;
  const std::int64_t signal = whole(terminated, "signal");
  return signal != 0 ? "Signal:" + std::to_string(signal) : "ExitCode:" + std::to_string(whole(terminated, "exitCode"));
}

// Where the init containers stand; empty: they are through.
std::string init_state(const Json& status, bool sidecar, std::size_t index, std::size_t count) {
  const Json& terminated = at(status, {"state", "terminated"});
  if (terminated.is_object() && whole(terminated, "exitCode") == 0) return {};
  if (sidecar && reading::is_true(status, "started")) return {};
  if (terminated.is_object()) return "Init:" + how_it_ended(terminated);
  const std::string waiting = text(status, {"state", "waiting", "reason"});
  if (!waiting.empty() && waiting != "PodInitializing") return "Init:" + waiting;
  return "Init:" + std::to_string(index) + "/" + std::to_string(count);
}

// Takes the init containers into the summary; true while one of them is not through. Then the
// restarts are theirs; afterwards only sidecars' count.
bool add_init_containers(const Json& pod, PodSummary& summary, Restarts& sidecars) {
  const Json& declared = at(pod, {"spec", "initContainers"});
  const std::size_t count = declared.is_array() ? declared.size() : 0;
  Restarts all;
  std::size_t index = 0;
  std::string state;
  for (const Json& status : items(pod, {"status", "initContainerStatuses"})) {
    const bool sidecar = is_sidecar(pod, text(status, "name"));
    all.add(status);
    if (sidecar) sidecars.add(status);
    state = init_state(status, sidecar, index, count);
    if (!state.empty()) break;
    const Json& terminated = at(status, {"state", "terminated"});
    const bool over = terminated.is_object() && whole(terminated, "exitCode") == 0;
    if (sidecar && !over && reading::is_true(status, "ready")) ++summary.ready;
    ++index;
  }
  summary.restarts = all.count;
  summary.last_restart = all.last;
  if (!state.empty()) summary.reason = state;
  return !state.empty();
}

void add_containers(const Json& pod, PodSummary& summary, Restarts restarts) {
  bool running = false;
  const Json& statuses = at(pod, {"status", "containerStatuses"});
  for (std::size_t i = statuses.is_array() ? statuses.size() : 0; i-- > 0;) {  // the first has the last word
    const Json& status = statuses[i];
    restarts.add(status);
    const Json& terminated = at(status, {"state", "terminated"});
    const std::string waiting = text(status, {"state", "waiting", "reason"});
    if (!waiting.empty()) {
      summary.reason = waiting;
    } else if (terminated.is_object()) {
      summary.reason = how_it_ended(terminated);
    } else if (reading::is_true(status, "ready") && at(status, {"state", "running"}).is_object()) {
      running = true;
      ++summary.ready;
    }
  }
  if (summary.reason == "Completed" && running) summary.reason = has_condition(pod, "Ready") ? "Running" : "NotReady";
  summary.restarts = restarts.count;
  summary.last_restart = restarts.last;
}

PodSummary summary_of(const Json& pod) {
  PodSummary summary;
  const std::string phase = text(pod, {"status", "phase"});
  const std::string reason = text(pod, {"status", "reason"});
  summary.reason = reason.empty() ? phase : reason;
  for (const Json& condition : items(pod, {"status", "conditions"})) {
    if (text(condition, "type") == "PodScheduled" && text(condition, "reason") == "SchedulingGated") {
      summary.reason = "SchedulingGated";
    }
  }
  const Json& containers = at(pod, {"spec", "containers"});
  summary.containers = containers.is_array() ? static_cast<std::int64_t>(containers.size()) : 0;
  for (const Json& container : items(pod, {"spec", "initContainers"})) {
    if (text(container, "restartPolicy") == "Always") ++summary.containers;
  }
  Restarts sidecars;
  const bool initializing = add_init_containers(pod, summary, sidecars);
  if (!initializing || has_condition(pod, "Initialized")) add_containers(pod, summary, sidecars);
  if (at(pod, {"metadata", "deletionTimestamp"}).is_string()) {
    if (reason == "NodeLost") {
      summary.reason = "Unknown";
    } else if (phase != "Succeeded" && phase != "Failed") {
      summary.reason = "Terminating";
    }
  }
  return summary;
}

std::string restarts_cell(const PodSummary& summary, std::int64_t now_ms) {
  std::string cell = std::to_string(summary.restarts);
  if (summary.restarts != 0 && summary.last_restart != 0) {
    cell += " (" + human_duration(now_ms - summary.last_restart) + " ago)";
  }
  return cell;
}

std::string or_none(std::string value) { return value.empty() ? "<none>" : value; }

std::string first_ip(const Json& pod) {
  for (const Json& ip : items(pod, {"status", "podIPs"})) return or_none(text(ip, "ip"));
  return "<none>";
}

std::string gates_cell(const Json& pod) {
  std::size_t open = 0;
  std::size_t gates = 0;
  for (const Json& gate : items(pod, {"spec", "readinessGates"})) {
    ++gates;
    if (has_condition(pod, text(gate, "conditionType"))) ++open;
  }
  return gates == 0 ? "<none>" : std::to_string(open) + "/" + std::to_string(gates);
}

void pod_cells(const Json& pod, std::int64_t now_ms, Json& row) {
  const PodSummary summary = summary_of(pod);
  row.push_back(text(pod, {"metadata", "name"}));
  row.push_back(std::to_string(summary.ready) + "/" + std::to_string(summary.containers));
  row.push_back(summary.reason);
  row.push_back(restarts_cell(summary, now_ms));
  row.push_back(age_of(at(pod, {"metadata", "creationTimestamp"}), now_ms));
  row.push_back(first_ip(pod));
  row.push_back(or_none(text(pod, {"spec", "nodeName"})));
  row.push_back(or_none(text(pod, {"status", "nominatedNodeName"})));
  row.push_back(gates_cell(pod));
}

Json conditions(const Json& pod) {
  const std::string phase = text(pod, {"status", "phase"});
  const auto completed = [&](const char* message) -> Json {
    return Json::array({{{"type", "Completed"}, {"status", "True"}, {"reason", phase}, {"message", message}}});
  };
  if (phase == "Succeeded") return completed("The pod has completed successfully.");
  if (phase == "Failed") return completed("The pod failed.");
  return nullptr;
}

}  // namespace

RowPrinter pod_rows() {
  return {{{"Name", "string", "name", "The Pod's name."},
           {"Ready", "string", "", "How many of its containers are ready, of how many."},
           {"Status", "string", "", "What its containers are doing, in one word."},
           {"Restarts", "string", "", "How often its containers were restarted, and when the last time was."},
           {"Age", "string", "", "How long ago it was created."},
           {"IP", "string", "", "Its address.", 1},
           {"Node", "string", "", "The node that it runs on.", 1},
           {"Nominated Node", "string", "", "The node on which room is being made for it.", 1},
           {"Readiness Gates", "string", "", "How many of its readiness gates are open, of how many.", 1}},
          pod_cells,
          conditions};
}

}  // namespace ork::embedded
