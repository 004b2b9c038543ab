// Rules about a task's matrix, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Of a task that follows one called "list".
std::vector<std::string> problems_of_matrix(const char* matrix, const char* more = "{}") {
  api::Json task = {{"name", "a"}, {"matrix", api::Json::parse(matrix)}};
  task.update(api::Json::parse(more));
  return problems_of(api::Json{{"params", {{{"name", "day"}}, {{"name", "versions"}, {"type", "array"}}}},
                               {"defaults", {{"image", "i"}}},
                               {"tasks", {{{"name", "list"}}, task}}});
}

TEST(MatrixRules, TakeListsAndExpressions) {
  EXPECT_THAT(problems_of_matrix(R"({"os": ["linux", "mac"], "version": "params.versions"})"), IsEmpty());
  EXPECT_THAT(problems_of_matrix(R"({"os": "tasks.list.output", "include": [{"os": "bsd", "slow": true}]})"),
              IsEmpty());
  EXPECT_THAT(problems_of_matrix(R"({"include": "tasks.list.output"})"), IsEmpty());
}

TEST(MatrixRules, RefuseWhatIsNoList) {
  EXPECT_THAT(problems_of_matrix(R"({"os": 3})"),
              ElementsAre("spec.tasks[1].matrix.os: is 3, but must be a list, or an expression that gives one"));
  EXPECT_THAT(problems_of_matrix(R"({"os": "params.day"})"),
              ElementsAre("spec.tasks[1].matrix.os: has the type string, but has to be a list"));
  EXPECT_THAT(problems_of_matrix(R"({"a-b": [1]})"),
              ElementsAre("spec.tasks[1].matrix: \"a-b\" is no name of a list: at most 63 letters, digits and '_', and "
                          "no digit at the beginning"));
  EXPECT_THAT(problems_of_matrix(R"({"os": []})"),
              ElementsAre("spec.tasks[1].matrix.os: is empty, so there is nothing to combine: add a value, or remove "
                          "it"));
  EXPECT_THAT(problems_of_matrix("{}"),
              ElementsAre("spec.tasks[1].matrix: has nothing to combine: name a list, as in {os: [linux, mac]}"));
}

TEST(MatrixRules, RefuseAnExceptionThatLeavesOutNothing) {
  EXPECT_THAT(problems_of_matrix(R"({"version": [3, 4], "exclude": [{"version": "3"}]})"),
              ElementsAre("spec.tasks[1].matrix.exclude[0]: leaves out nothing: version is never \"3\"; there is: 3, "
                          "4"));
  EXPECT_THAT(problems_of_matrix(R"({"version": [3, 4], "exclude": [{"verison": 3}]})"),
              ElementsAre("spec.tasks[1].matrix.exclude[0]: there is no list \"verison\" in the matrix; did you mean "
                          "\"version\"?"));
}

TEST(MatrixRules, RefuseMoreThanFits) {
  EXPECT_THAT(problems_of_matrix(R"({"a": [1,2,3,4,5,6,7,8,9,10], "b": [1,2,3,4,5,6,7,8,9,10],
                                     "c": [1,2,3,4,5,6,7,8,9,10], "d": [1,2,3,4,5,6,7,8,9,10],
                                     "e": [1,2,3,4,5,6,7,8,9,10], "f": [1,2]})"),
              ElementsAre("spec.tasks[1].matrix: makes more than 100000 combinations, which is the most, before any is "
                          "left out"));
}

TEST(MatrixRules, RefuseAnotherWordForTheIndexes) {
  EXPECT_THAT(problems_of_matrix(R"({"a": [1]})", R"({"forEach": ["x"]})"),
              ElementsAre("spec.tasks[1]: has both forEach and matrix: each says what the indexes go over, so remove "
                          "one of them"));
  EXPECT_THAT(problems_of_matrix(R"({"a": [1]})", R"({"count": 3})"),
              ElementsAre("spec.tasks[1]: has both count and matrix: a matrix makes one index for each combination, so "
                          "remove one of them"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "strategy": {"matrix": {"a": [1]}}})"),
              ElementsAre("spec.tasks[0]: there is no field \"strategy\": write matrix on the task itself, and "
                          "parallelism for max-parallel"));
}

}  // namespace
}  // namespace ork::workflow
