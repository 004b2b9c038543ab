// Rules about how tasks depend on each other, as compile() reports them; and graphs as large as allowed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems_of_tasks(const char* tasks) {
  return problems_of(api::Json{{"defaults", {{"image", "i"}}}, {"tasks", api::Json::parse(tasks)}});
}

api::Json numbered_tasks(int count) {
  api::Json tasks = api::Json::array();
  for (int i = 0; i < count; ++i)
    tasks.push_back({{"name", "task-" + std::to_string(i)}, {"dependsOn", api::Json::array()}});
  return tasks;
}

Result<Definition, std::vector<Problem>> compiled(const api::Json& tasks) {
  return compile(api::Json{{"defaults", {{"image", "i"}}}, {"tasks", tasks}});
}

TEST(GraphRules, RefuseANameThatIsTaken) {
  EXPECT_THAT(problems_of_tasks(R"([{"name": "a"}, {"name": "b"}, {"name": "a"}])"),
              ElementsAre("spec.tasks[2].name: \"a\" is the name of spec.tasks[0] already: rename one of them"));
}

TEST(GraphRules, RefuseAnUnknownDependencyAndNameTheNearest) {
  EXPECT_THAT(problems_of_tasks(R"([{"name": "extract"}, {"name": "b", "dependsOn": ["extract", "extrcat", "zz"]}])"),
              ElementsAre("spec.tasks[1].dependsOn[1]: there is no task \"extrcat\"; did you mean \"extract\"?",
                          "spec.tasks[1].dependsOn[2]: there is no task \"zz\": add it, or refer to another"));
}

TEST(GraphRules, RefuseATaskThatDependsOnItself) {
  EXPECT_THAT(problems_of_tasks(R"([{"name": "a", "dependsOn": ["a"]}])"),
              ElementsAre("spec.tasks[0].dependsOn[0]: is the task itself: remove it"));
}

TEST(GraphRules, RefuseACycleAndTellItsPath) {
  EXPECT_THAT(problems_of_tasks(R"([{"name": "a", "dependsOn": ["c"]}, {"name": "b", "dependsOn": ["a"]},
                                   {"name": "c", "dependsOn": ["b"]}, {"name": "d", "dependsOn": ["c"]}])"),
              ElementsAre("spec.tasks[0]: is part of a cycle, in which each task waits for the one before it: "
                          "a -> b -> c -> a; remove one of these dependencies"));
}

TEST(GraphRules, RefuseATriggerOfATaskThatWaitsForNothing) {
  EXPECT_THAT(problems_of_tasks(R"([{"name": "a", "trigger": "anyFailed"}, {"name": "b", "trigger": "allSucceeded"},
                                    {"name": "c", "trigger": "allDone", "inputs": {"x": "tasks.a.phase"}}])"),
              ElementsAre("spec.tasks[0].trigger: says when to start by how other tasks end, and this one waits for "
                          "none: add dependsOn, or remove trigger"));
}

TEST(GraphRules, CountAReferenceInAnInputAsADependency) {
  EXPECT_THAT(
      problems_of_tasks(R"([{"name": "a", "inputs": {"x": "tasks.b.output"}}, {"name": "b", "dependsOn": ["a"]}])"),
      ElementsAre("spec.tasks[0]: is part of a cycle, in which each task waits for the one before it: "
                  "a -> b -> a; remove one of these dependencies"));
  const auto definition = compiled(api::Json::parse(
      R"([{"name": "a"}, {"name": "b"}, {"name": "c", "dependsOn": ["b"], "inputs": {"x": "tasks.a.output"}}])"));
  ASSERT_TRUE(definition.ok());
  EXPECT_THAT(definition->graph.upstream(2), ElementsAre(0, 1));
}

TEST(GraphRules, TellTheEndsOfALongCycle) {
  api::Json tasks = numbered_tasks(5000);
  for (int i = 0; i < 5000; ++i)
    tasks[static_cast<std::size_t>(i)]["dependsOn"] = {"task-" + std::to_string((i + 4999) % 5000)};
  const auto result = compiled(tasks);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(lines(result.error()),
              ElementsAre("spec.tasks[0]: is part of a cycle, in which each task waits for the one before it: "
                          "task-0 -> task-1 -> task-2 -> task-3 -> task-4 -> task-5 -> ... 4989 more ... -> task-4995 "
                          "-> task-4996 -> task-4997 -> task-4998 -> task-4999 -> task-0; remove one of these "
                          "dependencies"));
}

TEST(GraphRules, TakeAChainOfFiveThousandTasks) {
  api::Json tasks = numbered_tasks(5000);
  for (int i = 1; i < 5000; ++i) tasks[static_cast<std::size_t>(i)]["dependsOn"] = {"task-" + std::to_string(i - 1)};
  const auto definition = compiled(tasks);
  ASSERT_TRUE(definition.ok());
  EXPECT_EQ(definition->graph.layer(4999), 4999);
  EXPECT_EQ(definition->index_of("task-4999"), 4999);
}

TEST(GraphRules, TakeAFanOfFiveThousandTasks) {
  api::Json tasks = numbered_tasks(5000);
  for (int i = 1; i < 4999; ++i) {
    tasks[static_cast<std::size_t>(i)]["dependsOn"] = {"task-0"};
    tasks[4999]["dependsOn"].push_back("task-" + std::to_string(i));
  }
  const auto definition = compiled(tasks);
  ASSERT_TRUE(definition.ok());
  EXPECT_EQ(definition->graph.downstream(0).size(), 4998u);
  EXPECT_EQ(definition->graph.upstream(4999).size(), 4998u);
  EXPECT_EQ(definition->graph.layer(4999), 2);
}

TEST(GraphRules, TakeAHundredLayersOfFiftyTasksEachOnAllOfTheLayerAbove) {
  api::Json tasks = numbered_tasks(5000);
  for (int i = 50; i < 5000; ++i) {
    for (int up = i / 50 * 50 - 50; up < i / 50 * 50; ++up) {
      tasks[static_cast<std::size_t>(i)]["dependsOn"].push_back("task-" + std::to_string(up));
    }
  }
  const auto definition = compiled(tasks);
  ASSERT_TRUE(definition.ok());
  EXPECT_EQ(definition->graph.edges(), 247'500u);
  EXPECT_EQ(definition->graph.layer(4999), 99);
  EXPECT_THAT(definition->tasks[4999].task.depends_on, IsEmpty());
}

TEST(GraphRules, ReportABoundedNumberOfProblemsOfAGraphThatIsWrongThroughout) {
  api::Json tasks = numbered_tasks(5000);
  for (int i = 0; i < 5000; ++i) {
    for (int d = 0; d < 50; ++d)
      tasks[static_cast<std::size_t>(i)]["dependsOn"].push_back("tsak-" + std::to_string(i + d));
  }
  const auto result = compiled(tasks);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().size(), dag::max_errors);
  EXPECT_EQ(lines(result.error())[0],
            "spec.tasks[0].dependsOn[0]: there is no task \"tsak-0\"; did you mean \"task-0\"?");
}

TEST(GraphRules, NeverRepeatHostileNamesRaw) {
  const auto problems = problems_of(
      api::Json{{"defaults", {{"image", "i"}}},
                {"tasks", {{{"name", std::string("a\0\x1b[31m", 7)}, {"dependsOn", {"\u202eevil", "\n"}}}}}});
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_THAT(problems[0], HasSubstr("\"a\\x00\\x1b[31m\" must be at most 63 lower case letters"));
  EXPECT_EQ(problems[1], "spec.tasks[0].dependsOn[0]: there is no task \"\\u202eevil\": add it, or refer to another");
  EXPECT_EQ(problems[2], "spec.tasks[0].dependsOn[1]: there is no task \"\\n\": add it, or refer to another");
}

}  // namespace
}  // namespace ork::workflow
