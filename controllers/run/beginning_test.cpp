#include "controllers/run/beginning.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using namespace test;

constexpr const char* one_task = R"({"tasks": [{"name": "a", "image": "i"}]})";

// Known for long enough that its waiting is news.
struct WaitingRun : TestRun {
  WaitingRun() : TestRun(one_task) {
    run.status.observed_generation = -1;
    snapshot.may_begin = false;
  }
};

TEST(Beginning, OfARunWhoseTurnHasNotComeIsAReason) {
  WaitingRun waiting;
  const Plan made = plan(waiting.snapshot, now);
  EXPECT_TRUE(made.begins);
  EXPECT_TRUE(made.create.empty());
  EXPECT_TRUE(made.status_changed);
  EXPECT_EQ(made.urgency, Urgency::Lazy);
  EXPECT_EQ(made.status.phase, api::Phase::Pending);
  EXPECT_EQ(api::find_condition(made.status.conditions, "Succeeded")->reason, "Backlog");
  // Its time, and so its timeout, begin with its first task.
  EXPECT_EQ(made.status.start_ms, 0);
  EXPECT_EQ(made.status.revision, "");
}

TEST(Beginning, IsToldOnlyOnceItTakesLong) {
  WaitingRun waiting;
  waiting.snapshot.known_ms = 500;
  const Plan made = plan(waiting.snapshot, now);
  EXPECT_TRUE(made.begins);
  EXPECT_FALSE(made.status_changed);
  EXPECT_EQ(made.wake_ms, now + turn_wait_told_ms - 500);
}

TEST(Beginning, IsToldOnce) {
  WaitingRun waiting;
  waiting.run.status = plan(waiting.snapshot, now).status;
  EXPECT_FALSE(plan(waiting.snapshot, now + 60'000).status_changed);
}

TEST(Beginning, GoesOnOnceItsTurnHasCome) {
  WaitingRun waiting;
  waiting.run.status = plan(waiting.snapshot, now).status;
  waiting.snapshot.may_begin = true;
  const Plan made = plan(waiting.snapshot, now + 1'000);
  EXPECT_TRUE(made.begins);
  EXPECT_EQ(made.status.revision, "flow-1");
  EXPECT_EQ(made.status.start_ms, now + 1'000);
}

TEST(Beginning, IsOverOnceTheRevisionIsPinned) {
  WaitingRun begun;
  begun.store({task_status("a")});
  const Plan made = plan(begun.snapshot, now);
  EXPECT_FALSE(made.begins);
  EXPECT_EQ(made.create.size(), 1U);
}

TEST(Beginning, IsNoMatterOfTurnsForAChild) {
  WaitingRun child;
  api::WorkflowRun parent;
  child.snapshot.parent = ParentRun{.run = &parent};
  EXPECT_FALSE(plan(child.snapshot, now).begins);
}

TEST(Beginning, WaitsForNoTurnWhereTheRunIsSuspendedOrCancelled) {
  WaitingRun suspended;
  suspended.run.spec.suspend = true;
  EXPECT_FALSE(plan(suspended.snapshot, now).begins);
  WaitingRun cancelled;
  cancelled.run.spec.cancel = true;
  EXPECT_EQ(plan(cancelled.snapshot, now).status.phase, api::Phase::Cancelled);
}

TEST(Beginning, TellsOfWrongParamsAtOnce) {
  WaitingRun wrong;
  wrong.run.spec.params = {{"unknown", 1}};
  EXPECT_EQ(plan(wrong.snapshot, now).status.phase, api::Phase::Failed);
}

TEST(PlacementOf, AJobIsThatOfItsFirstPod) {
  TestRun run(one_task);
  const auto placement = [&](api::Job job, std::vector<api::Pod> pods) {
    return placement_of(run.show(std::move(job), "a", std::move(pods)));
  };
  api::Pod homeless = pending(1);
  homeless.unschedulable = true;
  EXPECT_EQ(placement(job_named("j"), {}), Placement::OnItsWay);
  EXPECT_EQ(placement(job_named("j"), {pending()}), Placement::OnItsWay);
  EXPECT_EQ(placement(job_named("j"), {pending(0), homeless}), Placement::NoRoom);
  EXPECT_EQ(placement(job_named("j"), {homeless, running(0)}), Placement::Placed);
  EXPECT_EQ(placement(job_named("j"), {succeeded()}), Placement::Placed);
  EXPECT_EQ(placement(complete(job_named("j")), {}), Placement::None);
  api::Job retry = job_named("j");
  retry.suspended = true;
  EXPECT_EQ(placement(retry, {}), Placement::None);
  retry.unseeded = true;
  EXPECT_EQ(placement(retry, {}), Placement::OnItsWay);
}

TEST(UnplacedJobs, AreThoseWithoutAPodThatHasANode) {
  TestRun run(one_task);
  run.store({task_status("a", api::Phase::Running, 1)});
  api::Pod waits = pending();
  run.show(job_named("a-1"), "a", {waits});
  EXPECT_EQ(unplaced_jobs(run.snapshot), (UnplacedJobs{.all = 1}));
  run.pods.back().unschedulable = true;
  EXPECT_EQ(unplaced_jobs(run.snapshot), (UnplacedJobs{.all = 1, .without_room = 1}));
  run.pods.back().node = "n";
  EXPECT_EQ(unplaced_jobs(run.snapshot), UnplacedJobs{});
}

TEST(UnplacedJobs, AreThoseOnTheirWay) {
  TestRun run(one_task);
  run.snapshot.creating = {"a-1"};
  EXPECT_EQ(unplaced_jobs(run.snapshot), (UnplacedJobs{.all = 1}));
}

TEST(UnplacedJobs, AreNoneThatAreOverOrSuspended) {
  TestRun run(one_task);
  run.store({task_status("a", api::Phase::Running, 1)});
  run.show(complete(job_named("a-1")), "a");
  api::Job queued = job_named("a-2");
  queued.suspended = true;
  run.show(queued, "a");
  api::Job failed = job_named("a-3");
  failed.failed = true;
  run.show(failed, "a");
  EXPECT_EQ(unplaced_jobs(run.snapshot), UnplacedJobs{});
}

}  // namespace
}  // namespace ork::run
