#include "controllers/run/children.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/run/task_progress.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Phase;
using testing::HasSubstr;
using namespace test;

constexpr const char* spec = R"({"tasks": [{"name": "one", "workflow": {"name": "load"}},
  {"name": "all", "count": 3, "workflow": {"name": "load"}}, {"name": "pod", "image": "i"}]})";

struct World : TestRun {
  std::deque<api::WorkflowRun> held;
  World() : TestRun(spec) { store({task_status("one"), task_status("all"), task_status("pod")}); }

  api::WorkflowRun& show_child(const std::string& task, int attempt, std::int64_t index, Phase phase) {
    api::WorkflowRun child;
    child.meta.name = child_name(run.meta, task, attempt, index);
    child.meta.creation_ms = now + static_cast<api::TimeMs>(held.size());
    child.spec.child_of = api::ChildOf{task, attempt, index, index < 0 ? 0 : 3};
    child.status.phase = phase;
    held.push_back(std::move(child));
    snapshot.children.push_back(&held.back());
    return held.back();
  }
};

TEST(Children, AreCalledAsJobsAndPodsWouldBe) {
  World world;
  const std::string name = child_name(world.run.meta, "one", 2, -1);
  EXPECT_THAT(name, HasSubstr("etl-one-2-"));
  EXPECT_EQ(child_name(world.run.meta, "one", 2, 7), name + "-7");
}

TEST(Children, OfOneAttemptAreOneAttempt) {
  World world;
  world.show_child("all", 1, 0, Phase::Running);
  world.show_child("all", 1, 2, Phase::Running);
  world.show_child("all", 2, 1, Phase::Running);
  const Children children(world.snapshot);
  ASSERT_EQ(children.attempts().size(), 2U);
  EXPECT_EQ(children.find("all", 1)->children.size(), 2U);
  EXPECT_EQ(children.find("all", 1)->job->meta.name, child_name(world.run.meta, "all", 1, -1));
  EXPECT_EQ(children.find("all", 1)->job->meta.creation_ms, now);
  EXPECT_EQ(children.find("all", 3), nullptr);
}

TEST(Children, ThatClaimToBeWhatTheyAreNotAreLeftOut) {
  World world;
  world.show_child("one", 1, -1, Phase::Running).meta.name = "other";
  world.show_child("pod", 1, -1, Phase::Running);
  world.show_child("one", 1, 0, Phase::Running);
  world.show_child("all", 1, -1, Phase::Running);
  world.show_child("none", 1, -1, Phase::Running);
  world.show_child("one", 2, -1, Phase::Running).spec.child_of.reset();
  EXPECT_TRUE(Children(world.snapshot).attempts().empty());
}

TEST(Children, AFailureNamesTheRunAndItsFirstCause) {
  World world;
  api::WorkflowRun& child = world.show_child("one", 1, -1, Phase::Failed);
  child.status.conditions = {{.type = "Succeeded", .reason = "TaskFailed", .message = "task a failed: exit code 1"}};
  const Children children(world.snapshot);
  const jobs::Outcome outcome = outcome_of_children(*children.find("one", 1), 0, {});
  EXPECT_EQ(outcome.state, jobs::State::Failed);
  EXPECT_EQ(outcome.cause, api::Cause::Program);
  EXPECT_EQ(outcome.message, "run " + child.meta.name + " failed: task a failed: exit code 1");
  child.status.phase = Phase::Skipped;
  EXPECT_EQ(outcome_of_run(child).state, jobs::State::Failed) << "somebody has written so: it will not go on";
}

TEST(Children, AFanOutEndsWithItsLastIndex) {
  World world;
  world.show_child("all", 1, 0, Phase::Succeeded);
  api::WorkflowRun& second = world.show_child("all", 1, 1, Phase::Failed);
  second.status.conditions = {{.type = "Succeeded", .message = "why"}};
  {
    const Children children(world.snapshot);
    EXPECT_EQ(outcome_of_children(*children.find("all", 1), 3, {}).state, jobs::State::Running);
  }
  world.show_child("all", 1, 2, Phase::Succeeded);
  const Children children(world.snapshot);
  const jobs::Outcome outcome = outcome_of_children(*children.find("all", 1), 3, {});
  EXPECT_EQ(outcome.state, jobs::State::Failed);
  EXPECT_EQ(outcome.succeeded.format(), "0,2");
  EXPECT_EQ(outcome.failed.format(), "1");
  EXPECT_EQ(outcome.message, "index 1: run " + second.meta.name + " failed: why");
}

TEST(Children, OfARetryCountWhatWasDoneBefore) {
  World world;
  world.show_child("all", 2, 1, Phase::Succeeded);
  const Children children(world.snapshot);
  api::IndexSet done;
  done.insert(0);
  done.insert(2);
  EXPECT_EQ(outcome_of_children(*children.find("all", 2), 3, done).state, jobs::State::Succeeded);
}

TEST(Children, AreUnwantedOnceTheirAttemptIsGivenUp) {
  World world;
  const api::ChildOf first{"one", 1};
  EXPECT_FALSE(is_unwanted(world.run, first));
  world.store({task_status("one", Phase::Running, 1)});
  EXPECT_FALSE(is_unwanted(world.run, first));
  EXPECT_FALSE(is_unwanted(world.run, {"one", 2}));
  world.store({task_status("one", Phase::Retrying, 1)});
  EXPECT_TRUE(is_unwanted(world.run, first));
  EXPECT_FALSE(is_unwanted(world.run, {"one", 2}));
  world.store({task_status("one", Phase::Cancelled, 1)});
  EXPECT_TRUE(is_unwanted(world.run, first));
  world.store({});
  EXPECT_FALSE(is_unwanted(world.run, first));
  world.run.status.phase = Phase::Succeeded;
  EXPECT_TRUE(is_unwanted(world.run, first));
}

TEST(Children, HaveUntilTheDeadlineByTheClockThatToldTheirStart) {
  TestRun world(R"({"tasks": [{"name": "one", "timeout": "8s", "workflow": {"name": "load"}}]})");
  api::WorkflowRun child;
  child.meta.name = child_name(world.run.meta, "one", 1, -1);
  child.meta.creation_ms = now + 1'000'000;  // by the API server's clock: ours was set back
  child.spec.child_of = api::ChildOf{"one", 1, -1, 0};
  child.status.phase = Phase::Running;
  child.status.start_ms = now;
  world.snapshot.children.push_back(&child);
  const Children children(world.snapshot);
  const std::vector<const ObservedJob*> attempts = {children.find("one", 1)};
  const auto observe = [&](api::TimeMs at) {
    return observe_task(world.snapshot.definition->tasks[0], task_status("one"), attempts, world.snapshot.gone,
                        "run-uid", at);
  };
  EXPECT_EQ(observe(now + 7'999).wake_ms, now + 8'000);
  EXPECT_EQ(observe(now + 8'000).status.phase, Phase::Failed);
}

}  // namespace
}  // namespace ork::run
