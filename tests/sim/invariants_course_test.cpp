// How runs take their course: each invariant with a trace that breaks it, and the same trace mended.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/jobs/names.hpp"
#include "tests/sim/script.hpp"
#include "tests/sim/trial.hpp"

namespace ork::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

const Json complete = {{"conditions", {{{"type", "Complete"}, {"status", "True"}}}}};

Script completed() {
  Script script;
  script.run(status("Running")).job("a", 1).job("a", 1, "job-controller", "run-1", complete);
  return script;
}

TEST(Course, I6FindsAnotherAttemptAfterACompleteJob) {
  EXPECT_THAT(
      completed().job("a", 2).run(status("Succeeded", {task("a", "Succeeded", 2)})).found(check_completions, true),
      ElementsAre("I6: a attempt 2 is made although the Job of a attempt 1 is Complete (resourceVersion 4)"));
  EXPECT_THAT(completed().run(status("Succeeded", {task("a", "Succeeded", 1)})).found(check_completions, true),
              IsEmpty());
}

TEST(Course, I6FindsACompleteJobThatIsStoredAsAFailure) {
  const Json failed = status("Failed", {task("a", "Failed", 1)});
  EXPECT_THAT(completed().run(failed).found(check_completions, true),
              ElementsAre("I6: a attempt 1 is stored as Failed although its Job is Complete"));
  const Json refused = status("Failed", {task("a", "Failed", 1, {{"reason", "InvalidOutput"}})});
  EXPECT_THAT(completed().run(refused).found(check_completions, true), IsEmpty());
  EXPECT_THAT(completed().run(status("Cancelled", {task("a", "Cancelled", 1)})).found(check_completions, true),
              IsEmpty());
}

TEST(Course, I6LetsACompleteJobBeThatOneOfTwoOperatorsHasMadeUnknowing) {
  const Json failed = status("Failed", {task("a", "UpstreamFailed", 0)});
  EXPECT_THAT(completed().run(failed).found(check_completions, true),
              ElementsAre("I6: a attempt 1 is stored as UpstreamFailed although its Job is Complete"));
  EXPECT_THAT(
      completed().run(failed).stored("twin", "events", "default/e", Json::object()).found(check_completions, true),
      IsEmpty());
}

TEST(Course, I16FindsAnAttemptThatIsNotToldOf) {
  Script script;
  script.run(status("Running")).job("a", 1);
  const Json unnamed = status("Failed", {task("a", "UpstreamFailed", 0)});
  EXPECT_THAT(Script(script).run(unnamed).found(check_recorded),
              ElementsAre("I16: a attempt 1 is made, and its task ends as UpstreamFailed after attempt 0"
                          " (resourceVersion 2)"));
  EXPECT_THAT(Script(script).run(status("Failed", {task("a", "Failed", 1)})).found(check_recorded), IsEmpty());
  EXPECT_THAT(Script(script).run(status("Cancelled", {task("a", "Cancelled", 0)})).found(check_recorded), IsEmpty());
  EXPECT_THAT(Script(script).run(unnamed).stored("twin", "events", "default/e", Json::object()).found(check_recorded),
              IsEmpty());
}

TEST(Course, I7FindsARunThatDoesNotEnd) {
  Outcome outcome;
  outcome.ends = {{"default/r", "Running"}};
  Violations found;
  check_ends({}, outcome, true, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].invariant + ": " + found[0].what, "I7: default/r has not ended: its phase is \"Running\"");
  outcome.all_ended = true;
  outcome.ends = {{"default/r", "Succeeded"}, {"default/s", "gone"}};
  found.clear();
  check_ends({}, outcome, true, found);
  EXPECT_TRUE(found.empty());
}

TEST(Course, I34FindsTwoReplicasThatHoldTheSame) {
  Outcome outcome;
  outcome.held_by_two = "both replicas hold bucket 7";
  Violations found;
  check_ends({}, outcome, true, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].invariant, "I34");
}

TEST(Course, I24FindsAWorldThatBreaks) {
  Outcome outcome;
  outcome.broke = "there is no end to the writes";
  Violations found;
  check_ends({}, outcome, true, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, "the world broke: there is no end to the writes");
}

TEST(Course, I26FindsARunThatEndsOtherwiseThanItsShapeSays) {
  Outcome outcome;
  outcome.all_ended = true;
  outcome.ends = {{"default/r", "Failed"}};
  Violations found;
  check_ends({}, outcome, true, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].invariant + ": " + found[0].what, "I26: default/r has ended as Failed");
}

TEST(Course, I26FindsATaskThatEndsOtherwiseThanInFairWeather) {
  Violations found;
  compare_ends({{"default/r a", "Succeeded, attempt 1"}, {"default/r b", "Skipped, attempt 0"}},
               {{"default/r a", "Succeeded, attempt 2"}, {"default/r b", "Skipped, attempt 0"}}, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, "default/r a ended: Succeeded, attempt 2; without faults: Succeeded, attempt 1");
}

Json job_called(const std::string& name) {
  const Json labels = {
      {"ork.dev/run", "r"}, {"ork.dev/run-uid", "run-1"}, {"ork.dev/task", "a"}, {"ork.dev/attempt", "1"}};
  return {{"metadata", {{"name", name}, {"uid", "job-1"}, {"labels", labels}}}};
}

TEST(Course, I11FindsAJobThatIsNotCalledWhatItMustBe) {
  const std::string right = jobs::job_name("r", "run-1", "a", 1);
  EXPECT_THAT(Script().stored("operator", "jobs.batch", "default/other", job_called("other")).found(check_names),
              ElementsAre("I11: the Job of a attempt 1 is called other, not " + right + " (resourceVersion 1)"));
  EXPECT_THAT(Script().stored("operator", "jobs.batch", "default/" + right, job_called(right)).found(check_names),
              IsEmpty());
}

Json run_with(const Json& workflow, const Json& run_status, const Json& more = Json::object()) {
  Json spec = {{"workflow", workflow}};
  spec.update(more);
  return {{"metadata", {{"name", "r"}, {"uid", "run-1"}, {"generation", 1}}}, {"spec", spec}, {"status", run_status}};
}

TEST(Course, I17FindsMoreIndexesThanTheTaskAllows) {
  const Json workflow = {{"tasks", {{{"name", "a"}, {"count", 3}, {"parallelism", 1}}}}};
  Script script;
  script.stored("user", "workflowruns.ork.dev", "default/r", run_with(workflow, status("Running")));
  script.starts("a", 1, "p", 0).ends("p", 0).starts("a", 1, "q", 1);
  EXPECT_THAT(script.found(check_parallelism), IsEmpty());
  EXPECT_THAT(script.starts("a", 1, "s", 2).found(check_parallelism), ElementsAre("I17: 2 processes of a run at once"));
}

TEST(Course, I17FindsMoreTasksThanTheRunAllows) {
  const Json workflow = {{"parallelism", 1}, {"tasks", {{{"name", "a"}}, {{"name", "b"}}}}};
  Script script;
  script.stored("user", "workflowruns.ork.dev", "default/r", run_with(workflow, status("Running")));
  script.starts("a", 1, "p");
  EXPECT_THAT(script.found(check_parallelism), IsEmpty());
  script.starts("b", 1, "q");
  EXPECT_THAT(script.found(check_parallelism), ElementsAre("I17: 2 processes of one run run at once, the last of b"));
}

TEST(Course, I19FindsAnAttemptMadeAfterACancellation) {
  Script script;
  script.stored("user", "workflowruns.ork.dev", "default/r",
                run_with({{"tasks", {{{"name", "a"}}}}}, status("Running"), {{"cancel", true}}));
  script.job("a", 1);
  EXPECT_THAT(script.found(check_cancellations, false), IsEmpty()) << "it may not have been seen yet";
  EXPECT_THAT(script.found(check_cancellations, true),
              ElementsAre("I19: a attempt 1 is made after its run was cancelled (resourceVersion 2)"));
  script.stored("operator", "workflowruns.ork.dev", "default/r",
                run_with({{"tasks", {{{"name", "a"}}}}}, status("Cancelled"), {{"cancel", true}}));
  EXPECT_THAT(script.job("b", 1).found(check_cancellations, false),
              ElementsAre("I19: b attempt 1 is made after its run was cancelled (resourceVersion 4)"));
}

TEST(Course, I19FindsAProcessThatGoesOnAfterACancellation) {
  Script script;
  script.starts("a", 1, "p");
  script.stored("operator", "workflowruns.ork.dev", "default/r",
                run_with({{"tasks", {{{"name", "a"}}}}}, status("Cancelled"), {{"cancel", true}}));
  EXPECT_THAT(script.found(check_cancellations, true),
              ElementsAre("I19: a process of a goes on after its run was cancelled"));
  EXPECT_THAT(script.ends("p", 143).found(check_cancellations, true), IsEmpty());
}

Json job_of_image(const std::string& image) {
  Json job = job_called("r-a-1");
  const Json container = {{"name", "main"}, {"image", image}, {"command", {"sh", "-c", "work"}}};
  job["spec"] = {{"template", {{"spec", {{"containers", Json::array({container})}}}}}};
  return job;
}

TEST(Course, I20FindsAJobThatIsNotOfThePinnedRevision) {
  const Json workflow = {{"tasks", {{{"name", "a"}, {"image", "one"}, {"script", "work"}}}}};
  const Json run = {{"metadata", {{"name", "r"}, {"uid", "run-1"}, {"generation", 1}}},
                    {"spec", {{"workflowRef", {{"name", "w"}}}}},
                    {"status", {{"phase", "Running"}, {"revision", "w-1"}}}};
  const auto script = [&](const std::string& image) {
    return Script()
        .stored("operator", "controllerrevisions.apps", "default/w-1", {{"data", workflow}})
        .stored("operator", "workflowruns.ork.dev", "default/r", run)
        .stored("operator", "jobs.batch", "default/r-a-1", job_of_image(image));
  };
  EXPECT_THAT(script("two").found(check_pins),
              ElementsAre(R"(I20: a attempt 1 runs ["two",["sh","-c","work"],[]], not ["one",["sh","-c","work"],[]])"
                          " (resourceVersion 3)"));
  EXPECT_THAT(script("one").found(check_pins), IsEmpty());
  Json moved = run;
  moved["status"]["revision"] = "w-2";
  EXPECT_THAT(script("one").stored("operator", "workflowruns.ork.dev", "default/r", moved).found(check_pins),
              ElementsAre("I20: default/r goes from revision w-1 to \"w-2\" (resourceVersion 4)"));
}

TEST(Course, I20FindsARevisionThatIsTakenFromItsWorkflow) {
  const Json workflow = {{"metadata", {{"name", "w"}, {"uid", "w-uid"}}}};
  const Json revision = {{"metadata", {{"ownerReferences", {{{"controller", true}, {"uid", "w-uid"}}}}}}};
  const auto script = [&] {
    return Script()
        .stored("user", "workflows.ork.dev", "default/w", workflow)
        .stored("operator", "controllerrevisions.apps", "default/w-1", revision);
  };
  EXPECT_THAT(script().gone("twin", "controllerrevisions.apps", "default/w-1").found(check_revisions),
              ElementsAre("I20: twin deletes revision default/w-1, whose Workflow is there (version 3)"));
  EXPECT_THAT(script()
                  .gone("user", "workflows.ork.dev", "default/w")
                  .gone("operator", "controllerrevisions.apps", "default/w-1")
                  .found(check_revisions),
              IsEmpty());
  Script many = script();
  for (int i = 2; i <= 12; ++i)
    many.stored("operator", "controllerrevisions.apps", "default/w-" + std::to_string(i), revision);
  EXPECT_THAT(many.gone("operator", "controllerrevisions.apps", "default/w-1").found(check_revisions), IsEmpty());
  EXPECT_THAT(many.gone("operator", "controllerrevisions.apps", "default/w-2").found(check_revisions),
              ElementsAre("I20: operator deletes revision default/w-2, whose Workflow is there (version 15)"));
}

TEST(Course, I20FindsAGenerationThatIsObservedTooSoonOrForgotten) {
  const auto workflow = [](std::int64_t generation, std::int64_t observed) -> Json {
    return {{"metadata", {{"name", "w"}, {"uid", "w-uid"}, {"generation", generation}}},
            {"status", {{"observedGeneration", observed}}}};
  };
  EXPECT_THAT(Script().stored("operator", "workflows.ork.dev", "default/w", workflow(1, 2)).found(check_pins),
              ElementsAre("I20: observedGeneration runs ahead of generation: workflows.ork.dev default/w, version 1"));
  EXPECT_THAT(Script()
                  .stored("operator", "workflows.ork.dev", "default/w", workflow(2, 2))
                  .stored("operator", "workflows.ork.dev", "default/w", workflow(2, 1))
                  .found(check_pins),
              ElementsAre("I20: observedGeneration falls: workflows.ork.dev default/w, version 2"));
}

}  // namespace
}  // namespace ork::sim
