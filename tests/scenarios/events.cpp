// The events of a scenario: the words a line may hold, and what each does to the world.

#include <functional>
#include <map>
#include <stdexcept>

#include "tests/scenarios/script.hpp"

namespace ork::scenarios {
namespace {

using api::Json;
using api::PodPhase;

// Words of a line; '...' is one word.
using Words = std::vector<std::string>;

Words words_of(const std::string& line) {
  Words out;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == ' ') {
      ++i;
    } else if (line[i] == '\'') {
      const std::size_t end = std::min(line.find('\'', i + 1), line.size());
      out.push_back(line.substr(i + 1, end - i - 1));
      i = end + 1;
    } else {
      const std::size_t end = std::min(line.find(' ', i), line.size());
      out.push_back(line.substr(i, end - i));
      i = end;
    }
  }
  return out;
}

const std::string& at(const Words& words, std::size_t i) {
  if (i >= words.size()) throw std::runtime_error("a word is missing at the end");
  return words[i];
}

HeldJob& job_named(World& world, const std::string& task) {
  HeldJob* held = world.job_of(task);
  if (held == nullptr) throw std::runtime_error("task " + task + " has no Job");
  return *held;
}

void start(api::Pod& pod, api::TimeMs now) {
  pod.phase = PodPhase::Running;
  pod.waiting_reason.clear();
  pod.unschedulable = false;
  pod.node = "node-1";
  if (pod.start_ms == 0) pod.start_ms = now;
}

void end(api::Pod& pod, PodPhase phase, int exit_code, api::TimeMs now) {
  if (pod.start_ms == 0) start(pod, now);
  pod.phase = phase;
  pod.exit_code = exit_code;
  pod.terminated_reason = exit_code == 0 ? "Completed" : "Error";
  pod.finish_ms = now;
}

// What can become of a Pod: `pod list failed 3 'no such file'`.
const std::map<std::string, std::function<void(api::Pod&, const Words&, api::TimeMs)>>& fates() {
  static const std::map<std::string, std::function<void(api::Pod&, const Words&, api::TimeMs)>> all = {
      {"pending", [](api::Pod&, const Words&, api::TimeMs) {}},
      {"running", [](api::Pod& pod, const Words&, api::TimeMs now) { start(pod, now); }},
      {"succeeded",
       [](api::Pod& pod, const Words& words, api::TimeMs now) {
         end(pod, PodPhase::Succeeded, 0, now);
         if (words.size() > 3) pod.termination_message = words[3];
       }},
      {"failed",
       [](api::Pod& pod, const Words& words, api::TimeMs now) {
         end(pod, PodPhase::Failed, std::stoi(at(words, 3)), now);
         if (words.size() > 4) pod.termination_message = words[4];
       }},
      {"oom",
       [](api::Pod& pod, const Words&, api::TimeMs now) {
         end(pod, PodPhase::Failed, 137, now);
         pod.terminated_reason = "OOMKilled";
       }},
      {"disrupted",
       [](api::Pod& pod, const Words& words, api::TimeMs now) {
         end(pod, PodPhase::Failed, 137, now);
         pod.disruption_reason = at(words, 3);
       }},
      {"waiting", [](api::Pod& pod, const Words& words, api::TimeMs) { pod.waiting_reason = at(words, 3); }},
      {"unschedulable",
       [](api::Pod& pod, const Words&, api::TimeMs) {
         pod.unschedulable = true;
         pod.unschedulable_message = "0/3 nodes are available: 3 Insufficient cpu.";
       }},
      {"terminating",
       [](api::Pod& pod, const Words&, api::TimeMs now) {
         end(pod, PodPhase::Failed, 143, now);
         pod.meta.deleting = true;
       }},
  };
  return all;
}

api::Pod& pod_at(HeldJob& held, std::int64_t index, api::TimeMs now) {
  const auto [it, fresh] = held.pods.try_emplace(index);
  if (fresh) {
    it->second.index = index;
    it->second.meta.name = held.job.meta.name + "-" + std::to_string(index);
    it->second.meta.uid = "uid-" + it->second.meta.name;
    it->second.meta.creation_ms = now;
  }
  return it->second;
}

// "load[0-2,4]": the task and its indexes; "list": a task without any.
void pod_event(World& world, const Words& words) {
  std::string task = at(words, 1);
  api::IndexSet indexes;
  if (const std::size_t bracket = task.find('['); bracket != std::string::npos) {
    indexes = api::IndexSet::parse(task.substr(bracket + 1, task.size() - bracket - 2)).value();
    task.resize(bracket);
  }
  HeldJob& held = job_named(world, task);
  const std::string& fate = at(words, 2);
  if (fate == "gone") {
    held.pods.clear();
    return;
  }
  const auto it = fates().find(fate);
  if (it == fates().end()) throw std::runtime_error("a Pod can't be " + fate);
  if (indexes.empty()) it->second(pod_at(held, -1, world.now), words, world.now);
  for (const api::IndexSet::Range& range : indexes.ranges()) {
    for (std::int64_t i = range.first; i <= range.last; ++i) it->second(pod_at(held, i, world.now), words, world.now);
  }
}

// What the Job controller, or a user, does to a Job: `job list failed DeadlineExceeded`.
void job_event(World& world, const Words& words) {
  HeldJob& held = job_named(world, at(words, 1));
  const std::string& fate = at(words, 2);
  if (fate == "deleted") return world.delete_job(std::string(held.job.meta.name));
  if (fate == "complete") {
    held.job.complete = held.job.finished = true;
    held.job.completion_ms = world.now;
  } else if (fate == "failed") {
    held.job.failed = held.job.finished = true;
    held.job.failure_reason = at(words, 3);
  } else {
    throw std::runtime_error("a Job can't be " + fate);
  }
}

// How a run that is not played stands: `load running`, `load succeeded '{"n": 1}'`, `load failed 'task a failed: exit
// code 1'`, `load pending 'there is no Workflow'`, `load cancelled`.
void set_fate(api::WorkflowRun& run, const Words& words, api::TimeMs now) {
  static const std::map<std::string, api::Phase> phases = {{"pending", api::Phase::Pending},
                                                           {"running", api::Phase::Running},
                                                           {"succeeded", api::Phase::Succeeded},
                                                           {"failed", api::Phase::Failed},
                                                           {"cancelled", api::Phase::Cancelled}};
  const std::string& fate = at(words, 2);
  const std::string more = words.size() > 3 ? words[3] : "";
  run.status.phase = phases.at(fate);
  if (run.status.start_ms == 0) run.status.start_ms = now;
  if (api::is_final(run.status.phase)) run.status.completion_ms = now;
  if (fate == "succeeded" && !more.empty()) run.status.output = api::Json::parse(more);
  const std::string reason = fate != "pending" ? "TaskFailed" : more.empty() ? "Pending" : "WorkflowNotFound";
  run.status.conditions = {{.type = "Succeeded", .reason = reason, .message = fate == "succeeded" ? "" : more}};
}

// `child load running`, `child load[2] succeeded '{"n": 1}'`, `child load failed 'task a failed: exit code 1'`, `child
// load cancelled`, `child load deleted`.
void child_event(World& world, const Words& words) {
  std::string task = at(words, 1);
  std::int64_t index = -1;
  if (const std::size_t bracket = task.find('['); bracket != std::string::npos) {
    index = std::stoll(task.substr(bracket + 1));
    task.resize(bracket);
  }
  api::WorkflowRun* child = world.child_of(task, index);
  if (child == nullptr) throw std::runtime_error("there is no child run of " + at(words, 1));
  if (at(words, 2) == "deleted") {
    world.children.erase(std::string(child->meta.name));
    return;
  }
  set_fate(*child, words, world.now);
}

// `other nightly running`, and so on: a run that is none of its own.
void other_event(World& world, const Words& words) {
  if (at(words, 2) == "deleted") {
    world.others.erase(at(words, 1));
    return;
  }
  api::WorkflowRun& other = world.others[at(words, 1)];
  other.meta.name = at(words, 1);
  set_fate(other, words, world.now);
}

// `object Deployment/web '{"status": {}}'`, `object Deployment/web absent`, `object Deployment/web hidden 'it is
// forbidden'`: one of apps/v1.
void object_event(World& world, const Words& words) {
  const std::string& place = at(words, 1);
  const std::size_t slash = place.find('/');
  const std::string& how = at(words, 2);
  run::AwaitedObject& object = world.objects[{"apps/v1", place.substr(0, slash), place.substr(slash + 1)}];
  object = run::AwaitedObject();
  if (how == "hidden") {
    object.problem = at(words, 3);
    return;
  }
  object.is_seen = true;
  if (how != "absent") object.object = std::make_shared<const api::Json>(api::Json::parse(how));
}

// The run is the first attempt of the task sub of a run above: `parent waits`, `parent suspended`,
// `parent gives-up`.
void parent_event(World& world, const Words& words) {
  const std::string& what = at(words, 1);
  world.parent_run.meta.name = "above";
  api::TaskStatus sub;
  sub.name = "sub";
  sub.attempt = 1;
  sub.phase = what == "gives-up" ? api::Phase::Cancelled : api::Phase::Running;
  world.parent_run.status.tasks = {std::make_shared<const api::TaskStatus>(sub)};
  world.parent = run::ParentRun{&world.parent_run, what == "suspended", {"flow-above"}};
}

void every_pod(World& world, const Words& words) {
  Words fate = {"pod", "", at(words, 1)};
  for (auto& [name, held] : world.jobs) {
    if (held.job.suspended || held.job.finished) continue;
    const auto done = *api::IndexSet::parse(held.job.completed_indexes);
    for (std::int64_t i = held.count > 0 ? 0 : -1; i < held.count; ++i) {
      api::Pod& pod = pod_at(held, i, world.now);
      const bool over = done.contains(i) || pod.phase == PodPhase::Succeeded || pod.phase == PodPhase::Failed;
      if (!over) fates().at(fate[2])(pod, fate, world.now);
    }
  }
}

void workflow_event(World& world, const Words& words) {
  using run::DefinitionState;
  static const std::map<std::string, DefinitionState> states = {{"found", DefinitionState::Found},
                                                                {"missing", DefinitionState::WorkflowMissing},
                                                                {"invalid", DefinitionState::WorkflowInvalid},
                                                                {"suspended", DefinitionState::WorkflowSuspended},
                                                                {"unready", DefinitionState::NotYetReady},
                                                                {"revision-gone", DefinitionState::RevisionMissing}};
  world.definition_state = states.at(at(words, 1));
  world.problems = words.size() > 2 ? words[2] : "";
}

// `refuse load for 30s 'exceeded quota'`, `refuse load forever 'invalid image'`.
void refuse(World& world, const Words& words) {
  run::RefusedJob refused;
  refused.final = at(words, 2) == "forever";
  if (!refused.final) refused.retry_ms = world.now + api::parse_duration(at(words, 3)).value();
  refused.message = at(words, refused.final ? 3 : 4);
  world.refuses[at(words, 1)] = refused;
}

// `act again-1 Retry load`, `act done-1 MarkSucceeded load by alice '{"files": []}'`, `act go Approve gate 'well
// done'`.
void act(World& world, const Words& words) {
  api::Json action = {{"id", at(words, 1)}, {"do", at(words, 2)}, {"task", at(words, 3)}};
  std::size_t next = 4;
  if (words.size() > next + 1 && words[next] == "by") {
    action["by"] = words[next + 1];
    next += 2;
  }
  const bool answers = at(words, 2) == "Approve" || at(words, 2) == "Reject";
  if (words.size() > next && answers) action["comment"] = words[next];
  if (words.size() > next && !answers) action["output"] = api::Json::parse(words[next]);
  world.add_action(std::move(action));
}

using Event = std::function<void(World&, const Words&)>;

const std::map<std::string, Event>& events() {
  static const std::map<std::string, Event> all = {
      {"start", [](World&, const Words&) {}},
      {"look", [](World&, const Words&) {}},
      {"wait", [](World& world, const Words& words) { world.now += api::parse_duration(at(words, 1)).value(); }},
      {"pod", pod_event},
      {"every-pod", every_pod},
      {"job", job_event},
      {"child", child_event},
      {"other", other_event},
      {"object", object_event},
      {"parent", parent_event},
      {"jobs-synced", [](World& world, const Words&) { world.sync_jobs(); }},
      {"workflow", workflow_event},
      {"refuse", refuse},
      {"accept", [](World& world, const Words& words) { world.refuses.erase(at(words, 1)); }},
      {"act", act},
      {"cancel", [](World& world, const Words&) { world.edit_run_spec("cancel", true); }},
      {"suspend", [](World& world, const Words&) { world.edit_run_spec("suspend", true); }},
      {"resume", [](World& world, const Words&) { world.edit_run_spec("suspend", false); }},
      {"earlier", [](World& world, const Words&) { world.set_earlier(nullptr, nullptr); }},
      {"crash", [](World& world, const Words&) { world.crash(); }},
      {"status-writes",
       [](World& world, const Words& words) { world.weather.status_writes_fail = at(words, 1) == "fail"; }},
      {"creates",
       [](World& world, const Words& words) {
         world.weather.creates_hang = at(words, 1) == "hang";
         if (!world.weather.creates_hang) world.answer_creates();
       }},
  };
  return all;
}

}  // namespace

// Several events at one moment are separated by " and ".
void apply_event(World& world, const std::string& event) {
  for (std::size_t from = 0; from < event.size();) {
    const std::size_t end = std::min(event.find(" and ", from), event.size());
    const Words words = words_of(event.substr(from, end - from));
    const auto it = events().find(at(words, 0));
    if (it == events().end()) throw std::runtime_error("there is no event " + words[0]);
    it->second(world, words);
    from = end + 5;
  }
}

}  // namespace ork::scenarios
