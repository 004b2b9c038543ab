#include "controllers/run/projection.hpp"

#include <gtest/gtest.h>

#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::ConditionStatus;
using api::Phase;
using namespace test;

const char* const two_tasks =
    R"({"tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i", "onFailure": "run"}]})";

Verdict verdict(TestRun& world, Phase a, Phase b) {
  const std::vector<api::TaskStatusPtr> tasks = {ptr(task_status("a", a, 1)), ptr(task_status("b", b, 1))};
  return verdict_of(world.snapshot, tasks, count_tasks(tasks));
}

TEST(Verdict, FollowsFromTheTasks) {
  const struct {
    Phase a, b, run;
    const char* reason;
    const char* message;
  } cases[] = {
      {Phase::Succeeded, Phase::Succeeded, Phase::Succeeded, "Succeeded", "all 2 tasks succeeded"},
      {Phase::Succeeded, Phase::Running, Phase::Running, "Running", "1 of 2 tasks done, 1 running"},
      {Phase::Queued, Phase::Retrying, Phase::Running, "Running", "0 of 2 tasks done, 1 retrying, 1 queued"},
      {Phase::Failed, Phase::Deferred, Phase::Running, "Running", "1 of 2 tasks done, 1 running, 1 failed"},
      {Phase::Failed, Phase::Succeeded, Phase::Failed, "TaskFailed", "task a failed: "},
      {Phase::Failed, Phase::Failed, Phase::Failed, "TaskFailed", "task a failed:  (and 1 more failed)"},
      {Phase::Succeeded, Phase::Failed, Phase::Succeeded, "Succeeded",
       "1 of 2 tasks succeeded, 1 failed as onFailure: run allows"},
      {Phase::Skipped, Phase::Succeeded, Phase::Succeeded, "Succeeded", "1 of 2 tasks succeeded, 1 skipped"},
      {Phase::Cancelled, Phase::Failed, Phase::Cancelled, "Cancelled", "cancelled; 2 of 2 tasks done, 1 failed"},
  };
  TestRun world(two_tasks);
  for (const auto& c : cases) {
    const Verdict v = verdict(world, c.a, c.b);
    EXPECT_EQ(v.phase, c.run) << c.message;
    EXPECT_EQ(v.reason, c.reason) << c.message;
    EXPECT_EQ(v.message, c.message);
  }
}

TEST(Verdict, TellsHowOftenATaskWasTried) {
  TestRun world(two_tasks);
  api::TaskStatus failed = task_status("a", Phase::Failed, 3);
  failed.message = "exit 3";
  const std::vector<api::TaskStatusPtr> tasks = {ptr(failed), ptr(task_status("b", Phase::UpstreamFailed))};
  EXPECT_EQ(verdict_of(world.snapshot, tasks, count_tasks(tasks)).message, "task a failed after 3 attempts: exit 3");
}

TEST(Verdict, IsSuspendedOnceNothingRunsAnyMore) {
  TestRun world(two_tasks);
  world.run.spec.suspend = true;
  EXPECT_EQ(verdict(world, Phase::Running, Phase::Queued).reason, "Running");
  EXPECT_EQ(verdict(world, Phase::Queued, Phase::Pending).reason, "Suspended");
  EXPECT_EQ(verdict(world, Phase::Retrying, Phase::Pending).reason, "Suspended");
  EXPECT_EQ(verdict(world, Phase::Queued, Phase::Pending).phase, Phase::Pending);
  EXPECT_EQ(verdict(world, Phase::Succeeded, Phase::Succeeded).reason, "Succeeded");
}

TEST(Counts, AddUpToTheTotal) {
  std::vector<api::TaskStatusPtr> tasks;
  for (int i = 0; i <= static_cast<int>(Phase::Cancelled); ++i) {
    tasks.push_back(ptr(task_status("t", static_cast<Phase>(i))));
  }
  const api::TaskCounts c = count_tasks(tasks);
  EXPECT_EQ(c.total, 10);
  EXPECT_EQ(c.pending + c.queued + c.running + c.retrying + c.succeeded + c.failed + c.skipped + c.upstream_failed +
                c.cancelled,
            10);
  EXPECT_EQ(c.running, 2);  // Running and Deferred
}

std::string conditions(const api::RunStatus& status) {
  std::string out;
  for (const api::Condition& c : status.conditions) {
    out += c.type + (c.status == ConditionStatus::True ? "+" : c.status == ConditionStatus::False ? "-" : "?") + " ";
  }
  return out;
}

TEST(Projection, SetsTheConditionsThatKstatusReads) {
  const struct {
    Phase phase;
    const char* expected;
  } cases[] = {{Phase::Pending, "Succeeded? Ready- Reconciling+ "},
               {Phase::Running, "Succeeded? Ready- Reconciling+ "},
               {Phase::Succeeded, "Succeeded+ Ready+ "},
               {Phase::Failed, "Succeeded- Ready- Stalled+ "},
               {Phase::Cancelled, "Succeeded- Ready- Stalled+ "}};
  TestRun world(two_tasks);
  for (const auto& c : cases) {
    api::RunStatus status;
    project(world.snapshot, {c.phase, "Reason", "message"}, now, status);
    EXPECT_EQ(conditions(status), c.expected);
    EXPECT_EQ(status.conditions[0].reason, "Reason");
    EXPECT_EQ(status.conditions[0].observed_generation, 1);
  }
}

TEST(Projection, KeepsWhenAConditionTurned) {
  TestRun world(two_tasks);
  api::RunStatus status;
  project(world.snapshot, {Phase::Running, "Running", "1 of 2"}, now, status);
  world.run.status = status;
  project(world.snapshot, {Phase::Running, "Running", "2 of 2"}, now + 5'000, status);
  EXPECT_EQ(status.conditions[0].last_transition_ms, now);
  project(world.snapshot, {Phase::Succeeded, "Succeeded", "all"}, now + 9'000, status);
  EXPECT_EQ(status.conditions[0].last_transition_ms, now + 9'000);
}

TEST(Projection, TellsTimesAndProgress) {
  TestRun world(two_tasks);
  api::RunStatus status;
  status.tasks = {ptr(task_status("a", Phase::Succeeded, 1)), ptr(task_status("b", Phase::Running, 1))};
  project(world.snapshot, {Phase::Running, "Running", ""}, now, status);
  EXPECT_EQ(status.start_ms, now);
  EXPECT_EQ(status.progress, "1/2");
  EXPECT_EQ(status.workflow, "flow");
  project(world.snapshot, {Phase::Running, "Running", ""}, now + 72'400, status);
  EXPECT_EQ(status.duration, "1m12s");
  project(world.snapshot, {Phase::Succeeded, "Succeeded", ""}, now + 90'000, status);
  project(world.snapshot, {Phase::Succeeded, "Succeeded", ""}, now + 99'000, status);
  EXPECT_EQ(status.completion_ms, now + 90'000);
  EXPECT_EQ(status.duration, "1m30s");
}

TEST(Projection, OfARunThatWaitsForItsWorkflowHasNotStarted) {
  TestRun world(two_tasks);
  world.snapshot.revision.clear();
  api::RunStatus status;
  project(world.snapshot, {Phase::Pending, "WorkflowNotFound", ""}, now, status);
  EXPECT_EQ(status.start_ms, 0);
  EXPECT_EQ(status.duration, "");
  world.run.spec.workflow = std::make_shared<const api::Json>();
  project(world.snapshot, {Phase::Running, "Running", ""}, now, status);
  EXPECT_EQ(status.start_ms, now);
}

TEST(Differs, InAnythingButTheDurationOfARunStillGoing) {
  api::RunStatus stored;
  stored.tasks = {ptr(task_status("a"))};
  api::RunStatus next = stored;
  next.tasks = {ptr(task_status("a"))};
  next.duration = "5s";
  EXPECT_FALSE(differs(stored, next));
  const std::vector<void (*)(api::RunStatus&)> changes = {[](api::RunStatus& s) { s.phase = Phase::Failed; },
                                                          [](api::RunStatus& s) { s.observed_generation = 9; },
                                                          [](api::RunStatus& s) { s.start_ms = 9; },
                                                          [](api::RunStatus& s) { s.completion_ms = 9; },
                                                          [](api::RunStatus& s) { s.expiration_ms = 9; },
                                                          [](api::RunStatus& s) { s.workflow = "x"; },
                                                          [](api::RunStatus& s) { s.revision = "x"; },
                                                          [](api::RunStatus& s) { s.message = "x"; },
                                                          [](api::RunStatus& s) { s.counts.total = 9; },
                                                          [](api::RunStatus& s) { s.conditions.emplace_back(); },
                                                          [](api::RunStatus& s) { s.tasks.clear(); },
                                                          [](api::RunStatus& s) { s.tasks[0] = ptr(task_status("b")); }};
  for (const auto& change : changes) {
    next = stored;
    change(next);
    EXPECT_TRUE(differs(stored, next));
  }
}

}  // namespace
}  // namespace ork::run
