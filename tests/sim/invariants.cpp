#include "tests/sim/invariants.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "controllers/run/limits.hpp"
#include "controllers/run/tolerance.hpp"
#include "controllers/workflow/limits.hpp"
#include "tests/sim/disruptions.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/limits.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

// Whether the status that is stored when this Job is made tells of its attempt.
bool is_named(const History& history, const State& job) {
  const AttemptName name = attempt_of(job.object);
  const State* run = run_before(history, name.run_uid, job.place);
  return run != nullptr && task_in(run->object, name.task).value("attempt", 0) >= name.attempt;
}

// The last stored text of each object, with its collection.
std::map<std::pair<std::string, std::string>, const Event*> last_writes(const History& history) {
  std::map<std::pair<std::string, std::string>, const Event*> last;
  for (const Event& event : *history.events) {
    if (event.kind == Event::Kind::Write) last[{event.collection, event.key}] = &event;
  }
  return last;
}

std::string controller_of(const Json& object) {
  for (const Json& owner : value_at(object, "/metadata/ownerReferences")) {
    if (owner.value("controller", false)) return owner.value("uid", "");
  }
  return "";
}

void check_task_counts(const Json& task, const State& state, Violations& found) {
  if (!task.contains("count")) return;
  const std::int64_t ended = task.value("succeeded", 0) + task.value("failed", 0);
  if (ended > task.value("count", 0)) {
    found.push_back({"I16", task.value("name", "") + " has " + std::to_string(ended) + " ended indexes of " +
                                std::to_string(task.value("count", 0)) + at_text(state)});
  }
}

}  // namespace

void check_processes(const History& history, Violations& found) {
  Violations doubled;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::vector<const Life*>> by_place;
  for (const Life& life : history.lives) {
    by_place[{life.process.run_uid, life.process.task, life.process.index}].push_back(&life);
  }
  // Who has not seen what the other did, and tidied away, does it again.
  const bool both_at_it = is_not_shared(history);
  for (const auto& [place, lives] : by_place) {
    for (std::size_t i = 0; i < lives.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const std::string who = text_of({std::get<0>(place), std::get<1>(place), lives[i]->process.attempt}) +
                                " index " + std::to_string(std::get<2>(place));
        // Pods of a Job that is nobody's may come after those of the next attempt. Who removes one has to wait for
        // them.
        const bool gone = job_is_gone_by_others(history, attempt_of(lives[j]->process), lives[i]->begin_place) ||
                          was_disowned(history, attempt_of(lives[i]->process)) ||
                          (both_at_it && job_is_gone(history, attempt_of(lives[j]->process), lives[i]->begin_place));
        const bool began_anew = lives[j]->end && lives[j]->end_place < lives[i]->begin_place &&
                                was_held_back(history, attempt_of(lives[j]->process), lives[i]->begin_place);
        if (began_anew) continue;
        if (lives[i]->process.attempt == lives[j]->process.attempt && !gone) {
          doubled.push_back({"I1", who + " starts twice"});
        } else if ((!lives[j]->end || lives[j]->end_place > lives[i]->begin_place) && !gone &&
                   !taken_for_lost(history, *lives[j], lives[i]->begin_place)) {
          doubled.push_back({"I1", who + " runs beside attempt " + std::to_string(lives[j]->process.attempt)});
        }
      }
    }
  }
  // Kubernetes says of itself that a program may then start twice, and what starts twice may go on for longer.
  const auto twice = static_cast<std::size_t>(std::count_if(
      doubled.begin(), doubled.end(), [](const Violation& found_one) { return found_one.what.ends_with(" twice"); }));
  // Nor does it take back a Pod that arrives when its Job has failed, for its time was over.
  const std::size_t late = late_creates(history, "job-controller", "pods") + unheard_pods(history);
  // Each pair of one attempt's Pods is told of.
  const bool forgiven = twice <= late * (late + 1) / 2 && (twice > 0 || doubled.size() <= late);
  if (!forgiven) found.insert(found.end(), doubled.begin(), doubled.end());
}

void check_attempts(const History& history, Violations& found) {
  std::map<std::pair<std::string, std::string>, int> last;  // by run and task
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    if (!history.runs.contains(name.run_uid)) continue;
    int& made = last[{name.run_uid, name.task}];
    // Deleted before any status named it, while no operator looked: nobody can know that it was there.
    const bool forgotten = name.attempt == made && job_is_gone(history, name, job->place) && !is_named(history, *job);
    if (name.attempt <= made && made_unknowing(history, name) && job_is_gone(history, name, history.events->size()))
      continue;
    if (name.attempt != made + 1 && !forgotten) {
      found.push_back({"I2", text_of(name) + " is made after attempt " + std::to_string(made) + at_text(*job)});
    }
    made = std::max(made, name.attempt);
    if (name.attempt <= 1) continue;
    if (!has_ended(history, {name.run_uid, name.task, name.attempt - 1}, job->place)) {
      found.push_back({"I2", text_of(name) + " is made before the one before it has ended" + at_text(*job)});
    }
    const State* run = run_before(history, name.run_uid, job->place);
    if (run == nullptr) continue;
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto spec = tasks.find(name.task);
    if (spec == tasks.end()) continue;
    const int limit = spec->second.value("retry", Json::object()).value("limit", 0);
    const Json& task = task_in(run->object, name.task);
    if (task.value("programRetries", 0) > limit) {
      found.push_back({"I2", text_of(name) + " is beyond its " + std::to_string(limit) + " retries" + at_text(*job)});
    }
    // Whoever asks for another attempt gives all budgets anew.
    const int budgets = 1 + static_cast<int>(actions_done(history, name.run_uid, job->place));
    const int growths = spec->second.contains("onOOM") ? workflow::max_memory_growths : 0;
    if (name.attempt > budgets * (1 + limit + growths) * (1 + run::infrastructure_retries)) {
      found.push_back({"I2", text_of(name) + " is beyond all budgets" + at_text(*job)});
    }
  }
}

void check_phases(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    std::string run_phase;
    std::map<std::string, std::pair<std::string, int>> tasks;
    std::size_t actions = 0;
    for (const State& state : states) {
      if (state.object.is_null()) continue;
      const std::string phase = phase_of(state.object);
      if (is_final(run_phase) && phase != run_phase) {
        found.push_back({"I4", "the run goes from " + run_phase + " to " + phase + at_text(state)});
      }
      run_phase = phase;
      const bool acted_on = value_at(state.object, "/status/actions").size() > actions;
      actions = value_at(state.object, "/status/actions").size();
      for (const Json& task : value_at(state.object, "/status/tasks")) {
        auto& [held, attempt] = tasks[task.value("name", "")];
        const std::string next = task.value("phase", "");
        if (is_final(held) && next != held && !acted_on) {
          found.push_back({"I4", task.value("name", "") + " goes from " + held + " to " + next + at_text(state)});
        }
        if (task.value("attempt", 0) < attempt) {
          found.push_back({"I4", task.value("name", "") + " goes back from attempt " + std::to_string(attempt) +
                                     " to " + std::to_string(task.value("attempt", 0)) + at_text(state)});
        }
        held = next;
        attempt = task.value("attempt", 0);
      }
    }
  }
}

void check_successes(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    std::set<std::string> seen;
    for (const State& state : states) {
      if (state.object.is_null()) continue;
      for (const auto& [name, task] : tasks_of(history, uid)) {
        const Json& status = task_in(state.object, name);
        if (has_no_pod(task) || is_inherited(status)) continue;
        if (phase_of(status) != "Succeeded" || is_marked(status) || !seen.insert(name).second) continue;
        const bool tolerated = status.value("reason", "") == run::reason_tolerated;
        if (tolerated && text_at(status, "/failedIndexes").empty())
          found.push_back({"I5", name + " tolerates failures, and tells of none" + at_text(state)});
        if (tolerated ? tolerated_by(history, uid, task, state.place) : succeeded_by(history, uid, task, state.place))
          continue;
        found.push_back({"I5", name + " is stored as Succeeded, but not all of it has ended with 0" + at_text(state)});
      }
    }
  }
}

void check_quiet(const History& history, runtime::Instant quiet_from, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const State* run = run_before(history, attempt_of(job->object).run_uid, job->place);
    if (run == nullptr || !is_final(phase_of(run->object))) continue;
    const AttemptName name = attempt_of(job->object);
    if (made_unknowing(history, name)) continue;
    found.push_back({"I8", text_of(name) + " is made after the end of its run" + at_text(*job)});
  }
  check_silence(history, quiet_from, found);
}

void check_silence(const History& history, runtime::Instant quiet_from, Violations& found) {
  for (const Event& event : *history.events) {
    if (event.at <= quiet_from || event.kind != Event::Kind::Write) continue;
    if (event.collection == "leases.coordination.k8s.io") continue;
    found.push_back({"I8", event.actor + " still writes " + event.collection + " " + event.key + ", version " +
                               std::to_string(event.version)});
  }
  // Kubernetes does not take back a Pod that arrives when its Job has failed, for its time was over.
  if (late_creates(history, "job-controller", "pods") > 0) return;
  for (const Life& life : history.lives) {
    if (was_ended_by_hand(history, life.process.run_uid)) continue;
    // What is nobody's goes on.
    if (was_disowned(history, attempt_of(life.process))) continue;
    if (!life.end) found.push_back({"I8", "a process of " + life.process.task + " never ends"});
  }
}

void check_leftovers(const History& history, Violations& found) {
  // What a person has made or taken the owner off is nobody's, and nobody takes it away.
  std::set<std::pair<std::string, std::string>> edited;
  for (const Event& event : *history.events) {
    if (event.actor == "user") edited.insert({event.collection, event.key});
  }
  for (const auto& [uid, states] : history.runs) {
    if (!states.back().object.is_null()) continue;
    for (const auto& [place, event] : last_writes(history)) {
      if (event->text == nullptr || place.first == "events") continue;
      if (event->text->find(uid) == std::string::npos) continue;
      const Json object = Json::parse(*event->text);
      if (edited.contains(place) && is_disowned(object)) continue;
      // A Job whose owner was taken off keeps its Pods.
      if (place.first == "pods" && was_disowned(history, attempt_of(object))) continue;
      found.push_back({"I9", place.first + " " + place.second + " is left of a run that is gone"});
    }
  }
}

void check_ownership(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.jobs) {
    const State* last = nullptr;
    std::optional<runtime::Instant> disowned;
    for (const State& state : states) {
      const Json& object = state.object.is_null() && last != nullptr ? last->object : state.object;
      const Json& before = last != nullptr ? last->object : object;
      if (last != nullptr && is_disowned(last->object) && !disowned) disowned = last->event->at;
      const bool was_on_its_way =
          disowned && (state.object.is_null() || state.event->at < *disowned + limits::on_its_way);
      const bool by_operator = state.event->actor == "operator" || state.event->actor == "twin";
      if (by_operator && !was_on_its_way && !history.runs.contains(controller_of(before))) {
        found.push_back(
            {"I10", "the operator writes Job " + state.event->key + ", which no run controls" + at_text(state)});
      }
      if (!state.object.is_null()) last = &state;
    }
  }
}

void check_counts(const History& history, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    for (const State& state : states) {
      const Json& status = value_at(state.object, "/status");
      if (!status.contains("counts")) continue;
      std::int64_t sum = 0;
      for (const auto& [phase, count] : status.at("counts").items()) {
        if (phase != "total") sum += count.get<std::int64_t>();
      }
      if (sum != status.at("counts").value("total", 0)) {
        found.push_back({"I16", "the phases of " + std::to_string(sum) + " tasks are counted of " +
                                    std::to_string(status.at("counts").value("total", 0)) + at_text(state)});
      }
      for (const Json& task : value_at(status, "/tasks")) check_task_counts(task, state, found);
    }
  }
}

std::map<std::string, std::string> task_ends(const History& history) {
  std::map<std::size_t, const std::vector<State>*> in_order;
  for (const auto& [uid, states] : history.runs) in_order[states.front().place] = &states;
  std::map<std::string, std::string> ends;
  for (const auto& [place, states] : in_order) {
    // What a child run is called is known only once its parent is there.
    if (value_at(states->front().object, "/spec").contains("childOf")) continue;
    for (const State& state : *states) {
      if (state.object.is_null()) continue;
      for (const Json& task : value_at(state.object, "/status/tasks")) {
        ends[state.event->key + " " + task.value("name", "")] =
            task.value("phase", "") + ", attempt " + std::to_string(task.value("attempt", 0));
      }
    }
  }
  return ends;
}

}  // namespace ork::sim
