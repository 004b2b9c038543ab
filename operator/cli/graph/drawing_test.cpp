#include "operator/cli/graph/drawing.hpp"

#include <gtest/gtest.h>

#include "controllers/workflow/compile.hpp"
#include "operator/cli/graph/formats.hpp"

namespace ork::cli {
namespace {

using api::Json;

// "b: a c" is a task b that waits for a and c; "b*3: a" fans out.
workflow::Definition definition(const std::vector<std::string>& lines) {
  Json tasks = Json::array();
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(':');
    std::string name = line.substr(0, colon);
    Json task = {{"image", "i"}, {"dependsOn", Json::array()}};
    if (const std::size_t star = name.find('*'); star != std::string::npos) {
      task["count"] = std::stoi(name.substr(star + 1));
      name.resize(star);
    }
    task["name"] = name;
    std::istringstream words(colon == std::string::npos ? "" : line.substr(colon + 1));
    for (std::string word; words >> word;) task["dependsOn"].push_back(word);
    tasks.push_back(std::move(task));
  }
  auto compiled = workflow::compile({{"tasks", tasks}});
  EXPECT_TRUE(compiled);
  return compiled ? std::move(*compiled) : workflow::Definition{};
}

TEST(Draw, ATaskThatWaits) {
  const auto compiled = workflow::compile(Json::parse(
      R"js({"tasks": [{"name": "hold", "wait": {"for": "90s"}}, {"name": "day", "dependsOn": ["hold"],
                       "wait": {"until": "timestamp(0)"}}]})js"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(draw(*compiled, true), "● hold  waits 1m30s\n● day  waits\n");
  auto calls = workflow::compile(Json::parse(
      R"js({"tasks": [{"name": "one", "workflow": {"name": "load"}},
            {"name": "all", "dependsOn": ["one"], "count": 3, "workflow": {"name": "load"}},
            {"name": "up", "dependsOn": ["all"], "wait": {"run": {"name": "'nightly'"}}}]})js"));
  ASSERT_TRUE(calls);
  EXPECT_EQ(draw(*calls, true), "● one  runs load\n● all  runs load x3\n● up  waits for a run\n");
}

TEST(Draw, HooksSayWhatTheyBelongTo) {
  const auto compiled = workflow::compile(Json::parse(
      R"js({"defaults": {"image": "i"}, "hooks": {"onExit": [{"name": "tell"}]},
            "tasks": [{"name": "load", "hooks": {"onFailure": [{"name": "alarm"}]}}, {"name": "report"}]})js"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(draw(*compiled, true),
            "●   load\n"
            "│ ● report\n"
            "●   alarm  onFailure of load\n"
            "●   tell  onExit of the run\n");
  EXPECT_EQ(Json::parse(as_json(*compiled, "etl"))["tasks"][2],
            Json::parse(R"({"name": "alarm", "dependsOn": ["load"], "layer": 1, "hook": "onFailure of load"})"));
}

TEST(Draw, ADiamond) {
  EXPECT_EQ(draw(definition({"extract", "check: extract", "load*3: extract", "publish: check load"}), true),
            "●   extract\n"
            "├─╮\n"
            "● │ check\n"
            "│ ● load  x3\n"
            "├─╯\n"
            "●   publish\n");
}

TEST(Draw, InAsciiWhereNothingElseIsShown) {
  EXPECT_EQ(draw(definition({"a", "b: a", "c: a"}), false), "*   a\n|-.\n* | b\n  * c\n");
}

TEST(Draw, AChainAndWhatStandsAlone) { EXPECT_EQ(draw(definition({"a", "b: a", "c"}), true), "● a\n● b\n● c\n"); }

TEST(Draw, LinesThatCrossOthers) {
  EXPECT_EQ(draw(definition({"a", "b", "c: a b", "d: a b"}), true),
            "●     a\n"
            "├─╮\n"
            "│ │ ● b\n"
            "├─┼─╯\n"
            "● │   c\n"
            "  ●   d\n");
}

TEST(Draw, ManySideBySideInLayers) {
  std::vector<std::string> lines = {"list"};
  std::string all;
  for (int i = 0; i < 48; ++i) {
    lines.push_back("load-" + std::to_string(i) + ": list");
    all += " load-" + std::to_string(i);
  }
  lines.push_back("audit: list");
  lines.push_back("report:" + all);
  EXPECT_EQ(draw(definition(lines), true),
            "1  list\n"
            "2  load-0 ... load-47  48 tasks  ← list\n"
            "   audit                         ← list\n"
            "3  report                        ← load-0, load-1, load-2, load-3 and 44 more\n");
}

TEST(Formats, NameEveryTaskAndEveryEdge) {
  const auto graph = definition({"a", "b*2: a"});
  EXPECT_EQ(as_dot(graph, "w"),
            "digraph \"w\" {\n  rankdir=LR\n  node [shape=box]\n  \"a\"\n  \"b\"\n  \"a\" -> \"b\"\n}\n");
  EXPECT_EQ(as_mermaid(graph), "flowchart LR\n  t0[\"a\"]\n  t1[\"b\"]\n  t0 --> t1\n");
  EXPECT_EQ(Json::parse(as_json(graph, "w")), Json::parse(R"({"name": "w", "tasks": [
      {"name": "a", "dependsOn": [], "layer": 0}, {"name": "b", "dependsOn": ["a"], "layer": 1, "count": 2}]})"));
}

}  // namespace
}  // namespace ork::cli
