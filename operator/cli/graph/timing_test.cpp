#include "operator/cli/graph/timing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/compile.hpp"
#include "operator/cli/graph/drawing.hpp"
#include "operator/cli/graph/formats.hpp"

namespace ork::cli {
namespace {

using api::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// list -> load -> report, and list -> check -> report.
workflow::Definition diamond() {
  auto compiled = workflow::compile(Json::parse(
      R"({"defaults": {"image": "i"}, "tasks": [
          {"name": "list", "hooks": {"onExit": [{"name": "tell"}]}}, {"name": "check", "dependsOn": ["list"]},
          {"name": "load", "dependsOn": ["list"]}, {"name": "report", "dependsOn": ["check", "load"]}]})"));
  return *std::move(compiled);
}

struct Took {
  const char* task;
  api::DurationMs ms;
  api::Phase phase = api::Phase::Succeeded;
};

api::WorkflowRun run(std::initializer_list<Took> tasks) {
  api::WorkflowRun out;
  for (const Took& took : tasks) {
    api::TaskStatus status;
    status.name = took.task;
    status.phase = took.phase;
    status.start_ms = 1'000'000;
    status.completion_ms = status.start_ms + took.ms;
    out.status.tasks.push_back(std::make_shared<const api::TaskStatus>(std::move(status)));
  }
  return out;
}

std::vector<api::WorkflowRun> three_runs() {
  return {run({{"list", 2'000}, {"check", 5'000}, {"load", 60'000}, {"report", 1'000}, {"tell", 900'000}}),
          run({{"list", 4'000}, {"check", 7'000}, {"load", 80'000}, {"report", 1'000}}),
          run({{"list", 3'000}, {"check", 900'000}, {"load", 900'000, api::Phase::Failed}, {"gone", 5}})};
}

TEST(Timing, IsTheMedianOfWhatHasSucceeded) {
  const workflow::Definition definition = diamond();
  const Timing timing = timing_of(definition, three_runs());
  EXPECT_EQ(timing.runs, 3U);
  EXPECT_THAT(timing.typical, ElementsAre(3'000, 7'000, 60'000, 1'000, 900'000));
}

TEST(Timing, FindsTheTasksThatDecideHowLongARunTakes) {
  const workflow::Definition definition = diamond();
  const Timing timing = timing_of(definition, three_runs());
  EXPECT_THAT(timing.critical, ElementsAre(0, 2, 3));
  EXPECT_EQ(timing.length_ms, 64'000);
  EXPECT_EQ(critical_in_words(definition, timing), "critical path 1m4s, by 3 runs: list, load, report");
  EXPECT_TRUE(timing.is_critical(0, 2));
  EXPECT_FALSE(timing.is_critical(0, 3)) << "they are on it, but not one after the other";
  EXPECT_FALSE(timing.is_critical(1));
}

TEST(Timing, KnowsNothingWithoutARunThatTells) {
  const workflow::Definition definition = diamond();
  const Timing timing = timing_of(definition, std::vector{run({{"list", 5, api::Phase::Skipped}})});
  EXPECT_EQ(timing.runs, 0U);
  EXPECT_THAT(timing.critical, IsEmpty());
}

TEST(Timing, StandsInEachFormat) {
  const workflow::Definition definition = diamond();
  const Timing timing = timing_of(definition, three_runs());
  EXPECT_EQ(draw(definition, true, &timing),
            "◆     list  3s\n"
            "├─┬─╮\n"
            "● │ │ check  7s\n"
            "│ ◆ │ load  1m\n"
            "├─╯ │\n"
            "◆   │ report  1s\n"
            "    ● tell  onExit of list  15m\n"
            "\n"
            "◆ critical path 1m4s, by 3 runs: list, load, report\n");
  const std::string dot = as_dot(definition, "w", &timing);
  EXPECT_THAT(dot, HasSubstr("\"load\" [label=\"load\\n1m\", color=red, penwidth=2]\n"));
  EXPECT_THAT(dot, HasSubstr("\"list\" -> \"load\" [color=red, penwidth=2]\n"));
  EXPECT_THAT(dot, HasSubstr("\"list\" -> \"check\"\n"));
  const std::string mermaid = as_mermaid(definition, &timing);
  EXPECT_THAT(mermaid, HasSubstr("t2[\"load<br/>1m\"]\n"));
  EXPECT_THAT(mermaid, HasSubstr("  class t0,t2,t3 critical\n"));
  const Json json = Json::parse(as_json(definition, "w", &timing));
  EXPECT_EQ(json["criticalPath"], Json::parse(R"({"tasks": ["list", "load", "report"], "seconds": 64.0, "runs": 3})"));
  EXPECT_EQ(json["tasks"][2]["typicalSeconds"], 60.0);
}

TEST(Timing, OfManySideBySideStandsInLayers) {
  Json tasks = Json::array({{{"name", "list"}, {"image", "i"}}});
  for (int i = 0; i < 20; ++i)
    tasks.push_back({{"name", "load-" + std::to_string(i)}, {"image", "i"}, {"dependsOn", {"list"}}});
  const auto definition = workflow::compile({{"tasks", tasks}});
  ASSERT_TRUE(definition);
  const Timing timing =
      timing_of(*definition, std::vector{run({{"list", 3'000}, {"load-3", 9'000}, {"load-4", 5'000}})});
  EXPECT_EQ(draw(*definition, false, &timing),
            "1  list  3s  #\n"
            "2  load-0 ... load-19  19 tasks  <- list\n"
            "   load-3  9s  #                 <- list\n"
            "\n"
            "# critical path 12s, by 1 run: list, load-3\n");
}

}  // namespace
}  // namespace ork::cli
