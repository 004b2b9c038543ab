#include "controllers/workflow/problem.hpp"

#include <gtest/gtest.h>

#include <string>

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

std::vector<Problem> numbered(std::size_t count) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < count; ++i) problems.push_back({"spec", "wrong " + std::to_string(i)});
  return problems;
}

TEST(Describe, JoinsTheProblemsOfASpec) {
  EXPECT_EQ(describe({}), "");
  EXPECT_EQ(describe(numbered(1)), "spec: wrong 0");
  EXPECT_EQ(describe(numbered(2)), "spec: wrong 0; spec: wrong 1");
}

TEST(Describe, TellsTheFirstFiveAndCountsTheRest) {
  EXPECT_EQ(describe(numbered(7)),
            "spec: wrong 0; spec: wrong 1; spec: wrong 2; spec: wrong 3; spec: wrong 4; and 2 more");
}

TEST(Describe, SaysAtLeastWhereTheListItselfWasCut) {
  EXPECT_EQ(describe(numbered(max_problems)),
            "spec: wrong 0; spec: wrong 1; spec: wrong 2; spec: wrong 3; spec: wrong 4; and at least 95 more");
}

TEST(Describe, FitsAConditionHoweverLongTheProblems) {
  std::vector<Problem> problems(50, {"spec." + std::string(600, 'p'), std::string(600, 'm')});
  const std::string text = describe(problems);
  EXPECT_LE(text.size(), max_description);
  EXPECT_TRUE(text.ends_with("and 47 more")) << text;
}

TEST(Describe, EscapesWhateverATerminalWouldObey) {
  const Problem problem{"spec.\x1b[2J", std::string("nul \0 and \u202e", 13)};
  EXPECT_EQ(describe({&problem, 1}), "spec.\\x1b[2J: nul \\x00 and \\u202e");
}

TEST(ProblemList, KeepsABoundedNumberOfPrintableProblems) {
  ProblemList list;
  EXPECT_TRUE(list.empty());
  for (std::size_t i = 0; i < max_problems + 5; ++i) {
    EXPECT_EQ(list.full(), i >= max_problems);
    list.add("a\nb", std::string(2000, 'm'));
  }
  const auto problems = std::move(list).take();
  ASSERT_EQ(problems.size(), max_problems);
  EXPECT_EQ(problems[0].path, "a\\nb");
  EXPECT_EQ(problems[0].message.size(), max_problem_text);
}

}  // namespace
}  // namespace ork::workflow
