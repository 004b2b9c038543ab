#include "controllers/workflow/retry_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems_of_when(const std::string& when) {
  return problems_of(
      api::Json{{"params", {{{"name", "day"}}}},
                {"tasks", {{{"name", "load"}, {"image", "i"}, {"retry", {{"limit", 3}, {"when", when}}}}}}});
}

TEST(RetryRules, TakeConditionsOnHowAnAttemptFailed) {
  for (const char* when : {"exitCode != 2", "cause == 'OutOfMemory' || message.contains('busy')", "attempt < 3"}) {
    EXPECT_THAT(problems_of_when(when), IsEmpty()) << when;
  }
}

TEST(RetryRules, RefuseWhatDoesNotTellHowAnAttemptFailed) {
  EXPECT_THAT(problems_of_when("exit_code != 2"),
              ElementsAre("spec.tasks[0].retry.when: at character 1 of \"exit_code != 2\": there is no variable "
                          "\"exit_code\"; did you mean \"exitCode\"?"));
  EXPECT_THAT(problems_of_when("params.day == ''"),
              ElementsAre("spec.tasks[0].retry.when: at character 1 of \"params.day == ''\": there is no variable "
                          "\"params\"; there is: attempt, cause, exitCode, message"));
}

TEST(RetryRules, RefuseWhatIsNoCondition) {
  EXPECT_THAT(problems_of_when("exitCode"),
              ElementsAre("spec.tasks[0].retry.when: has the type int, but has to be a bool: true or false"));
  EXPECT_THAT(problems_of_when("exitCode == '2'").size(), 1U);
  EXPECT_THAT(problems_of_when("exitCode ==").size(), 1U);
}

TEST(RetryRules, TellOfTheOneOfDefaultsOnce) {
  const api::Json spec = {{"defaults", {{"image", "i"}, {"retry", {{"limit", 1}, {"when", "code"}}}}},
                          {"tasks", {{{"name", "a"}}, {{"name", "b"}}}}};
  EXPECT_THAT(problems_of(spec),
              ElementsAre("spec.defaults.retry.when: at character 1 of \"code\": there is no variable \"code\"; there "
                          "is: attempt, cause, exitCode, message"));
}

TEST(RetryRules, ATaskWithoutARetryOfItsOwnHasTheConditionOfDefaults) {
  const auto compiled = compile({{"defaults", {{"image", "i"}, {"retry", {{"limit", 1}, {"when", "exitCode == 1"}}}}},
                                 {"tasks", {{{"name", "a"}}, {{"name", "b"}, {"retry", {{"limit", 2}}}}}}});
  ASSERT_TRUE(compiled);
  ASSERT_TRUE(compiled->tasks[0].retry_when);
  EXPECT_EQ(compiled->tasks[0].retry_when->text(), "exitCode == 1");
  EXPECT_FALSE(compiled->tasks[1].retry_when);
}

}  // namespace
}  // namespace ork::workflow
