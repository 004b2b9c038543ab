#include "controllers/run/status_patch.hpp"

#include <gtest/gtest.h>

#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using namespace test;

// The object as the API server holds it, and what the patch makes of it.
Json patched(const api::WorkflowRun& run, const api::RunStatus& next) {
  const Json stored = {{"metadata", {{"resourceVersion", "7"}}}, {"status", api::encode_status(run.status)}};
  return stored.patch(Json::parse(status_patch(run, next)));
}

api::WorkflowRun stored_run(std::size_t tasks) {
  api::WorkflowRun run;
  run.meta.resource_version = "7";
  run.status.observed_generation = 1;
  run.status.message = "going";
  run.status.workflow = "flow";
  for (std::size_t i = 0; i < tasks; ++i) run.status.tasks.push_back(ptr(task_status("t" + std::to_string(i))));
  return run;
}

TEST(StatusPatch, SendsOnlyTheTasksThatChanged) {
  const api::WorkflowRun run = stored_run(1'000);
  api::RunStatus next = run.status;
  next.tasks[500] = ptr(task_status("t500", Phase::Running, 1));
  const Json patch = Json::parse(status_patch(run, next));
  ASSERT_EQ(patch.size(), 2u);
  EXPECT_EQ(patch[0], Json::parse(R"({"op": "replace", "path": "/metadata/resourceVersion", "value": "7"})"));
  EXPECT_EQ(patch[1]["path"], "/status/tasks/500");
  EXPECT_LT(patch.dump().size(), 300u);
  EXPECT_EQ(patched(run, next)["status"], api::encode_status(next));
}

TEST(StatusPatch, SetsAndRemovesFields) {
  const api::WorkflowRun run = stored_run(1);
  api::RunStatus next = run.status;
  next.message.clear();
  next.progress = "1/1";
  next.counts.total = 1;
  EXPECT_EQ(patched(run, next)["status"], api::encode_status(next));
}

TEST(StatusPatch, OfNothingNewHoldsOnlyTheVersion) {
  const api::WorkflowRun run = stored_run(3);
  EXPECT_EQ(Json::parse(status_patch(run, run.status)).size(), 1u);
}

TEST(StatusPatch, ReplacesTheWholeListWhereMostChanged) {
  const api::WorkflowRun run = stored_run(600);
  api::RunStatus next = run.status;
  for (auto& task : next.tasks) task = ptr(task_status(task->name, Phase::Cancelled));
  const Json patch = Json::parse(status_patch(run, next));
  ASSERT_EQ(patch.size(), 2u);
  EXPECT_EQ(patch[1]["path"], "/status/tasks");
  EXPECT_EQ(patched(run, next)["status"], api::encode_status(next));
}

TEST(StatusPatch, ReplacesAStatusThatNobodyWroteOrThatHasOtherTasks) {
  api::WorkflowRun run = stored_run(2);
  api::RunStatus next = run.status;
  next.tasks.pop_back();
  EXPECT_EQ(Json::parse(status_patch(run, next))[1]["path"], "/status");
  next = run.status;
  next.tasks[0] = ptr(task_status("other"));
  EXPECT_EQ(patched(run, next)["status"], api::encode_status(next));
  run.status = api::RunStatus();
  EXPECT_EQ(Json::parse(status_patch(run, next))[1]["path"], "/status");
}

TEST(StatusPatch, SurvivesBytesThatAreNoText) {
  const api::WorkflowRun run = stored_run(1);
  api::RunStatus next = run.status;
  next.message = "half a character: \xC3";
  EXPECT_FALSE(Json::parse(status_patch(run, next), nullptr, false).is_discarded());
}

}  // namespace
}  // namespace ork::run
