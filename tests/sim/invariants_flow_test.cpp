// Each invariant with a trace that breaks it, and the same trace mended.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

// "a" has a process that ends with that, and after that "b" gets its Job.
std::vector<std::string> after(int exit_code, const Json& of_b) {
  Script script(of_b);
  script.run(status("Running")).job("a", 1).starts("a", 1, "p").ends("p", exit_code).job("b", 1);
  return script.found(check_upstream);
}

Json with_trigger(const char* trigger) { return {{"trigger", trigger}}; }

TEST(Triggers, I3FindsAJobOfATaskWhoseTurnHasNotCome) {
  EXPECT_THAT(after(0, with_trigger("anyFailed")),
              ElementsAre("I3: b attempt 1 is made although nothing that it waits for has failed (resourceVersion 3)"));
  EXPECT_THAT(
      after(1, with_trigger("anySucceeded")),
      ElementsAre("I3: b attempt 1 is made although nothing that it waits for has succeeded (resourceVersion 3)"));
  EXPECT_THAT(after(1, with_trigger("noneFailed")),
              ElementsAre("I3: b attempt 1 is made while a has not ended (resourceVersion 3)"));
  Script early(with_trigger("allDone"));
  early.run(status("Running")).job("a", 1).starts("a", 1, "p").job("b", 1);
  EXPECT_THAT(early.found(check_upstream),
              ElementsAre("I3: b attempt 1 is made while a has not ended (resourceVersion 3)"));
}

TEST(Triggers, I3AllowsWhatTheyAskFor) {
  EXPECT_THAT(after(1, with_trigger("anyFailed")), IsEmpty());
  EXPECT_THAT(after(0, with_trigger("anySucceeded")), IsEmpty());
  EXPECT_THAT(after(0, with_trigger("noneFailed")), IsEmpty());
  EXPECT_THAT(after(0, with_trigger("allDone")), IsEmpty());
  EXPECT_THAT(after(1, with_trigger("allDone")), IsEmpty());
}

TEST(Triggers, I3TakesASkippedTaskForWhatTheTriggerTakesItFor) {
  const Json skipped = status("Running", {task("a", "Skipped", 0)});
  EXPECT_THAT(Script().run(skipped).job("b", 1).found(check_upstream),
              ElementsAre("I3: b attempt 1 is made while a has not ended (resourceVersion 2)"));
  EXPECT_THAT(Script(with_trigger("noneFailed")).run(skipped).job("b", 1).found(check_upstream), IsEmpty());
}

// "a" has ended with that code, and is stored so; `more` becomes of "b".
Script ended(const char* condition, int exit_code) {
  Script script(Json{{"when", condition}});
  script.run(status("Running")).job("a", 1).starts("a", 1, "p").ends("p", exit_code);
  script.run(status("Running", {task("a", exit_code == 0 ? "Succeeded" : "Failed", 1, {{"exitCode", exit_code}})}));
  return script;
}

TEST(Conditions, I3FindsAJobOfATaskThatIsNotWanted) {
  EXPECT_THAT(ended("tasks.a.exitCode == 3", 0).job("b", 1).found(check_conditions),
              ElementsAre("I3: b has a Job although its condition is not true: tasks.a.exitCode == 3"));
  EXPECT_THAT(ended("tasks.a.exitCode == 0", 0).job("b", 1).found(check_conditions), IsEmpty());
  EXPECT_THAT(ended("tasks.a.output", 0).job("b", 1).found(check_conditions),
              ElementsAre("I3: b has a Job although its condition is not true: tasks.a.output"));
}

TEST(Conditions, I3FindsATaskThatIsSkippedAlthoughItIsWanted) {
  const Json skipped = status(
      "Running", {task("a", "Failed", 1, {{"exitCode", 3}}), task("b", "Skipped", 0, {{"reason", "WhenFalse"}})});
  EXPECT_THAT(ended("tasks.a.exitCode == 3", 3).run(skipped).found(check_conditions),
              ElementsAre("I3: b is skipped although its condition is not false: tasks.a.exitCode == 3"));
  EXPECT_THAT(ended("tasks.a.exitCode == 4", 3).run(skipped).found(check_conditions), IsEmpty());
}

TEST(Conditions, AreNotJudgedByAnEndThatWasTakenAway) {
  EXPECT_THAT(ended("tasks.a.exitCode == 3", 0).job("b", 1).job_gone("a", 1).found(check_conditions), IsEmpty());
}

// "a" has written that, and "b" goes over it.
Script wrote(const Json& output, const Json& elements) {
  Script script(Json{{"forEach", elements}});
  return script.run(status("Running", {task("a", "Succeeded", 1, {{"output", output}})}));
}

using Files = std::map<std::string, std::string>;
Files item(const char* text) { return {{"/ork/item", text}}; }

TEST(Items, I20FindsAnIndexWithAnothersItem) {
  const std::vector<std::string> wrong = {R"(I20: b index 1 finds "x" in /ork/item, where "y" is its own)"};
  EXPECT_THAT(wrote({"x", {{"n", 1}}}, "tasks.a.output").starts("b", 1, "p", 1, item(R"({"n":1})")).found(check_items),
              IsEmpty());
  EXPECT_EQ(wrote({"x", "y"}, "tasks.a.output").starts("b", 1, "p", 1, item("x")).found(check_items), wrong);
  EXPECT_THAT(wrote(Json(), {{"k", 1}}).starts("b", 1, "p", 0, item(R"({"key":"k","value":1})")).found(check_items),
              IsEmpty());
  EXPECT_EQ(wrote(Json(), {"x", "y"}).starts("b", 1, "p", 1, item("x")).found(check_items), wrong);
}

TEST(Items, I20FindsAJobThatMountsNone) {
  EXPECT_THAT(wrote({"x"}, "tasks.a.output").job("b", 1).found(check_items),
              ElementsAre("I20: b attempt 1 mounts nothing of its indexes' own (resourceVersion 2)"));
}

TEST(Items, I20KnowsTheCombinationsOfAMatrix) {
  const Json matrix = {{"os", {"l", "m"}},
                       {"v", {3, 4}},
                       {"exclude", {{{"os", "l"}, {"v", 4}}}},
                       {"include", {{{"os", "m"}, {"slow", true}}}}};
  const auto starts = [&](std::int64_t index, const char* found) {
    return Script(Json{{"matrix", matrix}})
        .run(status("Running", {}))
        .starts("b", 1, "p", index, item(found))
        .found(check_items);
  };
  EXPECT_THAT(starts(0, R"({"os":"l","v":3})"), IsEmpty());
  EXPECT_THAT(starts(2, R"({"os":"m","slow":true,"v":4})"), IsEmpty());
  EXPECT_THAT(starts(1, R"({"os":"l","v":4})"), testing::SizeIs(1));
}

TEST(Items, I20FindsAnIndexWithAnothersInputs) {
  const Json task = {{"count", 3}, {"inputs", {{"n", "index * 2"}, {"all", "3"}}}};
  const auto starts = [&](const char* found) {
    return Script(task).run(status("Running", {})).starts("b", 1, "p", 2, {{"/ork/inputs", found}}).found(check_items);
  };
  EXPECT_THAT(starts("export ORK_INPUTS='{\"all\":3,\"n\":4}'\nexport ORK_INPUT_N='4'\n"), IsEmpty());
  EXPECT_THAT(starts("export ORK_INPUTS='{\"all\":3,\"n\":2}'\nexport ORK_INPUT_N='2'\n"), testing::SizeIs(1));
}

// "b" declares a whole number, and is stored with this as its output.
std::vector<std::string> gives_out(const Json& output) {
  const Json ended = status("Succeeded", {task("a", "Succeeded", 1), task("b", "Succeeded", 1, {{"output", output}})});
  return Script(Json{{"output", {{"type", "integer"}}}}).run(ended).found(check_outputs);
}

TEST(Outputs, I5FindsOneThatIsNotAsItIsDeclared) {
  EXPECT_THAT(gives_out(3), IsEmpty());
  EXPECT_THAT(gives_out("x"),
              ElementsAre("I5: b gives out what it does not declare: is \"x\", but must be an integer"));
}

// A run that gives out what "a" has written, which is 3.
std::vector<std::string> run_gives_out(const Json& run_status) {
  Json whole = run_status;
  whole["tasks"] = {task("a", "Succeeded", 1, {{"output", 3}})};
  const Json workflow = {{"output", "tasks.a.output"}, {"tasks", {{{"name", "a"}}}}};
  return Script()
      .stored("operator", "workflowruns.ork.dev", "default/r",
              {{"metadata", {{"name", "r"}, {"uid", "run-1"}}}, {"spec", {{"workflow", workflow}}}, {"status", whole}})
      .found(check_outputs);
}

TEST(Outputs, I5FindsARunThatGivesOutSomethingElse) {
  EXPECT_THAT(run_gives_out({{"phase", "Succeeded"}, {"output", 3}}), IsEmpty());
  EXPECT_THAT(run_gives_out({{"phase", "Succeeded"}, {"output", 4}}),
              ElementsAre("I5: a run gives out something else than tasks.a.output: 4"));
  EXPECT_THAT(run_gives_out({{"phase", "Failed"}, {"output", 3}}),
              ElementsAre("I5: a run gives out what it should not"));
  EXPECT_THAT(run_gives_out({{"phase", "Failed"}, {"message", "the run's output has no value: why"}}),
              ElementsAre("I5: a run fails for want of an output that it has: tasks.a.output"));
}

}  // namespace
}  // namespace ork::sim
