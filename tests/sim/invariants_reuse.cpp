// What must hold of tasks that a run inherits from an earlier one.

#include <algorithm>

#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

// Its end is, or was by that place, the end of that task in a run of that name that had ended.
bool has_ended_so(const History& history, const std::string& run, const Json& inherited, std::size_t place) {
  return std::any_of(history.runs.begin(), history.runs.end(), [&](const auto& entry) {
    return std::any_of(entry.second.begin(), entry.second.end(), [&](const State& state) {
      if (state.place >= place || text_at(state.object, "/metadata/name") != run) return false;
      if (!is_final(phase_of(state.object))) return false;
      const Json& task = task_in(state.object, inherited.value("name", ""));
      return !is_inherited(task) && phase_of(task) == phase_of(inherited) &&
             task.value("output", Json()) == inherited.value("output", Json());
    });
  });
}

// The first that it depends on and that is not inherited; "" where all are.
std::string upstream_that_runs(const History& history, const State& state, const std::string& name) {
  const auto& tasks = tasks_of(history, uid_of(state.object));
  const auto task = tasks.find(name);
  if (task == tasks.end()) return "";
  for (const Json& upstream : task->second.value("dependsOn", Json::array())) {
    if (!is_inherited(task_in(state.object, upstream.get<std::string>()))) return upstream.get<std::string>();
  }
  return "";
}

void check_state(const History& history, const State& state, Violations& found) {
  const Json& rerun_of = value_at(state.object, "/spec/rerunOf");
  std::int64_t inherited = 0;
  for (const Json& task : value_at(state.object, "/status/tasks")) {
    if (!is_inherited(task) || is_cached(task)) continue;
    ++inherited;
    const std::string name = task.value("name", "");
    const auto fail = [&](const std::string& what) { found.push_back({"I30", name + " " + what + at_text(state)}); };
    const std::string from = text_at(task, "/inheritedFrom/run");
    if (!has_ended_so(history, from, task, state.place)) fail("is inherited from " + from + ", which did not end so");
    if (task.contains("attempt") || task.contains("startTime") || task.contains("job"))
      fail("is inherited, and tells of an attempt");
    if (text_at(rerun_of, "/from") == name) fail("is inherited, and was to run again");
    const std::string runs = upstream_that_runs(history, state, name);
    if (!runs.empty()) fail("is inherited, and depends on " + runs + ", which is not");
  }
  const Json& told = value_at(state.object, "/status/rerunOf");
  if (inherited > told.value("inherited", std::int64_t{0}))
    found.push_back({"I30", std::to_string(inherited) + " tasks are inherited, and told are fewer" + at_text(state)});
}

}  // namespace

void check_inherited(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    Json told;
    for (const State& state : states) {
      if (state.object.is_null()) continue;
      check_state(history, state, found);
      const Json& now = value_at(state.object, "/status/rerunOf");
      if (!told.is_null() && told != now)
        found.push_back({"I30", "what is told of the earlier run was " + told.dump() + at_text(state)});
      if (now.is_object() && !now.empty()) told = now;
    }
  }
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const State* run = run_before(history, name.run_uid, job->place);
    if (run != nullptr && is_inherited(task_in(run->object, name.task)))
      found.push_back({"I30", text_of(name) + " is made, although it is inherited" + at_text(*job)});
  }
}

}  // namespace ork::sim
