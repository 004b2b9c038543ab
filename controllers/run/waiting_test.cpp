#include "controllers/run/waiting.hpp"

#include <gtest/gtest.h>

#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Phase;
using namespace test;

class NoScope : public expr::Scope {
 public:
  std::optional<expr::Value> variable(std::string_view) const override { return std::nullopt; }
};

workflow::CompiledTask task_of(const std::string& fields) {
  const std::string spec = R"({"tasks": [{"name": "hold", )" + fields + "}]}";
  return definition_of(spec.c_str())->tasks.at(0);
}

api::TaskStatus begun(const workflow::CompiledTask& task, api::TimeMs at = now) {
  auto status = begin_waiting(task, NoScope(), at);
  return status ? *status : api::TaskStatus();
}

TEST(Waiting, TakesTheTimeThatIsWritten) {
  const auto task = task_of(R"("wait": {"for": "5m"})");
  const api::TaskStatus status = begun(task);
  EXPECT_EQ(status.phase, Phase::Running);
  EXPECT_EQ(status.attempt, 0);
  EXPECT_EQ(status.start_ms, now);
  EXPECT_EQ(status.until_ms, now + 300'000);
  EXPECT_EQ(status.message, "waits until 1970-01-01T00:23:20.000Z");
  EXPECT_FALSE(end_of_waiting(task, status, now + 299'999));
  EXPECT_EQ(end_time_of(task, status), now + 300'000);
  const auto end = end_of_waiting(task, status, now + 300'000);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->phase, Phase::Succeeded);
  EXPECT_EQ(end->completion_ms, now + 300'000);
  EXPECT_EQ(end->message, "");
}

TEST(Waiting, EndsNoSoonerThanTheMomentThatIsGiven) {
  const auto task = task_of(R"js("wait": {"until": "timestamp('1970-01-01T01:00:00.000000001Z')"})js");
  EXPECT_EQ(begun(task).until_ms, 3'600'001);
}

TEST(Waiting, EndsAtOnceWhereTheMomentIsOver) {
  const auto task = task_of(R"js("wait": {"until": "timestamp('0001-01-01T00:00:00Z')"})js");
  const api::TaskStatus status = begun(task);
  EXPECT_EQ(status.until_ms, now);
  const auto end = end_of_waiting(task, status, now);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->phase, Phase::Succeeded);
  EXPECT_EQ(end->message, "what it waits for was over when it began");
}

TEST(Waiting, EndsAsTheRunDoesThatItWaitsFor) {
  const auto task = task_of(R"("wait": {"run": {"name": "'nightly-' + '1'"}}, "timeout": "1m")");
  const api::TaskStatus status = begun(task);
  EXPECT_EQ(status.run, "nightly-1");
  EXPECT_TRUE(is_waiting(task, status, now));
  EXPECT_EQ(end_time_of(task, status), now + 60'000);
  EXPECT_FALSE(end_of_waiting(task, status, now));
  api::WorkflowRun awaited;
  awaited.meta.name = "nightly-1";
  awaited.status.phase = Phase::Running;
  EXPECT_FALSE(end_of_waiting(task, status, now, {.run = &awaited}));
  EXPECT_EQ(end_of_waiting(task, status, now + 60'000, {.run = &awaited})->reason, "DeadlineExceeded");
  awaited.status.phase = Phase::Succeeded;
  awaited.status.output = 7;
  const auto good = end_of_waiting(task, status, now + 60'000, {.run = &awaited});
  ASSERT_TRUE(good);
  EXPECT_EQ(good->phase, Phase::Succeeded);
  EXPECT_EQ(good->output, api::Json(7));
  awaited.status.phase = Phase::Failed;
  awaited.status.conditions = {{.type = "Succeeded", .message = "task a failed: exit code 1"}};
  const auto bad = end_of_waiting(task, status, now, {.run = &awaited});
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->phase, Phase::Failed);
  EXPECT_EQ(bad->message, "run nightly-1 failed: task a failed: exit code 1");
}

TEST(Waiting, NeedsANameThatARunCanHave) {
  for (const char* name : {"'Not_a_name'", "''"}) {
    const auto task = task_of(R"("wait": {"run": {"name": ")" + std::string(name) + "\"}}");
    EXPECT_FALSE(begin_waiting(task, NoScope(), now));
  }
}

TEST(Waiting, SaysWhyThereIsNoMoment) {
  struct Case {
    const char* until;
    const char* why;
  };
  for (const Case& c : {Case{"dyn('tomorrow')",
                             "wait.until has no value: it is a string, but has to be a timestamp, as "
                             "timestamp(\"2026-01-31T12:00:00Z\") gives"},
                        Case{"timestamp('9999-12-31T23:00:00Z') + duration('2h')", "wait.until has no value: "}}) {
    const auto task = task_of(R"("wait": {"until": ")" + std::string(c.until) + R"("})");
    const auto status = begin_waiting(task, NoScope(), now);
    ASSERT_FALSE(status) << c.until;
    EXPECT_EQ(status.error().substr(0, std::string_view(c.why).size()), c.why);
  }
}

TEST(Waiting, FailsAtItsTimeout) {
  const auto task = task_of(R"("timeout": "1m", "wait": {"for": "5m"})");
  const api::TaskStatus status = begun(task);
  EXPECT_EQ(end_time_of(task, status), now + 60'000);
  const auto end = end_of_waiting(task, status, now + 900'000);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->phase, Phase::Failed);
  EXPECT_EQ(end->reason, "DeadlineExceeded");
  EXPECT_EQ(end->cause, api::Cause::Deadline);
  EXPECT_EQ(end->message, "it waited for longer than its timeout of 1m");
  // Who looks late does not hold against it what came after its end.
  const auto short_one = task_of(R"("timeout": "10m", "wait": {"for": "5m"})");
  EXPECT_EQ(end_of_waiting(short_one, begun(short_one), now + 900'000)->phase, Phase::Succeeded);
}

TEST(Waiting, AsksUntilItIsAnswered) {
  const auto task = task_of(R"("approve": {"message": "Go on?"})");
  const api::TaskStatus status = begun(task);
  EXPECT_EQ(status.reason, "Approval");
  EXPECT_EQ(status.message, "waits for an answer: Go on?");
  EXPECT_TRUE(is_waiting(task, status, now));
  EXPECT_FALSE(end_time_of(task, status));
  EXPECT_FALSE(end_of_waiting(task, status, api::max_time_ms - 1));
}

TEST(Waiting, TakesTheDefaultWhereNobodyAnswers) {
  struct Case {
    const char* fields;
    Phase phase;
    const char* asked;
    const char* told;
  };
  for (const Case& c : {Case{R"("timeout": "1m")", Phase::Failed,
                             "waits for an answer (rejected at 1970-01-01T00:19:20.000Z if there is none)",
                             "nobody has answered within 1m: rejected by default"},
                        Case{R"("timeout": "1m", "default": "approve")", Phase::Succeeded,
                             "waits for an answer (approved at 1970-01-01T00:19:20.000Z if there is none)",
                             "nobody has answered within 1m: approved by default"}}) {
    const auto task = task_of(R"("approve": {)" + std::string(c.fields) + "}");
    const api::TaskStatus status = begun(task);
    EXPECT_EQ(status.message, c.asked);
    EXPECT_EQ(end_time_of(task, status), now + 60'000);
    EXPECT_FALSE(end_of_waiting(task, status, now + 59'999));
    const auto end = end_of_waiting(task, status, now + 60'000);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->phase, c.phase);
    EXPECT_EQ(end->reason, reason_no_answer);
    EXPECT_EQ(end->message, c.told);
  }
}

TEST(Waiting, BeginsAnewWhereItsStatusMakesNoSense) {
  const auto task = task_of(R"("wait": {"for": "5m"})");
  const api::TaskStatus good = begun(task);
  EXPECT_TRUE(is_waiting(task, good, now));
  api::TaskStatus set_back = good, without = good, queued = good;
  set_back.start_ms = now + 3'600'000;
  without.until_ms = 0;
  queued.phase = Phase::Queued;
  for (const api::TaskStatus& status : {set_back, without, queued}) EXPECT_FALSE(is_waiting(task, status, now));
  // Somebody's answer counts, whatever our clock says.
  EXPECT_TRUE(has_begun_to_wait(task, set_back));
  for (const api::TaskStatus& status : {without, queued}) EXPECT_FALSE(has_begun_to_wait(task, status));
  // What is written is waited for, whatever the status says.
  api::TaskStatus edited = good;
  edited.until_ms = api::max_time_ms;
  EXPECT_EQ(end_time_of(task, edited), now + 300'000);
}

TEST(Waiting, IsToldOfWhileItsStatusIsOnItsWay) {
  const auto task = task_of(R"("wait": {"for": "5m"})");
  api::RunStatus empty, waits, over, other;
  waits.tasks = {ptr(begun(task))};
  over.tasks = {ptr(*end_of_waiting(task, begun(task), now + 300'000))};
  other.tasks = {ptr(task_status("a", Phase::Running, 1))};
  EXPECT_TRUE(tells_of_a_wait(waits, empty));
  EXPECT_TRUE(tells_of_a_wait(over, waits));
  EXPECT_FALSE(tells_of_a_wait(waits, waits));
  EXPECT_FALSE(tells_of_a_wait(other, empty));
}

}  // namespace
}  // namespace ork::run
