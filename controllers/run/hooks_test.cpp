#include "controllers/run/hooks.hpp"

#include <gtest/gtest.h>

#include "controllers/run/plan.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using namespace test;
using api::Json;
using api::Phase;
using Names = std::vector<std::string>;

// Of a run, and of its task a.
constexpr const char* all_hooks = R"({"defaults": {"image": "busybox"}, "tasks": [{"name": "a", "hooks": {
    "onStart": [{"name": "a-start"}], "onSuccess": [{"name": "a-success"}], "onFailure": [{"name": "a-failure"}],
    "onExit": [{"name": "a-exit"}]}}],
  "hooks": {"onStart": [{"name": "start"}], "onSuccess": [{"name": "success"}], "onFailure": [{"name": "failure"}],
    "onExit": [{"name": "exit"}]}})";

// Those whose moment has come, and in brackets those whose moment never comes.
std::string turns_of(const api::TaskStatus& a, const std::optional<api::RunResult>& result = {}) {
  const auto definition = definition_of(all_hooks);
  api::RunStatus stored;
  stored.tasks = {ptr(a)};
  stored.result = result;
  const std::vector<HookTurn> turns = hook_turns(*definition, stored);
  std::string come, never;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const std::string name = definition->tasks[definition->first_hook + i].name() + " ";
    if (turns[i] == HookTurn::Come) come += name;
    if (turns[i] == HookTurn::Never) never += name;
  }
  return come + "(" + never + ")";
}

api::TaskStatus begun(Phase phase) { return task_status("a", phase, 1); }

TEST(Hooks, OfATaskFollowWhatIsStoredOfIt) {
  EXPECT_EQ(turns_of(task_status("a")), "start ()");
  EXPECT_EQ(turns_of(task_status("a", Phase::Queued)), "start ()");
  EXPECT_EQ(turns_of(begun(Phase::Running)), "a-start start ()");
  EXPECT_EQ(turns_of(begun(Phase::Retrying)), "a-start start ()");
  EXPECT_EQ(turns_of(begun(Phase::Succeeded)), "a-start a-success a-exit start (a-failure )");
  EXPECT_EQ(turns_of(begun(Phase::Failed)), "a-start a-failure a-exit start (a-success )");
  EXPECT_EQ(turns_of(begun(Phase::Cancelled)), "a-start a-exit start (a-success a-failure )");
}

TEST(Hooks, OfATaskThatNeverRanAreLeftOut) {
  for (const Phase phase : {Phase::Skipped, Phase::UpstreamFailed, Phase::Cancelled})
    EXPECT_EQ(turns_of(task_status("a", phase)), "start (a-start a-success a-failure a-exit )");
  // Its inputs had no value: it has failed, although nothing of it has run.
  EXPECT_EQ(turns_of(task_status("a", Phase::Failed)), "a-failure a-exit start (a-start a-success )");
}

TEST(Hooks, OfATaskThatIsClearedWaitForItAgain) {
  api::TaskStatus a = begun(Phase::Retrying);
  a.attempts.push_back({.attempt = 1, .reason = "Cleared"});
  EXPECT_EQ(turns_of(a), "start ()");
}

TEST(Hooks, OfARunFollowItsResult) {
  const auto with = [](Phase phase) {
    return turns_of(task_status("a", Phase::Skipped), api::RunResult{phase, "Why", "because", now});
  };
  const std::string never = "(a-start a-success a-failure a-exit ";
  EXPECT_EQ(with(Phase::Succeeded), "start success exit " + never + "failure )");
  EXPECT_EQ(with(Phase::Failed), "start failure exit " + never + "success )");
  EXPECT_EQ(with(Phase::Cancelled), "start exit " + never + "success failure )");
}

TEST(Hooks, LeaveTheResultAsItIsUnlessOneFailsTheRun) {
  const auto definition = definition_of(R"({"defaults": {"image": "busybox"}, "tasks": [{"name": "a"}],
    "hooks": {"onExit": [{"name": "tell"}, {"name": "check", "failsRun": true}]}})");
  const auto verdict = [&](Phase result, Phase tell, Phase check) {
    std::vector<api::TaskStatus> tasks = {begun(result), task_status("tell", tell, 1), task_status("check", check, 1)};
    tasks[1].message = "no mail";
    std::vector<api::TaskStatusPtr> all;
    for (api::TaskStatus& task : tasks) all.push_back(ptr(task));
    const Verdict out = verdict_with_hooks(*definition, {result, "Why", "the tasks", now}, all);
    return std::string(to_string(out.phase)) + " " + out.reason + ": " + out.message;
  };
  EXPECT_EQ(verdict(Phase::Failed, Phase::Running, Phase::Pending),
            "Running RunningHooks: the tasks; 0 of 2 hooks done");
  EXPECT_EQ(verdict(Phase::Succeeded, Phase::Succeeded, Phase::Skipped), "Succeeded Why: the tasks");
  EXPECT_EQ(verdict(Phase::Succeeded, Phase::Failed, Phase::Succeeded),
            "Succeeded Why: the tasks; hook tell failed: no mail");
  EXPECT_EQ(verdict(Phase::Succeeded, Phase::Failed, Phase::Failed),
            "Failed HookFailed: the tasks; hook check failed:  (and 1 more)");
  EXPECT_EQ(verdict(Phase::Cancelled, Phase::Succeeded, Phase::Failed),
            "Cancelled Why: the tasks; hook check failed: ");
}

Names created(const Plan& plan) {
  Names out;
  for (const NewJob& job : plan.create) out.push_back(job.task);
  return out;
}

api::TaskStatus hook_status(const std::string& name, const char* moment, Phase phase = Phase::Pending,
                            int attempt = 0) {
  api::TaskStatus status = task_status(name, phase, attempt);
  status.hook = moment;
  return status;
}

struct RunWithHooks : TestRun {
  RunWithHooks()
      : TestRun(R"({"defaults": {"image": "busybox"}, "parallelism": 1, "timeout": "1m", "tasks": [{"name": "a"}],
          "hooks": {"timeout": "10m", "onStart": [{"name": "begin"}],
                    "onExit": [{"name": "end", "inputs": {"how": "run.phase + ' ' + run.reason"}}]}})") {}

  void store_with_result(Phase a) {
    store({begun(a), hook_status("begin", "onStart", Phase::Succeeded, 1), hook_status("end", "onExit")});
    run.status.result = api::RunResult{a, "Why", "because", now};
  }
};

TEST(Hooks, OfTheStartTakeNoRoomOfTheTasks) {
  RunWithHooks world;
  world.store({});
  EXPECT_EQ(created(plan(world.snapshot, now)), (Names{"a", "begin"}));
}

TEST(Hooks, OfTheEndFollowOnlyAStoredResult) {
  RunWithHooks world;
  world.store(
      {begun(Phase::Succeeded), hook_status("begin", "onStart", Phase::Succeeded, 1), hook_status("end", "onExit")});
  Plan first = plan(world.snapshot, now);
  EXPECT_TRUE(first.create.empty());
  EXPECT_EQ(first.urgency, Urgency::First);
  ASSERT_TRUE(first.status.result.has_value());
  EXPECT_EQ(first.status.result->phase, Phase::Succeeded);
  EXPECT_EQ(first.status.phase, Phase::Running);
  EXPECT_EQ(first.status.message, "all 1 tasks succeeded; 1 of 2 hooks done");
  EXPECT_EQ(first.status.counts.total, 1);
  world.run.status = first.status;
  const Plan second = plan(world.snapshot, now);
  EXPECT_EQ(created(second), Names{"end"});
  EXPECT_NE(second.create.at(0).body.find(R"(\"how\":\"Succeeded Succeeded\")"), std::string::npos);
  EXPECT_EQ(second.wake_ms, now + 600'000);
}

TEST(Hooks, DoNotFollowAResultThatIsOnItsWay) {
  RunWithHooks world;
  world.store_with_result(Phase::Succeeded);
  api::RunStatus stored = world.run.status;
  stored.result.reset();
  world.snapshot.stored = &stored;
  EXPECT_TRUE(plan(world.snapshot, now).create.empty());
}

TEST(Hooks, GoOnWhateverComesAfterTheResult) {
  RunWithHooks world;
  world.store_with_result(Phase::Succeeded);
  world.run.spec.cancel = true;
  world.run.spec.suspend = true;
  const Plan later = plan(world.snapshot, now + 120'000);  // after the run's own timeout
  EXPECT_EQ(created(later), Names{"end"});
  EXPECT_EQ(later.status.result, world.run.status.result);
}

TEST(Hooks, FollowACancelledRun) {
  RunWithHooks world;
  world.store(
      {begun(Phase::Running), hook_status("begin", "onStart", Phase::Running, 1), hook_status("end", "onExit")});
  world.run.spec.cancel = true;
  const Plan stopped = plan(world.snapshot, now);
  EXPECT_EQ(stopped.status.tasks[0]->phase, Phase::Cancelled);
  EXPECT_FALSE(api::is_final(stopped.status.tasks[1]->phase));
  EXPECT_EQ(stopped.status.result->phase, Phase::Cancelled);
  world.run.status = stopped.status;
  EXPECT_EQ(created(plan(world.snapshot, now)), Names{"end"});
}

TEST(Hooks, EndWhenTheirTimeIsOver) {
  RunWithHooks world;
  world.store_with_result(Phase::Succeeded);
  const Plan late = plan(world.snapshot, now + 600'000);
  EXPECT_EQ(late.status.tasks[2]->phase, Phase::Failed);
  EXPECT_EQ(late.status.tasks[2]->reason, "DeadlineExceeded");
  EXPECT_EQ(late.status.phase, Phase::Succeeded);
  EXPECT_EQ(late.status.message, "because; hook end failed: the run's hooks took longer than their timeout of 10m");
  EXPECT_EQ(late.urgency, Urgency::Final);
}

TEST(Hooks, StandByTheResultWhenTheDefinitionIsGone) {
  RunWithHooks world;
  world.store_with_result(Phase::Succeeded);
  world.snapshot.definition.reset();
  world.snapshot.definition_state = DefinitionState::RevisionMissing;
  world.snapshot.gone.insert({Missing::Kind::Revision, "flow-1", ""});
  const Plan last = plan(world.snapshot, now);
  EXPECT_EQ(last.status.phase, Phase::Succeeded);
  EXPECT_EQ(last.status.tasks[2]->phase, Phase::Cancelled);
}

TEST(Hooks, ATaskIsNotActedOnOnceTheRunHasItsResult) {
  RunWithHooks world;
  world.store_with_result(Phase::Failed);
  world.run.spec.actions = {{.id = "1", .task = "a", .act = api::Act::Retry},
                            {.id = "2", .task = "end", .act = api::Act::MarkSucceeded}};
  const Plan acted = plan(world.snapshot, now);
  ASSERT_EQ(acted.status.actions.size(), 2U);
  EXPECT_FALSE(acted.status.actions[0].done);
  EXPECT_EQ(acted.status.actions[0].message,
            "task a can't be acted on any more: the run has its result, and only its hooks go on");
  EXPECT_TRUE(acted.status.actions[1].done);
  EXPECT_EQ(acted.status.phase, Phase::Failed);
}

}  // namespace
}  // namespace ork::run
