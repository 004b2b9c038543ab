#include "tests/scenarios/world.hpp"

#include <stdexcept>

#include "controllers/run/status_budget.hpp"
#include "controllers/run/status_patch.hpp"
#include "controllers/workflow/compile.hpp"

namespace ork::scenarios {
namespace {

using api::Json;
using api::PodPhase;

// Anything that the code under test must never do; GoogleTest and rapidcheck both report it.
void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

bool ended(const api::Pod& pod) { return pod.phase == PodPhase::Succeeded || pod.phase == PodPhase::Failed; }

// What the Job controller says of a Job without fan-out.
void sync_plain(HeldJob& held, api::TimeMs now) {
  for (const auto& [index, pod] : held.pods) {
    if (!ended(pod)) continue;
    const bool good = pod.phase == PodPhase::Succeeded;
    held.job.complete = good;
    held.job.failed = !good;
    held.job.finished = true;
    if (good) held.job.completion_ms = now;
    if (!good) held.job.failure_reason = "BackoffLimitExceeded";
  }
}

void sync_indexed(HeldJob& held, api::TimeMs now) {
  auto completed = *api::IndexSet::parse(held.job.completed_indexes);
  auto failed = *api::IndexSet::parse(held.job.failed_indexes);
  for (const auto& [index, pod] : held.pods) {
    if (pod.phase == PodPhase::Succeeded) completed.insert(index);
    if (pod.phase == PodPhase::Failed) failed.insert(index);
  }
  held.job.completed_indexes = completed.format();
  held.job.failed_indexes = failed.format();
  if (completed.size() + failed.size() < held.count) return;
  held.job.finished = true;
  held.job.complete = failed.empty();
  held.job.failed = !failed.empty();
  if (held.job.complete) held.job.completion_ms = now;
  if (held.job.failed) held.job.failure_reason = "FailedIndexes";
}

}  // namespace

World::World(const Json& workflow_spec, const Json& run_spec, bool is_inline) {
  auto compiled = workflow::compile(workflow_spec);
  require(compiled.ok(), compiled ? "" : workflow::describe(compiled.error()));
  definition_ = std::make_shared<const workflow::Definition>(std::move(*compiled));
  Json spec = run_spec.is_object() ? run_spec : Json::object();
  if (is_inline) {
    spec["workflow"] = workflow_spec;
  } else {
    spec["workflowRef"] = {{"name", "flow"}};
  }
  object_ = {{"metadata",
              {{"name", "etl"},
               {"namespace", "data"},
               {"uid", "run-uid"},
               {"generation", 1},
               {"resourceVersion", "1"},
               {"creationTimestamp", api::format_time(now)}}},
             {"spec", std::move(spec)},
             {"status", {{"observedGeneration", -1}}}};
  read_run();
}

void World::read_run() {
  auto run = api::decode_workflow_run(object_);
  require(run.ok(), run ? "" : run.error().sentence());
  run_ = std::move(*run);
}

void World::edit_run_spec(const char* field, const Json& value) {
  object_["spec"][field] = value;
  object_["metadata"]["generation"] = run_.meta.generation + 1;
  read_run();
}

void World::add_action(const Json& action) {
  Json actions = object_["spec"].value("actions", Json::array());
  actions.push_back(action);
  edit_run_spec("actions", actions);
}

// What the operator has noted of it is only as new as its last look.
void World::set_earlier(const Json& run, const Json& workflow_spec) {
  earlier_ = {};
  if (run.is_null()) return;
  Json object = run;
  object["metadata"] = {{"name", "old"}, {"namespace", "data"}, {"uid", "old-uid"}, {"resourceVersion", "1"}};
  auto decoded = api::decode_workflow_run(object);
  require(decoded.ok(), decoded ? "" : decoded.error().sentence());
  earlier_.run = std::make_shared<const api::WorkflowRun>(std::move(*decoded));
  results_.add(*earlier_.run);
  auto compiled = workflow::compile(workflow_spec);
  require(compiled.ok(), compiled ? "" : workflow::describe(compiled.error()));
  earlier_.definition = std::make_shared<const workflow::Definition>(std::move(*compiled));
}

void World::collect_garbage() {
  std::erase_if(jobs, [](const auto& entry) {
    const HeldJob& held = entry.second;
    return held.job.meta.deleting && std::all_of(held.pods.begin(), held.pods.end(), [](const auto& pod) {
             return pod.second.phase == api::PodPhase::Succeeded || pod.second.phase == api::PodPhase::Failed;
           });
  });
}

run::Snapshot World::snapshot() const {
  run::Snapshot out;
  out.run = &run_;
  out.workflow_name = run_.spec.workflow_ref;
  const bool found = definition_state == run::DefinitionState::Found;
  out.definition_state = definition_state;
  if (found) out.definition = definition_;
  out.revision = found && !out.workflow_name.empty() ? "flow-1" : run_.status.revision;
  out.problems = problems;
  const auto add = [&out](const HeldJob& held) {
    run::ObservedJob observed{&held.job, {}};
    for (const auto& [index, pod] : held.pods) observed.pods.push_back(&pod);
    out.jobs.push_back(std::move(observed));
  };
  for (const auto& [name, held] : jobs) add(held);
  for (const HeldJob& held : lost_) add(held);
  for (const auto& [name, child] : children) out.children.push_back(&child);
  for (const auto& [name, other] : others) out.awaited.emplace(name, &other);
  out.awaited_objects = objects;
  out.parent = parent;
  for (const auto& [name, refused] : refused_) out.refused.push_back(refused);
  for (const auto& [name, job] : creating_) out.creating.insert(name);
  out.gone = gone_;
  out.earlier = asked_for_;
  out.results = &results_;
  return out;
}

run::Plan World::decide() {
  collect_garbage();
  const run::Snapshot seen = snapshot();
  run::Plan plan = run::plan(seen, now);
  require(as_json(plan) == as_json(run::plan(seen, now)), "the same snapshot gave two plans");
  return plan;
}

// What is written once stays: another create of the same name changes nothing.
void World::keep_items(const run::NewItems& items, std::int64_t count, const Json& pod_spec) {
  const Json body = Json::parse(items.body);
  require(body["metadata"]["name"] == items.name, "the body of ConfigMap " + items.name + " has another name");
  require(body["metadata"]["ownerReferences"].at(0)["uid"] == "run-uid",
          "ConfigMap " + items.name + " is not the run's");
  // Of each index its item, its inputs, or both.
  const bool whole = !body["data"].empty() && static_cast<std::int64_t>(body["data"].size()) % count == 0;
  require(whole, items.name + " has not as much for each index");
  require(pod_spec["volumes"].at(0)["configMap"]["name"] == items.name, "a Pod does not mount " + items.name);
  const auto [held, added] = items_.emplace(items.name, items.body);
  require(held->second == items.body, "the items of " + items.name + " are no longer the same");
}

void World::create_child(const run::NewJob& child) {
  require(!children.contains(child.name), "run " + child.name + " is created although it exists");
  created.push_back(child.name);
  Json body = Json::parse(child.body);
  require(body["metadata"]["name"] == child.name, "the body of run " + child.name + " has another name");
  require(body["metadata"]["ownerReferences"].at(0)["uid"] == "run-uid", "run " + child.name + " is not the run's");
  body["metadata"]["uid"] = "uid-" + child.name;
  body["metadata"]["creationTimestamp"] = api::format_time(now);
  auto run = api::decode_workflow_run(body);
  require(run.ok(), run ? "" : run.error().sentence());
  require(run->spec.child_of && run->spec.child_of->task == child.task && run->spec.child_of->attempt == child.attempt,
          "run " + child.name + " is not of that attempt");
  children.emplace(child.name, std::move(*run));
}

api::WorkflowRun* World::child_of(std::string_view task, std::int64_t index) {
  api::WorkflowRun* newest = nullptr;
  for (auto& [name, child] : children) {
    const api::ChildOf& of = *child.spec.child_of;
    if (of.task != task || of.index != index) continue;
    if (newest == nullptr || newest->spec.child_of->attempt < of.attempt) newest = &child;
  }
  return newest;
}

void World::create(const run::NewJob& job) {
  if (job.is_run) return create_child(job);
  require(!jobs.contains(job.name), "Job " + job.name + " is created although it exists");
  for (const api::TaskStatusPtr& task : run_.status.tasks) {
    require(task->name != job.task || task->attempt < job.attempt, "Job " + job.name + " is created a second time");
  }
  for (const HeldJob& held : lost_) require(held.job.meta.name != job.name, "Job " + job.name + " is created again");
  created.push_back(job.name);
  bytes_written += job.body.size() + (job.items ? job.items->body.size() : 0);
  const Json body = Json::parse(job.body);
  HeldJob held;
  held.job.meta.name = body["metadata"]["name"];
  require(held.job.meta.name == job.name, "the body of Job " + job.name + " has another name");
  held.job.meta.uid = "uid-" + job.name;
  held.job.meta.owner_uid = "run-uid";
  held.job.meta.creation_ms = now;
  held.job.task = job.task;
  held.job.attempt = job.attempt;
  held.job.start_ms = now;
  held.job.indexed = job.indexed;
  held.job.suspended = body["spec"].value("suspend", false);
  held.job.unseeded =
      body["metadata"].value("annotations", Json::object()).contains(std::string(api::annotation_unseeded));
  require(held.job.suspended == job.suspended && held.job.unseeded == job.unseeded,
          "the body of Job " + job.name + " is not as suspended as the plan says");
  held.width = body["spec"].value("parallelism", 1);
  held.count = body["spec"].value("completions", 0);
  held.job.completions = held.count;
  require(held.count == job.completions, "the body of Job " + job.name + " has not as many indexes as the plan says");
  if (job.items) keep_items(*job.items, held.count, body["spec"]["template"]["spec"]);
  jobs.emplace(job.name, std::move(held));
}

void World::answer_creates() {
  for (const auto& [name, job] : creating_) create(job);
  creating_.clear();
}

void World::write_status(const api::RunStatus& next) {
  const std::size_t bytes = api::encode_status(next).dump().size();
  require(bytes <= std::size_t{1} << 20, "a status of " + std::to_string(bytes) + " bytes");
  require(bytes <= run::estimated_bytes(next), "the estimate of " + std::to_string(bytes) + " bytes is too low");
  const std::string text = run::status_patch(run_, next);
  bytes_written += text.size();
  Json patch = Json::parse(text);
  require(patch.at(0)["path"] == "/metadata/resourceVersion" && patch[0]["value"] == run_.meta.resource_version,
          "a status patch without the resourceVersion it was made from");
  object_ = object_.patch(patch);
  require(object_["status"] == api::encode_status(next), "the status patch does not lead to the next status");
  object_["metadata"]["resourceVersion"] = std::to_string(std::stoll(run_.meta.resource_version) + 1);
  read_run();
  // Lost Jobs whose end is told now are of no more use.
  std::erase_if(lost_, [this](const HeldJob& held) {
    for (const api::TaskStatusPtr& task : run_.status.tasks) {
      if (task->name != held.job.task) continue;
      return api::is_final(task->phase) || task->attempt > held.job.attempt ||
             (task->attempt == held.job.attempt && task->phase == api::Phase::Retrying);
    }
    return false;
  });
}

bool World::carry_out(const run::Plan& plan) {
  bool changed = false;
  for (const run::NewJob& job : plan.create) {
    const auto refusal = refuses.find(job.task);
    if (refusal != refuses.end()) {
      refused_[job.name] = refusal->second;
      refused_[job.name].name = job.name;
    } else if (weather.creates_hang) {
      creating_.emplace(job.name, job);
    } else {
      refused_.erase(job.name);
      create(job);
    }
    changed = true;
  }
  for (const run::SeedJob& seed : plan.seed) {
    HeldJob& held = jobs.at(seed.name);
    require(held.job.meta.uid == seed.uid && held.pods.empty(), "a Job is seeded after it has started");
    held.job.completed_indexes = Json::parse(seed.status_body)["status"]["completedIndexes"];
    held.job.suspended = !Json::parse(seed.spec_body).contains("spec");
    require(held.job.suspended == !seed.queue.empty(), "a seeded Job is not let go as the plan says");
    held.job.unseeded = false;
    changed = true;
  }
  for (const run::OldJob& job : plan.remove) {
    require(jobs.contains(job.name) && jobs.at(job.name).job.meta.uid == job.uid, "a Job that is not there is removed");
    jobs.at(job.name).job.meta.deleting = job.pods_first;
    if (!job.pods_first) jobs.erase(job.name);
    changed = true;
  }
  for (const run::Missing& missing : plan.look_up) {
    require(missing.kind != run::Missing::Kind::Job || !jobs.contains(missing.name), "what is shown is looked up");
    if (missing.kind == run::Missing::Kind::Run && earlier_.run != nullptr) {
      require(asked_for_.empty(), "a run is looked up that is shown");
      asked_for_[missing.name] = earlier_;
      changed = true;
    } else {
      changed = gone_.insert(missing).second || changed;
    }
  }
  // As the operator does it: a status waits for creates on their way, so that it can name their Jobs.
  const bool waits = !plan.create.empty() && plan.urgency != run::Urgency::Final;
  if (plan.status_changed && !waits && !weather.status_writes_fail) {
    write_status(plan.status);
    changed = true;
  }
  std::erase_if(asked_for_, [&](const auto& earlier) { return !plan.consulted.contains(earlier.first); });
  run_deleted = run_deleted || plan.delete_run;
  return changed && !run_deleted;
}

void World::crash() {
  // A create on its way may have arrived all the same.
  answer_creates();
  lost_.clear();
  refused_.clear();
  gone_.clear();
  asked_for_ = {};
}

HeldJob* World::job_of(std::string_view task) {
  HeldJob* newest = nullptr;
  for (auto& [name, held] : jobs) {
    if (held.job.task == task && (newest == nullptr || held.job.attempt > newest->job.attempt)) newest = &held;
  }
  return newest;
}

void World::delete_job(const std::string& name) {
  auto node = jobs.extract(name);
  node.mapped().job.deleted = true;
  lost_.push_back(std::move(node.mapped()));
}

void World::sync_jobs() {
  for (auto& [name, held] : jobs) {
    if (held.job.finished) continue;
    held.count > 0 ? sync_indexed(held, now) : sync_plain(held, now);
  }
}

Json as_json(const run::Plan& plan) {
  Json out = {{"status", api::encode_status(plan.status)},
              {"changed", plan.status_changed},
              {"final", plan.urgency == run::Urgency::Final},
              {"delete", plan.delete_run},
              {"wake", plan.wake_ms.value_or(0)}};
  for (const run::NewJob& job : plan.create) {
    out["create"].push_back({job.name, job.task, job.attempt, job.body, job.items ? job.items->body : ""});
  }
  for (const run::SeedJob& seed : plan.seed)
    out["seed"].push_back({seed.name, seed.uid, seed.status_body, seed.spec_body});
  for (const run::OldJob& job : plan.remove) out["remove"].push_back({job.name, job.uid});
  for (const run::Missing& missing : plan.look_up) out["look_up"].push_back({missing.name, missing.uid});
  for (const run::Event& event : plan.events) out["events"].push_back({event.reason, event.message});
  return out;
}

}  // namespace ork::scenarios
