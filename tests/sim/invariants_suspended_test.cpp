#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Script& store_run(Script& script, const std::string& name, const Json& status) {
  return script.stored("operator", "workflowruns.ork.dev", "default/" + name,
                       {{"metadata", {{"name", name}, {"uid", "uid-" + name}}},
                        {"spec", {{"workflowRef", {{"name", "w"}}}}},
                        {"status", status}});
}

Json ended(const char* phase, const char* at) {
  return {{"phase", phase}, {"revision", "w-1"}, {"completionTime", at}};
}

Script& store_workflow(Script& script, bool open, const char* annotation = "") {
  Json status = {{"circuitBreaker", {{"since", "2026-11-21T12:00:00.000Z"}}}, {"conditions", Json::array()}};
  if (open) {
    status["circuitBreaker"]["openTime"] = "2026-11-21T12:10:00.000Z";
    status["conditions"].push_back({{"type", "Suspended"}, {"reason", "CircuitOpen"}, {"observedGeneration", 1}});
  }
  return script.stored(
      "operator", "workflows.ork.dev", "default/w",
      {{"metadata", {{"name", "w"}, {"generation", 1}, {"annotations", {{"ork.dev/resumed-at", annotation}}}}},
       {"spec", {{"circuitBreaker", {{"failures", 2}}}}},
       {"status", status}});
}

Script& two_failures(Script& script) {
  store_run(script, "a", ended("Failed", "2026-11-21T12:01:00.000Z"));
  return store_run(script, "b", ended("Failed", "2026-11-21T12:02:00.000Z"));
}

TEST(InvariantSuspended, AfterTwoFailuresItIsRightlyOpen) {
  Script script;
  store_workflow(two_failures(store_workflow(script, false)), true);
  EXPECT_THAT(script.found(check_suspended, true), IsEmpty());
}

TEST(InvariantSuspended, ItDoesNotOpenBefore) {
  Script script;
  store_run(script, "a", ended("Failed", "2026-11-21T12:01:00.000Z"));
  store_workflow(script, true);
  EXPECT_THAT(script.found(check_suspended, true), ElementsAre("I32: a circuit breaker opens after 1 failed runs"));
}

TEST(InvariantSuspended, ItOpensThen) {
  Script script;
  two_failures(store_workflow(script, false));
  EXPECT_THAT(script.found(check_suspended, true),
              ElementsAre("I32: a circuit breaker is closed after 2 failed runs in a row"));
  store_run(script, "c", ended("Succeeded", "2026-11-21T12:03:00.000Z"));
  EXPECT_THAT(script.found(check_suspended, true), IsEmpty());
}

TEST(InvariantSuspended, NoRunStartsThen) {
  Script script;
  store_workflow(two_failures(script), true).waits(200);
  store_run(script, "c", {{"phase", "Running"}, {"revision", "w-1"}});
  EXPECT_THAT(script.found(check_suspended, false), ElementsAre(HasSubstr("I32: a run starts although its Workflow")));
}

TEST(InvariantSuspended, OneStartsOnceItIsResumed) {
  Script script;
  store_workflow(store_workflow(two_failures(script), true), true, "now").waits(200);
  store_run(script, "c", {{"phase", "Running"}, {"revision", "w-1"}});
  EXPECT_THAT(script.found(check_suspended, false), IsEmpty());
}

}  // namespace
}  // namespace ork::sim
