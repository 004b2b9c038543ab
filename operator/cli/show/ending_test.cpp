#include "operator/cli/show/ending.hpp"

#include <gtest/gtest.h>

#include "operator/cli/show/test_runs.hpp"

namespace ork::show {
namespace {

using api::Json;

api::WorkflowRun ended(const char* phase, const char* message, Json tasks = Json::array()) {
  return run_of({{"phase", phase},
                 {"observedGeneration", 1},
                 {"startTime", at(0)},
                 {"completionTime", at(7)},
                 {"message", message},
                 {"tasks", std::move(tasks)}});
}

Json broken() {
  return {{"name", "load"},
          {"phase", "Failed"},
          {"attempt", 2},
          {"cause", "Program"},
          {"reason", "Error"},
          {"exitCode", 3},
          {"message", "the program ended with exit code 3: opening b.csv\nno such file"}};
}

std::string shown(const api::WorkflowRun& run, const std::vector<std::string>& log = {}, std::string_view flags = "",
                  const workflow::Definition* definition = nullptr) {
  return joined(ending({run, definition, start}, {.log = log, .flags = flags}, {}));
}

TEST(Ending, OfARunThatSucceededIsOneLine) {
  EXPECT_EQ(shown(ended("Succeeded", "all 3 tasks succeeded")),
            "run etl-1 Succeeded after 7s: all 3 tasks succeeded\n");
}

TEST(Ending, OfARunThatFailedShowsTheTaskItsCauseItsLogAndWhereToLook) {
  EXPECT_EQ(shown(ended("Failed", "task load failed", {broken()}), {"loading a.csv", "loading b.csv", "no such file"}),
            "run etl-1 Failed after 7s: task load failed after 2 attempts\n"
            "  the program ended with exit code 3: opening b.csv\n"
            "  cause: Program, exit code 3\n"
            "the last lines of load, attempt 2:\n"
            "  loading a.csv\n"
            "  loading b.csv\n"
            "  no such file\n"
            "to look further:\n"
            "  ork run logs etl-1 load\n"
            "  ork run status etl-1\n");
}

TEST(Ending, ShowsWhatTheMessageHoldsWhereTheLogIsGone) {
  EXPECT_EQ(shown(ended("Failed", "", {broken()}), {}, " -n team-a"),
            "run etl-1 Failed after 7s: task load failed after 2 attempts\n"
            "  the program ended with exit code 3: opening b.csv\n"
            "  cause: Program, exit code 3\n"
            "the last lines of load, attempt 2:\n"
            "  no such file\n"
            "to look further:\n"
            "  ork run logs etl-1 load -n team-a\n"
            "  ork run status etl-1 -n team-a\n");
}

TEST(Ending, RepeatsNoLogThatTheUserHasSeen) {
  const api::WorkflowRun run = ended("Failed", "", {broken()});
  EXPECT_EQ(joined(ending({run, nullptr, start}, {.with_log = false}, {})),
            "run etl-1 Failed after 7s: task load failed after 2 attempts\n"
            "  the program ended with exit code 3: opening b.csv\n"
            "  cause: Program, exit code 3\n"
            "to look further:\n"
            "  ork run logs etl-1 load\n"
            "  ork run status etl-1\n");
}

TEST(Ending, ShowsTheEndOfALongLog) {
  std::vector<std::string> log;
  for (int i = 0; i < 30; ++i) log.push_back("line " + std::to_string(i));
  const std::string text = shown(ended("Failed", "", {broken()}), log);
  EXPECT_EQ(text.find("line 19"), std::string::npos);
  EXPECT_NE(text.find("  line 20\n"), std::string::npos);
  EXPECT_NE(text.find("  line 29\n"), std::string::npos);
}

TEST(Ending, NamesTheIndexOfAFanOut) {
  Json load = broken();
  load.update(
      {{"count", 4}, {"attempt", 1}, {"failedIndexes", "2,3"}, {"message", "2 of 4 indexes failed; index 2: no"}});
  EXPECT_EQ(shown(ended("Failed", "", {load})),
            "run etl-1 Failed after 7s: task load failed at index 2\n"
            "  2 of 4 indexes failed; index 2: no\n"
            "  cause: Program, exit code 3\n"
            "to look further:\n"
            "  ork run logs etl-1 load --index 2\n"
            "  ork run status etl-1\n");
}

TEST(Ending, BlamesNoTaskThatMayFail) {
  const workflow::Definition definition =
      definition_of(R"([{"name": "load", "onFailure": "run"}, {"name": "after", "dependsOn": ["load"]}])");
  Json after = broken();
  after["name"] = "after";
  const api::WorkflowRun run = ended("Failed", "", {broken(), after});
  EXPECT_EQ(culprit_of({run, &definition, start})->task->name, "after");
  EXPECT_EQ(culprit_of({run, nullptr, start})->task->name, "load");
}

TEST(Ending, OfARunThatFailedWithoutATaskSaysWhy) {
  EXPECT_EQ(shown(ended("Failed", "spec.workflow.tasks: is empty")),
            "run etl-1 Failed after 7s: spec.workflow.tasks: is empty\n"
            "to look further:\n"
            "  ork run status etl-1\n");
  EXPECT_EQ(shown(ended("Cancelled", "cancelled; 1 of 2 tasks done", {broken()})),
            "run etl-1 Cancelled after 7s: cancelled; 1 of 2 tasks done\n"
            "to look further:\n"
            "  ork run status etl-1\n");
}

}  // namespace
}  // namespace ork::show
