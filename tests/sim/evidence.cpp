#include "tests/sim/evidence.hpp"

#include <algorithm>
#include <numeric>

#include "controllers/run/actions.hpp"
#include "controllers/run/cache.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

std::string text_of(const AttemptName& name) { return name.task + " attempt " + std::to_string(name.attempt); }

std::string at_text(const State& state) { return " (resourceVersion " + std::to_string(state.event->version) + ")"; }

std::vector<const State*> jobs_made(const History& history) {
  std::vector<const State*> made;
  for (const auto& [uid, states] : history.jobs) made.push_back(&states.front());
  std::sort(made.begin(), made.end(), [](const State* a, const State* b) { return a->place < b->place; });
  return made;
}

const State* run_before(const History& history, const std::string& uid, std::size_t place) {
  const auto run = history.runs.find(uid);
  if (run == history.runs.end()) return nullptr;
  const State* last = nullptr;
  for (const State& state : run->second) {
    if (state.place < place && !state.object.is_null()) last = &state;
  }
  return last;
}

const std::map<std::string, Json>& tasks_of(const History& history, const std::string& run_uid) {
  static const std::map<std::string, Json> none;
  const auto it = history.tasks.find(run_uid);
  return it == history.tasks.end() ? none : it->second;
}

bool goes_over_items(const Json& task) { return task.contains("forEach") || task.contains("matrix"); }

bool fans_out(const Json& task) { return task.contains("count") || goes_over_items(task); }

namespace {

// What an expression has given says the task's Job; without one there is no index.
std::int64_t count_of(const History& history, const std::string& run_uid, const Json& task) {
  if (task.contains("count") && task["count"].is_number()) return task["count"].get<std::int64_t>();
  if (task.contains("forEach") && task["forEach"].is_structured())
    return static_cast<std::int64_t>(task["forEach"].size());
  for (const auto& [uid, states] : history.jobs) {
    const Json& job = states.front().object;
    const AttemptName name = attempt_of(job);
    if (name.run_uid == run_uid && name.task == task.value("name", ""))
      return value_at(job, "/spec").value("completions", std::int64_t{0});
  }
  return 0;
}

std::vector<std::int64_t> indexes_of(const History& history, const std::string& run_uid, const Json& task) {
  if (!fans_out(task)) return {-1};
  std::vector<std::int64_t> indexes(static_cast<std::size_t>(count_of(history, run_uid, task)));
  std::iota(indexes.begin(), indexes.end(), 0);
  return indexes;
}

}  // namespace

namespace {

std::int64_t without_success(const History& history, const std::string& run_uid, const Json& task, std::size_t place) {
  const std::vector<std::int64_t> indexes = indexes_of(history, run_uid, task);
  return std::count_if(indexes.begin(), indexes.end(), [&](std::int64_t index) {
    return std::none_of(history.lives.begin(), history.lives.end(), [&](const Life& life) {
      return life.process.run_uid == run_uid && life.process.task == task.value("name", "") &&
             life.process.index == index && life.end && life.exit_code == 0 && life.end_place < place;
    });
  });
}

}  // namespace

bool succeeded_by(const History& history, const std::string& run_uid, const Json& task, std::size_t place) {
  return without_success(history, run_uid, task, place) == 0;
}

bool tolerated_by(const History& history, const std::string& run_uid, const Json& task, std::size_t place) {
  const Json failures = value_at(task, "/tolerate").value("failures", Json(0));
  const std::int64_t most = failures.is_number()
                                ? failures.get<std::int64_t>()
                                : count_of(history, run_uid, task) * std::stoi(failures.get<std::string>()) / 100;
  return without_success(history, run_uid, task, place) <= most;
}

bool has_ended(const History& history, const AttemptName& name, std::size_t place, bool decided) {
  const State* run = run_before(history, name.run_uid, place);
  static const Json none;
  const Json& task = task_in(run == nullptr ? none : run->object, name.task);
  for (const Json& attempt : value_at(task, "/attempts")) {
    if (attempt.value("attempt", 0) == name.attempt) return true;
  }
  for (const auto& [uid, states] : history.jobs) {
    if (attempt_of(states.front().object) != name) continue;
    for (const State& state : states) {
      if (state.place > place) break;
      if (state.object.is_null()) return true;
      // It is nobody's any more, whatever runs on: the operator can't tell what becomes of it.
      if (is_disowned(state.object) && !is_disowned(states.front().object)) return true;
      if (has_condition(state.object, "Complete") || has_condition(state.object, "Failed")) return true;
      if (decided && has_condition(state.object, "FailureTarget")) return true;
    }
  }
  bool any = false;
  for (const Life& life : history.lives) {
    const Process& process = life.process;
    if (AttemptName{process.run_uid, process.task, process.attempt} != name || life.begin_place > place) continue;
    any = true;
    if (!life.end || life.end_place > place) return false;
  }
  return any;
}

bool newest_has_ended(const History& history, const std::string& run_uid, const std::string& task, std::size_t place) {
  AttemptName newest{run_uid, task, 0};
  for (const auto& [uid, states] : history.jobs) {
    const AttemptName name = attempt_of(states.front().object);
    if (name.run_uid == run_uid && name.task == task && states.front().place < place) newest = std::max(newest, name);
  }
  return newest.attempt > 0 && has_ended(history, newest, place, true);
}

bool has_no_pod(const Json& task) { return task.contains("wait") || task.contains("approve") || is_call(task); }

bool is_call(const Json& task) { return task.contains("workflow"); }

std::map<std::int64_t, const State*> children_of(const History& history, const std::string& run_uid,
                                                 const std::string& task, std::size_t place) {
  std::map<std::int64_t, const State*> newest;
  const auto attempt_in = [](const State& state) {
    return value_at(state.object, "/spec/childOf").value("attempt", 0);
  };
  for (const auto& [uid, states] : history.runs) {
    const Json& made = states.front().object;
    const Json& of = value_at(made, "/spec/childOf");
    if (of.value("task", "") != task || text_at(made, "/metadata/ownerReferences/0/uid") != run_uid) continue;
    const State* last = run_before(history, uid, place);
    if (last == nullptr) continue;
    const State*& held = newest[of.value("index", std::int64_t{-1})];
    if (held == nullptr || attempt_in(*held) < attempt_in(*last)) held = last;
  }
  return newest;
}

namespace {

bool are_all(const std::map<std::int64_t, const State*>& children, bool (*is)(const std::string& phase)) {
  if (children.empty()) return false;
  const Json& of = value_at(children.begin()->second->object, "/spec/childOf");
  if (children.size() < of.value("count", std::size_t{1})) return false;
  return std::all_of(children.begin(), children.end(),
                     [is](const auto& child) { return is(phase_of(child.second->object)); });
}

}  // namespace

bool children_succeeded(const std::map<std::int64_t, const State*>& children) {
  return are_all(children, [](const std::string& phase) { return phase == "Succeeded"; });
}

bool children_ended(const std::map<std::int64_t, const State*>& children) { return are_all(children, is_final); }

bool is_hook(const Json& task) { return task.contains("hook"); }

bool is_of_hook(const History& history, const AttemptName& name) {
  const auto& tasks = tasks_of(history, name.run_uid);
  const auto task = tasks.find(name.task);
  return task != tasks.end() && is_hook(task->second);
}

std::size_t actions_done(const History& history, const std::string& run_uid, std::size_t place) {
  const State* run = run_before(history, run_uid, place);
  if (run == nullptr) return 0;
  const Json& actions = value_at(run->object, "/status/actions");
  return static_cast<std::size_t>(std::count_if(
      actions.begin(), actions.end(), [](const Json& action) { return action.value("result", "") == "Done"; }));
}

bool is_marked(const Json& task) {
  const std::string reason = task.value("reason", "");
  return reason == run::reason_marked_succeeded || reason == run::reason_marked_failed;
}

bool is_inherited(const Json& task) { return task.contains("inheritedFrom"); }

bool is_cached(const Json& task) { return is_inherited(task) && task.value("reason", "") == run::reason_cached; }

bool operators_clock_differs(const History& history) {
  return std::any_of(history.events->begin(), history.events->end(), [](const Event& event) {
    const bool ours = event.actor == "operator" || event.actor == "twin";
    return ours && event.kind == Event::Kind::Fault && event.note.find(" clock-") != std::string::npos;
  });
}

bool is_disowned(const Json& object) {
  return object.is_object() && !value_at(object, "/metadata").contains("ownerReferences");
}

bool was_disowned(const History& history, const AttemptName& name) {
  return std::any_of(history.jobs.begin(), history.jobs.end(), [&](const auto& job) {
    if (attempt_of(job.second.front().object) != name) return false;
    return std::any_of(job.second.begin(), job.second.end(),
                       [](const State& state) { return is_disowned(state.object); });
  });
}

bool was_ended_by_hand(const History& history, const std::string& run_uid) {
  const auto run = history.runs.find(run_uid);
  return run != history.runs.end() && std::any_of(run->second.begin(), run->second.end(), [](const State& state) {
           return state.event->actor == "user" && is_final(phase_of(state.object));
         });
}

bool was_held_back(const History& history, const AttemptName& name, std::size_t place) {
  return std::any_of(history.jobs.begin(), history.jobs.end(), [&](const auto& job) {
    if (attempt_of(job.second.front().object) != name) return false;
    return std::any_of(job.second.begin(), job.second.end(), [&](const State& state) {
      const bool may_hold = state.event->actor == "user" || state.event->actor == "queue";
      if (!may_hold || !state.object.is_object() || state.place > place) return false;
      const Json spec = state.object.value("spec", Json::object());
      return spec.value("suspend", false) || spec.value("parallelism", 1) == 0;
    });
  });
}

namespace {

bool is_by_operator(const State& state) { return state.event->actor == "operator" || state.event->actor == "twin"; }

bool any_job_gone(const History& history, const AttemptName& name, std::size_t place, bool by_operator_too) {
  return std::any_of(history.jobs.begin(), history.jobs.end(), [&](const auto& job) {
    if (attempt_of(job.second.front().object) != name) return false;
    const bool had_owner = !is_disowned(job.second.front().object);
    return std::any_of(job.second.begin(), job.second.end(), [&](const State& state) {
      if (state.place >= place) return false;
      if (state.object.is_null()) return by_operator_too || !is_by_operator(state);
      return had_owner && is_disowned(state.object);
    });
  });
}

}  // namespace

bool job_is_gone(const History& history, const AttemptName& name, std::size_t place) {
  return any_job_gone(history, name, place, true);
}

bool job_is_gone_by_others(const History& history, const AttemptName& name, std::size_t place) {
  return any_job_gone(history, name, place, false);
}

AttemptName attempt_of(const Process& process) { return {process.run_uid, process.task, process.attempt}; }

std::size_t late_creates(const History& history, std::string_view actor, std::string_view plural) {
  const std::string path_end = "/" + std::string(plural) + ")";
  return static_cast<std::size_t>(
      std::count_if(history.events->begin(), history.events->end(), [&](const Event& event) {
        if (event.kind != Event::Kind::Fault || event.actor != actor || !event.note.ends_with(path_end)) return false;
        return event.note.find(" late-write ") != std::string::npos ||
               event.note.find(" delay ") != std::string::npos || event.note.find(" pause ") != std::string::npos ||
               event.note.find(" crash-unanswered ") != std::string::npos;
      }));
}

std::size_t unheard_pods(const History& history) {
  return static_cast<std::size_t>(std::count_if(history.events->begin(), history.events->end(), [](const Event& event) {
    return event.kind == Event::Kind::Fault && event.actor == "job-controller" &&
           (event.note.find("(GET ") != std::string::npos || event.note.find("(DELETE ") != std::string::npos) &&
           event.note.find("/pods/") != std::string::npos;
  }));
}

bool arrived_late(const History& history, const AttemptName& name) {
  return job_is_gone(history, name, history.events->size()) && late_creates(history, "operator", "jobs") > 0;
}

namespace {

bool are_two_at_work(const History& history) {
  return std::any_of(history.events->begin(), history.events->end(),
                     [](const Event& event) { return event.actor == "twin" && event.kind == Event::Kind::Write; });
}

}  // namespace

bool made_unknowing(const History& history, const AttemptName& name) {
  return are_two_at_work(history) || arrived_late(history, name);
}

bool is_not_shared(const History& history) {
  return are_two_at_work(history) &&
         std::none_of(history.events->begin(), history.events->end(), [](const Event& event) {
           return event.kind == Event::Kind::Write && event.collection == "leases.coordination.k8s.io";
         });
}

bool has_condition(const Json& object, std::string_view type) {
  for (const Json& condition : value_at(object, "/status/conditions")) {
    if (condition.value("type", "") == type) return condition.value("status", "") == "True";
  }
  return false;
}

}  // namespace ork::sim
