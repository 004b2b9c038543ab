// Rules about tasks that are another Workflow, as compile() reports them.

#include "controllers/workflow/call_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CallRules, ATaskMayBeAWorkflowAndNeedsNoImage) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "load"}})"), IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "load", "params": {"n": "1 + 1"}},
                                   "timeout": "1h", "retry": {"limit": 2}, "output": {"type": "object"}})"),
              IsEmpty());
}

TEST(CallRules, ParamsMayAskForIndexAndItemWhereThereAreSome) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "forEach": [1], "workflow": {"name": "load",
                                   "params": {"n": "item + index"}}})"),
              IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "count": 2, "workflow": {"name": "load", "params": {"n": "index"}}})"),
              IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "count": 2, "workflow": {"name": "load", "params": {"n": "item"}}})"),
              ElementsAre(HasSubstr("spec.tasks[0].workflow.params.n: at character 1 of \"item\": there is no variable "
                                    "\"item\"")));
}

TEST(CallRules, AParamIsAnExpression) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "load", "params": {"n": 1}}})"),
              ElementsAre(HasSubstr("spec.tasks[0].workflow.params.n: is 1, but must be an expression in a text")));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "load", "params": {"n": "tasks.b.output"}}})"),
              ElementsAre(HasSubstr("spec.tasks[0].workflow.params.n: there is no task \"b\"")));
}

TEST(CallRules, RefuseAPodBeside) {
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "workflow": {"name": "load"}})"),
      ElementsAre("spec.tasks[0]: has both workflow and image: a task either runs another Workflow or a Pod, so "
                  "make two tasks of it, or remove one of them"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"for": "1s"}, "workflow": {"name": "load"}})"),
              ElementsAre(HasSubstr("spec.tasks[0]: has both wait and workflow: ")));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "env": [], "workflow": {"name": "load"}})"),
              ElementsAre("spec.tasks[0].env: means nothing for a task that is another Workflow: say it in that "
                          "Workflow's own tasks"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "inputs": {"n": "1"}, "workflow": {"name": "load"}})"),
              ElementsAre("spec.tasks[0].inputs: means nothing for a task that is another Workflow: write them as "
                          "workflow.params"));
}

TEST(CallRules, AreStrictAboutNamesAndFields) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {}})"),
              ElementsAre("spec.tasks[0].workflow.name: is missing"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "Load_it"}})"),
              ElementsAre(HasSubstr("spec.tasks[0].workflow.name: must be the name of a Workflow: ")));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "workflow": {"name": "load", "parms": {}}})"),
              ElementsAre("spec.tasks[0].workflow: there is no field \"parms\"; did you mean \"params\"?"));
}

TEST(CallRules, BoundHowManyRunsThereAre) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "count": 1000, "workflow": {"name": "load"}})"), IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "count": 1001, "workflow": {"name": "load"}})"),
              ElementsAre(HasSubstr("spec.tasks[0].count: must be at most 1000: each index is a run of its own")));
  api::Json wide = {{"name", "a"}, {"workflow", {{"name", "load"}}}};
  for (const char* axis : {"x", "y", "z"}) {
    for (int value = 0; value < 11; ++value) wide["matrix"][axis].push_back(value);
  }
  EXPECT_THAT(
      problems_of_task(wide.dump().c_str()),
      ElementsAre("spec.tasks[0].matrix: has 1331 combinations, but may have at most 1000: each is a run of its "
                  "own"));
}

TEST(CallRules, AHookIsNoWorkflow) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "hooks": {"onExit": [{"name": "b",
                                   "workflow": {"name": "load"}}]}})"),
              ElementsAre(HasSubstr("spec.tasks[0].hooks.onExit[0].workflow: means nothing for a hook")));
}

}  // namespace
}  // namespace ork::workflow
