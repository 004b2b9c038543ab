#include "controllers/run/actions.hpp"

#include <gtest/gtest.h>

#include "controllers/jobs/names.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Act;
using api::Json;
using api::Phase;
using namespace test;

// Scenarios (tests/scenarios/action-*.txt) show how runs go on; here is what they can't.

const char* const spec = R"({"tasks": [
  {"name": "load", "image": "i"},
  {"name": "wide", "image": "i", "count": 4},
  {"name": "report", "image": "i", "dependsOn": ["load"]}]})";

struct Acted {
  explicit Acted(std::vector<api::TaskStatus> stored) : world(spec) { world.store(std::move(stored)); }

  bool ask(api::Action action) {
    world.run.spec.actions.push_back(std::move(action));
    tasks = world.run.status.tasks;
    return carry_out_actions(world.snapshot, now, tasks, told);
  }

  TestRun world;
  std::vector<api::TaskStatusPtr> tasks;
  std::vector<api::ActionStatus> told;
};

std::vector<api::TaskStatus> with_load(Phase phase, int attempt) {
  return {task_status("load", phase, attempt), task_status("wide"), task_status("report")};
}

TEST(Actions, OfOneIdAreCarriedOutOnce) {
  Acted acted(with_load(Phase::Failed, 1));
  EXPECT_TRUE(acted.ask({.id = "a", .task = "load", .act = Act::Retry}));
  EXPECT_FALSE(carry_out_actions(acted.world.snapshot, now, acted.tasks, acted.told));
  acted.world.run.spec.actions.push_back({.id = "a", .task = "load", .act = Act::MarkFailed});
  EXPECT_FALSE(carry_out_actions(acted.world.snapshot, now, acted.tasks, acted.told));
  EXPECT_EQ(acted.tasks[0]->phase, Phase::Retrying);
}

TEST(Actions, AreNoMoreThanAStatusCanRemember) {
  Acted acted(with_load(Phase::Pending, 0));
  for (std::size_t i = 0; i < max_actions; ++i)
    acted.world.run.spec.actions.push_back({.id = std::to_string(i), .task = "load", .act = Act::Kill});
  EXPECT_TRUE(acted.ask({.id = "one more", .task = "load", .act = Act::MarkFailed}));
  EXPECT_EQ(acted.told.size(), max_actions);
  EXPECT_EQ(acted.tasks[0]->phase, Phase::Pending);
}

TEST(Actions, SayWhoAskedWhenAndWhatCameOfIt) {
  Acted acted(with_load(Phase::Running, 1));
  acted.ask({.id = "a", .task = "load", .act = Act::MarkFailed, .by = "alice"});
  const api::ActionStatus expected = {.id = "a",
                                      .task = "load",
                                      .act = Act::MarkFailed,
                                      .by = "alice",
                                      .time_ms = now,
                                      .done = true,
                                      .message = "load counts as failed"};
  EXPECT_EQ(acted.told.at(0), expected);
  EXPECT_EQ(acted.tasks[0]->message, "marked as failed by alice");
}

TEST(Actions, ThatCanNotBeDoneSayWhy) {
  const auto refusal = [](Phase phase, int attempt, Act act, const std::string& task = "load") {
    Acted acted(with_load(phase, attempt));
    const auto before = acted.world.run.status.tasks;
    acted.ask({.id = "a", .task = task, .act = act});
    EXPECT_EQ(*acted.tasks[0], *before[0]) << "a refused action changes nothing";
    return acted.told.at(0).done ? "done" : acted.told.at(0).message;
  };
  EXPECT_EQ(refusal(Phase::Succeeded, 1, Act::Retry),
            "task load has succeeded; Clear runs it again, with what follows it");
  EXPECT_EQ(refusal(Phase::Skipped, 0, Act::Retry), "task load has not run; Clear lets it be decided again");
  EXPECT_EQ(refusal(Phase::Pending, 0, Act::Retry), "task load has not started");
  EXPECT_EQ(refusal(Phase::Queued, 0, Act::Clear), "task load has not started");
  EXPECT_EQ(refusal(Phase::Succeeded, 1, Act::MarkSucceeded), "task load has succeeded already");
  EXPECT_EQ(refusal(Phase::Failed, 1, Act::MarkFailed), "task load has ended already: Failed");
  EXPECT_EQ(refusal(Phase::Retrying, 1, Act::Kill), "task load does not run");
  EXPECT_EQ(refusal(Phase::Running, 1, Act::Kill, "loda"), "there is no task \"loda\"; did you mean \"load\"?");
}

TEST(Actions, TakeAnOutputThatATaskCouldHaveWritten) {
  Acted acted(with_load(Phase::Failed, 1));
  acted.ask({.id = "large", .task = "load", .act = Act::MarkSucceeded, .output = std::string(max_output_bytes, 'x')});
  EXPECT_EQ(acted.told.back().message, "its output is more than 4096 bytes");
  Json deep = 1;
  for (std::size_t i = 0; i <= max_output_depth; ++i) deep = Json::array({deep});
  acted.ask({.id = "deep", .task = "load", .act = Act::MarkSucceeded, .output = deep});
  EXPECT_EQ(acted.told.back().message, "its output is nested more than 64 deep");
  acted.ask({.id = "fine", .task = "load", .act = Act::MarkSucceeded, .output = Json{{"rows", 3}}});
  EXPECT_EQ(acted.tasks[0]->output, (Json{{"rows", 3}}));
  acted.ask({.id = "one", .task = "wide", .act = Act::MarkSucceeded, .output = 1});
  EXPECT_EQ(acted.told.back().message, "its output must be a list: what each of its indexes gives out");
  acted.ask({.id = "why", .task = "wide", .act = Act::MarkFailed, .output = 1});
  EXPECT_FALSE(acted.told.back().done);
}

TEST(Actions, HoldAnOutputToWhatTheTaskDeclares) {
  TestRun world(R"({"tasks": [{"name": "load", "image": "i", "output": {"type": "integer"}}]})");
  world.store({task_status("load", Phase::Failed, 1)});
  world.run.spec.actions = {{.id = "none", .task = "load", .act = Act::MarkSucceeded},
                            {.id = "text", .task = "load", .act = Act::MarkSucceeded, .output = "3"},
                            {.id = "fine", .task = "load", .act = Act::MarkSucceeded, .output = 3}};
  std::vector<api::TaskStatusPtr> tasks = world.run.status.tasks;
  std::vector<api::ActionStatus> told;
  EXPECT_TRUE(carry_out_actions(world.snapshot, now, tasks, told));
  EXPECT_EQ(told.at(0).message,
            "it declares an output, so it has to be given one: output: is null, but must be an integer");
  EXPECT_FALSE(told.at(1).done);
  EXPECT_TRUE(told.at(2).done);
  EXPECT_EQ(tasks[0]->output, Json(3));
}

TEST(Actions, RetryOnlyTheIndexesThatFailedAndClearThemAll) {
  api::TaskStatus wide = task_status("wide", Phase::Failed, 2);
  wide.count = 4;
  wide.succeeded_indexes = *api::IndexSet::parse("0,2");
  wide.failed_indexes = *api::IndexSet::parse("1,3");
  wide.program_retries = 1;
  for (const Act act : {Act::Retry, Act::Clear}) {
    Acted acted({task_status("load"), wide, task_status("report")});
    acted.ask({.id = "a", .task = "wide", .act = act});
    const api::TaskStatus& again = *acted.tasks[1];
    EXPECT_EQ(again.phase, Phase::Retrying);
    EXPECT_EQ(again.attempt, 2) << "a Job's name is never used twice";
    EXPECT_EQ(again.program_retries, 0);
    EXPECT_EQ(again.succeeded_indexes.format(), act == Act::Retry ? "0,2" : "");
    EXPECT_TRUE(again.failed_indexes.empty());
    EXPECT_EQ(is_cleared(again), act == Act::Clear);
  }
}

TEST(Actions, WaitForACreateOnItsWayOfATaskThatTheyChange) {
  Acted acted(with_load(Phase::Succeeded, 1));
  acted.world.snapshot.creating = {jobs::job_name("etl", "run-uid", "report", 1)};
  EXPECT_FALSE(acted.ask({.id = "a", .task = "load", .act = Act::Clear}));
  EXPECT_FALSE(acted.ask({.id = "c", .task = "load", .act = Act::Retry})) << "it may follow from what this changes";
  EXPECT_TRUE(acted.ask({.id = "b", .task = "wide", .act = Act::MarkFailed}));
  acted.world.snapshot.creating.clear();
  EXPECT_TRUE(carry_out_actions(acted.world.snapshot, now, acted.tasks, acted.told));
  EXPECT_EQ(acted.told.size(), 3u);
}

TEST(Actions, OfARunThatHasEndedAreRefusedOnce) {
  Acted acted(with_load(Phase::Failed, 1));
  acted.world.run.spec.actions = {{.id = "a", .task = "load", .act = Act::Retry}};
  EXPECT_TRUE(refuse_actions(acted.world.run, "the run has ended", now, acted.told));
  EXPECT_FALSE(refuse_actions(acted.world.run, "the run has ended", now, acted.told));
  EXPECT_FALSE(acted.told.at(0).done);
  EXPECT_EQ(acted.told.at(0).message, "the run has ended");
}

}  // namespace
}  // namespace ork::run
