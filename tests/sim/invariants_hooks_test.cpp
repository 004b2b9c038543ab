#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A run of "load" and its hook "clean", and of the run's hooks "alarm" (on failure) and "tell" (on exit, which fails
// the run); a second from one status to the next.
Script& run_of(Script& script, const Json& status) {
  const Json load = {{"name", "load"}, {"hooks", {{"onExit", {{{"name", "clean"}}}}}}};
  const Json hooks = {{"onFailure", {{{"name", "alarm"}}}}, {"onExit", {{{"name", "tell"}, {"failsRun", true}}}}};
  return script.stored("operator", "workflowruns.ork.dev", "default/r",
                       {{"metadata", {{"name", "r"}, {"uid", "run-1"}}},
                        {"spec", {{"workflow", {{"tasks", {load}}, {"hooks", hooks}}}}},
                        {"status", status}});
}

// With the result of the tasks, or without one; and how load, clean, alarm and tell stand.
Json stands(const std::string& phase, const char* result, const std::string& load, const Json& clean, const Json& alarm,
            const Json& tell) {
  Json out = status(phase, {task("load", load, 1), clean, alarm, tell});
  if (result != nullptr) out["result"] = {{"phase", result}};
  return out;
}

Json hook(const std::string& name, const std::string& phase) { return task(name, phase, phase == "Pending" ? 0 : 1); }
Json left_out(const std::string& name) { return task(name, "Skipped", 0, {{"reason", "HookNotMet"}}); }

Script& settled(Script& script) {
  return run_of(script, stands("Running", "Succeeded", "Succeeded", hook("clean", "Pending"), hook("alarm", "Pending"),
                               hook("tell", "Pending")));
}

TEST(InvariantHooks, WhatRunsOnceItsMomentIsStoredIsRight) {
  Script script;
  settled(script).job("clean", 1).job("tell", 1);
  run_of(script, stands("Succeeded", "Succeeded", "Succeeded", hook("clean", "Failed"), left_out("alarm"),
                        hook("tell", "Succeeded")));
  EXPECT_THAT(script.found(check_hooks), IsEmpty());
}

TEST(InvariantHooks, NoneRunsBeforeItsMoment) {
  Script script;
  run_of(script, stands("Running", nullptr, "Running", hook("clean", "Pending"), hook("alarm", "Pending"),
                        hook("tell", "Pending")))
      .job("clean", 1)
      .job("tell", 1);
  settled(script).job("alarm", 1);
  EXPECT_THAT(script.found(check_hooks), ElementsAre(HasSubstr("clean attempt 1 is made before its moment"),
                                                     HasSubstr("tell attempt 1"), HasSubstr("alarm attempt 1")));
}

TEST(InvariantHooks, NoneIsLeftOutNorRunsBeyondWhatTheResultSays) {
  Script script;
  settled(script);
  run_of(script, stands("Succeeded", "Succeeded", "Succeeded", hook("clean", "Cancelled"), hook("alarm", "Succeeded"),
                        left_out("tell")));
  const auto found = script.found(check_hooks);
  EXPECT_THAT(found, Contains(HasSubstr("clean, a hook, is cancelled")));
  EXPECT_THAT(found, Contains(HasSubstr("alarm is not left out although its moment never came")));
  EXPECT_THAT(found, Contains(HasSubstr("tell is left out although its moment has come")));
}

TEST(InvariantHooks, TheResultStays) {
  Script script;
  settled(script);
  run_of(script, stands("Failed", "Failed", "Failed", hook("clean", "Succeeded"), hook("alarm", "Succeeded"),
                        hook("tell", "Succeeded")));
  const auto found = script.found(check_hooks);
  EXPECT_THAT(found, Contains(HasSubstr("I29: a run's result does not stay")));
  EXPECT_THAT(found, Contains(HasSubstr("load changes after the run's result")));
  EXPECT_THAT(found, Contains(HasSubstr("a run ends as Failed, and its tasks and hooks have come to Succeeded")));
}

TEST(InvariantHooks, OneThatFailsItsRunDoes) {
  const auto end = [](const std::string& phase) {
    Script script;
    settled(script);
    run_of(script, stands(phase, "Succeeded", "Succeeded", hook("clean", "Succeeded"), left_out("alarm"),
                          hook("tell", "Failed")));
    return script.found(check_hooks);
  };
  EXPECT_THAT(end("Failed"), IsEmpty());
  EXPECT_THAT(end("Succeeded"), ElementsAre(HasSubstr("have come to Failed")));
}

}  // namespace
}  // namespace ork::sim
