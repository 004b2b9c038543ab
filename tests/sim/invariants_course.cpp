// What must hold of how runs take their course: completions, names, parallelism, cancellations, pinned revisions.

#include <algorithm>
#include <set>
#include <string_view>

#include "controllers/jobs/names.hpp"
#include "controllers/run/task_progress.hpp"
#include "controllers/workflow/limits.hpp"
#include "tests/sim/disruptions.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;

namespace {

// A container gets this long to end by itself, and then whoever stops it some time to see to it.
constexpr Duration stopped_within{45'000};
// What a request takes on a slow network, there and back.
constexpr Duration under_way{1'000};

constexpr const char* owner_uid_at = "/metadata/ownerReferences/0/uid";

bool by_operator(const Event& event) { return event.actor == "operator" || event.actor == "twin"; }

// The attempt's output was refused, or it did not start in time as far as anybody could see: its Job is Complete, and
// yet it has failed.
bool was_refused(const History& history, const AttemptName& name) {
  const auto run = history.runs.find(name.run_uid);
  if (run == history.runs.end()) return false;
  return std::any_of(run->second.begin(), run->second.end(), [&](const State& state) {
    const Json& task = task_in(state.object, name.task);
    const auto refused = [](const Json& one) {
      const std::string reason = one.value("reason", "");
      return reason == "InvalidOutput" || reason == run::reason_pending_timeout;
    };
    if (task.value("attempt", 0) == name.attempt && refused(task)) return true;
    for (const Json& attempt : value_at(task, "/attempts")) {
      if (attempt.value("attempt", 0) == name.attempt) return refused(attempt);
    }
    return false;
  });
}

// nullptr: it never was, or it was taken away before anybody could go by it.
const State* completion_of(const std::vector<State>& job) {
  if (job.back().object.is_null() || is_disowned(job.back().object)) return nullptr;
  for (const State& state : job) {
    if (has_condition(state.object, "Complete")) return &state;
  }
  return nullptr;
}

// Of its task; null: the run is gone.
const Json& last_status(const History& history, const AttemptName& name) {
  static const Json none;
  const auto run = history.runs.find(name.run_uid);
  if (run == history.runs.end() || run->second.back().object.is_null()) return none;
  return task_in(run->second.back().object, name.task);
}

// All hooks together had taken too long: they have failed, whether or not their Jobs were seen.
bool hooks_time_is_over(const History& history, const AttemptName& name) {
  return is_of_hook(history, name) && last_status(history, name).value("reason", "") == "DeadlineExceeded";
}

std::string last_phase(const History& history, const AttemptName& name) {
  const Json& status = last_status(history, name);
  return status.is_null() ? "gone" : phase_of(status);
}

int last_attempt(const History& history, const AttemptName& name) {
  const Json& status = last_status(history, name);
  return status.is_null() ? 0 : status.value("attempt", 0);
}

// What a Job runs, and what its task says that it should.
Json program_in(const Json& container) {
  Json command = container.value("command", Json::array());
  // Where there are items, the script is begun by another, which gives it its own.
  if (command.size() == 5 && command[3] == "sh") command = {command[0], command[1], command[4]};
  return {container.value("image", ""), std::move(command), container.value("args", Json::array())};
}

Json program_of_task(const Json& task) {
  if (!task.contains("podTemplate")) {
    Json command = task.value("command", Json::array());
    if (task.contains("script")) command = {"sh", "-c", task["script"]};
    return {task.value("image", ""), command, task.value("args", Json::array())};
  }
  return program_in(task.at("/podTemplate/spec/containers/0"_json_pointer));
}

void check_generations(const std::vector<const Event*>& writes, Violations& found) {
  std::string uid;
  std::int64_t observed = -1;
  for (const Event* event : writes) {
    if (event->text == nullptr) continue;
    const Json& object = *event->object;
    if (uid_of(object) != uid) {
      uid = uid_of(object);
      observed = -1;
    }
    const std::int64_t now = value_at(object, "/status").value("observedGeneration", std::int64_t{-1});
    const std::int64_t generation = object.at("metadata").value("generation", std::int64_t{0});
    const std::string who = event->collection + " " + event->key + ", version " + std::to_string(event->version);
    if (now > generation) found.push_back({"I20", "observedGeneration runs ahead of generation: " + who});
    if (now < observed) found.push_back({"I20", "observedGeneration falls: " + who});
    observed = now;
  }
}

void check_pinned_once(const std::vector<State>& states, Violations& found) {
  std::string pinned;
  for (const State& state : states) {
    const std::string revision = text_at(state.object, "/status/revision");
    if (state.object.is_null()) continue;
    if (!pinned.empty() && revision != pinned) {
      std::string what = state.event->key + " goes from revision ";
      what.append(pinned).append(" to \"").append(revision).append("\"").append(at_text(state));
      found.push_back({"I20", std::move(what)});
      return;
    }
    pinned = revision;
  }
}

// Two operators have made Jobs of the run. What each has begun the other may not have seen when it chose.
bool made_by_two(const History& history, const std::string& run_uid) {
  std::set<std::string_view> makers;
  for (const State* job : jobs_made(history)) {
    if (by_operator(*job->event) && attempt_of(job->object).run_uid == run_uid) makers.insert(job->event->actor);
  }
  return makers.size() > 1;
}

// Processes that run when the one at `now` begins, itself included: of its run, and of its task.
struct Beside {
  std::int64_t in_run = 0;
  std::int64_t in_task = 0;
};

Beside beside(const History& history, const Life& now) {
  Beside count;
  for (const Life& life : history.lives) {
    if (life.begin_place > now.begin_place) break;
    if (is_of_hook(history, attempt_of(life.process))) continue;
    if (life.process.run_uid != now.process.run_uid || (life.end && life.end_place < now.begin_place)) continue;
    if (job_is_gone(history, attempt_of(life.process), now.begin_place)) continue;
    if (taken_for_lost(history, life, now.begin_place)) continue;
    // The Job controller replaces a Pod once somebody wants it gone.
    if (is_unwanted(history, life, now.begin_place)) continue;
    ++count.in_run;
    if (life.process.task == now.process.task) ++count.in_task;
  }
  return count;
}

}  // namespace

void check_completions(const History& history, bool all_ended, Violations& found) {
  for (const auto& [uid, states] : history.jobs) {
    const State* complete = completion_of(states);
    if (complete == nullptr) continue;
    const AttemptName name = attempt_of(states.front().object);
    if (!history.runs.contains(name.run_uid) || was_refused(history, name)) continue;
    // The attempt was lost with its Job, before another request to make that arrived.
    if (arrived_late(history, name)) continue;
    for (const State* job : jobs_made(history)) {
      const AttemptName other = attempt_of(job->object);
      if (other.run_uid != name.run_uid || other.task != name.task || other.attempt <= name.attempt) continue;
      if (job->place < complete->place || actions_done(history, name.run_uid, job->place) > 0) continue;
      found.push_back(
          {"I6", text_of(other) + " is made although the Job of " + text_of(name) + " is Complete" + at_text(*job)});
    }
    const std::string phase = last_phase(history, name);
    // A run that was stopped has not looked at it any more.
    if (!all_ended || phase == "gone" || phase == "Succeeded" || phase == "Cancelled") continue;
    if (actions_done(history, name.run_uid, history.events->size()) > 0) continue;
    // Nor was it looked at where its task had ended before its Job was made, by who could not know.
    if (last_attempt(history, name) < name.attempt && made_unknowing(history, name)) continue;
    if (hooks_time_is_over(history, name)) continue;
    found.push_back({"I6", text_of(name) + " is stored as " + phase + " although its Job is Complete"});
  }
}

void check_recorded(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    const AttemptName name = attempt_of(job->object);
    const std::string phase = last_phase(history, name);
    const bool judged = phase == "Succeeded" || phase == "Failed" || phase == "UpstreamFailed";
    if (!judged || last_attempt(history, name) >= name.attempt || made_unknowing(history, name)) continue;
    if (is_marked(last_status(history, name)) || hooks_time_is_over(history, name)) continue;
    // Nobody knows any more whose it was.
    if (was_disowned(history, name)) continue;
    found.push_back({"I16", text_of(name) + " is made, and its task ends as " + phase + " after attempt " +
                                std::to_string(last_attempt(history, name)) + at_text(*job)});
  }
}

void check_names(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    if (!by_operator(*job->event)) continue;
    const AttemptName name = attempt_of(job->object);
    const std::string run = text_at(job->object, "/metadata/labels/ork.dev~1run");
    const std::string expected = jobs::job_name(run, name.run_uid, name.task, name.attempt);
    if (text_at(job->object, "/metadata/name") == expected) continue;
    found.push_back({"I11", "the Job of " + text_of(name) + " is called " + text_at(job->object, "/metadata/name") +
                                ", not " + expected + at_text(*job)});
  }
}

void check_parallelism(const History& history, Violations& found) {
  Violations here;
  for (const Life& life : history.lives) {
    const auto& tasks = tasks_of(history, life.process.run_uid);
    const auto task = tasks.find(life.process.task);
    if (task == tasks.end() || is_hook(task->second)) continue;
    const auto run = history.parallelism.find(life.process.run_uid);
    const bool bounded = task->second.contains("parallelism") || run != history.parallelism.end();
    if (!bounded) continue;
    // What somebody has ended by a mark still has to be stopped when the next one begins.
    if (actions_done(history, life.process.run_uid, life.begin_place) > 0) continue;
    const Beside count = beside(history, life);
    if (count.in_task > task->second.value("parallelism", count.in_task)) {
      here.push_back({"I17", std::to_string(count.in_task) + " processes of " + life.process.task + " run at once"});
    }
    if (run != history.parallelism.end() && count.in_run > run->second && !made_by_two(history, life.process.run_uid)) {
      here.push_back({"I17", std::to_string(count.in_run) + " processes of one run run at once, the last of " +
                                 life.process.task});
    }
  }
  // The Job controller may double a Pod, and a Job may arrive after its sender has given it up.
  const bool forgiven = late_creates(history, "job-controller", "pods") + late_creates(history, "operator", "jobs") > 0;
  if (!forgiven) found.insert(found.end(), here.begin(), here.end());
}

void check_cancellations(const History& history, bool fair, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    const auto asked = std::find_if(states.begin(), states.end(),
                                    [](const State& state) { return value_at(state.object, "/spec/cancel") == true; });
    const auto recorded = std::find_if(asked, states.end(), [](const State& state) {
      return phase_of(state.object) == "Cancelled" || text_at(state.object, "/status/result/phase") == "Cancelled";
    });
    const auto from = fair ? asked : recorded;
    if (from == states.end()) continue;
    for (const State* job : jobs_made(history)) {
      const AttemptName name = attempt_of(job->object);
      if (name.run_uid != uid || job->place < from->place || is_of_hook(history, name)) continue;
      // What arrives late is taken away again, and so is what was on its way.
      const bool was_under_way = job->event->at - from->event->at < under_way && !fair;
      if (made_unknowing(history, name) || (was_under_way && job_is_gone(history, name, history.events->size())))
        continue;
      found.push_back({"I19", text_of(name) + " is made after its run was cancelled" + at_text(*job)});
    }
    if (!fair || recorded == states.end()) continue;
    for (const Life& life : history.lives) {
      if (is_of_hook(history, attempt_of(life.process))) continue;
      const bool late = !life.end || *life.end > recorded->event->at + stopped_within;
      if (life.process.run_uid == uid && late)
        found.push_back({"I19", "a process of " + life.process.task + " goes on after its run was cancelled"});
    }
  }
}

void check_pins(const History& history, Violations& found) {
  for (const State* job : jobs_made(history)) {
    if (!by_operator(*job->event)) continue;
    const AttemptName name = attempt_of(job->object);
    const auto& tasks = tasks_of(history, name.run_uid);
    const auto task = tasks.find(name.task);
    if (task == tasks.end()) continue;
    const Json should = program_of_task(task->second);
    const Json is = program_in(job->object.at("/spec/template/spec/containers/0"_json_pointer));
    if (is == should) continue;
    found.push_back({"I20", text_of(name) + " runs " + is.dump() + ", not " + should.dump() + at_text(*job)});
  }
  for (const auto& [uid, states] : history.runs) check_pinned_once(states, found);
  std::map<std::string, std::vector<const Event*>> writes;
  for (const Event& event : *history.events) {
    const bool ours = event.collection == "workflowruns.ork.dev" || event.collection == "workflows.ork.dev";
    if (event.kind == Event::Kind::Write && ours) writes[event.collection + event.key].push_back(&event);
  }
  for (const auto& [key, of_one] : writes) check_generations(of_one, found);
}

void check_revisions(const History& history, Violations& found) {
  std::map<std::string, std::string> workflows;  // there now: uids by key
  std::map<std::string, std::string> revisions;  // the same of their Workflows
  for (const Event& event : *history.events) {
    const bool of_workflow = event.collection == "workflows.ork.dev";
    if (event.kind != Event::Kind::Write || !(of_workflow || event.collection == "controllerrevisions.apps")) continue;
    auto& held = of_workflow ? workflows : revisions;
    if (event.text != nullptr) {
      held[event.key] = text_at(*event.object, of_workflow ? "/metadata/uid" : owner_uid_at);
      continue;
    }
    const auto gone = held.extract(event.key);
    if (of_workflow || gone.empty() || !by_operator(event)) continue;
    const auto of_the_same = [&](const auto& entry) { return entry.second == gone.mapped(); };
    const bool wanted = std::any_of(workflows.begin(), workflows.end(), of_the_same);
    const auto others = std::count_if(revisions.begin(), revisions.end(), of_the_same);
    if (!wanted || others > static_cast<std::ptrdiff_t>(workflow::max_old_revisions)) continue;
    found.push_back({"I20", event.actor + " deletes revision " + event.key + ", whose Workflow is there (version " +
                                std::to_string(event.version) + ")"});
  }
}

}  // namespace ork::sim
