// Random small workflows, random weather: whatever the order of events, lost statuses and crashes, a
// run keeps its promises (reliability, section 2: I2, I3, I4, I6, I7, I8, I16, I17, I19), and a plan is
// the same for the same snapshot (the world checks that) and does nothing where nothing changed.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

#include "controllers/run/limits.hpp"
#include "controllers/run/projection.hpp"
#include "tests/scenarios/world.hpp"

namespace ork::scenarios {
namespace {

using api::Json;
using api::Phase;
using api::PodPhase;

int below(int bound) { return *rc::gen::inRange(0, bound); }
bool chance(int percent) { return below(100) < percent; }

constexpr std::array triggers = {"allSucceeded", "allDone", "anySucceeded", "anyFailed", "noneFailed"};

Json any_hooks(const std::string& name) {
  Json hooks = Json::object();
  for (const char* moment : {"onStart", "onSuccess", "onFailure", "onExit"}) {
    if (!chance(60)) continue;
    Json hook = {{"name", name + std::to_string(hooks.size())}};
    if (chance(30)) hook["retry"] = {{"limit", below(2)}, {"backoff", {{"initial", "1s"}}}};
    if (chance(20)) hook["failsRun"] = true;
    hooks[moment].push_back(std::move(hook));
  }
  return hooks;
}

Json any_workflow() {
  Json spec = {{"defaults", {{"image", "busybox"}}}, {"tasks", Json::array()}};
  if (chance(50)) spec["parallelism"] = 1 + below(4);
  if (chance(20)) spec["timeout"] = "10m";
  const int tasks = 1 + below(6);
  for (int i = 0; i < tasks; ++i) {
    Json task = {{"name", "t" + std::to_string(i)}};
    for (int up = 0; up < i; ++up) {
      if (chance(35)) task["dependsOn"].push_back("t" + std::to_string(up));
    }
    if (chance(30)) task["count"] = 1 + below(4);
    if (task.contains("count") && chance(50)) task["parallelism"] = 1 + below(3);
    if (task.contains("count") && chance(30)) {
      task["forEach"] = Json::array_t(task["count"].get<std::size_t>(), "x");
      task.erase("count");
    }
    if ((task.contains("count") || task.contains("forEach")) && chance(30))
      task["tolerate"]["failures"] = chance(50) ? Json(1) : Json("40%");
    if (chance(50)) task["retry"] = {{"limit", below(3)}, {"backoff", {{"initial", "1s"}, {"max", "5s"}}}};
    if (chance(25)) task["onFailure"] = "run";
    if (task.contains("dependsOn") && chance(30)) task["trigger"] = triggers[static_cast<std::size_t>(below(5))];
    if (chance(20)) task["when"] = chance(50) ? "run.name != ''" : "run.name == ''";
    if (task.contains("dependsOn") && chance(20)) task["when"] = "tasks.t0.phase != 'Succeeded'";
    spec["tasks"].push_back(std::move(task));
  }
  if (chance(30)) spec["hooks"] = any_hooks("r");
  if (chance(30)) spec["tasks"].at(static_cast<std::size_t>(below(tasks)))["hooks"] = any_hooks("h");
  // Names in another order than the edges, so that what comes first in the file may become ready last.
  if (chance(50)) std::reverse(spec["tasks"].begin(), spec["tasks"].end());
  return spec;
}

class Play {
 public:
  explicit Play(const Json& spec) : world_(spec, Json::object()) {}

  void run() {
    const int length = 10 + below(50);
    for (int i = 0; i < length && !over(); ++i) {
      misfortune();
      settle();
    }
    heal();
  }

 private:
  bool over() const { return api::is_final(world_.status().phase); }

  void misfortune() {
    switch (below(14)) {
      case 0: world_.weather.status_writes_fail = chance(50); break;
      case 1: hang_creates(chance(50)); break;
      case 2: world_.crash(); break;
      case 3: delete_some_job(); break;
      case 4: world_.sync_jobs(); break;
      case 5: world_.now += 1'000 * (1 + below(20)); break;
      case 6: world_.edit_run_spec("suspend", chance(40)); break;
      case 7:
        if (chance(10)) world_.edit_run_spec("cancel", true);
        break;
      default: move_some_pod(); break;
    }
  }

  void hang_creates(bool hang) {
    world_.weather.creates_hang = hang;
    if (!hang) world_.answer_creates();
  }

  HeldJob* some_job() {
    if (world_.jobs.empty()) return nullptr;
    return &std::next(world_.jobs.begin(), below(static_cast<int>(world_.jobs.size())))->second;
  }

  void delete_some_job() {
    if (HeldJob* held = some_job()) world_.delete_job(std::string(held->job.meta.name));
  }

  // A Pod of a Job is made, starts, or ends: as the Job controller and the kubelet would have it.
  void move_some_pod() {
    HeldJob* held = some_job();
    if (held == nullptr || held->job.suspended || held->job.finished) return;
    const std::int64_t index = held->count > 0 ? below(static_cast<int>(held->count)) : -1;
    if (api::IndexSet::parse(held->job.completed_indexes)->contains(index)) return;
    api::Pod& pod = held->pods[index];
    if (pod.phase == PodPhase::Succeeded || pod.phase == PodPhase::Failed) return;
    pod.index = index;
    pod.meta.name = held->job.meta.name + std::to_string(index);
    pod.meta.creation_ms = world_.now;
    end_pod(pod, chance(60) ? 0 : below(4));
  }

  // 0: succeeds; 1: fails by itself; 2: is preempted; 3: starts.
  void end_pod(api::Pod& pod, int fate) {
    pod.phase = fate == 3 ? PodPhase::Running : fate == 0 ? PodPhase::Succeeded : PodPhase::Failed;
    if (fate == 3) return;
    pod.finish_ms = world_.now;
    pod.exit_code = fate == 0 ? 0 : 1;
    if (fate == 0) pod.termination_message = "7";
    if (fate == 2) pod.disruption_reason = "PreemptionByScheduler";
  }

  // The operator, until it has nothing more to do.
  void settle() {
    for (int plans = 0; plans < 100; ++plans) {
      const api::RunStatus before = world_.status();
      const run::Plan plan = world_.decide();
      check_plan(before, plan);
      const bool changed = world_.carry_out(plan);
      check_status(before);
      if (changed) continue;
      wake_ = plan.wake_ms;
      check_rest();
      return;
    }
    RC_FAIL("the operator does not come to rest");
  }

  void check_plan(const api::RunStatus& before, const run::Plan& plan) {
    if (api::is_final(before.phase)) {
      RC_ASSERT(plan.create.empty() && plan.seed.empty());  // I8
      // Only that a wish came too late is told.
      api::RunStatus seen = before;
      seen.observed_generation = world_.run().meta.generation;
      for (api::Condition& condition : seen.conditions) condition.observed_generation = seen.observed_generation;
      RC_ASSERT(!run::differs(plan.status_changed ? seen : before, plan.status));
      return;
    }
    for (const run::NewJob& job : plan.create) {
      const bool held = world_.run().spec.cancel || world_.run().spec.suspend;
      if (held) RC_ASSERT(task_of(job).is_hook() && (before.result || world_.run().spec.cancel));  // I19
      check_create(plan, job);
    }
    check_parallelism(plan);
  }

  const workflow::CompiledTask& task_of(const run::NewJob& job) const {
    const workflow::Definition& definition = world_.definition();
    return definition.tasks[static_cast<std::size_t>(definition.index_of(job.task))];
  }

  void check_create(const run::Plan& plan, const run::NewJob& job) {
    const workflow::Definition& definition = world_.definition();
    const int task = definition.index_of(job.task);
    const workflow::CompiledTask& compiled = definition.tasks[static_cast<std::size_t>(task)];
    RC_ASSERT(job.attempt <= 1 + compiled.retry.limit + run::infrastructure_retries);  // I2
    RC_ASSERT(!world_.creating().contains(job.name));
    if (compiled.when) RC_ASSERT(compiled.when->text() != "run.name == ''");
    compiled.is_hook() ? check_moment(*compiled.task.hook) : check_turn(plan, task);
  }

  // By what is stored.
  void check_moment(const api::Hook& hook) {
    const api::RunStatus& stored = world_.status();
    if (hook.of < 0) {
      if (hook.moment == api::Moment::Start) return;
      RC_ASSERT(stored.result.has_value());
      if (hook.moment == api::Moment::Success) RC_ASSERT(stored.result->phase == Phase::Succeeded);
      if (hook.moment == api::Moment::Failure) RC_ASSERT(stored.result->phase == Phase::Failed);
      return;
    }
    const api::TaskStatus& task = *stored.tasks.at(static_cast<std::size_t>(hook.of));
    if (hook.moment == api::Moment::Start) RC_ASSERT(task.has_begun());
    if (hook.moment == api::Moment::Success) RC_ASSERT(task.phase == Phase::Succeeded);
    if (hook.moment == api::Moment::Failure) RC_ASSERT(task.phase == Phase::Failed);
    if (hook.moment == api::Moment::Exit) RC_ASSERT(api::is_final(task.phase));
  }

  // I3, as the words of the API have it.
  void check_turn(const run::Plan& plan, int task) {
    const workflow::Definition& definition = world_.definition();
    bool well = true, ended = true, unharmed = true, one_succeeded = false, one_failed = false;
    for (const int up : definition.graph.upstream(task)) {
      const Phase phase = plan.status.tasks[static_cast<std::size_t>(up)]->phase;
      const bool failed = phase == Phase::Failed || phase == Phase::UpstreamFailed;
      const bool excused =
          phase == Phase::Failed && definition.tasks[static_cast<std::size_t>(up)].on_failure == api::OnFailure::Run;
      well = well && (phase == Phase::Succeeded || excused);
      ended = ended && api::is_final(phase);
      unharmed = unharmed && api::is_final(phase) && (!failed || excused);
      one_succeeded = one_succeeded || phase == Phase::Succeeded;
      one_failed = one_failed || failed;
    }
    switch (definition.tasks[static_cast<std::size_t>(task)].task.trigger) {
      case api::Trigger::AllSucceeded: RC_ASSERT(well); break;
      case api::Trigger::AllDone: RC_ASSERT(ended); break;
      case api::Trigger::AnySucceeded: RC_ASSERT(one_succeeded); break;
      case api::Trigger::AnyFailed: RC_ASSERT(one_failed); break;
      case api::Trigger::NoneFailed: RC_ASSERT(unharmed); break;
    }
  }

  // I17: Pods that run or may start, of attempts that still count.
  void check_parallelism(const run::Plan& plan) {
    const auto most = world_.definition().parallelism;
    if (!most) return;
    std::int64_t pods = 0;
    for (const auto& [name, held] : world_.jobs) {
      const int i = world_.definition().index_of(held.job.task);
      const api::TaskStatus& task = *plan.status.tasks[static_cast<std::size_t>(i)];
      const bool counts = !task.is_hook() && task.attempt == held.job.attempt && !api::is_final(task.phase) &&
                          task.phase != Phase::Retrying;
      const std::int64_t open = task.count - task.succeeded_indexes.size() - task.failed_indexes.size();
      if (counts) pods += held.count > 0 ? std::min(held.width, open) : 1;
    }
    const auto width = [this](const run::NewJob& job) {
      return task_of(job).is_hook() ? std::int64_t{0}
                                    : Json::parse(job.body)["spec"].value("parallelism", std::int64_t{1});
    };
    for (const auto& [name, job] : world_.creating()) pods += width(job);
    for (const run::NewJob& job : plan.create) pods += width(job);
    RC_ASSERT(pods <= *most);
  }

  void check_status(const api::RunStatus& before) {
    const api::RunStatus& after = world_.status();
    if (after.tasks.empty()) return;
    const api::TaskCounts& c = after.counts;
    RC_ASSERT(c.total == static_cast<std::int64_t>(world_.definition().first_hook));  // I16
    RC_ASSERT(c.pending + c.queued + c.running + c.retrying + c.succeeded + c.failed + c.skipped + c.upstream_failed +
                  c.cancelled ==
              c.total);
    for (std::size_t i = 0; i < before.tasks.size(); ++i) {  // I4, I2
      if (api::is_final(before.tasks[i]->phase)) RC_ASSERT(*after.tasks[i] == *before.tasks[i]);
      RC_ASSERT(after.tasks[i]->attempt >= before.tasks[i]->attempt);
    }
    if (before.result) RC_ASSERT(after.result == before.result);
    if (!over()) return;
    for (const api::TaskStatusPtr& task : after.tasks) RC_ASSERT(api::is_final(task->phase));
  }

  // Nothing changes, so nothing is done; and no run waits for nothing (I7).
  void check_rest() {
    const run::Plan again = world_.decide();
    RC_ASSERT(world_.weather.status_writes_fail || !again.status_changed);
    RC_ASSERT(again.create.empty() && again.seed.empty() && again.remove.empty());
    if (over() || world_.run().spec.suspend || world_.weather.status_writes_fail) return;
    const bool waits_for_a_job = std::any_of(world_.jobs.begin(), world_.jobs.end(),
                                             [](const auto& entry) { return !entry.second.job.finished; });
    RC_ASSERT(wake_.has_value() || waits_for_a_job || !world_.creating().empty());
  }

  // The weather clears, all Pods end, time passes: every run ends (I7), and its Jobs with it.
  void heal() {
    world_.weather = {};
    world_.answer_creates();
    world_.edit_run_spec("suspend", false);
    for (int round = 0; round < 300 && !over(); ++round) {
      settle();
      for (auto& [name, held] : world_.jobs) finish_pods(held);
      world_.sync_jobs();
      world_.now += 10'000;
    }
    RC_ASSERT(over());
    settle();
    for (const auto& [name, held] : world_.jobs) RC_ASSERT(held.job.finished || recorded(held));  // I19
    check_evidence();
  }

  void finish_pods(HeldJob& held) {
    if (held.job.suspended || held.job.finished) return;
    for (std::int64_t i = held.count > 0 ? 0 : -1; i < held.count; ++i) {
      if (api::IndexSet::parse(held.job.completed_indexes)->contains(i)) continue;
      api::Pod& pod = held.pods[i];
      pod.index = i;
      if (pod.phase != PodPhase::Succeeded && pod.phase != PodPhase::Failed) end_pod(pod, 0);
    }
  }

  // All its Pods have ended, only the Job controller has not said so yet.
  bool recorded(const HeldJob& held) const {
    return !held.pods.empty() && std::all_of(held.pods.begin(), held.pods.end(), [](const auto& entry) {
      return entry.second.phase == PodPhase::Succeeded || entry.second.phase == PodPhase::Failed;
    });
  }

  // I6: a task whose Job is complete has succeeded, unless the run was stopped before that was seen.
  void check_evidence() {
    for (const auto& [name, held] : world_.jobs) {
      if (!held.job.complete) continue;
      const int i = world_.definition().index_of(held.job.task);
      const Phase phase = world_.status().tasks[static_cast<std::size_t>(i)]->phase;
      RC_ASSERT(phase == Phase::Succeeded || phase == Phase::Cancelled);
    }
  }

  World world_;
  std::optional<api::TimeMs> wake_;
};

RC_GTEST_PROP(Invariants, HoldInAnyWeather, ()) { Play(any_workflow()).run(); }

}  // namespace
}  // namespace ork::scenarios
