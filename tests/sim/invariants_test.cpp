// Each invariant with a trace that breaks it, and the same trace mended.

#include "tests/sim/invariants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ork::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using runtime::Duration;
using runtime::Instant;

// A trace written by hand: a run of "a" and "b" (after "a"), one second from line to line.
class Script {
 public:
  Script& run(const Json& status) {
    const Json b = {{"name", "b"}, {"dependsOn", {"a"}}, {"retry", {{"limit", 1}}}};
    return write("operator", "workflowruns.ork.dev", "default/r",
                 {{"metadata", {{"name", "r"}, {"uid", "run-1"}}},
                  {"spec", {{"workflow", {{"tasks", {{{"name", "a"}, {"retry", {{"limit", 1}}}}, b}}}}}},
                  {"status", status}});
  }
  Script& run_gone() { return gone("workflowruns.ork.dev", "default/r"); }
  Script& job(const std::string& task, int attempt, const std::string& actor = "operator",
              const std::string& controller = "run-1", const Json& status = Json::object()) {
    const std::string name = "r-" + task + "-" + std::to_string(attempt);
    const Json labels = {
        {"ork.dev/run-uid", "run-1"}, {"ork.dev/task", task}, {"ork.dev/attempt", std::to_string(attempt)}};
    const Json owners = {{{"controller", true}, {"uid", controller}}};
    return write(actor, "jobs.batch", "default/" + name,
                 {{"metadata",
                   {{"name", name},
                    {"uid", "uid-" + name + "-" + std::to_string(deleted_)},
                    {"labels", labels},
                    {"ownerReferences", owners}}},
                  {"status", status}});
  }
  // What is made under this name afterwards is another Job.
  Script& job_gone(const std::string& task, int attempt) {
    ++deleted_;
    return gone("jobs.batch", "default/r-" + task + "-" + std::to_string(attempt));
  }
  Script& starts(const std::string& task, int attempt, const std::string& pod) {
    Event event = next(Event::Kind::Start, "kubelet");
    event.process = {pod, "run-1", task, attempt, -1};
    trace_.add(std::move(event));
    return *this;
  }
  Script& ends(const std::string& pod, int exit_code) {
    Event event = next(Event::Kind::Exit, "kubelet");
    event.process.pod_uid = pod;
    event.exit_code = exit_code;
    trace_.add(std::move(event));
    return *this;
  }
  Script& fault(const std::string& actor, const std::string& note) {
    Event event = next(Event::Kind::Fault, actor);
    event.note = note;
    trace_.add(std::move(event));
    return *this;
  }
  Instant now() const { return Instant{} + Duration{1000 * seconds_}; }

  // What `check` says, given the history, what else it asks for, and where to put it.
  template <typename Check, typename... More>
  std::vector<std::string> found(Check check, More... more) const {
    Violations violations;
    check(History(trace_), more..., violations);
    std::vector<std::string> said;
    for (const Violation& violation : violations) said.push_back(violation.invariant + ": " + violation.what);
    return said;
  }

 private:
  Event next(Event::Kind kind, const std::string& actor) {
    Event event;
    event.kind = kind;
    event.actor = actor;
    ++seconds_;
    event.at = now();
    return event;
  }
  Script& write(const std::string& actor, const std::string& collection, const std::string& key, const Json& object) {
    Event event = next(Event::Kind::Write, actor);
    event.collection = collection;
    event.key = key;
    event.version = ++version_;
    event.text = std::make_shared<const std::string>(object.dump());
    trace_.add(std::move(event));
    return *this;
  }
  Script& gone(const std::string& collection, const std::string& key) {
    Event event = next(Event::Kind::Write, "user");
    event.collection = collection;
    event.key = key;
    event.version = ++version_;
    trace_.add(std::move(event));
    return *this;
  }

  Trace trace_;
  std::int64_t seconds_ = 0;
  std::uint64_t version_ = 0;
  int deleted_ = 0;  // Jobs
};

Json status(const std::string& phase, const std::vector<Json>& tasks = {}) {
  return {{"phase", phase}, {"tasks", tasks}};
}

Json task(const std::string& name, const std::string& phase, int attempt, const Json& more = Json::object()) {
  Json out = {{"name", name}, {"phase", phase}, {"attempt", attempt}};
  out.update(more);
  return out;
}

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
