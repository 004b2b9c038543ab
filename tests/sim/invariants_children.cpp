// What must hold of tasks that are Workflows, and of their child runs.

#include "controllers/jobs/names.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/tolerance.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

struct Child {
  const std::vector<State>& states;
  const Json& of;  // spec.childOf
  std::string parent;
  std::string task;
  int attempt = 0;
  std::int64_t index = -1;
  std::string text() const { return states.front().event->key; }
};

std::vector<Child> children_in(const History& history) {
  std::vector<Child> out;
  for (const auto& [uid, states] : history.runs) {
    const Json& of = value_at(states.front().object, "/spec/childOf");
    if (!of.contains("task")) continue;
    out.push_back({states, of, text_at(states.front().object, "/metadata/ownerReferences/0/uid"), of.value("task", ""),
                   of.value("attempt", 0), of.value("index", std::int64_t{-1})});
  }
  return out;
}

void check_name(const Child& child, const State& parent, Violations& found) {
  std::string name = jobs::job_name(text_at(parent.object, "/metadata/name"), child.parent, child.task, child.attempt);
  if (child.index >= 0) name += "-" + std::to_string(child.index);
  const std::string is = text_at(child.states.front().object, "/metadata/name");
  if (is != name) found.push_back({"I33", "a child run is called " + is + ", not " + name});
}

// Whoever is told to stop and does not is given up after a time.
bool lives(const Child& child, const State& at) {
  for (auto state = child.states.rbegin(); state != child.states.rend(); ++state) {
    if (state->place > at.place) continue;
    return !state->object.is_null() && !is_final(phase_of(state->object));
  }
  return false;
}

// For how long it is waited for is told by a clock that may be set.
void check_side_by_side(const History& history, const Child& child, const std::vector<Child>& all, Violations& found) {
  if (operators_clock_differs(history)) return;
  const State& made = child.states.front();
  for (const Child& other : all) {
    const bool same = other.parent == child.parent && other.task == child.task && other.index == child.index;
    if (!same || other.attempt >= child.attempt || !lives(other, made)) continue;
    if (made.event->at - other.states.front().event->at > runtime::Duration{run::stopping_pod_wait_ms}) continue;
    found.push_back({"I33", child.text() + " is made while " + other.text() + " goes on" + at_text(made)});
  }
}

void check_made(const History& history, const Child& child, const std::vector<Child>& all, Violations& found) {
  const State& made = child.states.front();
  const State* parent = run_before(history, child.parent, made.place);
  if (parent == nullptr)
    return found.push_back({"I33", child.text() + " is made for a run that is not there" + at_text(made)});
  const auto& tasks = tasks_of(history, child.parent);
  const auto task = tasks.find(child.task);
  if (task == tasks.end() || !is_call(task->second))
    return found.push_back({"I33", child.text() + " is made for " + child.task + ", which is no Workflow"});
  check_name(child, *parent, found);
  check_side_by_side(history, child, all, found);
  const std::string against = against_start(history, *parent, task->second, made.place);
  if (!against.empty()) found.push_back({"I33", child.text() + " is made " + against + at_text(made)});
}

// Its parent has not told of its end, and it is gone by another hand than a person's.
void check_kept(const History& history, const Child& child, Violations& found) {
  const State& last = child.states.back();
  if (!last.object.is_null() || (last.event->actor != "operator" && last.event->actor != "twin")) return;
  const State* parent = run_before(history, child.parent, last.place);
  if (parent == nullptr) return;
  if (!is_final(phase_of(task_in(parent->object, child.task))))
    found.push_back({"I33", child.text() + " is deleted before its parent has told of its end" + at_text(last)});
}

// `state`: the first of the parent's that tells so.
void check_success(const History& history, const std::string& uid, const std::string& name, const State& state,
                   Violations& found) {
  const Json& status = task_in(state.object, name);
  const bool empty = value_at(status, "/output") == Json::array();
  if (is_marked(status) || is_inherited(status) || empty) return;
  if (status.value("reason", "") == run::reason_tolerated) return;
  const auto children = children_of(history, uid, name, state.place);
  if (!children_succeeded(children))
    return found.push_back(
        {"I33", name + " is stored as Succeeded, but not all of its child runs are" + at_text(state)});
  if (children.begin()->first >= 0) return;
  const Json given = value_at(children.begin()->second->object, "/status").value("output", Json());
  if (status.value("output", Json()) != given && !tasks_of(history, uid).at(name).contains("output"))
    found.push_back({"I33", name + " has another output than its child run" + at_text(state)});
}

}  // namespace

void check_children(const History& history, bool all_ended, Violations& found) {
  const std::vector<Child> all = children_in(history);
  for (const Child& child : all) {
    check_made(history, child, all, found);
    check_kept(history, child, found);
    const auto parent = history.runs.find(child.parent);
    const bool goes_on = !child.states.back().object.is_null() && !is_final(phase_of(child.states.back().object));
    if (all_ended && goes_on && parent != history.runs.end())
      found.push_back({"I33", child.text() + " goes on although its parent has ended"});
  }
  for (const auto& [uid, states] : history.runs) {
    for (const auto& [name, task] : tasks_of(history, uid)) {
      if (!is_call(task)) continue;
      for (const State& state : states) {
        if (state.object.is_null() || phase_of(task_in(state.object, name)) != "Succeeded") continue;
        check_success(history, uid, name, state, found);
        break;
      }
    }
  }
}

}  // namespace ork::sim
