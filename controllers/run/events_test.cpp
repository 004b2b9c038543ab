#include "controllers/run/events.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Phase;
using namespace test;

api::RunStatus running_status(std::vector<api::TaskStatus> tasks) {
  api::RunStatus status;
  status.phase = Phase::Running;
  status.start_ms = now;
  status.counts.total = static_cast<std::int64_t>(tasks.size());
  for (api::TaskStatus& task : tasks) status.tasks.push_back(ptr(std::move(task)));
  return status;
}

api::TaskStatus failed_task(const std::string& name, Phase phase, int attempt) {
  api::TaskStatus task = task_status(name, phase, attempt);
  task.message = "the task says";
  task.attempts.push_back({.attempt = attempt, .message = "exit 3"});
  return task;
}

std::string text(const std::vector<Event>& events) {
  std::string out;
  for (const Event& event : events) {
    out += std::string(event.type == EventType::Warning ? "!" : "") + event.reason + ": " + event.message + "\n";
  }
  return out;
}

TEST(Events, DoNotTellWhatTheStartTimeTells) {
  EXPECT_EQ(text(events_between({}, running_status({task_status("a"), task_status("b")}))), "");
}

TEST(Events, TellEachFailureOnce) {
  const auto before = running_status({task_status("a", Phase::Running, 1)});
  const auto after = running_status({failed_task("a", Phase::Retrying, 1)});
  EXPECT_EQ(text(events_between(before, after)), "!TaskRetrying: task a, attempt 1: exit 3\n");
  EXPECT_EQ(text(events_between(after, after)), "");
  auto again = after;
  again.tasks[0] = ptr(*after.tasks[0]);
  EXPECT_EQ(text(events_between(after, again)), "");
  EXPECT_EQ(text(events_between(after, running_status({failed_task("a", Phase::Failed, 2)}))),
            "!TaskFailed: task a, attempt 2: exit 3\n");
}

TEST(Events, TellATaskThatFailedBeforeItHadAnAttempt) {
  const auto before = running_status({task_status("a", Phase::Queued)});
  api::TaskStatus refused = task_status("a", Phase::Failed);
  refused.message = "invalid image";
  EXPECT_EQ(text(events_between(before, running_status({refused}))), "!TaskFailed: task a: invalid image\n");
}

TEST(Events, AreFewHoweverManyFail) {
  std::vector<api::TaskStatus> before, after;
  for (int i = 0; i < 100; ++i) {
    before.push_back(task_status("t" + std::to_string(i), Phase::Running, 1));
    after.push_back(failed_task("t" + std::to_string(i), Phase::Failed, 1));
  }
  const auto events = events_between(running_status(before), running_status(after));
  EXPECT_EQ(events.size(), max_events_per_plan + 1);
  EXPECT_EQ(events.back().message, "95 more tasks failed; see the status");
}

TEST(Events, TellTheEnd) {
  const auto before = running_status({task_status("a", Phase::Running, 1)});
  auto after = running_status({task_status("a", Phase::Succeeded, 1)});
  after.phase = Phase::Succeeded;
  after.message = "all 1 tasks succeeded";
  after.conditions = {{"Succeeded", api::ConditionStatus::True, 1, now, "Succeeded", ""}};
  EXPECT_EQ(text(events_between(before, after)), "Succeeded: all 1 tasks succeeded\n");
  after.phase = Phase::Failed;
  after.conditions[0].reason = "TaskFailed";
  EXPECT_EQ(text(events_between(before, after)), "!Failed: all 1 tasks succeeded\n");
  EXPECT_EQ(text(events_between(after, after)), "");
}

TEST(Events, TellOnceWhyARunCanNotStart) {
  api::RunStatus waiting;
  waiting.message = "there is no Workflow";
  waiting.conditions = {{"Succeeded", api::ConditionStatus::Unknown, 1, now, "WorkflowNotFound", ""}};
  EXPECT_EQ(text(events_between({}, waiting)), "!WorkflowNotFound: there is no Workflow\n");
  EXPECT_EQ(text(events_between(waiting, waiting)), "");
}

}  // namespace
}  // namespace ork::run
