#include "controllers/run/call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/observe/trace.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace test;

constexpr const char* fan_out = R"({"parallelism": 2, "tasks": [
  {"name": "all", "forEach": ["a", "b", "c"], "parallelism": 2,
   "workflow": {"name": "load", "params": {"file": "item", "n": "index"}}}]})";

struct World : TestRun {
  std::deque<api::WorkflowRun> held;
  Json params = Json::object();
  std::vector<api::TaskStatusPtr> tasks;

  explicit World(const char* spec) : TestRun(spec) {
    store({task_status(snapshot.definition->tasks[0].name())});
    tasks = run.status.tasks;
  }

  void show_child(std::int64_t index, api::Phase phase, std::int64_t count = 3) {
    api::WorkflowRun child;
    child.meta.name = child_name(run.meta, "all", 1, index);
    child.meta.creation_ms = now;
    child.spec.child_of = api::ChildOf{"all", 1, index, count};
    child.status.phase = phase;
    held.push_back(std::move(child));
    snapshot.children.push_back(&held.back());
  }

  Calls call(std::int64_t count, std::int64_t room, std::size_t creates = 100) {
    const RunScope scope(snapshot, params, tasks);
    const Children children(snapshot);
    const workflow::CompiledTask& task = snapshot.definition->tasks[0];
    return run::call({.snapshot = snapshot,
                      .task = task,
                      .status = *tasks[0],
                      .observed = children.find(task.name(), 1),
                      .scope = scope,
                      .attempt = 1,
                      .count = count,
                      .room = room,
                      .creates = creates,
                      .now = now});
  }
};

std::vector<Json> specs_of(const Calls& calls) {
  std::vector<Json> out;
  for (const NewJob& job : calls.create) out.push_back(Json::parse(job.body)["spec"]);
  return out;
}

TEST(Call, OneRunIsMadeOfATaskWithoutFanOut) {
  World world(R"({"tasks": [{"name": "a", "workflow": {"name": "load", "params": {"n": "1 + 1"}}}]})");
  const Calls calls = world.call(0, 1);
  ASSERT_EQ(calls.create.size(), 1U);
  EXPECT_TRUE(calls.create[0].is_run);
  EXPECT_EQ(calls.create[0].name, child_name(world.run.meta, "a", 1, -1));
  const Json body = Json::parse(calls.create[0].body);
  EXPECT_EQ(body["spec"], Json::parse(R"({"workflowRef": {"name": "load"}, "params": {"n": 2},
                                          "childOf": {"task": "a", "attempt": 1}})"));
  const Json& owner = body["metadata"]["ownerReferences"][0];
  EXPECT_EQ(owner["uid"], "run-uid");
  EXPECT_EQ(owner["controller"], true);
  EXPECT_EQ(body["metadata"]["annotations"]["ork.dev/traceparent"], observe::traceparent_of(world.run, "a", 1));
}

TEST(Call, EachIndexHasItsItemAsFarAsThereIsRoom) {
  World world(fan_out);
  const Calls calls = world.call(3, 2);
  EXPECT_THAT(specs_of(calls),
              ElementsAre(Json::parse(R"({"workflowRef": {"name": "load"}, "params": {"file": "a", "n": 0},
                                          "childOf": {"task": "all", "attempt": 1, "index": 0, "count": 3}})"),
                          Json::parse(R"({"workflowRef": {"name": "load"}, "params": {"file": "b", "n": 1},
                                          "childOf": {"task": "all", "attempt": 1, "index": 1, "count": 3}})")));
}

TEST(Call, WhatHasEndedMakesRoomAndIsNotMadeAgain) {
  World world(fan_out);
  world.show_child(0, api::Phase::Failed);
  world.show_child(1, api::Phase::Running);
  const Calls calls = world.call(3, 2);
  ASSERT_EQ(calls.create.size(), 1U);
  EXPECT_EQ(calls.create[0].name, child_name(world.run.meta, "all", 1, 2));
}

TEST(Call, WhatIsOnItsWayTakesRoomAndIsNotMadeAgain) {
  World world(fan_out);
  world.snapshot.creating.insert(child_name(world.run.meta, "all", 1, 0));
  EXPECT_EQ(world.call(3, 2).create.size(), 1U);
  EXPECT_EQ(world.call(3, 1).create.size(), 0U);
}

TEST(Call, NoMoreAreMadeThanThereMayBeOnTheirWay) {
  World world(fan_out);
  EXPECT_EQ(world.call(3, 3, 1).create.size(), 1U);
}

TEST(Call, AParamWithoutAValueFailsTheAttempt) {
  World world(R"({"tasks": [{"name": "a", "workflow": {"name": "load", "params": {"n": "[1][5]"}}}]})");
  const Calls calls = world.call(0, 1);
  ASSERT_TRUE(calls.failure);
  EXPECT_EQ(calls.failure->reason, "ParamUnavailable");
  EXPECT_THAT(calls.failure->message, HasSubstr("param n has no value: "));
}

TEST(Call, ARefusedRunIsTriedAgainOrFailsTheAttempt) {
  World world(R"({"tasks": [{"name": "a", "workflow": {"name": "load"}}]})");
  world.snapshot.refused.push_back({child_name(world.run.meta, "a", 1, -1), "forbidden", false, now + 5000});
  Calls calls = world.call(0, 1);
  EXPECT_THAT(calls.create, IsEmpty());
  EXPECT_EQ(calls.refused, "forbidden");
  EXPECT_EQ(calls.retry_ms, now + 5000);
  world.snapshot.refused.back().final = true;
  calls = world.call(0, 1);
  ASSERT_TRUE(calls.failure);
  EXPECT_EQ(calls.failure->reason, "RunRejected");
}

TEST(Call, AWorkflowThatWouldCallItselfIsNotCalled) {
  EXPECT_EQ(why_not_called({"a", "b"}, "c"), "");
  EXPECT_EQ(why_not_called({"a"}, "a"), "Workflow a would call itself: a > a");
  EXPECT_EQ(why_not_called({"a", "", "b"}, "a"), "Workflow a would call itself: a > (inline) > b > a");
  World world(R"({"tasks": [{"name": "a", "workflow": {"name": "flow"}}]})");
  const Calls calls = world.call(0, 1);
  ASSERT_TRUE(calls.failure);
  EXPECT_EQ(calls.failure->reason, "CallsTooDeep");
}

TEST(Call, RunsCallRunsSoDeepAndNoDeeper) {
  std::vector<std::string> callers;
  for (std::size_t i = 1; i < max_call_depth; ++i) callers.push_back("w" + std::to_string(i));
  EXPECT_EQ(why_not_called(callers, "last"), "");
  callers.emplace_back("last");
  EXPECT_THAT(why_not_called(callers, "more"), HasSubstr("at most 8 deep"));
}

}  // namespace
}  // namespace ork::run
