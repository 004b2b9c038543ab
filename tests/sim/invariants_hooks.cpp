// What must hold of hooks, and of a run's result.

#include "controllers/run/hooks.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

// By what is stored of the run, the hook's moment has come. As the words of the API have it.
bool has_come(const Json& run, const Json& hook) {
  const std::string moment = hook.value("hook", ""), of = hook.value("hookOf", "");
  const std::string result = text_at(run, "/status/result/phase");
  if (of.empty()) {
    if (moment == "onStart") return true;
    return moment == "onSuccess" ? result == "Succeeded" : moment == "onFailure" ? result == "Failed" : !result.empty();
  }
  const Json& task = task_in(run, of);
  // It has ended in an earlier run, and so have its hooks.
  if (is_inherited(task)) return false;
  const std::string phase = phase_of(task);
  const bool begun = task.value("attempt", 0) > 0 || !text_at(task, "/startTime").empty();
  if (moment == "onStart") return begun;
  if (moment == "onSuccess") return phase == "Succeeded";
  if (moment == "onFailure") return phase == "Failed";
  return phase == "Succeeded" || phase == "Failed" || (phase == "Cancelled" && begun);
}

// How a run that has its result goes on from there.
class AfterResult {
 public:
  explicit AfterResult(const std::map<std::string, Json>& tasks) : tasks_(tasks) {}

  void see(const State& state, Violations& found) {
    const auto fail = [&](const std::string& what) { found.push_back({"I29", what + at_text(state)}); };
    const Json& run = state.object;
    if (result_.empty()) {
      result_ = value_at(run, "/status/result");
      then_ = &run;
      if (result_.empty()) return;
    }
    if (value_at(run, "/status/result") != result_) fail("a run's result does not stay " + result_.dump());
    bool failing = false;
    for (const auto& [name, task] : tasks_) {
      const std::string phase = phase_of(task_in(run, name));
      if (!is_hook(task) && phase != phase_of(task_in(*then_, name))) fail(name + " changes after the run's result");
      failing = failing || (is_hook(task) && task.value("failsRun", false) && phase == "Failed");
    }
    const std::string phase = phase_of(run), as_told = result_.value("phase", "");
    if (!is_final(phase)) return;
    const std::string expected = failing && as_told == "Succeeded" ? "Failed" : as_told;
    if (phase != expected) fail("a run ends as " + phase + ", and its tasks and hooks have come to " + expected);
  }

 private:
  const std::map<std::string, Json>& tasks_;
  Json result_;
  const Json* then_ = nullptr;
};

// Each hook has run, or has been left out because its moment never came.
void check_left_out(const State& last, const std::map<std::string, Json>& tasks, Violations& found) {
  const Json& run = last.object;
  // Of a run that could not go on there is no result, or it says that no hook could.
  if (value_at(run, "/status/result").empty()) return;
  if (text_at(run, "/status/message").find("hooks were left out") != std::string::npos) return;
  for (const auto& [name, task] : tasks) {
    if (!is_hook(task)) continue;
    const Json& status = task_in(run, name);
    const bool left_out = text_at(status, "/reason") == run::reason_hook_not_met;
    if (left_out == has_come(run, task))
      found.push_back({"I29", name +
                                  (left_out ? " is left out although its moment has come"
                                            : " is not left out although its moment never came") +
                                  at_text(last)});
    if (phase_of(status) == "Cancelled") found.push_back({"I29", name + ", a hook, is cancelled" + at_text(last)});
  }
}

}  // namespace

void check_hooks(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const State* run = run_before(history, name.run_uid, job->place);
    // Whoever clears a task takes back what has come.
    if (run == nullptr || !is_of_hook(history, name) || actions_done(history, name.run_uid, job->place) > 0) continue;
    if (!has_come(run->object, tasks_of(history, name.run_uid).at(name.task)))
      found.push_back({"I29", text_of(name) + " is made before its moment has come" + at_text(*job)});
  }
  for (const auto& [uid, states] : history.runs) {
    const auto& tasks = tasks_of(history, uid);
    AfterResult after(tasks);
    const State* last = nullptr;
    for (const State& state : states) {
      if (state.object.is_null()) continue;
      after.see(state, found);
      last = &state;
    }
    if (last == nullptr || !is_final(phase_of(last->object))) continue;
    if (actions_done(history, uid, history.events->size()) == 0) check_left_out(*last, tasks, found);
  }
}

}  // namespace ork::sim
