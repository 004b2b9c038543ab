#include "operator/cli/graph/graph_command.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace ork::cli {
namespace {

class KeptConsole : public Console {
 public:
  void write(Channel channel, std::string_view text) override {
    (channel == Channel::Out ? out_text : err_text) += text;
  }
  show::Screen screen(Channel) const override { return {}; }
  bool can_paint(Channel) const override { return false; }

  std::string out_text, err_text;
};

struct Said {
  int code = 0;
  std::string out, err;
};

Said graph(const std::string& input, const std::string& workflow = {}) {
  KeptConsole console;
  std::istringstream stream(input);
  const int code = run_graph({.file = "-", .workflow = workflow}, console, stream);
  return {code, console.out_text, console.err_text};
}

std::string workflow(const std::string& name, const std::string& tasks) {
  return "---\napiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: " + name +
         "}\nspec: {defaults: {image: i}, tasks: [" + tasks + "]}\n";
}

TEST(Graph, ShowsWhatFollowsFromExpressionsToo) {
  EXPECT_EQ(graph(workflow("w", "{name: b, inputs: {x: tasks.a.output}}, {name: a}")).out, "● a\n● b\n");
}

TEST(Graph, DrawsARunOfItsOwnTasks) {
  EXPECT_EQ(graph("apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata: {name: r}\n"
                  "spec: {workflow: {tasks: [{name: a, image: i}]}}\n")
                .out,
            "● a\n");
}

TEST(Graph, WantsToKnowWhichOfSeveral) {
  const std::string two = workflow("one", "{name: a}") + workflow("two", "{name: b}");
  const Said said = graph(two);
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err, "error: name one of the Workflows in -: one, two\n");
  EXPECT_EQ(graph(two, "two").out, "● b\n");
  EXPECT_EQ(graph(two, "three").err, "error: there is no Workflow \"three\" in -; there is: one, two\n");
  EXPECT_EQ(graph("kind: ConfigMap\n").err, "error: there is no Workflow in -\n");
}

TEST(Graph, TellsHowLongTasksTakeByTheRunsThatThereAre) {
  std::istringstream stream(workflow("w", "{name: a}, {name: b, dependsOn: [a]}"));
  KeptConsole console;
  std::string asked;
  const RunsOf runs_of = [&](const std::string& name) -> Result<std::vector<api::WorkflowRun>, Failure> {
    asked = name;
    api::WorkflowRun run;
    api::TaskStatus task;
    task.name = "b";
    task.phase = api::Phase::Succeeded;
    task.start_ms = 1000;
    task.completion_ms = 3000;
    run.status.tasks = {std::make_shared<const api::TaskStatus>(task)};
    return std::vector{run};
  };
  EXPECT_EQ(run_graph({.file = "-", .from_runs = true}, console, stream, runs_of), 0);
  EXPECT_EQ(asked, "w");
  EXPECT_EQ(console.out_text, "◆ a\n◆ b  2s\n\n◆ critical path 2s, by 1 run: a, b\n");
}

TEST(Graph, DrawsWithoutTimesWhereNoRunTellsThem) {
  std::istringstream stream(workflow("w", "{name: a}"));
  KeptConsole console;
  const RunsOf none = [](const std::string&) { return Result<std::vector<api::WorkflowRun>, Failure>({}); };
  EXPECT_EQ(run_graph({.file = "-", .from_runs = true}, console, stream, none), 0);
  EXPECT_EQ(console.out_text, "● a\n");
  EXPECT_EQ(console.err_text, "no run of w tells how long its tasks take\n");
}

TEST(Graph, TellsWhatIsWrongInsteadOfDrawingIt) {
  const Said said = graph(workflow("w", "{name: a, dependsOn: [a]}"));
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.out, "");
  EXPECT_NE(said.err.find("is the task itself"), std::string::npos) << said.err;
  EXPECT_EQ(graph("a: [\n").code, 3);
}

}  // namespace
}  // namespace ork::cli
