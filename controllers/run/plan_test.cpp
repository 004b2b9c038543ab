#include "controllers/run/plan.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using namespace test;

// Scenarios (tests/scenarios) show how runs go; here is what they can't bring about.

const char* const one_task = R"({"tasks": [{"name": "a", "image": "i"}]})";

TEST(Plan, OfARunBeingDeletedIsNothing) {
  TestRun world(one_task);
  world.run.meta.deleting = true;
  const Plan out = plan(world.snapshot, now);
  EXPECT_TRUE(out.create.empty());
  EXPECT_FALSE(out.status_changed);
}

TEST(Plan, OfAFinishedRunOnlyWaitsToDeleteIt) {
  TestRun world(one_task);
  world.run.status.phase = Phase::Succeeded;
  world.run.status.completion_ms = now;
  EXPECT_EQ(plan(world.snapshot, now).wake_ms, std::nullopt);
  world.run.status.expiration_ms = now + 1'000;
  EXPECT_EQ(plan(world.snapshot, now).wake_ms, now + 1'000);
  EXPECT_TRUE(plan(world.snapshot, now + 1'000).delete_run);
  world.run.spec.ttl_seconds_after_finished = 5;
  EXPECT_EQ(plan(world.snapshot, now + 1'000).wake_ms, now + 5'000);
  world.run.spec.ttl_seconds_after_finished = INT64_MAX;
  EXPECT_EQ(plan(world.snapshot, now).wake_ms, api::max_time_ms);
}

TEST(Plan, NeverDeletesARunThatDoesNotSayWhenItEnded) {
  TestRun world(one_task);
  world.run.status.phase = Phase::Succeeded;
  world.run.spec.ttl_seconds_after_finished = 0;
  EXPECT_FALSE(plan(world.snapshot, now).delete_run);
}

TEST(Plan, ShowsNoTaskAsBegunBeforeItsRunAlthoughKubernetesCutsItsTimes) {
  TestRun world(one_task);
  world.store({task_status("a", Phase::Running, 1)});
  world.run.status.start_ms = now + 700;
  api::Job job = complete(job_named("job-a"));
  job.start_ms = job.completion_ms = now;
  api::Pod pod = succeeded();
  pod.start_ms = pod.finish_ms = now;
  world.show(job, "a", {pod});
  const Plan out = plan(world.snapshot, now + 1'000);
  ASSERT_EQ(out.status.tasks[0]->phase, Phase::Succeeded);
  EXPECT_EQ(out.status.tasks[0]->start_ms, now + 700);
  EXPECT_GE(out.status.tasks[0]->completion_ms, now + 700);
}

// The clock was set back by a day while it ran: the timeout begins anew, and not in a day.
TEST(Plan, OfARunThatBeganInTheFutureCountsItsTimeoutFromNow) {
  TestRun world(R"({"timeout": "60s", "tasks": [{"name": "a", "image": "i"}]})");
  world.store({task_status("a", Phase::Running, 1)});
  world.show(job_named("job-a"), "a", {running()});
  world.run.status.start_ms = now + 86'400'000;
  const Plan next = plan(world.snapshot, now);
  EXPECT_EQ(next.status.start_ms, now);
  EXPECT_TRUE(next.status_changed);
  EXPECT_EQ(next.wake_ms, now + 60'000);
}

TEST(Plan, StoresTheRevisionBeforeAnythingFollowsFromIt) {
  TestRun world(one_task);
  Plan first = plan(world.snapshot, now);
  EXPECT_TRUE(first.create.empty());
  EXPECT_EQ(first.urgency, Urgency::First);
  EXPECT_EQ(first.status.revision, "flow-1");
  world.run.status = first.status;
  EXPECT_EQ(plan(world.snapshot, now).create.size(), 1u);
}

TEST(Plan, TellsThatAWishWhichCameTooLateWasSeen) {
  TestRun world(one_task);
  world.run.status.phase = Phase::Succeeded;
  world.run.status.observed_generation = 1;
  world.run.status.conditions = {{.type = "Ready", .observed_generation = 1}};
  EXPECT_FALSE(plan(world.snapshot, now).status_changed);
  world.run.meta.generation = 2;
  const Plan late = plan(world.snapshot, now);
  EXPECT_TRUE(late.status_changed);
  EXPECT_EQ(late.status.observed_generation, 2);
  EXPECT_EQ(late.status.conditions[0].observed_generation, 2);
  EXPECT_EQ(late.status.phase, Phase::Succeeded);
}

TEST(Plan, WaitsForAWorkflowAlthoughItsClockIsSetForward) {
  TestRun world(one_task);
  world.snapshot.definition.reset();
  world.snapshot.definition_state = DefinitionState::WorkflowMissing;
  world.snapshot.known_ms = 1'000;
  const Plan waits = plan(world.snapshot, now + 3'600'000);
  EXPECT_EQ(waits.status.phase, Phase::Pending);
  EXPECT_EQ(waits.wake_ms, now + 3'600'000 + workflow_wait_ms - 1'000);
  world.snapshot.known_ms = workflow_wait_ms;
  EXPECT_EQ(plan(world.snapshot, now + 3'600'000).status.phase, Phase::Failed);
}

TEST(Plan, WaitsNoLongerForAWorkflowThanItSaysWhereTheClockIsSetBack) {
  TestRun world(one_task);
  world.snapshot.definition.reset();
  world.snapshot.definition_state = DefinitionState::WorkflowMissing;
  world.run.meta.creation_ms = now + 3'600'000;
  const Plan first = plan(world.snapshot, now);
  EXPECT_EQ(first.status.phase, Phase::Pending);
  EXPECT_EQ(first.wake_ms, now + workflow_wait_ms);
  world.run.status = first.status;
  EXPECT_EQ(plan(world.snapshot, now + workflow_wait_ms - 1).status.phase, Phase::Pending);
  EXPECT_EQ(plan(world.snapshot, now + workflow_wait_ms).status.phase, Phase::Failed);
}

TEST(Plan, PutsAStatusThatSomebodyEditedRightByName) {
  TestRun world(
      R"({"tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i"}, {"name": "c", "image": "i"}]})");
  world.store({task_status("b", Phase::Succeeded, 1), task_status("gone", Phase::Running, 1),
               task_status("a", Phase::Failed, 1)});
  const Plan out = plan(world.snapshot, now);
  ASSERT_EQ(out.status.tasks.size(), 3u);
  EXPECT_EQ(out.status.tasks[0]->phase, Phase::Failed);
  EXPECT_EQ(out.status.tasks[1]->phase, Phase::Succeeded);
  EXPECT_EQ(out.status.tasks[2]->name, "c");
  EXPECT_TRUE(out.status_changed);
}

TEST(Plan, IgnoresJobsThatCanBeNoneOfOurs) {
  TestRun world(one_task);
  for (const int attempt : {-5, 0, max_attempt + 1, 2147483647}) {
    api::Job job = job_named("forged" + std::to_string(attempt));
    job.attempt = attempt;
    world.show(job, "a", {running()});
  }
  world.show(job_named("stray"), "nobody", {running()});
  world.run.status.revision = "flow-1";
  const Plan out = plan(world.snapshot, now);
  ASSERT_EQ(out.create.size(), 1u);
  EXPECT_EQ(out.create[0].attempt, 1);
  EXPECT_EQ(out.status.tasks[0]->attempt, 0);
}

TEST(Plan, EndsARunWhoseStatusCanNotBeStored) {
  Json spec = {{"ttlSecondsAfterFinished", 60}, {"tasks", Json::array({{{"name", "last"}, {"image", "i"}}})}};
  std::vector<api::TaskStatus> stored = {task_status("last")};
  for (int i = 0; i < 300; ++i) {
    const std::string name = "t" + std::to_string(i);
    spec["tasks"].push_back({{"name", name}, {"image", "i"}});
    spec["tasks"][0]["dependsOn"].push_back(name);
    api::TaskStatus task = task_status(name, i == 0 ? Phase::Running : Phase::Succeeded, 1);
    if (i > 0) task.output = std::string(4'000, 'x');
    stored.push_back(task);
  }
  TestRun world(spec.dump().c_str());
  world.store(stored);
  world.show(job_named("job-t0"), "t0", {running()});
  const Plan out = plan(world.snapshot, now + 5);
  EXPECT_EQ(out.status.phase, Phase::Failed);
  EXPECT_EQ(out.status.conditions[0].reason, "StatusTooLarge");
  EXPECT_EQ(out.urgency, Urgency::Final);
  EXPECT_EQ(out.wake_ms, std::nullopt);
  EXPECT_EQ(out.status.expiration_ms, now + 5 + 60'000);
  EXPECT_EQ(out.status.counts.cancelled, 2);
  EXPECT_LE(api::encode_status(out.status).dump().size(), status_hard_bytes);
  world.run.status = out.status;
  EXPECT_EQ(plan(world.snapshot, now + 5).remove.size(), 1u);  // what ran is stopped
}

TEST(Plan, RefusesARunWhoseTasksLeaveNoRoomForTheirStatus) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i"}]})");
  world.run.bytes_beside_status = max_object_bytes - 1024;
  const Plan out = plan(world.snapshot, now);
  EXPECT_EQ(out.status.phase, Phase::Failed);
  EXPECT_EQ(out.status.conditions[0].reason, "RunTooLarge");
  EXPECT_TRUE(out.status.tasks.empty());
  EXPECT_TRUE(out.create.empty());
}

TEST(Plan, SharesTheStatusOfTasksThatDidNotChange) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i"}]})");
  world.store({task_status("a", Phase::Succeeded, 1), task_status("b", Phase::Running, 1)});
  world.show(job_named("job-b"), "b", {succeeded()});
  const Plan out = plan(world.snapshot, now);
  EXPECT_EQ(out.status.tasks[0], world.run.status.tasks[0]);
  EXPECT_EQ(out.status.tasks[1]->phase, Phase::Succeeded);
  EXPECT_EQ(world.run.status.tasks[1]->phase, Phase::Running);
}

}  // namespace
}  // namespace ork::run
