#include "controllers/workflow/schedule_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems_of_schedule(const char* schedule, const char* params = "[]") {
  const api::Json spec = {{"schedule", api::Json::parse(schedule)},
                          {"params", api::Json::parse(params)},
                          {"tasks", {{{"name", "a"}, {"image", "i"}}}}};
  return problems_of(spec);
}

TEST(ScheduleRules, TakeWhatACronJobTakes) {
  EXPECT_THAT(problems_of_schedule(R"({"cron": "0 2 * * *"})"), IsEmpty());
  EXPECT_THAT(problems_of_schedule(R"({"cron": "@daily", "timeZone": "Europe/Berlin", "concurrencyPolicy": "Forbid",
                                       "startingDeadlineSeconds": 3600, "suspend": true})"),
              IsEmpty());
}

TEST(ScheduleRules, SayWhatIsWrong) {
  const struct {
    const char *schedule, *problem;
  } cases[] = {
      {"{}", "spec.schedule.cron: is missing"},
      {R"({"cron": "0 25 * * *"})",
       "spec.schedule.cron: the hour must be 0 to 23, or a range, a list or a step of those"},
      {R"({"cron": "@daily", "timezone": "UTC"})",
       "spec.schedule: there is no field \"timezone\"; did you mean \"timeZone\"?"},
      {R"({"cron": "@daily", "timeZone": "Central European Time"})",
       "spec.schedule.timeZone: must be the name of a time zone, such as Europe/Berlin"},
      {R"({"cron": "@daily", "concurrencyPolicy": "forbid"})",
       "spec.schedule.concurrencyPolicy: must be Allow, Forbid or Replace"},
      {R"({"cron": "@daily", "startingDeadlineSeconds": 0})",
       "spec.schedule.startingDeadlineSeconds: is 0, but must be from 1 to 315360000"},
  };
  for (const auto& c : cases) EXPECT_THAT(problems_of_schedule(c.schedule), ElementsAre(c.problem)) << c.schedule;
}

// Nobody is there to give them.
TEST(ScheduleRules, AskForTheParamsThatHaveNoDefault) {
  const char* params = R"([{"name": "day"}, {"name": "region", "enum": ["eu", "us"], "default": "eu"}])";
  EXPECT_THAT(problems_of_schedule(R"({"cron": "@daily"})", params),
              ElementsAre("spec.schedule.params: the param \"day\" is missing, and has no default"));
  EXPECT_THAT(problems_of_schedule(R"({"cron": "@daily", "params": {"day": "monday", "region": "asia"}})", params),
              ElementsAre("spec.schedule.params.region: is \"asia\", but must be one of: \"eu\", \"us\""));
  EXPECT_THAT(problems_of_schedule(R"({"cron": "@daily", "params": {"day": "monday"}})", params), IsEmpty());
}

TEST(ScheduleRules, AreOfAWorkflowOnly) {
  const auto compiled = compile(
      api::Json::parse(R"({"schedule": {"cron": "@daily"}, "tasks": [{"name": "a", "image": "i"}]})"), "spec.workflow");
  ASSERT_FALSE(compiled);
  EXPECT_THAT(lines(compiled.error()),
              ElementsAre("spec.workflow.schedule: is said of a Workflow; a run that holds its workflow inline is made "
                          "once: remove it"));
}

}  // namespace
}  // namespace ork::workflow
