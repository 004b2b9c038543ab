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

const Json revision = {
    {"metadata", {{"name", "w-1"}, {"uid", "rev-1"}, {"labels", {{"ork.dev/workflow", "w"}}}}},
    {"data",
     {{"params", {{{"name", "p"}}}},
      {"tasks", {{{"name", "a"}, {"cache", {{"key", "params.p"}, {"ttl", "1h"}}}}, {{"name", "b"}}}}}}};

Script& store(Script& script, const std::string& name, const std::string& uid, const std::string& phase, const Json& a,
              int p = 1) {
  Json told = status(phase, {a, task("b", "Pending", 0)});
  told["revision"] = "w-1";
  return script.stored("operator", "workflowruns.ork.dev", "default/" + name,
                       {{"metadata", {{"name", name}, {"uid", uid}, {"namespace", "default"}}},
                        {"spec", {{"workflowRef", {{"name", "w"}}}, {"params", {{"p", p}}}}},
                        {"status", told}});
}

Json made(const char* at = "2026-11-21T12:00:00.000Z") {
  return task("a", "Succeeded", 1, {{"output", 7}, {"completionTime", at}, {"cacheKey", "k"}});
}

Json cached(const char* at = "2026-11-21T12:30:00.000Z") {
  return {{"name", "a"},          {"phase", "Succeeded"}, {"reason", "Cached"}, {"inheritedFrom", {{"run", "old"}}},
          {"completionTime", at}, {"output", 7},          {"cacheKey", "k"}};
}

Script& begin(Script& script) { return script.stored("operator", "controllerrevisions.apps", "default/w-1", revision); }

TEST(InvariantCached, WhatWasMadeInTimeIsUsedRightly) {
  Script script;
  store(store(begin(script), "old", "run-0", "Failed", made()), "r", "run-1", "Running", cached());
  EXPECT_THAT(script.found(check_cached), IsEmpty());
}

TEST(InvariantCached, ItsSourceHasEnded) {
  Script script;
  store(store(begin(script), "old", "run-0", "Running", made()), "r", "run-1", "Running", cached());
  EXPECT_THAT(script.found(check_cached), ElementsAre(HasSubstr("I31: a has its result from old, but that had not")));
}

TEST(InvariantCached, ItIsNoOlderThanItsTtl) {
  Script script;
  store(store(begin(script), "old", "run-0", "Failed", made()), "r", "run-1", "Running",
        cached("2026-11-21T13:00:00.001Z"));
  EXPECT_THAT(script.found(check_cached),
              ElementsAre(HasSubstr("I31: a has its result from old, but that is too old")));
}

TEST(InvariantCached, ItsSourceHasNotGotItFromAnother) {
  Script script;
  store(store(begin(script), "old", "run-0", "Failed", cached()), "r", "run-1", "Running", cached());
  EXPECT_THAT(script.found(check_cached), Contains(HasSubstr("I31: a has its result from old, but that has not made")));
}

TEST(InvariantCached, TheKeysAreTheSame) {
  Script script;
  store(store(begin(script), "old", "run-0", "Failed", made(), 2), "r", "run-1", "Running", cached());
  EXPECT_THAT(script.found(check_cached),
              ElementsAre(HasSubstr("I31: a has its result from old, but that had another")));
}

TEST(InvariantCached, TheOutputsAreTheSame) {
  Script script;
  Json other = made();
  other["output"] = 8;
  store(store(begin(script), "old", "run-0", "Failed", other), "r", "run-1", "Running", cached());
  EXPECT_THAT(script.found(check_cached),
              ElementsAre(HasSubstr("I31: a has its result from old, but that has another output")));
}

TEST(InvariantCached, ItHasNoJobAndTellsOfNoAttempt) {
  Script script;
  Json a = cached();
  a["attempt"] = 1;
  store(store(begin(script), "old", "run-0", "Failed", made()), "r", "run-1", "Running", a);
  script.job("a", 1);
  EXPECT_THAT(script.found(check_cached),
              ElementsAre(HasSubstr("I31: a has an earlier result, and tells of an attempt"),
                          HasSubstr("I31: a attempt 1 is made, although")));
}

TEST(InvariantCached, ThatNothingAnswersIsStoredBeforeItsJob) {
  Script script;
  store(begin(script), "r", "run-1", "Running", task("a", "Pending", 0));
  script.job("a", 1);
  EXPECT_THAT(script.found(check_cached), ElementsAre(HasSubstr("I31: a attempt 1 is made before it is stored")));
  Script right;
  store(begin(right), "r", "run-1", "Running", task("a", "Queued", 0, {{"cacheKey", "k"}}));
  right.job("a", 1);
  EXPECT_THAT(right.found(check_cached), IsEmpty());
}

}  // namespace
}  // namespace ork::sim
