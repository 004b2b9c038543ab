#include "operator/manifest/check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "operator/manifest/load.hpp"

namespace ork::manifest {
namespace {

// "4:12: message" for each problem, with its help.
std::vector<std::string> problems_of(std::string text) {
  const Loaded loaded = load_text("x.yaml", std::move(text));
  std::vector<std::string> out;
  for (const Problem& problem : loaded.problems) out.push_back(problem.message);
  for (const Problem& problem : check(loaded.manifests)) {
    out.push_back(std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column) + ": " +
                  (problem.path.empty() ? "" : problem.path + ": ") + problem.message +
                  (problem.help.empty() ? "" : " | " + problem.help));
  }
  return out;
}

using Lines = std::vector<std::string>;

std::string workflow(const std::string& spec) {
  return "apiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nspec: " + spec + "\n";
}
std::string run(const std::string& spec) {
  return "apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata: {name: r}\nspec: " + spec + "\n";
}
const std::string good_spec = "{params: [{name: day}], tasks: [{name: a, image: i}]}";

TEST(Check, FindsNothingInTheExamples) {
  std::istringstream nothing;
  const std::vector<std::string> folder = {ORK_SOURCE_DIR "/examples"};
  const Loaded loaded = load(folder, /*recursive=*/false, nothing);
  EXPECT_GT(loaded.manifests.size(), 20U);
  EXPECT_TRUE(loaded.problems.empty());
  for (const Problem& problem : check(loaded.manifests)) ADD_FAILURE() << show(problem);
}

TEST(Check, FindsSomethingInEachOfTheBadExamples) {
  for (const auto& entry : std::filesystem::directory_iterator(ORK_SOURCE_DIR "/examples/bad")) {
    std::istringstream nothing;
    const std::vector<std::string> file = {entry.path().string()};
    const Loaded loaded = load(file, /*recursive=*/false, nothing);
    EXPECT_FALSE(check(loaded.manifests).empty()) << entry.path();
  }
}

TEST(Check, TellsAllProblemsAtOnceWithTheirPlaces) {
  EXPECT_EQ(problems_of(workflow("\n  defaults: {image: i}\n  timeout: 0s\n  tasks:\n  - {name: list}\n"
                                 "  - {name: load, dependsOn: [lst], retrys: 3}\n  - {name: list}")),
            (Lines{R"(9:36: spec.tasks[1]: there is no field "retrys" | did you mean "retry"?)",
                   R"(6:12: spec.timeout: must be longer than 0s)",
                   R"(9:30: spec.tasks[1].dependsOn[0]: there is no task "lst" | did you mean "list"?)",
                   R"(10:12: spec.tasks[2].name: "list" is the name of spec.tasks[0] already: rename one of them)"}));
}

TEST(Check, FindsPlacesInALineWithoutEnd) {
  EXPECT_EQ(
      problems_of("{\"apiVersion\": \"ork.dev/v1alpha1\", \"kind\": \"Workflow\", \"metadata\": {\"name\": \"w\"}, "
                  "\"spec\": {\"tasks\": [{\"name\": \"a\", \"image\": \"i\", \"script\": \"\u00e4\u00f6\", "
                  "\"x\": 1}, {\"name\": \"b\"}]}}"),
      (Lines{R"(1:146: spec.tasks[0]: there is no field "x"; remove it, or move it to where it belongs)",
             R"(1:155: spec.tasks[1]: has neither an image nor a podTemplate: give it an image, or give one to all )"
             R"(tasks in defaults.image)"}));
}

TEST(Check, WantsAnObjectWithAKindAndAName) {
  EXPECT_EQ(problems_of("- 1\n"), (Lines{"1:1: must be an object with apiVersion, kind and metadata"}));
  EXPECT_EQ(problems_of("kind: ConfigMap\n"), (Lines{"1:1: apiVersion: apiVersion is missing"}));
  EXPECT_EQ(problems_of("apiVersion: 1\nkind: ConfigMap\n"), (Lines{"1:13: apiVersion: must be a text"}));
  EXPECT_EQ(problems_of("apiVersion: v1\nkind: ConfigMap\n"),
            (Lines{"1:1: metadata: is missing: an object needs at least a name"}));
  EXPECT_EQ(problems_of("apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: 1}}\n"),
            (Lines{"3:11: metadata.name: a name is missing",
                   "3:24: metadata.labels.a: is 1, but must be a text: put it in quotes"}));
  EXPECT_EQ(problems_of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n"),
            (Lines{"3:18: metadata.name: is 1, but must be a text: put it in quotes"}));
}

TEST(Check, LeavesOtherKindsToTheApiServer) {
  EXPECT_EQ(problems_of("apiVersion: v1\nkind: Odd\nmetadata: {generateName: x-}\nwhatever: 1\n"), Lines{});
  EXPECT_EQ(problems_of("apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\n"), Lines{});
}

TEST(Check, KnowsOneOfOursThatIsMisspelt) {
  EXPECT_EQ(problems_of("apiVersion: ork.dev/v1alpha1\nkind: Workfow\nmetadata: {name: w}\n"),
            (Lines{R"(2:7: kind: ork.dev has no kind "Workfow" | did you mean "Workflow"?)"}));
  EXPECT_EQ(
      problems_of("apiVersion: ork.dv/v1alpha1\nkind: Workflow\nmetadata: {name: w}\n"),
      (Lines{R"(1:13: apiVersion: there is no Workflow of "ork.dv/v1alpha1" | did you mean "ork.dev/v1alpha1"?)"}));
  EXPECT_EQ(problems_of("apiVersion: ork.dev/v1\nkind: Workflow\nmetadata: {name: w}\n"),
            (Lines{R"(1:13: apiVersion: there is no version "ork.dev/v1" | did you mean "ork.dev/v1alpha1"?)"}));
}

TEST(Check, HoldsNamesToWhatTheCrdsTake) {
  EXPECT_EQ(problems_of("apiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: My_Flow}\nspec: " + good_spec),
            (Lines{"3:18: metadata.name: \"My_Flow\" must be at most 63 lower case letters, digits and '-', and begin "
                   "and end with a letter or digit"}));
  EXPECT_EQ(
      problems_of("apiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {generateName: w-}\nspec: " + good_spec),
      (Lines{"3:11: metadata.name: a name is missing"}));
}

TEST(Check, WantsARunToRunOneThing) {
  EXPECT_EQ(
      problems_of(run("{}")),
      (Lines{"4:7: spec: has neither workflowRef (runs a Workflow by name) nor workflow (runs the tasks written in "
             "it): give it one of them"}));
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, workflow: {}}")),
            (Lines{"4:32: spec: has both workflowRef and workflow: remove one of them"}));
  EXPECT_EQ(problems_of(run("{workflowRef: w}")),
            (Lines{"4:21: spec.workflowRef: must name a Workflow, as in {name: etl}"}));
  EXPECT_EQ(problems_of(run("{workflow: {tasks: []}}")),
            (Lines{"4:26: spec.workflow.tasks: is empty: a workflow needs at least one task"}));
}

TEST(Check, HoldsTheFieldsOfARunToTheirTypes) {
  EXPECT_EQ(
      problems_of(run("{workflowRef: {name: w}, cancel: 1, suspend: no, ttlSecondsAfterFinished: -1, parms: {}}")),
      (Lines{R"(4:85: spec: there is no field "parms" | did you mean "params"?)",
             "4:40: spec.cancel: is 1, but must be a boolean",
             "4:81: spec.ttlSecondsAfterFinished: is -1, but must be a number of seconds"}));
}

TEST(Check, HoldsARerunToWhatTheCrdsTake) {
  const auto problems = [](const char* rerun_of) {
    return problems_of(run("{workflowRef: {name: w, revision: w-1}, rerunOf: " + std::string(rerun_of) + "}"));
  };
  EXPECT_EQ(problems("{name: r, uid: u, from: Failed}"), Lines{});
  EXPECT_EQ(problems("{name: r, from: load}"), Lines{});
  EXPECT_EQ(problems("r"), (Lines{"4:56: spec.rerunOf: must name a run that has ended, as in {name: etl-x7k2p, from: "
                                  "Failed}"}));
  EXPECT_EQ(problems("{name: r, from: FAILED, form: load}"),
            (Lines{R"(4:80: spec.rerunOf: there is no field "form" | did you mean "from"?)",
                   R"(4:72: spec.rerunOf.from: is "FAILED", but must be Failed or the name of a task)"}));
}

TEST(Check, KnowsWhatCanBeDoneToATask) {
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, actions: [{id: a, task: t, do: Kill}, {id: b, task: t, do: "
                            "MarkSucceeded, output: [1], by: me}]}")),
            Lines{});
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, actions: [{id: a, task: t, do: retry}, {id: a, task: t, do: "
                            "Kill, output: 1}, {task: t, do: Stop, who: me}, 7]}")),
            (Lines{R"(4:63: spec.actions[0].do: there is no action "retry" | did you mean "Retry"?)",
                   R"(4:76: spec.actions[1].id: "a" is there already: each action has an id of its own)",
                   "4:106: spec.actions[1].output: only a task that is marked as succeeded is given an output: remove "
                   "it, or do MarkSucceeded",
                   R"(4:130: spec.actions[2]: there is no field "who"; remove it, or move it to where it belongs)",
                   "4:110: spec.actions[2]: id is missing: an action has an id, a task and do",
                   R"(4:124: spec.actions[2].do: there is no action "Stop"; there are: Retry, Clear, MarkSucceeded, )"
                   "MarkFailed, Kill, Approve, Reject",
                   "4:140: spec.actions[3]: must be an object, as in {id: again-1, task: load, do: Retry}"}));
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, actions: {id: a}}")),
            (Lines{"4:41: spec.actions: must be a list, as in [{id: again-1, task: load, do: Retry}]"}));
}

TEST(Check, KnowsTheTasksOfAnInlineWorkflow) {
  const std::string inline_flow = "{workflow: {tasks: [{name: load, image: i}]}, ";
  EXPECT_EQ(problems_of(run(inline_flow + "rerunOf: {name: r, from: load}, actions: [{id: a, task: load, do: Kill}]}")),
            Lines{});
  EXPECT_EQ(problems_of(run(inline_flow + "rerunOf: {name: r, from: lod}, actions: [{id: a, task: laod, do: Kill}]}")),
            (Lines{R"(4:108: spec.actions[0].task: there is no task "laod" | did you mean "load"?)",
                   R"(4:78: spec.rerunOf.from: there is no task "lod" | did you mean "load"?)"}));
}

TEST(Check, WantsParamsByName) {
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, params: [day]}")),
            (Lines{"4:40: spec.params: must be an object that gives each param's value by its name"}));
}

TEST(Check, HoldsParamsToTheWorkflowWhereItIsThere) {
  const std::string params = "params: {dya: x}}";
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, " + params)), Lines{});
  EXPECT_EQ(problems_of(run("{workflowRef: {name: w}, " + params) + "---\n" + workflow(good_spec)),
            (Lines{"4:40: spec.params: the param \"day\" is missing, and has no default",
                   "4:41: spec.params: the workflow has no param \"dya\" | did you mean \"day\"?"}));
}

std::string named_workflow(const std::string& name, const std::string& spec) {
  return "---\napiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: " + name + "}\nspec: " + spec + "\n";
}
const std::string callee = named_workflow("load",
                                          "{params: [{name: day}, {name: size, default: s}], tasks: [{name: a, "
                                          "image: i}]}");

TEST(Check, HoldsCallsToTheWorkflowWhereItIsThere) {
  EXPECT_EQ(problems_of(named_workflow("w", "{tasks: [{name: a, workflow: {name: load}}]}")), Lines());
  EXPECT_EQ(problems_of(callee + named_workflow("w",
                                                "{tasks: [{name: a, workflow: {name: load, params: {day: "
                                                "\"'x'\"}}}]}")),
            Lines());
  EXPECT_EQ(problems_of(callee + named_workflow("w",
                                                "{tasks: [{name: a, workflow: {name: load, params: {dya: "
                                                "\"'x'\"}}}]}"))
                .size(),
            2U);
  EXPECT_EQ(problems_of(callee + "---\n" + run("{workflow: {tasks: [{name: a, workflow: {name: load}}]}}")).size(), 1U);
}

TEST(Check, FindsWorkflowsThatCallThemselves) {
  const auto calls = [](const std::string& name, const std::string& other) {
    return named_workflow(name, "{tasks: [{name: t, workflow: {name: " + other + "}}]}");
  };
  const auto itself = problems_of(calls("a", "a"));
  ASSERT_EQ(itself.size(), 1U);
  EXPECT_NE(itself[0].find("Workflow a would call itself: a > a"), std::string::npos) << itself[0];
  const auto circle = problems_of(calls("a", "b") + calls("b", "c") + calls("c", "a"));
  ASSERT_EQ(circle.size(), 3U);
  EXPECT_NE(circle[0].find("Workflow a would call itself: a > b > c > a"), std::string::npos) << circle[0];
  EXPECT_EQ(problems_of(calls("a", "b") + calls("b", "c")), Lines());
}

TEST(Check, FindsAnObjectGivenTwice) {
  EXPECT_EQ(problems_of(workflow(good_spec) + "---\n" + workflow(good_spec)),
            (Lines{"8:18: metadata.name: this Workflow is there already, at x.yaml:1: rename or remove one of them"}));
}

TEST(Check, MarksTheCharacterOfAnExpressionThatIsMeant) {
  const auto with_input = [](const std::string& expression) {
    return workflow("\n  params: [{name: day}]\n  tasks:\n  - name: a\n    image: i\n    inputs:\n      x: " +
                    expression);
  };
  EXPECT_EQ(problems_of(with_input("params.day + + 1")),
            (Lines{"10:23: spec.tasks[0].inputs.x: \"+\" stands where a value should"}));
  EXPECT_EQ(problems_of(with_input("'size(params.day) > params.dya'")),
            (Lines{"10:30: spec.tasks[0].inputs.x: there is no param \"dya\" | did you mean \"day\"?"}));
  EXPECT_EQ(problems_of(with_input("|\n        size(params.day) >\n          it")),
            (Lines{"12:11: spec.tasks[0].inputs.x: there is no variable \"it\"; there is: params, tasks, run"}));
}

TEST(Check, KnowsWhatYamlMakesOfNames) {
  EXPECT_EQ(
      problems_of(workflow("{tasks: [{name: a, image: i, inputs: {y: run.name}}]}")),
      (Lines{"4:45: spec.tasks[0].inputs.true: an input's name can't be true, which is what YAML makes of y, yes and "
             "on: put it in quotes"}));
  EXPECT_EQ(problems_of(workflow("{tasks: [{name: a, image: i, inputs: {\"y\": run.name}}]}")), Lines{});
  EXPECT_EQ(
      problems_of(workflow("{tasks: [{name: a, image: i, timeout: no}]}")),
      (Lines{"4:45: spec.tasks[0].timeout: is false, but must be a duration such as 90s, 10m or 1h30m | YAML reads no "
             "as false"}));
}

TEST(Check, BoundsWhatItTells) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "--- {kind: x}\n";
  EXPECT_EQ(problems_of(text).size(), 100U);
}

}  // namespace
}  // namespace ork::manifest
