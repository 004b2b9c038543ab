#include "controllers/workflow/hook_rules.hpp"

#include <gtest/gtest.h>

#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using Lines = std::vector<std::string>;

// Of a workflow of the tasks load and report, after it, with these fields of the spec and of load.
Json spec_with(const char* more, const char* of_load = "{}") {
  Json load = {{"name", "load"}}, report = {{"name", "report"}, {"dependsOn", {"load"}}};
  load.update(Json::parse(of_load));
  Json spec = {{"defaults", {{"image", "busybox"}, {"timeout", "3m"}, {"onFailure", "run"}}},
               {"tasks", {load, report}}};
  spec.update(Json::parse(more));
  return spec;
}

Lines problems(const char* more, const char* of_load = "{}") { return problems_of(spec_with(more, of_load)); }

TEST(HookRules, HooksAreTasksThatComeAfterTheOthers) {
  const auto compiled = compile(spec_with(
      R"({"hooks": {"timeout": "5m", "onExit": [{"name": "end", "failsRun": true}], "onStart": [{"name": "begin"}]}})",
      R"({"hooks": {"onFailure": [{"name": "alarm", "timeout": "9s"}]}})"));
  ASSERT_TRUE(compiled);
  Lines names, hooks;
  for (std::size_t i = 0; i < compiled->tasks.size(); ++i) {
    names.push_back(compiled->tasks[i].name());
    hooks.push_back(compiled->hook_in_words(i));
  }
  EXPECT_EQ(names, (Lines{"load", "report", "alarm", "begin", "end"}));
  EXPECT_EQ(hooks, (Lines{"", "", "onFailure of load", "onStart of the run", "onExit of the run"}));
  EXPECT_EQ(compiled->first_hook, 2U);
  EXPECT_EQ(compiled->hooks_timeout_ms, 300'000);
  // A hook has the defaults of tasks, but what becomes of others if it fails is not its business.
  EXPECT_EQ(compiled->tasks[2].timeout_ms, 9'000);
  EXPECT_EQ(compiled->tasks[4].timeout_ms, 180'000);
  EXPECT_EQ(compiled->tasks[4].on_failure, api::OnFailure::Skip);
  EXPECT_TRUE(compiled->tasks[4].task.fails_run);
  ASSERT_EQ(compiled->graph.upstream(2).size(), 1U);
  EXPECT_EQ(compiled->graph.upstream(2)[0], 0);
  EXPECT_TRUE(compiled->graph.upstream(4).empty());
}

TEST(HookRules, WithoutATimeoutHooksHaveAnHour) {
  const auto compiled = compile(spec_with(R"({"hooks": {"onExit": [{"name": "end"}]}})"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->hooks_timeout_ms, hooks_timeout_ms);
}

TEST(HookRules, WhatMeansNothingForAHookIsToldWhereItStands) {
  EXPECT_EQ(problems(R"({"hooks": {"onExit": [{"name": "end", "count": 3}, {"name": "wait", "wait": {"for": "5m"}},
                                       {"name": "same", "cache": {"key": "1", "ttl": "1h"}}]}})"),
            (Lines{"spec.hooks.onExit[0].count: means nothing for a hook, which is one Pod, run once: remove it",
                   "spec.hooks.onExit[1].wait: means nothing for a hook, which is one Pod, run once: remove it",
                   "spec.hooks.onExit[2].cache: means nothing for a hook, which is one Pod, run once: remove it"}));
  EXPECT_EQ(problems("{}", R"({"hooks": {"onStart": [{"name": "x", "hooks": {}}]}})"),
            (Lines{"spec.tasks[0].hooks.onStart[0]: there is no field \"hooks\"; remove it, or move it to where it "
                   "belongs"}));
  EXPECT_EQ(problems(R"({"hooks": {"timeout": "0s", "onexit": []}})"),
            (Lines{"spec.hooks: there is no field \"onexit\"; did you mean \"onExit\"?",
                   "spec.hooks.timeout: must be longer than 0s"}));
  EXPECT_EQ(problems("{}", R"({"failsRun": true})"),
            (Lines{"spec.tasks[0].failsRun: is said of hooks; a task fails its run unless it has onFailure: run"}));
}

TEST(HookRules, AHookHasTheRulesOfATask) {
  EXPECT_EQ(problems(R"({"hooks": {"onExit": [{"name": "load"}, {"name": "b", "timeout": "soon"}]}})"),
            (Lines{"spec.hooks.onExit[1].timeout: is no duration: write it like 90s, 10m or 1h30m"}));
  EXPECT_EQ(problems(R"({"hooks": {"onExit": [{"name": "load"}]}})"),
            (Lines{"spec.hooks.onExit[0].name: \"load\" is the name of spec.tasks[0] already: rename one of them"}));
  EXPECT_EQ(problems(R"({"hooks": {"onExit": "tell"}})"),
            (Lines{"spec.hooks.onExit: is \"tell\", but must be a list: write it as [tell]"}));
  EXPECT_EQ(problems(R"({"hooks": {"onExit": [{"name": "a", "script": ""}]}})"),
            (Lines{"spec.hooks.onExit[0].script: is empty: write what sh should do, or remove it"}));
}

TEST(HookRules, NoTaskWaitsForAHook) {
  EXPECT_EQ(problems(R"({"hooks": {"onStart": [{"name": "begin"}]}, "output": "tasks.begin.output"})",
                     R"({"inputs": {"x": "tasks.begin.output"}})"),
            (Lines{"spec.output: \"begin\" is a hook, which has no part in the run's output",
                   "spec.tasks[0].inputs.x: \"begin\" is a hook, and no task waits for those: make a task of it, or a "
                   "hook of this one"}));
}

TEST(HookRules, AHookWaitsForOtherHooksAndReadsTasks) {
  EXPECT_TRUE(problems(R"({"hooks": {"onExit": [{"name": "collect", "inputs": {"n": "tasks.load.phase"}},
                           {"name": "send", "dependsOn": ["collect"], "trigger": "allDone"}]}})")
                  .empty());
  EXPECT_EQ(
      problems(R"({"hooks": {"onExit": [{"name": "end", "dependsOn": ["load"]}]}})"),
      (Lines{"spec.hooks.onExit[0].dependsOn[0]: \"load\" is a task, and a hook's time comes by itself: remove it; "
             "what \"load\" gave can be read in inputs"}));
  EXPECT_EQ(
      problems("{}", R"({"hooks": {"onExit": [{"name": "end", "trigger": "allDone"}]}})"),
      (Lines{"spec.tasks[0].hooks.onExit[0].trigger: says when to start by how other hooks end, and this one waits "
             "for none: add dependsOn, or remove trigger"}));
}

TEST(HookRules, OfABeginningNothingIsKnownYet) {
  EXPECT_EQ(problems(R"({"hooks": {"onStart": [{"name": "begin", "inputs": {"x": "tasks.load.phase"}}]}})"),
            (Lines{"spec.hooks.onStart[0].inputs.x: refers to \"load\", of which nothing is known yet when the run "
                   "starts"}));
  EXPECT_EQ(problems("{}", R"({"hooks": {"onStart": [{"name": "begin", "when": "tasks.load.attempt > 1"}]}})"),
            (Lines{"spec.tasks[0].hooks.onStart[0].when: refers to \"load\", of which nothing is known yet when it "
                   "starts"}));
}

TEST(HookRules, TheResultIsKnownToTheHooksAtTheEndOfTheRun) {
  EXPECT_TRUE(problems(R"({"hooks": {"onExit": [{"name": "end", "when": "run.phase == 'Failed'",
                           "inputs": {"why": "run.reason + run.message"}}]}})")
                  .empty());
  const std::string known =
      "run.phase is known once the run's tasks have ended: to the hooks onSuccess, onFailure and onExit of the run";
  EXPECT_EQ(problems("{}", R"({"when": "run.phase == 'Failed'"})"),
            (Lines{"spec.tasks[0].when: at character 1 of \"run.phase == 'Failed'\": " + known}));
  EXPECT_EQ(problems(R"({"hooks": {"onStart": [{"name": "begin", "when": "run.phase == 'Failed'"}]}})"),
            (Lines{"spec.hooks.onStart[0].when: at character 1 of \"run.phase == 'Failed'\": " + known}));
  EXPECT_EQ(
      problems(R"({"hooks": {"onExit": [{"name": "end", "when": "run.fase == 'Failed'"}]}})"),
      (Lines{"spec.hooks.onExit[0].when: at character 1 of \"run.fase == 'Failed'\": a run has no \"fase\"; there is: "
             "name, scheduledTime, phase, reason, message"}));
}

TEST(HookRules, TasksAndHooksTogetherAreBounded) {
  Json spec = spec_with(R"({"hooks": {"onExit": [{"name": "end"}]}})");
  for (std::size_t i = spec["tasks"].size(); i < max_tasks; ++i)
    spec["tasks"].push_back({{"name", "t" + std::to_string(i)}});
  EXPECT_EQ(problems_of(spec), (Lines{"spec: has 5000 tasks and 1 hooks, but may have at most 5000 of both together"}));
}

}  // namespace
}  // namespace ork::workflow
