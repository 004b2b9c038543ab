#include "controllers/run/start.hpp"

#include <gtest/gtest.h>

#include "controllers/jobs/limits.hpp"
#include "controllers/jobs/names.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using namespace test;

struct Started {
  std::vector<api::TaskStatusPtr> tasks;
  Plan plan;
  std::string names() const {
    std::string out;
    for (const NewJob& job : plan.create) out += job.task + " ";
    return out;
  }
};

Started start(TestRun& world, std::vector<std::int64_t> slots = {}, const Json& params = Json::object()) {
  Started out;
  const std::size_t n = world.snapshot.definition->tasks.size();
  out.tasks = world.run.status.tasks;
  if (out.tasks.empty()) {
    for (const auto& task : world.snapshot.definition->tasks) out.tasks.push_back(ptr(task_status(task.name())));
  }
  slots.resize(n);
  std::vector<bool> due(n);
  for (std::size_t i = 0; i < n; ++i) due[i] = out.tasks[i]->phase == Phase::Retrying;
  const Children children(world.snapshot);
  start_tasks({world.snapshot, params, now, slots, due, {}, children}, out.tasks, out.plan);
  return out;
}

std::string job_of(const char* task, int attempt = 1) { return jobs::job_name("etl", "run-uid", task, attempt); }

TEST(Start, NamesNoJobInAStatusBeforeItWasSeen) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i"}]})");
  const Started out = start(world);
  EXPECT_EQ(out.names(), "a ");
  EXPECT_EQ(out.tasks[0]->attempt, 0);
  EXPECT_EQ(out.tasks[0]->job, "");
  EXPECT_EQ(out.tasks[0]->reason, "Creating");
}

const char* const three = R"({"parallelism": 2, "tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i"},
                              {"name": "c", "image": "i"}]})";

TEST(Start, GoesAsFarAsTheParallelism) {
  TestRun world(three);
  const Started out = start(world);
  EXPECT_EQ(out.names(), "a b ");
  EXPECT_EQ(out.tasks[2]->reason, "Parallelism");
}

TEST(Start, CountsCreatesOnTheirWayWhereverTheyStand) {
  TestRun world(three);
  world.snapshot.creating = {job_of("c"), job_of("b")};
  const Started out = start(world);
  EXPECT_EQ(out.names(), "");
  EXPECT_EQ(out.tasks[0]->reason, "Parallelism");
  EXPECT_EQ(out.tasks[2]->reason, "Creating");
}

TEST(Start, CountsARetryOnItsWayToo) {
  TestRun world(three);
  world.store({task_status("a"), task_status("b"), task_status("c", Phase::Retrying, 1)});
  world.snapshot.creating = {job_of("c", 2)};
  const Started out = start(world);
  EXPECT_EQ(out.names(), "a ");
  EXPECT_EQ(out.tasks[2]->phase, Phase::Retrying);
}

TEST(Start, SendsABoundedNumberAtATime) {
  Json spec = {{"tasks", Json::array()}};
  for (int i = 0; i < 300; ++i) spec["tasks"].push_back({{"name", "t" + std::to_string(i)}, {"image", "i"}});
  TestRun world(spec.dump().c_str());
  EXPECT_EQ(start(world).plan.create.size(), max_creates_in_flight);
  for (int i = 0; i < 60; ++i) world.snapshot.creating.insert(job_of(("t" + std::to_string(i)).c_str()));
  const Started out = start(world);
  EXPECT_EQ(out.plan.create.size(), max_creates_in_flight - 60);
  EXPECT_EQ(out.plan.create.front().task, "t60");
}

TEST(Start, TakesARefusalForAnAnswerUntilItIsOver) {
  TestRun world(three);
  world.snapshot.refused = {{job_of("a"), "quota", false, now + 5'000}, {job_of("b"), "inv\x1b[0mlid", true, 0}};
  const Started out = start(world);
  EXPECT_EQ(out.names(), "c ");
  EXPECT_EQ(out.tasks[0]->reason, "JobNotCreated");
  EXPECT_EQ(out.plan.wake_ms, now + 5'000);
  EXPECT_EQ(out.tasks[1]->phase, Phase::Failed);
  EXPECT_EQ(out.tasks[1]->message, "inv [0mlid");
  world.snapshot.refused[0].retry_ms = now;
  EXPECT_EQ(start(world).names(), "a c ");
}

TEST(Start, RefusesInputsThatNoEnvironmentTakes) {
  TestRun world(R"({"params": [{"name": "p"}], "tasks": [{"name": "a", "image": "i", "inputs": {"v": "params.p"}},
                    {"name": "b", "image": "i", "dependsOn": ["a"]}]})");
  const Started out = start(world, {}, {{"p", std::string(jobs::max_inputs_bytes, 'x')}});
  EXPECT_EQ(out.names(), "");
  EXPECT_EQ(out.tasks[0]->reason, "InputUnavailable");
  EXPECT_NE(out.tasks[0]->message.find("98304"), std::string::npos);
  EXPECT_EQ(out.tasks[1]->phase, Phase::UpstreamFailed);
  EXPECT_EQ(start(world, {}, {{"p", "x"}}).names(), "a ");
}

const char* const branch = R"({"params": [{"name": "n", "type": "integer"}], "defaults": {"image": "i"},
    "tasks": [{"name": "a", "when": "params.n > 1"}, {"name": "b", "dependsOn": ["a"]},
              {"name": "c", "dependsOn": ["a"], "trigger": "noneFailed"}]})";

TEST(When, LeavesOutWhatIsNotWantedAndWhatFollowsIt) {
  TestRun world(branch);
  const Started out = start(world, {}, {{"n", 1}});
  EXPECT_EQ(out.names(), "c ");
  EXPECT_EQ(out.tasks[0]->phase, Phase::Skipped);
  EXPECT_EQ(out.tasks[0]->message, "when is false: params.n > 1");
  EXPECT_EQ(out.tasks[0]->completion_ms, now);
  EXPECT_EQ(out.tasks[1]->phase, Phase::Skipped);
  EXPECT_EQ(out.tasks[1]->message, "a task that it depends on was skipped");
  EXPECT_EQ(start(world, {}, {{"n", 2}}).names(), "a ");
}

TEST(When, FailsWhereItHasNoValue) {
  TestRun world(R"({"params": [{"name": "o", "type": "object"}], "defaults": {"image": "i"},
                    "tasks": [{"name": "a", "when": "params.o.go"}]})");
  const Started missing = start(world, {}, {{"o", Json::object()}});
  EXPECT_EQ(missing.tasks[0]->phase, Phase::Failed);
  EXPECT_EQ(missing.tasks[0]->reason, "WhenUnavailable");
  EXPECT_NE(missing.tasks[0]->message.find("params.o has no field \"go\""), std::string::npos)
      << missing.tasks[0]->message;
  const Started no_bool = start(world, {}, {{"o", {{"go", "yes"}}}});
  EXPECT_EQ(no_bool.tasks[0]->phase, Phase::Failed);
  EXPECT_EQ(no_bool.tasks[0]->message,
            "when has no value: its value is of type string, but has to be a bool: true or false");
}

TEST(When, IsAskedOnceAndBeforeTheFirstAttempt) {
  TestRun world(branch);
  // Found wanted, and waiting for room since then.
  world.store({task_status("a", Phase::Queued), task_status("b"), task_status("c")});
  EXPECT_EQ(start(world, {}, {{"n", 1}}).names(), "a ");
  world.store({task_status("a", Phase::Retrying, 1), task_status("b"), task_status("c")});
  EXPECT_EQ(start(world, {}, {{"n", 1}}).names(), "a ");
}

TEST(When, IsAskedOfASuspendedRunToo) {
  TestRun world(branch);
  world.run.spec.suspend = true;
  const Started out = start(world, {}, {{"n", 1}});
  EXPECT_EQ(out.tasks[0]->phase, Phase::Skipped);
  EXPECT_EQ(out.tasks[2]->reason, "Suspended");
}

TEST(When, KnowsZonesByTheirNamesAsFarAsItIsTold) {
  TestRun world(R"({"defaults": {"image": "i"},
    "tasks": [{"name": "a", "when": "timestamp('2026-07-01T12:00:00Z').getHours('Europe/Berlin') == 14"}]})");
  EXPECT_EQ(start(world).tasks[0]->reason, "WhenUnavailable");
  world.snapshot.utc_offset_s = [](std::string_view zone, std::int64_t unix_s) -> std::optional<std::int64_t> {
    if (zone != "Europe/Berlin" || unix_s != 1'782'907'200) return std::nullopt;
    return 7200;
  };
  EXPECT_EQ(start(world).names(), "a ");
}

const char* const counted = R"x({"params": [{"name": "n"}], "parallelism": 3, "defaults": {"image": "i"},
    "tasks": [{"name": "a", "count": "int(params.n)"}, {"name": "b", "inputs": {"o": "tasks.a.output"}}]})x";

TEST(Count, IsWhatItsExpressionSays) {
  TestRun world(counted);
  const Started out = start(world, {}, {{"n", "7"}});
  ASSERT_EQ(out.names(), "a ");
  EXPECT_EQ(out.plan.create[0].completions, 7);
  const Json spec = Json::parse(out.plan.create[0].body)["spec"];
  EXPECT_EQ(spec["completions"], 7);
  EXPECT_EQ(spec["parallelism"], 3);
  EXPECT_EQ(out.tasks[0]->count, 7);
}

TEST(Count, StaysAsItWasFound) {
  TestRun world(counted);
  api::TaskStatus stored = task_status("a", Phase::Queued);
  stored.count = 2;
  world.store({stored, task_status("b")});
  EXPECT_EQ(start(world, {}, {{"n", "7"}}).plan.create.at(0).completions, 2);
}

TEST(Count, TakesItsRoomWhileItsCreateIsOnItsWay) {
  TestRun world(R"x({"params": [{"name": "n"}], "parallelism": 3, "defaults": {"image": "i"},
                    "tasks": [{"name": "b"}, {"name": "c"}, {"name": "a", "count": "int(params.n)"}]})x");
  world.snapshot.creating = {job_of("a")};
  EXPECT_EQ(start(world, {}, {{"n", "2"}}).names(), "b ");
}

TEST(Count, OfNothingIsDoneAtOnce) {
  TestRun world(counted);
  const Started out = start(world, {}, {{"n", "0"}});
  EXPECT_EQ(out.tasks[0]->phase, Phase::Succeeded);
  EXPECT_EQ(out.tasks[0]->output, Json::array());
  EXPECT_EQ(out.names(), "b ");
}

TEST(Count, FailsWhereItIsNone) {
  TestRun world(counted);
  const auto message = [&](const char* n) { return start(world, {}, {{"n", n}}).tasks[0]->message; };
  EXPECT_EQ(start(world, {}, {{"n", "-1"}}).tasks[0]->reason, "CountUnavailable");
  EXPECT_EQ(message("-1"), "count has no value: it is -1, but must be from 0 to 100000");
  EXPECT_EQ(message("100001"), "count has no value: it is 100001, but must be from 0 to 100000");
  EXPECT_EQ(message("x").substr(0, 20), "count has no value: ");
}

// What the indexes of the first Job created find.
Json items_in(const Started& out) { return Json::parse(out.plan.create.at(0).items.value().body)["data"]; }

TEST(ForEach, HasAnIndexForEachElement) {
  TestRun world(R"x({"params": [{"name": "given", "type": "object"}], "parallelism": 2, "defaults": {"image": "i"},
                    "tasks": [{"name": "a", "forEach": "params.given.files"}]})x");
  const Started out = start(world, {}, {{"given", {{"files", {"x", 2, "z"}}}}});
  ASSERT_EQ(out.names(), "a ");
  EXPECT_EQ(out.plan.create[0].completions, 3);
  EXPECT_EQ(out.plan.create[0].items->name,
            jobs::items_name("etl", "run-uid", "a", {{"0", "x"}, {"1", "2"}, {"2", "z"}}));
  EXPECT_EQ(items_in(out), Json({{"0", "x"}, {"1", "2"}, {"2", "z"}}));
  EXPECT_EQ(Json::parse(out.plan.create[0].body)["spec"]["parallelism"], 2);
  EXPECT_EQ(out.tasks[0]->count, 3);
  const Started map = start(world, {}, {{"given", {{"files", {{"b", 1}, {"a", "x"}}}}}});
  EXPECT_EQ(items_in(map), Json({{"0", R"({"key":"a","value":"x"})"}, {"1", R"({"key":"b","value":1})"}}));
}

TEST(ForEach, MayBeWrittenOut) {
  TestRun world(R"x({"defaults": {"image": "i"}, "tasks": [{"name": "a", "forEach": ["params.x", {"n": 1}]}]})x");
  EXPECT_EQ(items_in(start(world)), Json({{"0", "params.x"}, {"1", R"({"n":1})"}}));
}

TEST(ForEach, GivesARetryTheSameItems) {
  TestRun world(R"x({"defaults": {"image": "i"}, "tasks": [{"name": "a", "forEach": ["x", "y"]}]})x");
  api::TaskStatus stored = task_status("a", Phase::Retrying, 1);
  stored.count = 2;
  stored.succeeded_indexes = api::IndexSet::all(1);
  const Started first = start(world);
  world.store({stored});
  const Started again = start(world);
  ASSERT_EQ(again.plan.create.size(), 1U);
  EXPECT_EQ(again.plan.create[0].attempt, 2);
  EXPECT_EQ(again.plan.create[0].items->name, first.plan.create[0].items->name);
  EXPECT_EQ(again.plan.create[0].items->body, first.plan.create[0].items->body);
}

TEST(ForEach, OverNothingIsDoneAtOnce) {
  for (const char* elements : {"[]", "{}", R"x("[1].filter(i, i > 1)")x"}) {
    TestRun world((R"x({"defaults": {"image": "i"}, "tasks": [{"name": "a", "forEach": )x" + std::string(elements) +
                   R"x(}, {"name": "b", "inputs": {"o": "tasks.a.output"}}]})x")
                      .c_str());
    const Started out = start(world);
    EXPECT_EQ(out.tasks[0]->phase, Phase::Succeeded) << elements;
    EXPECT_EQ(out.tasks[0]->output, Json::array());
    EXPECT_EQ(out.tasks[0]->message, "forEach has no elements: there was nothing to do");
    EXPECT_EQ(out.names(), "b ");
  }
}

TEST(ForEach, FailsWhereItIsNeitherListNorMapOrTooLarge) {
  TestRun world(R"x({"params": [{"name": "given", "type": "object"}], "defaults": {"image": "i"},
                    "tasks": [{"name": "a", "forEach": "params.given.files"}]})x");
  const auto message = [&](const Json& files) {
    return start(world, {}, {{"given", {{"files", files}}}}).tasks[0]->message;
  };
  EXPECT_EQ(start(world, {}, {{"given", {{"files", 3}}}}).tasks[0]->reason, "ForEachUnavailable");
  EXPECT_EQ(message(3), "forEach has no elements: its value is of type int, but has to be a list or a map");
  EXPECT_EQ(message("a,b"), "forEach has no elements: its value is of type string, but has to be a list or a map");
  EXPECT_EQ(start(world, {}, {{"given", Json::object()}}).tasks[0]->message.substr(0, 22), "forEach has no value: ");
  EXPECT_EQ(message(Json{std::string(100'000, 'x')}),
            "forEach can't be handed out: it has an element, number 0, of 100000 bytes, but one may have at most "
            "98304: hand over where to "
            "find it instead");
}

TEST(ForEach, FailsWhereTheStatusTellsOfAnotherNumber) {
  TestRun world(R"x({"params": [{"name": "files", "type": "array"}], "defaults": {"image": "i"},
                    "tasks": [{"name": "a", "forEach": "params.files"}]})x");
  api::TaskStatus stored = task_status("a", Phase::Queued);
  stored.count = 7;
  world.store({stored});
  EXPECT_EQ(start(world, {}, {{"files", {1, 2}}}).tasks[0]->message,
            "forEach gives 2 elements now, and gave 7 when the task started");
}

TEST(Start, EditsNoStatusInPlace) {
  TestRun world(three);
  world.store({task_status("a"), task_status("b"), task_status("c")});
  const auto before = world.run.status.tasks;
  const Started out = start(world);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(*before[i], task_status(before[i]->name));
    EXPECT_NE(out.tasks[i], before[i]);
  }
  world.run.status.tasks = out.tasks;
  const Started again = start(world);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(again.tasks[i], out.tasks[i]);  // nothing new costs nothing
}

}  // namespace
}  // namespace ork::run
