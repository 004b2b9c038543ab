// Rules about the expressions of tasks, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems_of_inputs(const char* inputs) {
  return problems_of(
      api::Json{{"params", {{{"name", "day"}}}},
                {"defaults", {{"image", "i"}}},
                {"tasks", {{{"name", "list"}}, {{"name", "load"}, {"inputs", api::Json::parse(inputs)}}}}});
}

TEST(InputRules, TakePathsToParamsAndOutputs) {
  EXPECT_THAT(problems_of_inputs(R"({"day": "params.day", "n": "tasks.list.output.n", "run": "run.name"})"), IsEmpty());
}

TEST(InputRules, RefuseANameThatIsNoIdentifier) {
  EXPECT_THAT(problems_of_inputs(R"({"a-b": "params.day", "": "params.day", "x\u001b[2J": "params.day"})"),
              ElementsAre("spec.tasks[1].inputs[\"\"]: an input's name must be at most 63 letters, digits and '_', and "
                          "not begin with a digit",
                          "spec.tasks[1].inputs[\"a-b\"]: an input's name must be at most 63 letters, digits and '_', "
                          "and not begin with a digit",
                          "spec.tasks[1].inputs[\"x\\x1b[2J\"]: an input's name must be at most 63 letters, digits and "
                          "'_', and not begin with a digit"));
}

TEST(InputRules, RefuseTwoThatBecomeTheSameVariable) {
  EXPECT_THAT(
      problems_of_inputs(R"({"day": "params.day", "DAY": "params.day"})"),
      ElementsAre("spec.tasks[1].inputs.day: becomes the variable ORK_INPUT_DAY, and so does DAY: rename one of "
                  "them"));
}

TEST(InputRules, SayWhereAnExpressionIsWrong) {
  EXPECT_THAT(
      problems_of_inputs(R"({"a": "params..day", "b": "tasks.load-all.output"})"),
      ElementsAre("spec.tasks[1].inputs.a: at character 8 of \"params..day\": \".\" stands where the name of a field "
                  "should",
                  "spec.tasks[1].inputs.b: at character 1 of \"tasks.load-all.output\": \"load-all\" is not an "
                  "identifier, so it needs brackets: write tasks[\"load-all\"] instead of tasks.load-all"));
}

TEST(InputRules, RefuseAVariableOrAFieldThatThereIsNot) {
  EXPECT_THAT(
      problems_of_inputs(R"x({"a": "param.day", "b": "tasks.list.outputs", "c": "run.nam", "d": "size(tasks)"})x"),
      ElementsAre(
          "spec.tasks[1].inputs.a: at character 1 of \"param.day\": there is no variable \"param\"; did you mean "
          "\"params\"?",
          "spec.tasks[1].inputs.b: at character 1 of \"tasks.list.outputs\": a task has no \"outputs\"; did you "
          "mean \"output\"?",
          "spec.tasks[1].inputs.c: at character 1 of \"run.nam\": a run has no \"nam\"; did you mean \"name\"?",
          "spec.tasks[1].inputs.d: at character 6 of \"size(tasks)\": tasks needs the name of a task, as in "
          "tasks.list.output or tasks[\"load-all\"].output"));
}

TEST(InputRules, RefuseWhatTheTypesOfParamsDoNotAllow) {
  EXPECT_THAT(problems_of_inputs(R"({"a": "params.day * 2", "b": "run.name + tasks.list.attempt"})"),
              ElementsAre("spec.tasks[1].inputs.a: at character 1 of \"params.day * 2\": there is no string * int: "
                          "convert one of them, as in string(x) or int(x)",
                          "spec.tasks[1].inputs.b: at character 1 of \"run.name + tasks.list.attempt\": there is no "
                          "string + int: convert one of them, as in string(x) or int(x)"));
}

TEST(InputRules, RefuseAParamThatIsNotDeclared) {
  EXPECT_THAT(problems_of_inputs(R"({"a": "params.dya", "b": "params.month"})"),
              ElementsAre("spec.tasks[1].inputs.a: there is no param \"dya\"; did you mean \"day\"?",
                          "spec.tasks[1].inputs.b: there is no param \"month\": declare it in params, or refer to "
                          "another"));
}

TEST(InputRules, RefuseATaskThatIsNotThere) {
  EXPECT_THAT(problems_of_inputs(R"({"a": "params.day", "b": "tasks.lsit.output", "c": "tasks.other.output"})"),
              ElementsAre("spec.tasks[1].inputs.b: there is no task \"lsit\"; did you mean \"list\"?",
                          "spec.tasks[1].inputs.c: there is no task \"other\": add it, or refer to another"));
}

TEST(InputRules, RefuseATasksOwnOutput) {
  EXPECT_THAT(problems_of_inputs(R"({"a": "tasks.load.output"})"),
              ElementsAre("spec.tasks[1].inputs.a: refers to the task itself, of which nothing is known yet then"));
}

std::vector<std::string> problems_of_when(const char* when) {
  return problems_of(api::Json{{"params", {{{"name", "day"}}, {{"name", "more"}, {"type", "object"}}}},
                               {"defaults", {{"image", "i"}}},
                               {"tasks", {{{"name", "list"}}, {{"name", "load"}, {"when", when}}}}});
}

TEST(When, TakesWhatIsTrueOrFalseOrMayBe) {
  for (const char* when : {"true", "params.day > 'a'", "tasks.list.output", "params.more.go", "size(params.more) > 0",
                           "tasks.list.phase == 'Skipped' || tasks.list.exitCode == 3", "run.name.startsWith('x')"}) {
    EXPECT_THAT(problems_of_when(when), IsEmpty()) << when;
  }
}

TEST(When, RefusesWhatIsNeither) {
  EXPECT_THAT(problems_of_when("params.day"),
              ElementsAre("spec.tasks[1].when: has the type string, but has to be a bool: true or false"));
  EXPECT_THAT(problems_of_when("params.more"),
              ElementsAre("spec.tasks[1].when: has the type map(string, dyn), but has to be a bool: true or false"));
  // What is wrong in it comes first.
  EXPECT_THAT(
      problems_of_when("params.day + 1"),
      ElementsAre("spec.tasks[1].when: at character 1 of \"params.day + 1\": there is no string + int: convert one "
                  "of them, as in string(x) or int(x)"));
}

TEST(When, IsHeldToTheSameRulesAsInputs) {
  EXPECT_THAT(problems_of_when(""), testing::SizeIs(1));
  EXPECT_THAT(problems_of_when("tasks.lsit.output"),
              ElementsAre("spec.tasks[1].when: there is no task \"lsit\"; did you mean \"list\"?"));
  EXPECT_THAT(problems_of_when("tasks.load.attempt > 1"),
              ElementsAre("spec.tasks[1].when: refers to the task itself, of which nothing is known yet then"));
  EXPECT_THAT(problems_of_when("tasks.load-all.output"),
              ElementsAre("spec.tasks[1].when: at character 1 of \"tasks.load-all.output\": \"load-all\" is not an "
                          "identifier, so it needs brackets: write tasks[\"load-all\"] instead of tasks.load-all"));
}

std::vector<std::string> problems_of_count(const char* count) {
  return problems_of(api::Json{
      {"params", {{{"name", "day"}}, {{"name", "n"}, {"type", "integer"}}, {{"name", "files"}, {"type", "array"}}}},
      {"defaults", {{"image", "i"}}},
      {"tasks", {{{"name", "list"}}, {{"name", "load"}, {"when", "true"}, {"count", count}}}}});
}

TEST(Count, TakesWhatIsAWholeNumberOrMayBe) {
  for (const char* count : {"params.n", "size(params.files)", "tasks.list.output.n", "3"}) {
    EXPECT_THAT(problems_of_count(count), IsEmpty()) << count;
  }
}

TEST(Count, RefusesWhatIsNone) {
  EXPECT_THAT(problems_of_count("params.day"),
              ElementsAre("spec.tasks[1].count: has the type string, but has to be an int: a whole number"));
  EXPECT_THAT(problems_of_count("size(tasks.lsit.output)"),
              ElementsAre("spec.tasks[1].count: there is no task \"lsit\"; did you mean \"list\"?"));
}

std::vector<std::string> problems_of_elements(const char* elements) {
  return problems_of(api::Json{{"params", {{{"name", "day"}}, {{"name", "files"}, {"type", "array"}}}},
                               {"defaults", {{"image", "i"}}},
                               {"tasks", {{{"name", "list"}}, {{"name", "load"}, {"forEach", elements}}}}});
}

TEST(ForEach, TakesWhatIsAListOrAMapOrMayBe) {
  for (const char* elements : {"params.files", "tasks.list.output.files", "['a', 'b']", "{'a': 1}",
                               "params.files.map(each, each.name)", "params.files.filter(each, each != '')"}) {
    EXPECT_THAT(problems_of_elements(elements), IsEmpty()) << elements;
  }
}

TEST(ForEach, RefusesWhatIsNeither) {
  EXPECT_THAT(problems_of_elements("params.day"),
              ElementsAre("spec.tasks[1].forEach: has the type string, but has to be a list or a map"));
  EXPECT_THAT(problems_of_elements("tasks.lsit.output"),
              ElementsAre("spec.tasks[1].forEach: there is no task \"lsit\"; did you mean \"list\"?"));
  EXPECT_THAT(problems_of_elements("item"),
              ElementsAre("spec.tasks[1].forEach: at character 1 of \"item\": there is no variable \"item\": this is "
                          "evaluated once, for all indexes together; only inputs know item and index"));
}

TEST(ForEach, WaitsForTheTasksThatItNames) {
  const auto definition = compile(api::Json::parse(R"({"defaults": {"image": "i"}, "tasks": [{"name": "list"},
      {"name": "load", "forEach": "tasks.list.output"}, {"name": "fixed", "forEach": ["tasks.list.output"]}]})"));
  ASSERT_TRUE(definition.ok());
  EXPECT_THAT(definition->graph.upstream(1), ElementsAre(0));
  EXPECT_THAT(definition->graph.upstream(2), IsEmpty()) << "a text in a list is that text";
  EXPECT_TRUE(definition->tasks[1].fans_out());
  EXPECT_EQ(definition->tasks[1].written_count(), std::nullopt);
  EXPECT_EQ(definition->tasks[2].written_count(), 1);
}

}  // namespace
}  // namespace ork::workflow
