// Rules about a task's securityContext, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems_of_context(const std::string& context) {
  return problems_of_task(R"({"name": "a", "image": "i", "securityContext": )" + context + "}");
}

TEST(SecurityContextRules, TakeWhatRestrictedAsksFor) {
  EXPECT_THAT(problems_of_context(R"({"runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
                                      "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                                      "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
                                      "seccompProfile": {"type": "RuntimeDefault"}})"),
              IsEmpty());
}

// Kubernetes would leave it out without a word, and the container would be less confined than it says.
TEST(SecurityContextRules, NameAFieldThatIsWrittenWrong) {
  EXPECT_THAT(problems_of_context(R"({"runAsNonroot": true})"),
              ElementsAre("spec.tasks[0].securityContext: there is no field \"runAsNonroot\"; did you mean "
                          "\"runAsNonRoot\"?"));
  EXPECT_THAT(problems_of_context(R"({"capabilities": {"dropp": ["ALL"]}})"),
              ElementsAre("spec.tasks[0].securityContext.capabilities: there is no field \"dropp\"; did you mean "
                          "\"drop\"?"));
}

TEST(SecurityContextRules, RefuseValuesThatEveryJobWouldBeRefusedFor) {
  EXPECT_THAT(
      problems_of_context(R"({"runAsNonRoot": "yes", "runAsUser": "root", "capabilities": {"drop": "ALL"},
                                      "seccompProfile": {"type": 1}})"),
      ElementsAre("spec.tasks[0].securityContext.runAsNonRoot: must be true or false",
                  "spec.tasks[0].securityContext.runAsUser: must be a number",
                  "spec.tasks[0].securityContext.capabilities.drop: must be a list of capabilities, as [ALL] or "
                  "[NET_BIND_SERVICE]",
                  "spec.tasks[0].securityContext.seccompProfile.type: must be a string"));
  EXPECT_THAT(problems_of_context(R"({"runAsUser": -1})"),
              ElementsAre("spec.tasks[0].securityContext.runAsUser: is -1, but must be from 0 to 2147483647"));
  EXPECT_THAT(problems_of_context(R"({"seccompProfile": {}})"),
              ElementsAre("spec.tasks[0].securityContext.seccompProfile.type: is missing"));
}

TEST(SecurityContextRules, MeanNothingWithoutAPod) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "w"}, "securityContext": {"privileged": false}})"),
              ElementsAre("spec.tasks[0].securityContext: means nothing for a task that is another Workflow: say it in "
                          "that Workflow's own tasks"));
}

}  // namespace
}  // namespace ork::workflow
