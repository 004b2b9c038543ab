#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Script& workflow(Script& script, const char* policy = "Forbid", const char* cron = "* * * * *") {
  return script.stored("user", "workflows.ork.dev", "default/w",
                       {{"metadata", {{"name", "w"}, {"uid", "w-1"}}},
                        {"spec", {{"schedule", {{"cron", cron}, {"concurrencyPolicy", policy}}}}}});
}

// 29921880 minutes after 1970 it is 2026-11-22T02:00:00Z.
Script& run_of_two(Script& script, const std::string& uid = "run-1", const std::string& phase = "Running",
                   const std::string& name = "w-29921880", const std::string& made = "2026-11-22T02:00:00Z") {
  return script.stored("operator", "workflowruns.ork.dev", "default/" + name,
                       {{"metadata",
                         {{"name", name},
                          {"uid", uid},
                          {"creationTimestamp", made},
                          {"ownerReferences", {{{"kind", "Workflow"}, {"uid", "w-1"}, {"controller", true}}}}}},
                        {"spec", {{"workflowRef", {{"name", "w"}}}, {"scheduledTime", "2026-11-22T02:00:00.000Z"}}},
                        {"status", {{"phase", phase}}}});
}

Script& run_before(Script& script, const std::string& phase) {
  return script.stored("operator", "workflowruns.ork.dev", "default/w-29921879",
                       {{"metadata",
                         {{"name", "w-29921879"},
                          {"uid", "run-0"},
                          {"creationTimestamp", "2026-11-22T01:59:00Z"},
                          {"ownerReferences", {{{"kind", "Workflow"}, {"uid", "w-1"}, {"controller", true}}}}}},
                        {"spec", {{"workflowRef", {{"name", "w"}}}, {"scheduledTime", "2026-11-22T01:59:00.000Z"}}},
                        {"status", {{"phase", phase}}}});
}

TEST(Scheduled, I18IsContentWithOneRunOfATime) {
  Script script;
  workflow(script);
  run_before(script, "Succeeded");
  run_of_two(script);
  EXPECT_THAT(script.found(check_scheduled), IsEmpty());
}

TEST(Scheduled, I18FindsASecondRunOfATime) {
  Script script;
  workflow(script);
  run_of_two(script, "run-1", "Succeeded");
  script.gone("user", "workflowruns.ork.dev", "default/w-29921880");
  run_of_two(script, "run-2");
  EXPECT_THAT(script.found(check_scheduled), ElementsAre(HasSubstr("is made again for 2026-11-22T02:00:00.000Z")));
}

TEST(Scheduled, I18FindsARunOfAnotherName) {
  Script script;
  workflow(script);
  run_of_two(script, "run-1", "Running", "w-1");
  EXPECT_THAT(script.found(check_scheduled), ElementsAre(HasSubstr("w-1 is not named after its time")));
}

TEST(Scheduled, I18FindsATimeThatNoScheduleTakesAndOneThatHasNotCome) {
  Script script;
  workflow(script, "Allow", "30 * * * *");
  run_of_two(script, "run-1", "Running", "w-29921880", "2026-11-22T01:59:59Z");
  EXPECT_THAT(script.found(check_scheduled),
              ElementsAre(HasSubstr("which no schedule takes"), HasSubstr("before its time")));
}

TEST(Scheduled, I18FindsARunBesideAnotherWhereThereMustBeNone) {
  for (const char* policy : {"Forbid", "Replace", "Allow"}) {
    Script script;
    workflow(script, policy);
    run_before(script, "Running");
    run_of_two(script);
    const auto found = script.found(check_scheduled);
    if (std::string(policy) == "Allow") {
      EXPECT_THAT(found, IsEmpty());
    } else {
      EXPECT_THAT(found, ElementsAre(HasSubstr("w-29921880 is made while w-29921879 goes on"))) << policy;
    }
  }
}

}  // namespace
}  // namespace ork::sim
