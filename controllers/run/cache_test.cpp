#include "controllers/run/cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/run/actions.hpp"
#include "controllers/run/plan.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using ::testing::HasSubstr;
using namespace test;

constexpr const char* flow = R"({
  "params": [{"name": "day", "default": "monday"}],
  "defaults": {"image": "busybox"},
  "tasks": [{"name": "load", "cache": {"key": "params.day", "ttl": "10m"}},
            {"name": "report", "inputs": {"rows": "tasks.load.output"}}]})";

api::TimeMs minutes_ago(int minutes) { return now - minutes * 60'000; }

// A run of `flow` whose tasks have not begun, and an earlier one in which load has given 7.
struct Cached : TestRun {
  CachedResults results;
  api::WorkflowRun old;

  explicit Cached(const char* spec = flow, int made_minutes_ago = 5) : TestRun(spec) {
    store({task_status("load"), task_status("report")});
    old = run;
    old.meta.name = "old";
    old.meta.uid = "old-uid";
    old.status.phase = Phase::Failed;
    old.status.completion_ms = minutes_ago(1);
    api::TaskStatus load = task_status("load", Phase::Succeeded, 2);
    load.output = 7;
    load.completion_ms = minutes_ago(made_minutes_ago);
    load.cache_key = key();
    old.status.tasks = {ptr(load), ptr(task_status("report", Phase::Failed, 1))};
    snapshot.results = &results;
    results.add(old);
  }

  // What the plan stores under the key where nothing is known.
  std::string key() {
    Snapshot unknown = snapshot;
    unknown.results = nullptr;
    return plan(unknown, now).status.tasks.at(0)->cache_key;
  }

  api::TaskStatus& old_load() {
    auto load = std::make_shared<api::TaskStatus>(*old.status.tasks.at(0));
    old.status.tasks.at(0) = load;
    return *load;
  }

  void answer() { snapshot.earlier["old"] = {std::make_shared<const api::WorkflowRun>(old), nullptr, ""}; }

  Plan planned() const { return plan(snapshot, now); }
  api::TaskStatus load() const { return *planned().status.tasks.at(0); }
};

TEST(Cache, TheRunThatHasTheResultIsLookedUpBeforeAnythingStarts) {
  Cached cached;
  const Plan plan = cached.planned();
  ASSERT_EQ(plan.look_up.size(), 1);
  EXPECT_EQ(plan.look_up[0], (Missing{Missing::Kind::Run, "old", ""}));
  EXPECT_TRUE(plan.consulted.contains("old"));
  EXPECT_TRUE(plan.create.empty());
  EXPECT_EQ(plan.status.tasks.at(0)->phase, Phase::Pending);
}

TEST(Cache, AResultTakesThePlaceOfTheTask) {
  Cached cached;
  cached.answer();
  const Plan plan = cached.planned();
  api::TaskStatus expected = task_status("load", Phase::Succeeded);
  expected.reason = reason_cached;
  expected.message = "made at " + api::format_time(minutes_ago(5));
  expected.output = 7;
  expected.completion_ms = now;
  expected.inherited_from = "old";
  expected.cache_key = cached.key();
  EXPECT_EQ(*plan.status.tasks.at(0), expected);
}

TEST(Cache, NothingFollowsFromAnAnswerBeforeItIsStored) {
  Cached cached;
  cached.answer();
  const Plan first = cached.planned();
  EXPECT_TRUE(first.create.empty());
  EXPECT_EQ(first.urgency, Urgency::First);
  cached.run.status = first.status;
  const Plan then = cached.planned();
  ASSERT_EQ(then.create.size(), 1);
  EXPECT_EQ(then.create[0].task, "report");
  EXPECT_THAT(then.create[0].body, HasSubstr(R"("value":"7")"));
}

TEST(Cache, ThatThereIsNoneIsStoredBeforeItRuns) {
  Cached cached;
  cached.snapshot.results = nullptr;
  const Plan first = cached.planned();
  EXPECT_TRUE(first.create.empty());
  EXPECT_EQ(first.urgency, Urgency::First);
  EXPECT_EQ(first.status.tasks.at(0)->cache_key.size(), 32);
  cached.run.status = first.status;
  // What is known meanwhile comes too late.
  cached.snapshot.results = &cached.results;
  const Plan then = cached.planned();
  ASSERT_EQ(then.create.size(), 1);
  EXPECT_EQ(then.create[0].task, "load");
}

TEST(Cache, AKeyOfAnotherValueIsAnother) {
  Cached cached;
  const std::string key = cached.key();
  cached.run.spec.params = {{"day", "tuesday"}};
  EXPECT_NE(cached.key(), key);
  EXPECT_TRUE(cached.planned().look_up.empty());
}

TEST(Cache, ATaskMadeOfOtherThingsHasAnotherKey) {
  const std::string key = Cached().key();
  EXPECT_EQ(Cached(flow).key(), key);
  for (const auto& [was, is] : {std::pair{"busybox", "alpine"},
                                {"\"load\", \"cache\"", "\"load\", \"script\": \"true\", \"cache\""},
                                {"\"load\", \"cache\"", "\"load\", \"count\": 3, \"cache\""},
                                {"\"key\": \"params.day\"", "\"key\": \"params.day + ''\""}}) {
    std::string other = flow;
    other.replace(other.find(was), std::string_view(was).size(), is);
    EXPECT_NE(Cached(other.c_str()).key(), key) << is;
  }
  std::string longer = flow;
  longer.replace(longer.find("10m"), 3, "20m");
  EXPECT_EQ(Cached(longer.c_str()).key(), key);
}

TEST(Cache, AResultIsOfUseForAsLongAsItsTtl) {
  EXPECT_FALSE(Cached(flow, 10).planned().look_up.empty());
  EXPECT_TRUE(Cached(flow, 11).planned().look_up.empty());
  // By a clock that was ahead.
  EXPECT_TRUE(Cached(flow, -10).planned().look_up.empty());
}

struct Case {
  const char* what;
  std::function<void(Cached&)> change;
};

class CacheMiss : public testing::TestWithParam<Case> {};

TEST_P(CacheMiss, RunsTheTask) {
  Cached cached;
  cached.answer();
  ASSERT_EQ(cached.load().reason, reason_cached);
  GetParam().change(cached);
  const Plan plan = cached.planned();
  EXPECT_TRUE(plan.look_up.empty());
  EXPECT_EQ(plan.status.tasks.at(0)->phase, Phase::Queued);
  EXPECT_EQ(plan.status.tasks.at(0)->cache_key, cached.key());
  cached.run.status = plan.status;
  ASSERT_EQ(cached.planned().create.size(), 1);
  EXPECT_EQ(cached.planned().create[0].task, "load");
}

INSTANTIATE_TEST_SUITE_P(All, CacheMiss,
                         testing::Values(Case{"IsGone",
                                              [](Cached& cached) {
                                                cached.snapshot.earlier.clear();
                                                cached.snapshot.gone.insert({Missing::Kind::Run, "old", ""});
                                              }},
                                         Case{"IsUnreadable",
                                              [](Cached& cached) {
                                                cached.snapshot.earlier["old"] = {nullptr, nullptr, "can't be read"};
                                              }},
                                         Case{"IsANamesake",
                                              [](Cached& cached) {
                                                cached.old.meta.uid = "another";
                                                cached.answer();
                                              }},
                                         Case{"WasEdited",
                                              [](Cached& cached) {
                                                cached.old_load().phase = Phase::Failed;
                                                cached.answer();
                                              }},
                                         Case{"HasLostItsOutput",
                                              [](Cached& cached) {
                                                cached.old_load().output.reset();
                                                cached.old_load().job.clear();
                                                cached.answer();
                                              }},
                                         Case{"IsOlderThanWasNoted",
                                              [](Cached& cached) {
                                                cached.old_load().completion_ms = minutes_ago(11);
                                                cached.answer();
                                              }},
                                         Case{"IsWhatARerunBeginsWith",
                                              [](Cached& cached) {
                                                cached.run.spec.rerun_of = api::RerunOf{"old", "", "load"};
                                                cached.run.status.rerun_of = api::RerunStatus{"old", "old-uid", 0};
                                              }}),
                         [](const auto& one) { return one.param.what; });

TEST(Cache, AKeyWithoutAValueFailsTheTask) {
  std::string spec = flow;
  const std::string_view key = "params.day\"";
  spec.replace(spec.find(key), key.size(), "string(1 / size(params.day.substring(6)))\"");
  TestRun run(spec.c_str());
  run.store({task_status("load"), task_status("report")});
  const api::TaskStatus load = *plan(run.snapshot, now).status.tasks.at(0);
  EXPECT_EQ(load.phase, Phase::Failed);
  EXPECT_EQ(load.reason, "CacheKeyUnavailable");
  EXPECT_THAT(load.message, HasSubstr("cache.key has no value: "));
}

TEST(Cache, WhatTheKeyNamesIsWaitedForWhateverTheTriggerSays) {
  TestRun run(R"({"defaults": {"image": "busybox"}, "tasks": [{"name": "slow"}, {"name": "quick"},
    {"name": "load", "dependsOn": ["quick"], "trigger": "anySucceeded", "cache": {"key": "tasks.slow.output", "ttl": "1h"}}]})");
  run.store({task_status("slow", Phase::Running, 1), task_status("quick", Phase::Succeeded, 1), task_status("load")});
  EXPECT_EQ(plan(run.snapshot, now).status.tasks.at(2)->reason, "Upstream");
}

TEST(Cache, AResultTakesNoRoomInTheParallelism) {
  Cached cached(R"({"parallelism": 1, "defaults": {"image": "busybox"},
    "tasks": [{"name": "load", "cache": {"key": "1", "ttl": "10m"}}, {"name": "report"}]})");
  cached.answer();
  cached.run.status = cached.planned().status;
  ASSERT_EQ(cached.planned().create.size(), 1);
  EXPECT_EQ(cached.planned().create[0].task, "report");
}

TEST(Cache, ARunWithAnInlineWorkflowHasNoEarlierOnes) {
  Cached cached;
  cached.answer();
  cached.snapshot.workflow_name.clear();
  EXPECT_EQ(cached.load().phase, Phase::Queued);
}

TEST(Cache, WhatIsClearedRunsWhateverIsKnown) {
  Cached cached;
  cached.answer();
  cached.run.status = cached.planned().status;
  cached.run.spec.actions = {{.id = "1", .task = "load", .act = api::Act::Clear}};
  const Plan cleared = cached.planned();
  EXPECT_EQ(cleared.status.tasks.at(0)->phase, Phase::Pending);
  EXPECT_EQ(cleared.status.tasks.at(0)->cache_key, key_of_cleared);
  cached.run.status = cleared.status;
  cached.run.status = cached.planned().status;
  EXPECT_EQ(cached.run.status.tasks.at(0)->cache_key, cached.key());
  ASSERT_EQ(cached.planned().create.size(), 1);
  EXPECT_EQ(cached.planned().create[0].task, "load");
}

TEST(Cache, WhatFollowsAClearedTaskIsAskedForAnew) {
  Cached cached(R"({"defaults": {"image": "busybox"}, "tasks": [
    {"name": "report"}, {"name": "load", "cache": {"key": "tasks.report.output", "ttl": "10m"}}]})");
  api::TaskStatus report = task_status("report", Phase::Succeeded, 1), load = task_status("load", Phase::Succeeded);
  report.output = 1;
  load.reason = reason_cached;
  load.cache_key = "key-of-1";
  load.inherited_from = "old";
  cached.store({report, load});
  cached.run.spec.actions = {{.id = "1", .task = "report", .act = api::Act::Clear}};
  const Plan cleared = cached.planned();
  EXPECT_EQ(cleared.status.tasks.at(1)->phase, Phase::Pending);
  EXPECT_EQ(cleared.status.tasks.at(1)->cache_key, "");
}

TEST(Cache, AnAttemptIsStoredUnderTheKeyThatItStartsWith) {
  Cached cached;
  api::TaskStatus load = task_status("load", Phase::Retrying, 1);
  load.cache_key = "key-of-the-first-attempt";
  load.retry_ms = now;
  cached.store({load, task_status("report")});
  cached.show(failed(job_named("job-load"), "BackoffLimitExceeded"), "load", {exited(1)});
  const Plan first = cached.planned();
  EXPECT_TRUE(first.create.empty());
  EXPECT_EQ(first.status.tasks.at(0)->cache_key, cached.key());
  EXPECT_EQ(first.status.tasks.at(0)->phase, Phase::Retrying);
}

TEST(Cache, WhatIsMarkedIsNoResultForOthers) {
  Cached cached;
  api::TaskStatus load = task_status("load", Phase::Failed, 1);
  load.cache_key = cached.key();
  cached.store({load, task_status("report", Phase::UpstreamFailed)});
  cached.run.spec.actions = {{.id = "1", .task = "load", .act = api::Act::MarkSucceeded}};
  EXPECT_EQ(cached.load().phase, Phase::Succeeded);
  EXPECT_EQ(cached.load().cache_key, "");
}

}  // namespace
}  // namespace ork::run
