// Each invariant with a trace that breaks it, and the same trace mended.

#include "tests/sim/invariants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using runtime::Instant;

TEST(Invariants, I1FindsAnAttemptThatStartsTwice) {
  EXPECT_THAT(Script().starts("a", 1, "p").ends("p", 0).starts("a", 1, "q").ends("q", 0).found(check_processes),
              ElementsAre("I1: a attempt 1 index -1 starts twice"));
  EXPECT_THAT(Script().starts("a", 1, "p").ends("p", 1).starts("a", 2, "q").ends("q", 0).found(check_processes),
              IsEmpty());
}

TEST(Invariants, I1FindsAttemptsSideBySide) {
  EXPECT_THAT(Script().starts("a", 1, "p").starts("a", 2, "q").ends("p", 1).ends("q", 0).found(check_processes),
              ElementsAre("I1: a attempt 2 index -1 runs beside attempt 1"));
}

TEST(Invariants, I1ForgivesAPodThatTheJobControllerDoubled) {
  Script script;
  script.fault("job-controller",
               "job-controller write 1 late-write wait=5 back=0 (POST /api/v1/namespaces/default/pods)");
  EXPECT_THAT(script.starts("a", 1, "p").starts("a", 1, "q").ends("p", 0).ends("q", 0).found(check_processes),
              IsEmpty());
}

TEST(Invariants, I1ForgivesOnePodForOneLateRequest) {
  Script script;
  script.fault("job-controller",
               "job-controller call 1 late-write wait=5 back=0 (POST /api/v1/namespaces/default/pods)");
  script.starts("a", 1, "p").ends("p", 0).starts("a", 1, "q").starts("a", 2, "r");
  EXPECT_THAT(script.found(check_processes), IsEmpty());
  EXPECT_EQ(script.starts("b", 1, "s").starts("b", 1, "t").found(check_processes).size(), 3U);
}

TEST(Invariants, I1ForgivesAPodWhoseJobSomebodyDeleted) {
  Script script;
  script.run(status("Running")).job("a", 1).starts("a", 1, "p").job_gone("a", 1).job("a", 2).starts("a", 2, "q");
  EXPECT_THAT(script.found(check_processes), IsEmpty());
}

TEST(Invariants, I2FindsAnAttemptThatIsLeftOut) {
  EXPECT_THAT(Script().run(status("Running")).job("a", 2).found(check_attempts),
              ElementsAre("I2: a attempt 2 is made after attempt 0 (resourceVersion 2)",
                          "I2: a attempt 2 is made before the one before it has ended (resourceVersion 2)"));
}

TEST(Invariants, I2FindsAnAttemptMadeBesideALivingOne) {
  Script script;
  script.run(status("Running")).job("a", 1).starts("a", 1, "p").job("a", 2);
  EXPECT_THAT(script.found(check_attempts),
              ElementsAre("I2: a attempt 2 is made before the one before it has ended (resourceVersion 3)"));
}

TEST(Invariants, I2TakesAProcessOrAJobOrAStatusForTheEndOfAnAttempt) {
  const Json failed = {{"conditions", {{{"type", "Failed"}, {"status", "True"}}}}};
  const Json told = status("Running", {task("a", "Retrying", 1, {{"attempts", {{{"attempt", 1}}}}})});
  EXPECT_THAT(Script().run({}).job("a", 1).starts("a", 1, "p").ends("p", 1).job("a", 2).found(check_attempts),
              IsEmpty());
  EXPECT_THAT(
      Script().run({}).job("a", 1).job("a", 1, "job-controller", "run-1", failed).job("a", 2).found(check_attempts),
      IsEmpty());
  EXPECT_THAT(Script().run({}).job("a", 1).run(told).job("a", 2).found(check_attempts), IsEmpty());
}

TEST(Invariants, I2FindsMoreRetriesThanTheUserAllows) {
  const Json spent =
      status("Running", {task("a", "Retrying", 1, {{"programRetries", 2}, {"attempts", {{{"attempt", 1}}}}})});
  EXPECT_THAT(Script().run({}).job("a", 1).run(spent).job("a", 2).found(check_attempts),
              ElementsAre("I2: a attempt 2 is beyond its 1 retries (resourceVersion 4)"));
}

TEST(Invariants, I3FindsATaskThatDoesNotWait) {
  Script early;
  early.run(status("Running")).job("a", 1).starts("a", 1, "p").job("b", 1);
  EXPECT_THAT(early.found(check_upstream),
              ElementsAre("I3: b attempt 1 is made while a has not ended (resourceVersion 3)"));
  Script failed;
  failed.run(status("Running")).job("a", 1).starts("a", 1, "p").ends("p", 1).job("b", 1);
  EXPECT_THAT(failed.found(check_upstream),
              ElementsAre("I3: b attempt 1 is made while a has not ended (resourceVersion 3)"));
  Script good;
  good.run(status("Running")).job("a", 1).starts("a", 1, "p").ends("p", 0).job("b", 1);
  EXPECT_THAT(good.found(check_upstream), IsEmpty());
}

TEST(Invariants, I4FindsARunThatGoesOnAfterItsEnd) {
  EXPECT_THAT(Script().run(status("Failed")).run(status("Running")).found(check_phases),
              ElementsAre("I4: the run goes from Failed to Running (resourceVersion 2)"));
}

TEST(Invariants, I4FindsATaskThatGoesOnAfterItsEnd) {
  const Json before = status("Running", {task("a", "Succeeded", 2)});
  const Json after = status("Running", {task("a", "Running", 1)});
  EXPECT_THAT(Script().run(before).run(after).found(check_phases),
              ElementsAre("I4: a goes from Succeeded to Running (resourceVersion 2)",
                          "I4: a goes back from attempt 2 to 1 (resourceVersion 2)"));
}

TEST(Invariants, I5FindsASuccessThatNoProcessHad) {
  const Json told = status("Running", {task("a", "Succeeded", 1)});
  EXPECT_THAT(Script().run({}).starts("a", 1, "p").ends("p", 1).run(told).found(check_successes),
              ElementsAre("I5: a is stored as Succeeded, but not all of it has ended with 0 (resourceVersion 2)"));
  EXPECT_THAT(Script().run({}).starts("a", 1, "p").ends("p", 0).run(told).found(check_successes), IsEmpty());
}

TEST(Invariants, I8FindsAJobMadeAfterTheEnd) {
  Script script;
  script.run(status("Cancelled")).job("a", 1);
  EXPECT_THAT(script.found(check_quiet, script.now()),
              ElementsAre("I8: a attempt 1 is made after the end of its run (resourceVersion 2)"));
}

TEST(Invariants, I8ForgivesAJobThatArrivesLateAndIsTakenAway) {
  Script script;
  script.fault("operator", "operator write 3 late-write wait=5 back=0 (POST /apis/batch/v1/namespaces/default/jobs)");
  script.run(status("Cancelled")).job("a", 1);
  EXPECT_EQ(script.found(check_quiet, script.now()).size(), 1U);
  script.job_gone("a", 1);
  EXPECT_THAT(script.found(check_quiet, script.now()), IsEmpty());
}

TEST(Invariants, I2ForgivesANameUsedAgainWhereNobodyCanKnowOfIt) {
  Script unnamed;
  unnamed.run(status("Running")).job("a", 1).job_gone("a", 1).job("a", 1);
  EXPECT_THAT(unnamed.found(check_attempts), ElementsAre());
  Script named;
  named.run(status("Running", {task("a", "Running", 1)})).job("a", 1).job_gone("a", 1).job("a", 1);
  EXPECT_THAT(named.found(check_attempts), ElementsAre("I2: a attempt 1 is made after attempt 1 (resourceVersion 4)"));
}

TEST(Invariants, I8FindsWritesAndProcessesThatGoOn) {
  Script script;
  script.run(status("Failed")).starts("a", 1, "p");
  const Instant quiet_from = script.now();
  EXPECT_THAT(script.run(status("Failed")).found(check_quiet, quiet_from),
              ElementsAre("I8: operator still writes workflowruns.ork.dev default/r, version 2",
                          "I8: a process of a never ends"));
}

TEST(Invariants, I9FindsWhatIsLeftOfARunThatIsGone) {
  Script script;
  script.run({}).job("a", 1).run_gone();
  EXPECT_THAT(script.found(check_leftovers), ElementsAre("I9: jobs.batch default/r-a-1 is left of a run that is gone"));
  EXPECT_THAT(script.job_gone("a", 1).found(check_leftovers), IsEmpty());
}

TEST(Invariants, I10FindsAWriteToAForeignJob) {
  EXPECT_THAT(
      Script().run({}).job("a", 1, "user", "somebody").job("a", 1, "operator", "somebody").found(check_ownership),
      ElementsAre("I10: the operator writes Job default/r-a-1, which no run controls (resourceVersion 3)"));
  EXPECT_THAT(Script().run({}).job("a", 1).found(check_ownership), IsEmpty());
}

TEST(Invariants, I16FindsCountsThatDoNotAddUp) {
  Json short_of_one = status("Running");
  short_of_one["counts"] = {{"total", 2}, {"running", 1}};
  EXPECT_THAT(Script().run(short_of_one).found(check_counts),
              ElementsAre("I16: the phases of 1 tasks are counted of 2 (resourceVersion 1)"));
  Json too_many = status("Running", {task("a", "Running", 1, {{"count", 3}, {"succeeded", 2}, {"failed", 2}})});
  too_many["counts"] = {{"total", 2}, {"running", 1}, {"pending", 1}};
  EXPECT_THAT(Script().run(too_many).found(check_counts),
              ElementsAre("I16: a has 4 ended indexes of 3 (resourceVersion 1)"));
}

}  // namespace
}  // namespace ork::sim
