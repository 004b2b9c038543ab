// plan(): whatever the cluster shows of a run, and whatever its status says, there is one answer; and once what it says
// is stored and nothing else happens, it has nothing more to say.

#include <deque>
#include <set>

#include "controllers/jobs/names.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/plan.hpp"
#include "controllers/workflow/compile.hpp"
#include "tests/fuzz/target.hpp"

namespace ork::run {
namespace {

using api::Json;
using fuzz::Choices;

constexpr api::TimeMs now = 1'800'000'000'000;
// A plan may go by what it has itself just decided; each step of that is one.
constexpr int most_steps = 12;

const char* const specs[] = {
    R"({"tasks": [{"name": "a", "image": "i"}]})",
    R"({"tasks": [{"name": "a", "image": "i", "output": {"type": "integer"}},
                  {"name": "b", "image": "i", "inputs": {"n": "tasks.a.output"}}], "output": "tasks.a.output + 1"})",
    R"({"timeout": "10m", "tasks": [{"name": "a", "image": "i", "timeout": "1m", "retry": {"limit": 2}},
                  {"name": "b", "image": "i", "dependsOn": ["a"], "trigger": "allDone"},
                  {"name": "c", "image": "i", "dependsOn": ["a", "b"], "trigger": "anyFailed", "onFailure": "run"}]})",
    R"({"parallelism": 2, "tasks": [{"name": "a", "image": "i", "count": 4, "parallelism": 3,
                  "retry": {"limit": 1, "when": "exitCode < 3"}, "tolerate": {"failures": 1}},
                  {"name": "b", "image": "i", "when": "size(tasks.a.output) > 1", "dependsOn": ["a"]}]})",
    R"({"params": [{"name": "n", "type": "integer", "default": 3}], "tasks": [
                  {"name": "a", "image": "i", "forEach": ["x", "y"]},
                  {"name": "b", "image": "i", "count": "params.n", "dependsOn": ["a"]}]})",
    R"({"tasks": [{"name": "a", "wait": {"for": "5m"}}, {"name": "b", "approve": {"message": "go?", "timeout": "1h"}},
                  {"name": "c", "image": "i", "dependsOn": ["a", "b"]}]})",
    R"({"tasks": [{"name": "a", "image": "i", "pendingTimeout": "30s", "onOOM": {"memory": "x2", "max": "1Gi"},
                  "resources": {"requests": {"memory": "128Mi"}, "limits": {"memory": "128Mi"}}},
                  {"name": "b", "image": "i", "forEach": "tasks.a.output"}]})",
    R"j({"params": [{"name": "l", "type": "array", "default": [1, 2]}], "tasks": [
                  {"name": "a", "image": "i", "script": "x", "matrix": {"os": ["x", "y"], "v": "params.l",
                   "exclude": [{"os": "x"}], "include": [{"os": "y", "more": 1}, {"os": "z"}]},
                   "inputs": {"n": "item.os + string(index)", "l": "params.l"}},
                  {"name": "b", "image": "i", "count": 2, "dependsOn": ["a"], "inputs": {"n": "10 / (index - 1)"}}]})j",
};

// The times that rules turn on.
api::TimeMs a_time(Choices& choices) {
  static const api::TimeMs times[] = {0,           now,          now - 1'000, now - 30'000,    now - 600'000,
                                      now + 1'000, now + 90'000, 1'000,       api::max_time_ms};
  return choices.of(times);
}

api::IndexSet some_indexes(Choices& choices) {
  static const char* const texts[] = {"", "0", "1-2", "0-3", "3", "0,2"};
  return api::IndexSet::parse(choices.of(texts)).value_or(api::IndexSet());
}

std::string a_reason(Choices& choices) {
  static const char* const reasons[] = {"", "Error", "OOMKilled", "DeadlineExceeded", "Backoff", "Evicted", "Killed"};
  return choices.of(reasons);
}

// What a world shows; what is added stays where it is, so that a snapshot may point at it.
struct World {
  api::WorkflowRun run;
  std::shared_ptr<const workflow::Definition> definition;
  std::deque<api::Job> jobs;
  std::deque<api::Pod> pods;
  Snapshot snapshot;

  explicit World(Choices& choices) {
    definition = std::make_shared<const workflow::Definition>(*workflow::compile(Json::parse(choices.of(specs))));
    run.meta.ns = "default";
    run.meta.name = "r";
    run.meta.uid = "uid";
    run.meta.generation = 1 + choices.below(2);
    run.meta.creation_ms = a_time(choices);
    run.meta.resource_version = "7";
    if (choices.flag()) run.spec.workflow_ref = "flow";
    run.spec.cancel = choices.seldom(6);
    run.spec.suspend = choices.seldom(6);
    snapshot.run = &run;
    snapshot.workflow_name = run.spec.workflow_ref;
    if (!run.spec.workflow_ref.empty()) snapshot.revision = "flow-1";
    snapshot.definition_state =
        choices.seldom(8) ? static_cast<DefinitionState>(choices.below(5)) : DefinitionState::Found;
    if (snapshot.definition_state == DefinitionState::Found) snapshot.definition = definition;
    if (choices.flag()) store(choices);
    for (unsigned i = choices.below(6); i > 0; --i) show_job(choices);
    if (choices.seldom(4)) act(choices);
    if (choices.seldom(4)) snapshot.refused.push_back({a_job(choices), "no", choices.flag(), a_time(choices)});
    if (choices.seldom(4)) snapshot.creating.insert(a_job(choices));
  }

  std::string a_task(Choices& choices) const {
    return definition->tasks[choices.below(3) % definition->tasks.size()].name();
  }
  std::string a_job(Choices& choices) const {
    return jobs::job_name("r", "uid", a_task(choices), 1 + static_cast<int>(choices.below(4)));
  }

  void store(Choices& choices) {
    run.status.observed_generation = 1;
    run.status.phase = static_cast<api::Phase>(choices.below(10));
    if (!run.spec.workflow_ref.empty()) run.status.revision = "flow-1";
    run.status.start_ms = a_time(choices);
    for (const workflow::CompiledTask& task : definition->tasks) {
      api::TaskStatus status;
      status.name = task.name();
      status.phase = static_cast<api::Phase>(choices.below(10));
      status.attempt = static_cast<int>(choices.below(4));
      if (status.attempt > 0 && !choices.seldom(8))
        status.job = jobs::job_name("r", "uid", task.name(), status.attempt);
      status.reason = a_reason(choices);
      status.start_ms = a_time(choices);
      status.completion_ms = a_time(choices);
      status.retry_ms = a_time(choices);
      status.until_ms = a_time(choices);
      status.program_retries = static_cast<int>(choices.below(4));
      status.infrastructure_retries = static_cast<int>(choices.below(8));
      if (choices.flag()) status.output = Json(choices.below(5));
      if (task.fans_out()) {
        status.count = choices.below(5);
        status.active = choices.below(5);
        status.succeeded_indexes = some_indexes(choices);
        status.failed_indexes = some_indexes(choices);
      }
      run.status.tasks.push_back(std::make_shared<const api::TaskStatus>(std::move(status)));
    }
  }

  void show_job(Choices& choices) {
    api::Job job;
    job.task = a_task(choices);
    job.attempt = 1 + static_cast<int>(choices.below(4));
    job.meta.name = jobs::job_name("r", "uid", job.task, job.attempt);
    job.meta.uid = "uid-" + job.meta.name;
    job.meta.creation_ms = a_time(choices);
    job.run_uid = "uid";
    job.indexed = definition->tasks[static_cast<std::size_t>(definition->index_of(job.task))].fans_out();
    job.completions = choices.below(5);
    job.suspended = choices.seldom(6);
    job.unseeded = job.suspended && choices.flag();
    job.start_ms = a_time(choices);
    job.completion_ms = a_time(choices);
    const unsigned end = choices.below(5);
    job.complete = end == 1 || end == 2;
    job.failed = end == 3 || end == 4;
    job.finished = end == 2 || end == 4;
    job.given_up_ms = job.failed ? a_time(choices) : 0;
    job.failure_reason = job.failed ? a_reason(choices) : "";
    job.completed_indexes = some_indexes(choices).format();
    job.failed_indexes = some_indexes(choices).format();
    job.deleted = choices.seldom(6);
    // The mirror holds one Job of a name.
    for (const api::Job& other : jobs) {
      if (other.meta.name == job.meta.name) return;
    }
    jobs.push_back(std::move(job));
    snapshot.jobs.push_back({&jobs.back(), {}});
    for (unsigned i = choices.below(4); i > 0; --i) show_pod(choices, snapshot.jobs.back());
    if (choices.flag()) snapshot.gone.insert({Missing::Kind::Pods, jobs.back().meta.name, jobs.back().meta.uid});
  }

  void show_pod(Choices& choices, ObservedJob& observed) {
    api::Pod pod;
    pod.meta.name = "pod-" + std::to_string(pods.size());
    pod.meta.uid = pod.meta.name;
    pod.meta.creation_ms = a_time(choices);
    pod.phase = static_cast<api::PodPhase>(choices.below(5));
    pod.index = observed.job->indexed ? static_cast<std::int64_t>(choices.below(6)) : -1;
    pod.start_ms = a_time(choices);
    pod.finish_ms = a_time(choices);
    if (choices.flag()) pod.exit_code = static_cast<int>(choices.below(256));
    pod.terminated_reason = a_reason(choices);
    static const char* const messages[] = {"", "1", "[1,2]", "not JSON", "{\"a\":", "\xff"};
    pod.termination_message = choices.of(messages);
    static const char* const waits[] = {"", "ImagePullBackOff", "CreateContainerConfigError", "PodInitializing"};
    pod.waiting_reason = choices.of(waits);
    pod.unschedulable = choices.seldom(6);
    pod.disruption_reason = choices.seldom(6) ? "PreemptionByScheduler" : "";
    pods.push_back(std::move(pod));
    observed.pods.push_back(&pods.back());
  }

  void act(Choices& choices) {
    api::Action action;
    action.id = "1";
    action.task = a_task(choices);
    action.act = static_cast<api::Act>(choices.below(7));
    if (choices.flag()) action.output = Json(1);
    run.spec.actions.push_back(std::move(action));
  }
};

// All of a plan that is carried out, as text.
std::string told(const Plan& plan) {
  Json out = {{"status", api::encode_status(plan.status)}, {"changed", plan.status_changed}};
  for (const NewJob& job : plan.create) out["create"].push_back({job.name, job.body});
  for (const SeedJob& job : plan.seed) out["seed"].push_back({job.name, job.status_body});
  for (const OldJob& job : plan.remove) out["remove"].push_back(job.name);
  for (const Missing& missing : plan.look_up) out["look_up"].push_back(missing.name);
  for (const Event& event : plan.events) out["events"].push_back(event.message);
  return out.dump(-1, ' ', true, Json::error_handler_t::replace);
}

void check_creates(const World& world, const Plan& plan) {
  std::set<std::string> names;
  for (const NewJob& job : plan.create) {
    fuzz::require(names.insert(job.name).second, "no Job is made twice");
    fuzz::require(!world.snapshot.creating.contains(job.name), "what is being made is not made");
    fuzz::require(job.attempt <= max_attempt, "no attempt is beyond the last");
  }
  fuzz::require(plan.create.empty() || !world.run.spec.cancel, "nothing is made of a run that is cancelled");
}

// What is stored as ended stays as it ended, unless somebody asks for something.
void check_final(const World& world, const Plan& plan) {
  if (!world.run.spec.actions.empty()) return;
  for (std::size_t i = 0; i < world.run.status.tasks.size() && i < plan.status.tasks.size(); ++i) {
    const api::TaskStatus& before = *world.run.status.tasks[i];
    if (!api::is_final(before.phase)) continue;
    fuzz::require(plan.status.tasks[i]->phase == before.phase, "what has ended stays as it ended");
  }
}

void try_one(std::string_view bytes) {
  Choices choices(bytes);
  World world(choices);
  for (int step = 0;; ++step) {
    fuzz::require(step < most_steps, "what is stored is the end of it");
    Plan plan = run::plan(world.snapshot, now);
    fuzz::require(told(plan) == told(run::plan(world.snapshot, now)), "the same plan twice");
    check_creates(world, plan);
    check_final(world, plan);
    if (!plan.status_changed) {
      const bool asks = !plan.create.empty() || !plan.look_up.empty() || !plan.seed.empty();
      fuzz::require(asks || !plan.wake_ms || *plan.wake_ms > now, "nobody looks again at once for nothing");
      return;
    }
    world.run.status = std::move(plan.status);
  }
}

}  // namespace
}  // namespace ork::run

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ork::run::try_one(ork::fuzz::text_of(data, size));
  return 0;
}
