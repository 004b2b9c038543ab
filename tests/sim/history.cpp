#include "tests/sim/history.hpp"

#include <charconv>
#include <set>

#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

// 0 where it is no number.
int number_at(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string uid_of(const Json& object) { return text_at(object, "/metadata/uid"); }

AttemptName attempt_of(const Json& job) {
  const std::string attempt = text_at(job, "/metadata/labels/ork.dev~1attempt");
  return {text_at(job, "/metadata/labels/ork.dev~1run-uid"), text_at(job, "/metadata/labels/ork.dev~1task"),
          number_at(attempt)};
}

std::string phase_of(const Json& run_or_task) {
  const std::string of_run = text_at(run_or_task, "/status/phase");
  return of_run.empty() ? text_at(run_or_task, "/phase") : of_run;
}

bool is_final(const std::string& phase) {
  return phase == "Succeeded" || phase == "Failed" || phase == "Skipped" || phase == "UpstreamFailed" ||
         phase == "Cancelled";
}

const Json& task_in(const Json& run, const std::string& task) {
  static const Json none = Json::object();
  for (const Json& entry : value_at(run, "/status/tasks")) {
    if (text_at(entry, "/name") == task) return entry;
  }
  return none;
}

void History::note_state(States& kind, std::map<std::string, std::string>& uids, const Event& event,
                         std::size_t place) {
  static const Json gone;
  const Json& object = event.text == nullptr ? gone : *event.object;
  if (event.text == nullptr) {
    const auto known = uids.find(event.key);
    if (known == uids.end()) return;
    kind[known->second].push_back({&event, place, object, false});
    uids.erase(known);
    return;
  }
  const std::string uid = uid_of(object);
  const bool first = !kind.contains(uid);
  uids[event.key] = uid;
  kind[uid].push_back({&event, place, object, first});
}

History::History(const Trace& trace) : events(&trace.events()) {
  std::map<std::string, std::string> run_uids;
  std::map<std::string, std::string> job_uids;
  std::map<std::string, std::size_t> live;  // by uid of the Pod
  std::set<std::string> forged;             // keys
  Specs workflows;                          // as first stored
  Specs revisions;
  for (std::size_t place = 0; place < events->size(); ++place) {
    const Event& event = (*events)[place];
    if (event.kind == Event::Kind::Write) {
      if (event.collection == "workflowruns.ork.dev") note_state(runs, run_uids, event, place);
      if (event.collection == "workflows.ork.dev" && event.text != nullptr) {
        if (!workflows.contains(event.key)) workflows[event.key] = value_at(*event.object, "/spec");
      }
      if (event.collection == "controllerrevisions.apps" && event.text != nullptr) {
        revisions[event.key] = value_at(*event.object, "/data");
      }
      // What looks like ork's and was made by somebody else is none of its Jobs, until ork writes to it.
      if (event.actor == "user" && !job_uids.contains(event.key)) forged.insert(event.key);
      const bool of_ork = !forged.contains(event.key) || event.actor == "operator" || event.actor == "twin";
      if (event.collection == "jobs.batch" && of_ork) note_state(jobs, job_uids, event, place);
    } else if (event.kind == Event::Kind::Start) {
      live[event.process.pod_uid] = lives.size();
      lives.push_back({event.process, event.at, place, std::nullopt, 0, 0, event.actor, false, event.files});
    } else if (event.kind == Event::Kind::Exit) {
      const auto it = live.find(event.process.pod_uid);
      if (it == live.end()) continue;
      Life& life = lives[it->second];
      life.end = event.at;
      life.end_place = place;
      life.exit_code = event.exit_code;
      life.by_itself = event.by_itself;
    }
  }
  find_tasks(workflows, revisions);
}

void History::find_tasks(const Specs& workflows, const Specs& revisions) {
  for (const auto& [uid, states] : runs) {
    const Json& run = states.front().object;
    Json workflow = value_at(run, "/spec/workflow");
    if (const std::string name = text_at(run, "/spec/workflowRef/name"); !name.empty()) {
      const std::string ns = states.front().event->key.substr(0, states.front().event->key.find('/') + 1);
      if (const auto it = workflows.find(ns + name); it != workflows.end()) workflow = it->second;
      for (const State& state : states) {
        const auto it = revisions.find(ns + text_at(state.object, "/status/revision"));
        if (it != revisions.end()) workflow = it->second;
      }
    }
    if (workflow.contains("parallelism")) parallelism[uid] = workflow["parallelism"];
    if (workflow.contains("output")) outputs[uid] = workflow["output"];
    params[uid] = Json::object();
    for (const Json& param : workflow.value("params", Json::array())) {
      if (param.contains("default")) params[uid][param.value("name", "")] = param["default"];
    }
    params[uid].update(value_at(run, "/spec").value("params", Json::object()));
    const auto note = [&own = tasks[uid], &workflow](const Json& task, const Json& more) {
      Json& whole = own[task.value("name", "")];
      whole = workflow.value("defaults", Json::object());
      whole.update(task);
      whole.update(more);
    };
    const auto note_hooks = [&](const Json& hooks, const std::string& of) {
      for (const char* moment : {"onStart", "onSuccess", "onFailure", "onExit"}) {
        for (const Json& hook : hooks.value(moment, Json::array())) note(hook, {{"hook", moment}, {"hookOf", of}});
      }
    };
    for (const Json& task : workflow.value("tasks", Json::array())) {
      note(task, Json::object());
      note_hooks(task.value("hooks", Json::object()), task.value("name", ""));
    }
    note_hooks(workflow.value("hooks", Json::object()), "");
  }
}

}  // namespace ork::sim
