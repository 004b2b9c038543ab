#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A run, made at 0, of "hold", which waits for 3 s; a second from one status to the next.
Script& run_of(Script& script, const Json& hold) {
  const Json wait = {{"name", "hold"}, {"wait", {{"for", "3s"}}}};
  return script.stored("operator", "workflowruns.ork.dev", "default/r",
                       {{"metadata", {{"name", "r"}, {"uid", "run-1"}, {"creationTimestamp", "1970-01-01T00:00:00Z"}}},
                        {"spec", {{"workflow", {{"tasks", {wait}}}}}},
                        {"status", status("Running", {hold})}});
}

Json hold(const std::string& phase, int from = 1, int until = 4) {
  const auto at = [](int second) { return "1970-01-01T00:00:0" + std::to_string(second) + "Z"; };
  return task("hold", phase, 0, {{"startTime", at(from)}, {"waitUntil", at(until)}});
}

TEST(InvariantWaits, WhatEndsAtItsTimeIsRight) {
  Script script;
  run_of(run_of(run_of(script, task("hold", "Pending", 0)), hold("Running")), hold("Running"));
  script.waits(1);
  run_of(script, hold("Succeeded"));
  EXPECT_THAT(script.found(check_waits, true), IsEmpty());
}

TEST(InvariantWaits, ItDoesNotEndTooSoonNorLate) {
  Script soon;
  run_of(run_of(soon, hold("Running", 0, 3)), hold("Succeeded", 0, 3));
  EXPECT_THAT(soon.found(check_waits, false), ElementsAre(HasSubstr("I28: hold ends 2000 ms too soon")));
  Script late;
  run_of(late, hold("Running"));
  late.waits(9);
  run_of(late, hold("Succeeded"));
  EXPECT_THAT(late.found(check_waits, true), ElementsAre(HasSubstr("I28: hold ends 6000 ms late")));
  EXPECT_THAT(late.found(check_waits, false), IsEmpty());
}

TEST(InvariantWaits, ItDoesNotBeginAnewByItself) {
  Script anew;
  run_of(run_of(anew, hold("Running")), hold("Running", 2, 5));
  EXPECT_THAT(
      anew.found(check_waits, false),
      ElementsAre(HasSubstr("I28: hold waits from 1970-01-01T00:00:02Z until 1970-01-01T00:00:05Z, and before")));
  Script retried;
  run_of(run_of(run_of(retried, hold("Running")), task("hold", "Pending", 0)), hold("Running", 2, 5));
  EXPECT_THAT(retried.found(check_waits, false), IsEmpty());
}

TEST(InvariantWaits, ItWaitsForAsLongAsIsWritten) {
  Script script;
  run_of(script, hold("Running", 1, 9));
  EXPECT_THAT(script.found(check_waits, false), ElementsAre(HasSubstr("I28: hold waits from")));
}

TEST(InvariantWaits, ItHasNoJob) {
  Script script;
  run_of(script, hold("Running"));
  script.job("hold", 1);
  EXPECT_THAT(script.found(check_waits, false),
              ElementsAre(HasSubstr("I28: a Job is made for hold, which has no Pod")));
}

}  // namespace
}  // namespace ork::sim
