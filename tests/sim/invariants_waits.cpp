// What must hold of tasks without a Pod.

#include "controllers/api/time.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/expr/json.hpp"
#include "controllers/run/waiting.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;

namespace {

// When a run was made is told in whole seconds, cut.
constexpr Duration cut{1'000};
// Until an end is stored, with nothing in the way.
constexpr Duration stored_within{2'000};

Duration since(const State& from, const State& to) {
  return std::chrono::duration_cast<Duration>(to.event->at - from.event->at);
}

// How one task of a run waits, state by state.
class Course {
 public:
  Course(const Json& task, bool fair) : task_(task), fair_(fair) {}

  // `now`: a second before the state was stored, or later.
  void see(const State& state, Duration now, Violations& found) {
    const Json& status = task_in(state.object, task_.value("name", ""));
    if (is_inherited(status)) return;
    const std::string phase = phase_of(status);
    const auto fail = [&](const std::string& what) {
      found.push_back({"I28", task_.value("name", "") + " " + what + at_text(state)});
    };
    const std::string wait = text_at(status, "/startTime") + " until " + text_at(status, "/waitUntil");
    if (phase == "Running") {
      if (!waits_.empty() && waits_ != wait) fail("waits from " + wait + ", and before it did from " + waits_);
      if (!is_as_written(status)) fail("waits from " + wait);
    }
    const std::string reason = text_at(status, "/reason");
    if ((reason == run::reason_approved || reason == run::reason_rejected) && !is_answered(state.object))
      fail("is stored as " + reason + ", and nobody has answered it");
    const bool by_itself = last_ != phase && (reason == run::reason_no_answer ||
                                              (phase == "Succeeded" && !is_marked(status) && task_.contains("wait")));
    if (const auto until = api::parse_time(text_at(status, "/waitUntil")); by_itself && until) {
      const Duration late = now - Duration{*until};
      if (late + cut < Duration{0}) fail("ends " + std::to_string(-late.count()) + " ms too soon");
      if (fair_ && last_ == "Running" && late > stored_within)
        fail("ends " + std::to_string(late.count()) + " ms late");
    } else if (by_itself) {
      fail("is stored as " + phase + " and tells not until when it waited");
    }
    waits_ = phase == "Running" ? wait : "";
    last_ = phase;
  }

 private:
  bool is_answered(const Json& run) const {
    for (const Json& action : value_at(run, "/status/actions")) {
      const std::string act = action.value("do", "");
      if ((act == "Approve" || act == "Reject") && action.value("result", "") == "Done" &&
          action.value("task", "") == task_.value("name", ""))
        return true;
    }
    return false;
  }

  bool is_as_written(const Json& status) const {
    const std::string written = text_at(task_, task_.contains("wait") ? "/wait/for" : "/approve/timeout");
    if (written.empty()) return true;
    const auto from = api::parse_time(text_at(status, "/startTime"));
    const auto until = api::parse_time(text_at(status, "/waitUntil"));
    return from && until && *until - *from == api::parse_duration(written);
  }

  const Json& task_;
  bool fair_;
  std::string waits_;  // from when until when, while it does
  std::string last_;
};

class ObjectScope : public expr::Scope {
 public:
  explicit ObjectScope(const Json& object) : object_(object) {}
  std::optional<expr::Value> variable(std::string_view name) const override {
    return name == "object" ? std::optional(expr::view_of(object_)) : std::nullopt;
  }

 private:
  const Json& object_;
};

// `wait`: the task's, for an object of the shapes: those have no condition, and ask for nothing but the object.
bool is_fulfilled(const Json& wait, const Json& object) {
  const std::string until = text_at(wait, "/object/until");
  if (until.empty()) return true;
  const auto expression = expr::parse(until);
  if (!expression) return false;
  const auto value = expr::evaluate(*expression, ObjectScope(object));
  const bool* holds = value ? value->get_if<bool>() : nullptr;
  return holds != nullptr && *holds;
}

// `state`: the first that tells of the success.
bool was_fulfilled(const History& history, const Json& task, const State& state) {
  const std::string key = "default/" + text_at(task_in(state.object, task.value("name", "")), "/object");
  for (std::size_t place = 0; place < state.place; ++place) {
    const Event& event = history.events->at(place);
    if (event.kind != Event::Kind::Write || event.key != key || event.text == nullptr) continue;
    const Json object = Json::parse(*event.text, nullptr, false);
    if (text_at(object, "/kind") != text_at(task, "/wait/object/kind")) continue;
    if (is_fulfilled(value_at(task, "/wait"), object)) return true;
  }
  return false;
}

void check_object(const History& history, const std::vector<State>& states, const Json& task, Violations& found) {
  const std::string name = task.value("name", "");
  for (const State& state : states) {
    const Json& status = state.object.is_null() ? state.object : task_in(state.object, name);
    if (status.is_null() || phase_of(status) != "Succeeded" || is_marked(status) || is_inherited(status)) continue;
    if (!was_fulfilled(history, task, state))
      found.push_back({"I28", name + " has succeeded, and what it waits for was never so" + at_text(state)});
    return;
  }
}

}  // namespace

void check_waits(const History& history, bool fair, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (task != tasks.end() && has_no_pod(task->second))
      found.push_back({"I28", "a Job is made for " + name.task + ", which has no Pod" + at_text(*job)});
  }
  if (operators_clock_differs(history)) return;
  for (const auto& [uid, states] : history.runs) {
    const auto made = api::parse_time(text_at(states.front().object, "/metadata/creationTimestamp"));
    for (const auto& [name, task] : tasks_of(history, uid)) {
      if (!made || !has_no_pod(task) || is_call(task)) continue;
      if (value_at(task, "/wait").contains("object")) {
        check_object(history, states, task, found);
        continue;
      }
      // Of those that wait for a run check_children() judges.
      if (value_at(task, "/wait").contains("run")) continue;
      Course course(task, fair);
      for (const State& state : states) {
        if (!state.object.is_null()) course.see(state, Duration{*made} + since(states.front(), state), found);
      }
    }
  }
}

}  // namespace ork::sim
