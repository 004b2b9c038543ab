// Each invariant with a trace that breaks it, and the same trace mended.

#include "tests/sim/invariants_wishes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ork::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using runtime::Duration;
using runtime::Instant;

// A trace of a run of one task, "a", written by hand; the times are milliseconds since the world began.
class Course {
 public:
  explicit Course(Json task, Json spec = Json::object()) : spec_(std::move(spec)) {
    task["name"] = "a";
    spec_["workflow"] = {{"tasks", {task}}};
  }
  Course& run(long at, const Json& status = Json::object(), const std::string& actor = "operator") {
    const Json meta = {{"uid", "run-1"}, {"generation", 2}, {"creationTimestamp", "2026-01-01T00:00:00Z"}};
    return write(at, actor, "workflowruns.ork.dev", "r", {{"metadata", meta}, {"spec", spec_}, {"status", status}});
  }
  Course& run_gone(long at, const std::string& actor) { return write(at, actor, "workflowruns.ork.dev", "r", Json()); }
  Course& job(long at, int attempt) {
    const std::string number = std::to_string(attempt);
    const Json labels = {{"ork.dev/run-uid", "run-1"}, {"ork.dev/task", "a"}, {"ork.dev/attempt", number}};
    return write(at, "operator", "jobs.batch", "a-" + number,
                 {{"metadata", {{"uid", "job-" + number}, {"labels", labels}}}});
  }
  Course& job_gone(long at, int attempt) {
    return write(at, "user", "jobs.batch", "a-" + std::to_string(attempt), Json());
  }
  // A process that starts at once and ends at that time.
  Course& process(long at, int attempt, std::int64_t index = -1) {
    Event event{.at = Instant(Duration{at}), .kind = Event::Kind::Start, .actor = "kubelet"};
    event.process = {std::to_string(trace_.events().size()), "run-1", "a", attempt, index};
    trace_.add(event);
    event.kind = Event::Kind::Exit;
    trace_.add(event);
    return *this;
  }
  Course& fault(const std::string& note) {
    trace_.add({.kind = Event::Kind::Fault, .actor = "operator", .note = note});
    return *this;
  }

  std::vector<std::string> found(void (*check)(const History&, Violations&)) const {
    Violations violations;
    check(History(trace_), violations);
    std::vector<std::string> out;
    for (const Violation& one : violations) out.push_back(one.invariant + ": " + one.what);
    return out;
  }

 private:
  Course& write(long at, const std::string& actor, const char* collection, const std::string& name,
                const Json& object) {
    Event event{.at = Instant(Duration{at}), .kind = Event::Kind::Write, .actor = actor};
    event.collection = collection;
    event.key = "default/" + name;
    event.version = trace_.events().size() + 1;
    if (!object.is_null()) {
      event.text = std::make_shared<const std::string>(object.dump());
      event.object = std::make_shared<const Json>(object);
    }
    trace_.add(std::move(event));
    return *this;
  }

  Json spec_;
  Trace trace_;
};

Json with_backoff(const char* initial) {
  return {{"retry", {{"limit", 2}, {"backoff", {{"initial", initial}, {"jitter", 0}}}}}};
}

TEST(Backoffs, TheNextAttemptWaitsForAsLongAsWasAskedFor) {
  const Json task = with_backoff("500ms");
  EXPECT_THAT(Course(task).run(0).job(10, 1).process(1'000, 1).job(1'499, 2).found(check_backoffs),
              ElementsAre("I2: a attempt 2 is made 499 ms after the last one; 500 ms are asked for"));
  EXPECT_THAT(Course(task).run(0).job(10, 1).process(1'000, 1).job(1'500, 2).found(check_backoffs), IsEmpty());
}

TEST(Backoffs, TheInfrastructuresOwnMayBeTheShorterOne) {
  const Json task = with_backoff("10s");
  EXPECT_THAT(Course(task).run(0).job(10, 1).process(1'000, 1).job(1'900, 2).found(check_backoffs), IsEmpty());
  EXPECT_THAT(Course(task).run(0).job(10, 1).process(1'000, 1).job(1'899, 2).found(check_backoffs),
              ElementsAre("I2: a attempt 2 is made 899 ms after the last one; 900 ms are asked for"));
}

TEST(Backoffs, AreNotCountedFromTheEndOfAProcessWhoseJobWasDeleted) {
  EXPECT_THAT(Course(with_backoff("1s"))
                  .run(0)
                  .job(10, 1)
                  .job_gone(20, 1)
                  .process(1'000, 1)
                  .job(1'020, 2)
                  .found(check_backoffs),
              IsEmpty());
}

TEST(Backoffs, AreNotMeasuredByClocksThatAreWrong) {
  EXPECT_THAT(Course(with_backoff("1s"))
                  .run(0)
                  .job(10, 1)
                  .fault("operator call 9 clock-forward wait=9000 back=0 (GET /api/v1/pods)")
                  .process(1'000, 1)
                  .job(1'020, 2)
                  .found(check_backoffs),
              IsEmpty());
}

TEST(Backoffs, AreNotCountedFromTheEndOfAProcessThatADeadlineStops) {
  Json task = with_backoff("1s");
  task["timeout"] = "5s";
  EXPECT_THAT(Course(task).run(0).job(10, 1).process(6'000, 1).job(6'900, 2).found(check_backoffs), IsEmpty());
}

Json retrying(const char* due) {
  return {{"tasks", {{{"name", "a"}, {"phase", "Retrying"}, {"programRetries", 1}, {"retryTime", due}}}}};
}

TEST(RetryTimes, AreNotPutOffByANodeWhoseClockIsAhead) {
  const Json task = with_backoff("5s");
  EXPECT_THAT(Course(task).run(0).run(3'000, retrying("2026-01-01T00:00:10.000Z")).found(check_retry_times), IsEmpty());
  EXPECT_THAT(Course(task).run(0).run(3'000, retrying("2026-01-01T00:00:10.001Z")).found(check_retry_times),
              ElementsAre("I2: a is put off for 7001 ms; 5000 ms are asked for (resourceVersion 2)"));
}

TEST(RetryTimes, GrowWithEachFailureUpToTheMost) {
  Json task = with_backoff("5s");
  Json status = retrying("2026-01-01T00:00:22.000Z");
  status["tasks"][0]["programRetries"] = 3;
  EXPECT_THAT(Course(task).run(0).run(0, status).found(check_retry_times), IsEmpty());
  task["retry"]["backoff"]["max"] = "19s";
  EXPECT_THAT(Course(task).run(0).run(0, status).found(check_retry_times),
              ElementsAre("I2: a is put off for 22000 ms; 19000 ms are asked for (resourceVersion 2)"));
}

TEST(RetryTimes, AreNotMeasuredWhereTheOperatorsOwnClockIsWrong) {
  EXPECT_THAT(Course(with_backoff("5s"))
                  .run(0)
                  .fault("operator call 9 clock-forward wait=9000 back=0 (GET /api/v1/pods)")
                  .run(3'000, retrying("2026-01-01T00:01:00Z"))
                  .found(check_retry_times),
              IsEmpty());
}

TEST(DoneIndexes, AreNotStartedAgain) {
  const Json status = {{"tasks", {{{"name", "a"}, {"succeededIndexes", "0,2"}}}}};
  Course course(Json{{"count", 3}});
  course.run(0).job(1, 1).process(2, 1, 0).process(3, 1, 1).run(4, status).job(5, 2);
  EXPECT_THAT(Course(course).process(6, 2, 1).found(check_done_indexes), IsEmpty());
  EXPECT_THAT(Course(course).process(6, 2, 2).found(check_done_indexes),
              ElementsAre("I5: a attempt 2 starts index 2, which is done"));
}

TEST(Suspensions, NothingIsStartedOnceTheyHaveBeenSeen) {
  const Json suspended = {{"suspend", true}};
  const auto made_at = [&](std::int64_t ms) {
    return Course(Json::object(), suspended).run(0, {{"observedGeneration", 2}}).job(ms, 1).found(check_suspensions);
  };
  EXPECT_THAT(made_at(1'000), ElementsAre("I19: a attempt 1 is made by who knows that the run is suspended"));
  EXPECT_THAT(made_at(999), IsEmpty());  // it was on its way
  EXPECT_THAT(Course(Json::object()).run(0, {{"observedGeneration", 2}}).job(1, 1).found(check_suspensions), IsEmpty());
}

TEST(Suspensions, WhoHasNotSeenThemMayStartWhatWasReady) {
  const Json suspended = {{"suspend", true}};
  EXPECT_THAT(Course(Json::object(), suspended).run(0, {{"observedGeneration", 1}}).job(1, 1).found(check_suspensions),
              IsEmpty());
  EXPECT_THAT(
      Course(Json::object(), suspended).run(0, {{"observedGeneration", 2}}, "twin").job(1, 1).found(check_suspensions),
      IsEmpty());
}

TEST(Suspensions, ARequestThatWasStruckMayArriveAfterThem) {
  EXPECT_THAT(Course(Json::object(), {{"suspend", true}})
                  .run(0, {{"observedGeneration", 2}})
                  .fault("operator write 2 late-write wait=9 back=0 (POST /apis/batch/v1/namespaces/default/jobs)")
                  .job(1, 1)
                  .found(check_suspensions),
              IsEmpty());
}

TEST(Lifetimes, AFinishedRunStaysUntilItsTimeIsOver) {
  const Json spec = {{"ttlSecondsAfterFinished", 20}};
  const Json ended = {{"phase", "Succeeded"}, {"completionTime", "2026-01-01T00:00:05Z"}};
  EXPECT_THAT(Course(Json::object(), spec).run(0).run(5'000, ended).run_gone(23'999, "operator").found(check_lifetimes),
              ElementsAre("I8: a run is deleted 1 ms before its time"));
  EXPECT_THAT(Course(Json::object(), spec).run(0).run(5'000, ended).run_gone(24'000, "operator").found(check_lifetimes),
              IsEmpty());
}

TEST(Lifetimes, ItsUserMayDeleteItAtAnyTime) {
  const Json ended = {{"phase", "Succeeded"}, {"completionTime", "2026-01-01T00:00:05Z"}};
  EXPECT_THAT(Course(Json::object(), {{"ttlSecondsAfterFinished", 20}})
                  .run(0)
                  .run(5'000, ended)
                  .run_gone(6'000, "user")
                  .found(check_lifetimes),
              IsEmpty());
}

}  // namespace
}  // namespace ork::sim
