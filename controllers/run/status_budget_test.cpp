#include "controllers/run/status_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using namespace test;
using testing::HasSubstr;

workflow::Definition definition(std::size_t tasks, bool chained = false) {
  Json spec = {{"tasks", Json::array()}};
  for (std::size_t i = 0; i < tasks; ++i) {
    Json task = {{"name", "t" + std::to_string(i)}, {"image", "i"}};
    if (chained && i > 0) task["dependsOn"] = {"t" + std::to_string(i - 1)};
    spec["tasks"].push_back(std::move(task));
  }
  return std::move(*workflow::compile(spec));
}

// A task with all that a task can have.
api::TaskStatus crowded(Phase phase, std::size_t name_size = 63) {
  api::TaskStatus task = task_status(std::string(name_size, 'n'), phase, 106);
  task.job = std::string(57, 'j');
  task.reason = "DeadlineExceeded";
  task.message = std::string(300, 'm');
  task.start_ms = task.completion_ms = task.retry_ms = 1'795'262'400'123;
  task.exit_code = -2147483647;
  task.cause = api::Cause::Infrastructure;
  task.program_retries = 100;
  task.infrastructure_retries = 5;
  task.run = std::string(57, 'r');
  for (int i = 0; i < 5; ++i) {
    task.attempts.push_back({100 + i, std::string(57, 'j'), std::string(57, 'r'), task.start_ms, task.start_ms,
                             std::string(40, 'n'), 255, api::Cause::Infrastructure, "CreateContainerConfigError",
                             std::string(512, '"'), "1,3-5,7"});
  }
  return task;
}

std::size_t real_bytes(const api::RunStatus& status) { return api::encode_status(status).dump().size(); }

api::RunStatus status_of(std::size_t n, const api::TaskStatus& task) {
  api::RunStatus status;
  for (std::size_t i = 0; i < n; ++i) status.tasks.push_back(ptr(task));
  return status;
}

const StatusRoom whole_room = status_room(0);

TEST(StatusBudget, NeverEstimatesTooLittle) {
  for (Phase phase : {Phase::Pending, Phase::Retrying, Phase::UpstreamFailed}) {
    const api::RunStatus status = status_of(50, crowded(phase));
    EXPECT_GE(estimated_bytes(status), real_bytes(status));
    EXPECT_LE(estimated_bytes(status), real_bytes(status) * 3 / 2);
  }
  api::TaskStatus odd = task_status("a", Phase::Succeeded, 1);
  odd.message = "\x01\x02\n\t\"\\\\<html>&\xE2\x80\xA8";
  odd.output = Json::parse(R"({"a\"b": [1, -1.7976931348623157e308, null, true, "\u0001<&>", {"deep": [[], {}]}]})");
  odd.count = 100'000;
  for (int i = 0; i < 3'000; ++i) odd.failed_indexes.insert(99'999 - 3 * i);
  const api::RunStatus status = status_of(1, odd);
  EXPECT_GE(estimated_bytes(status), real_bytes(status));
}

TEST(StatusBudget, LeavesASmallStatusAlone) {
  api::RunStatus status = status_of(20, crowded(Phase::Succeeded));
  const auto before = status.tasks;
  EXPECT_TRUE(fit_status(definition(20), whole_room, status));
  EXPECT_EQ(status.tasks, before);
}

TEST(StatusBudget, FitsFiveThousandTasksHoweverTheyEnded) {
  const workflow::Definition graph = definition(5'000);
  for (Phase phase : {Phase::Failed, Phase::UpstreamFailed}) {
    api::RunStatus status = status_of(5'000, crowded(phase));
    EXPECT_TRUE(fit_status(graph, whole_room, status)) << api::to_string(phase);
    EXPECT_LE(real_bytes(status), status_hard_bytes) << api::to_string(phase);
    for (const api::TaskStatusPtr& task : status.tasks) {
      ASSERT_EQ(task->phase, phase);
      ASSERT_EQ(task->attempt, 106);
    }
  }
}

TEST(StatusBudget, KeepsAllThatMattersOfFiveThousandPlainSuccesses) {
  api::TaskStatus plain = task_status("transform-0000", Phase::Succeeded, 1);
  plain.job = "nightly-transform-0000-1-abcde";
  plain.start_ms = plain.completion_ms = 1'795'262'400'123;
  plain.exit_code = 0;
  api::RunStatus status = status_of(5'000, plain);
  EXPECT_TRUE(fit_status(definition(5'000), whole_room, status));
  EXPECT_LE(real_bytes(status), std::size_t{1} << 20);
  for (const api::TaskStatusPtr& task : status.tasks) ASSERT_NE(task->completion_ms, 0);
}

TEST(StatusBudget, IsReachedOnceAndThenKept) {
  const workflow::Definition graph = definition(5'000);
  api::RunStatus status = status_of(5'000, crowded(Phase::Failed));
  EXPECT_TRUE(fit_status(graph, whole_room, status));
  const auto before = status.tasks;
  EXPECT_TRUE(fit_status(graph, whole_room, status));
  EXPECT_EQ(status.tasks, before);
}

TEST(StatusBudget, DropsTheSmallerLossFirst) {
  const workflow::Definition graph = definition(400);
  api::RunStatus status = status_of(200, crowded(Phase::Succeeded));
  const api::RunStatus failed = status_of(200, crowded(Phase::Failed));
  status.tasks.insert(status.tasks.end(), failed.tasks.begin(), failed.tasks.end());
  EXPECT_TRUE(fit_status(graph, whole_room, status));
  EXPECT_TRUE(status.tasks.front()->attempts.empty());  // how it came to succeed
  EXPECT_FALSE(status.tasks.back()->attempts.empty());  // why it failed
}

TEST(StatusBudget, NeverCutsACharacterInTwo) {
  api::TaskStatus task = crowded(Phase::Failed);
  task.message = "x";
  for (int i = 0; i < 200; ++i) task.message += "\xC3\xA9";
  api::RunStatus status = status_of(2'000, task);
  EXPECT_TRUE(fit_status(definition(2'000), whole_room, status));
  const std::string& message = status.tasks.front()->message;
  EXPECT_EQ(Json::parse(Json(message).dump()).get<std::string>(), message);  // dump throws on half a character
}

TEST(StatusBudget, KeepsOutputsThatMayStillBeAskedFor) {
  const workflow::Definition chain = definition(300, true);
  api::RunStatus status;
  for (int i = 0; i < 300; ++i) {
    api::TaskStatus task = task_status("t" + std::to_string(i), i < 299 ? Phase::Succeeded : Phase::Pending, 1);
    if (i < 299) task.output = std::string(4'000, 'x');
    status.tasks.push_back(ptr(task));
  }
  EXPECT_TRUE(fit_status(chain, whole_room, status));
  EXPECT_LE(real_bytes(status), status_hard_bytes);
  EXPECT_TRUE(status.tasks[298]->output);  // t299 depends on it
  EXPECT_FALSE(status.tasks[0]->output);
  EXPECT_EQ(status.tasks[0]->message, "its output was dropped to keep the status small");
}

TEST(StatusBudget, KeepsOutputsThatTheRunGivesOut) {
  Json spec = {{"output", "tasks.t0.output"}, {"tasks", Json::array()}};
  api::RunStatus status;
  status.phase = Phase::Running;
  for (int i = 0; i < 300; ++i) {
    spec["tasks"].push_back({{"name", "t" + std::to_string(i)}, {"image", "i"}});
    api::TaskStatus task = task_status("t" + std::to_string(i), Phase::Succeeded, 1);
    task.output = std::string(4'000, 'x');
    status.tasks.push_back(ptr(task));
  }
  const workflow::Definition whole = *workflow::compile(spec);
  EXPECT_TRUE(fit_status(whole, whole_room, status));
  EXPECT_TRUE(status.tasks[0]->output);
  EXPECT_FALSE(status.tasks[1]->output);
}

TEST(StatusBudget, SaysWhereOutputsInUseAreTooLargeTogether) {
  Json spec = {{"tasks", {{{"name", "last"}, {"image", "i"}, {"dependsOn", Json::array()}}}}};
  api::RunStatus status;
  status.tasks.push_back(ptr(task_status("last")));
  for (int i = 0; i < 300; ++i) {
    spec["tasks"].push_back({{"name", "t" + std::to_string(i)}, {"image", "i"}});
    spec["tasks"][0]["dependsOn"].push_back("t" + std::to_string(i));
    api::TaskStatus task = task_status("t" + std::to_string(i), Phase::Succeeded, 1);
    task.output = std::string(4'000, 'x');
    status.tasks.push_back(ptr(task));
  }
  EXPECT_FALSE(fit_status(*workflow::compile(spec), whole_room, status));
  strip_status(status);
  EXPECT_LE(estimated_bytes(status), status_hard_bytes);
}

TEST(StatusBudget, TakesWhatTheRestOfTheObjectLeaves) {
  EXPECT_EQ(status_room(400 * 1024).hard, status_hard_bytes);
  const StatusRoom room = status_room(1200 * 1024);
  EXPECT_EQ(room.hard, max_object_bytes - 1200 * 1024);
  EXPECT_LT(room.soft, room.hard);
  EXPECT_EQ(status_room(2 * max_object_bytes).hard, 0U);
  api::RunStatus status = status_of(1'000, crowded(Phase::Failed));
  EXPECT_TRUE(fit_status(definition(1'000), room, status));
  EXPECT_LE(real_bytes(status), room.hard);
}

TEST(StatusBudget, SaysWhereTheTasksHaveNoRoomBesideTheirOwnText) {
  const workflow::Definition graph = definition(5'000);
  EXPECT_EQ(no_status_room(graph, 100 * 1024), std::nullopt);
  const auto why = no_status_room(graph, 1200 * 1024);
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("takes 1200 KiB and the status of its 5000 tasks up to"));
  EXPECT_THAT(*why, HasSubstr("spec.workflowRef"));
  // What is let begin can be stored however it ends.
  api::RunStatus status = status_of(5'000, crowded(Phase::UpstreamFailed, 5));
  strip_status(status);
  std::size_t beside = max_object_bytes;
  while (no_status_room(graph, beside)) beside -= 1024;
  EXPECT_LE(estimated_bytes(status), status_room(beside).hard);
}

TEST(StatusBudget, StrippedFitsForTheLargestWorkflow) {
  api::TaskStatus task = crowded(Phase::UpstreamFailed);
  task.output = std::string(4'000, 'x');
  api::RunStatus status = status_of(5'000, task);
  strip_status(status);
  EXPECT_LE(estimated_bytes(status), status_hard_bytes);
  EXPECT_EQ(status.tasks[0]->reason, "DeadlineExceeded");
  EXPECT_EQ(status.tasks[0]->attempt, 106);
}

}  // namespace
}  // namespace ork::run
