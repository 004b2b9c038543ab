// What must hold of Workflows that let no run start.

#include <algorithm>
#include <tuple>

#include "controllers/api/time.hpp"
#include "controllers/workflow/circuit.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/limits.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;

namespace {

constexpr const char* resumed_at = "/metadata/annotations/ork.dev~1resumed-at";

// "default/w"; empty: an inline one.
std::string workflow_of(const State& run) {
  const std::string name = text_at(run.object, "/spec/workflowRef/name");
  return name.empty() ? "" : run.event->key.substr(0, run.event->key.find('/') + 1) + name;
}

// It is stored that no run starts, and nobody has done anything about that since.
bool is_suspended(const Json& workflow) {
  for (const Json& condition : value_at(workflow, "/status/conditions")) {
    if (condition.value("type", "") != "Suspended") continue;
    if (condition.value("observedGeneration", 0) != value_at(workflow, "/metadata").value("generation", 0))
      return false;
    return condition.value("reason", "") != workflow::reason_circuit_open ||
           text_at(workflow, "/status/circuitBreaker/resumed") == text_at(workflow, resumed_at);
  }
  return false;
}

// The last write of that Workflow before that place; nullptr: there was none.
const Event* last_write(const History& history, const std::string& key, std::size_t place) {
  const Event* last = nullptr;
  for (std::size_t i = 0; i < place && i < history.events->size(); ++i) {
    const Event& event = (*history.events)[i];
    const bool of_it = event.kind == Event::Kind::Write && event.collection == "workflows.ork.dev" && event.key == key;
    if (of_it) last = &event;
  }
  return last;
}

void check_start(const History& history, const std::vector<State>& run, Violations& found) {
  const auto start = std::find_if(run.begin(), run.end(), [](const State& state) {
    return !state.object.is_null() && !text_at(state.object, "/status/revision").empty();
  });
  if (start == run.end() || start->event->actor == "user") return;
  const Event* workflow = last_write(history, workflow_of(*start), start->place);
  if (workflow == nullptr || workflow->text == nullptr || !is_suspended(*workflow->object)) return;
  // What was decided before that may have been on its way.
  if (start->event->at - workflow->at <= limits::on_its_way) return;
  found.push_back({"I32", "a run starts although its Workflow is suspended" + at_text(*start)});
}

struct End {
  std::int64_t time_ms = 0;
  std::string name;
  std::string phase;
};

// Of the runs of that Workflow that are there, by their ends.
std::vector<End> ends_of(const History& history, const std::string& workflow, std::size_t place) {
  std::vector<End> ends;
  for (const auto& [uid, states] : history.runs) {
    const State* run = run_before(history, uid, place);
    if (run == nullptr || workflow_of(*run) != workflow || !is_final(phase_of(value_at(run->object, "/status"))))
      continue;
    if (place == history.events->size() && states.back().object.is_null()) continue;
    ends.push_back({api::parse_time(text_at(run->object, "/status/completionTime")).value_or(0),
                    text_at(run->object, "/metadata/name"), phase_of(value_at(run->object, "/status"))});
  }
  std::sort(ends.begin(), ends.end(),
            [](const End& a, const End& b) { return std::tie(a.time_ms, a.name) < std::tie(b.time_ms, b.name); });
  return ends;
}

std::int64_t failures_in_a_row(const std::vector<End>& ends, std::int64_t since) {
  std::int64_t row = 0;
  for (const End& end : ends) {
    if (end.time_ms <= since || end.phase == "Cancelled") continue;
    row = end.phase == "Failed" ? row + 1 : 0;
  }
  return row;
}

}  // namespace

void check_suspended(const History& history, bool all_ended, Violations& found) {
  for (const auto& [uid, states] : history.runs) check_start(history, states, found);
  std::map<std::string, Json> workflows;
  for (std::size_t i = 0; i < history.events->size(); ++i) {
    const Event& event = (*history.events)[i];
    if (event.kind != Event::Kind::Write || event.collection != "workflows.ork.dev") continue;
    Json& held = workflows[event.key];
    const Json now = event.text == nullptr ? Json() : *event.object;
    const bool opens = !text_at(now, "/status/circuitBreaker/openTime").empty() &&
                       text_at(held, "/status/circuitBreaker/openTime").empty();
    const auto ends = opens ? ends_of(history, event.key, i) : std::vector<End>();
    const auto failed = std::count_if(ends.begin(), ends.end(), [](const End& end) { return end.phase == "Failed"; });
    if (opens && failed < value_at(now, "/spec/circuitBreaker").value("failures", 0))
      found.push_back({"I32", "a circuit breaker opens after " + std::to_string(failed) + " failed runs"});
    held = now;
  }
  for (const auto& [key, workflow] : workflows) {
    const auto since = api::parse_time(text_at(workflow, "/status/circuitBreaker/since"));
    if (!all_ended || !since || !text_at(workflow, "/status/circuitBreaker/openTime").empty()) continue;
    const std::int64_t row = failures_in_a_row(ends_of(history, key, history.events->size()), *since);
    if (row >= value_at(workflow, "/spec/circuitBreaker").value("failures", row + 1))
      found.push_back({"I32", "a circuit breaker is closed after " + std::to_string(row) + " failed runs in a row"});
  }
}

}  // namespace ork::sim
