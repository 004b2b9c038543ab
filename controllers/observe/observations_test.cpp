#include "controllers/observe/observations.hpp"

#include <gtest/gtest.h>

#include "controllers/observe/test_runs.hpp"

namespace ork::observe {
namespace {

using api::Cause;
using api::Phase;
using test::ended;
using test::run_with;
using test::task;

TEST(Observations, ThereAreNoneWhereNothingChanged) {
  const api::WorkflowRun run = ended(run_with({task("a", Phase::Succeeded)}), Phase::Succeeded);
  const Observations seen = observe(run.status, run, nullptr);
  EXPECT_FALSE(seen.run_ended);
  EXPECT_TRUE(seen.tasks_ended.empty() && seen.tasks_started.empty() && seen.retries.empty());
}

// A watch shows the same status in other memory.
TEST(Observations, ThereAreNoneWhereTheSameIsReadAnew) {
  api::WorkflowRun run = run_with({task("a", Phase::Failed), task("b", Phase::Running)});
  api::RunStatus same = run.status;
  for (api::TaskStatusPtr& one : same.tasks) one = std::make_shared<const api::TaskStatus>(*one);
  const Observations seen = observe(same, run, nullptr);
  EXPECT_TRUE(seen.tasks_ended.empty() && seen.retries.empty());
}

TEST(Observations, OfARunThatEndedAreItsResultAndHowLongItTook) {
  const struct {
    Phase phase;
    const char* reason;
    Result result;
  } cases[] = {{Phase::Succeeded, "Succeeded", Result::Success},
               {Phase::Failed, "TaskFailed", Result::Failure},
               {Phase::Failed, "DeadlineExceeded", Result::Timeout},
               {Phase::Failed, "WorkflowNotFound", Result::Error},
               {Phase::Cancelled, "Cancelled", Result::Cancellation}};
  for (const auto& c : cases) {
    const api::WorkflowRun running = run_with({});
    const Observations seen = observe(running.status, ended(running, c.phase, c.reason), nullptr);
    ASSERT_TRUE(seen.run_ended) << c.reason;
    EXPECT_EQ(seen.run_ended->result, c.result) << c.reason;
    EXPECT_EQ(seen.run_ended->took_ms, 60'000) << c.reason;
  }
}

TEST(Observations, ARunThatNeverBeganHasNoDuration) {
  api::WorkflowRun run = run_with({});
  run.status.start_ms = 0;
  EXPECT_EQ(observe(run.status, ended(run, Phase::Failed, "RevisionNotFound"), nullptr).run_ended->took_ms,
            std::nullopt);
}

TEST(Observations, OfATaskThatEndedAreItsResultAndHowLongItTook) {
  const struct {
    Phase phase;
    Cause cause;
    Result result;
  } cases[] = {
      {Phase::Succeeded, Cause::None, Result::Success},      {Phase::Failed, Cause::Program, Result::Failure},
      {Phase::Failed, Cause::OutOfMemory, Result::Failure},  {Phase::Failed, Cause::Deadline, Result::Timeout},
      {Phase::Failed, Cause::Infrastructure, Result::Error}, {Phase::Skipped, Cause::None, Result::Skip},
      {Phase::UpstreamFailed, Cause::None, Result::Skip},    {Phase::Cancelled, Cause::None, Result::Cancellation}};
  for (const auto& c : cases) {
    api::TaskStatus end = task("a", c.phase);
    end.cause = c.cause;
    const api::WorkflowRun after = run_with({end});
    const Observations seen = observe(run_with({task("a", Phase::Running)}).status, after, nullptr);
    ASSERT_EQ(seen.tasks_ended.size(), 1u);
    EXPECT_EQ(seen.tasks_ended[0].task, "a");
    EXPECT_EQ(seen.tasks_ended[0].end.result, c.result) << to_string(c.phase);
    EXPECT_EQ(seen.tasks_ended[0].end.took_ms, 5'000);
  }
}

TEST(Observations, HooksAndWhatARerunInheritsAreNoTasksOfTheRun) {
  api::TaskStatus hook = task("tell", Phase::Succeeded);
  hook.hook = "onExit";
  api::TaskStatus inherited = task("a", Phase::Succeeded);
  inherited.inherited_from = "earlier";
  EXPECT_TRUE(observe(run_with({}).status, run_with({hook, inherited}), nullptr).tasks_ended.empty());
}

TEST(Observations, RetriesAreCountedByWhoseFaultTheyWere) {
  api::TaskStatus before = task("a", Phase::Running), after = task("a", Phase::Retrying);
  before.program_retries = 1;
  after.program_retries = 3;
  after.infrastructure_retries = 1;
  const Observations seen = observe(run_with({before}).status, run_with({after}), nullptr);
  ASSERT_EQ(seen.retries.size(), 2u);
  EXPECT_EQ(seen.retries[0].cause, RetryCause::Program);
  EXPECT_EQ(seen.retries[0].times, 2);
  EXPECT_EQ(seen.retries[1].cause, RetryCause::Infrastructure);
  EXPECT_EQ(seen.retries[1].times, 1);
}

TEST(Observations, ATaskCouldStartOnceTheLastOfItsDependenciesHadEnded) {
  const auto definition = test::definition_of(
      R"({"tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i", "dependsOn": ["a"]}]})");
  api::TaskStatus a = task("a", Phase::Succeeded), b = task("b", Phase::Running);
  a.completion_ms = test::began + 10'900;
  b.attempt = 1;
  b.start_ms = test::began + 13'000;
  const api::WorkflowRun before = run_with({a, task("b", Phase::Pending)});
  const api::WorkflowRun after = run_with({a, b});
  const Observations seen = observe(before.status, after, definition.get());
  ASSERT_EQ(seen.tasks_started.size(), 1u);
  EXPECT_EQ(seen.tasks_started[0].task, "b");
  EXPECT_EQ(seen.tasks_started[0].latency_ms, 3'000);  // both times cut to seconds, as Kubernetes has them
}

TEST(Observations, TheFirstTasksCouldStartWithTheRun) {
  const auto definition = test::definition_of(R"({"tasks": [{"name": "a", "image": "i"}]})");
  api::TaskStatus a = task("a", Phase::Running);
  a.attempt = 1;
  a.start_ms = test::began;  // cut to a second that began before the run did
  api::WorkflowRun after = run_with({a});
  after.status.start_ms = test::began + 700;
  const Observations seen = observe(run_with({task("a", Phase::Pending)}).status, after, definition.get());
  ASSERT_EQ(seen.tasks_started.size(), 1u);
  EXPECT_EQ(seen.tasks_started[0].latency_ms, 0);
}

TEST(Observations, ARunOfAScheduleBeginsSoLongAfterItsTime) {
  api::WorkflowRun before = run_with({}), after = run_with({});
  before.status.start_ms = 0;
  after.spec.scheduled_ms = test::began - 1'500;
  EXPECT_EQ(observe(before.status, after, nullptr).schedule_lag_ms, 1'500);
  EXPECT_EQ(observe(after.status, after, nullptr).schedule_lag_ms, std::nullopt);
}

}  // namespace
}  // namespace ork::observe
