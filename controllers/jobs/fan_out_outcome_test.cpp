#include <gtest/gtest.h>

#include "controllers/jobs/outcome.hpp"
#include "controllers/jobs/test_objects.hpp"

namespace ork::jobs {
namespace {

using api::Cause;
using api::IndexSet;
using api::Pod;
using namespace test;

Outcome fan_out(const api::Job& job, const std::vector<Pod>& pods, std::int64_t count, const char* done = "") {
  std::vector<const Pod*> pointers;
  for (const Pod& pod : pods) pointers.push_back(&pod);
  return fan_out_outcome_of(job, pointers, count, *IndexSet::parse(done));
}

api::Job job(const char* completed = "", const char* failed_indexes = "") {
  api::Job out = job_named("j");
  out.indexed = true;
  out.completed_indexes = completed;
  out.failed_indexes = failed_indexes;
  return out;
}

struct Case {
  const char* what;
  api::Job job;
  std::vector<Pod> pods;
  const char* done;
  State state;
  const char* succeeded;
  const char* failed;
  const char* by_infrastructure;
  std::int64_t active;
};

// All of four indexes.
void expect_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Outcome out = fan_out(c.job, c.pods, 4, c.done);
    EXPECT_EQ(out.state, c.state) << c.what;
    EXPECT_EQ(out.succeeded.format(), c.succeeded) << c.what;
    EXPECT_EQ(out.failed.format(), c.failed) << c.what;
    EXPECT_EQ(out.failed_by_infrastructure.format(), c.by_infrastructure) << c.what;
    EXPECT_EQ(out.active, c.active) << c.what;
  }
}

TEST(FanOutOutcome, OfAnAttemptUnderWay) {
  expect_all({
      {"nothing yet", job(), {}, "", State::Waiting, "", "", "", 0},
      {"Pods on their way", job(), {pending(0), pending(1)}, "", State::Waiting, "", "", "", 2},
      {"some run", job(), {running(0), pending(1)}, "", State::Running, "", "", "", 2},
      {"some are done", job(), {succeeded(0), running(1)}, "", State::Running, "0", "", "", 1},
      {"some are done, none is there yet", job("0"), {}, "", State::Running, "0", "", "", 0},
      {"some failed, the others go on", job(), {exited(1, 2), running(3)}, "", State::Running, "", "2", "", 1},
      {"by the Job's own record", job("0,1", "3"), {running(2)}, "", State::Running, "0,1", "3", "3", 1},
      {"the Job has given up an index whose Pod is being stopped",
       job("0,1", "3"),
       {running(2), deleting(pending(3))},
       "",
       State::Running,
       "0,1",
       "3",
       "3",
       1},
      {"Pods of other indexes mean nothing",
       job(),
       {succeeded(4), succeeded(-1), running(0)},
       "",
       State::Running,
       "",
       "",
       "",
       1},
      {"the Job's record holds what can't be", job("0-9"), {}, "", State::Succeeded, "0-3", "", "", 0},
      {"the Job's record is no list", job("all"), {running(0)}, "", State::Running, "", "", "", 1},
  });
}

TEST(FanOutOutcome, OfAnAttemptThatEnded) {
  expect_all({
      {"all well, by Pods",
       job(),
       {succeeded(0), succeeded(1), succeeded(2), succeeded(3)},
       "",
       State::Succeeded,
       "0-3",
       "",
       "",
       0},
      {"all well, by the Job", complete(job("0-3")), {}, "", State::Succeeded, "0-3", "", "", 0},
      {"in part",
       job(),
       {succeeded(0), exited(1, 1), succeeded(2), exited(1, 3)},
       "",
       State::Failed,
       "0,2",
       "1,3",
       "",
       0},
      {"in part, by the Job",
       failed(job("0,2", "1,3"), "FailedIndexes"),
       {},
       "",
       State::Failed,
       "0,2",
       "1,3",
       "1,3",
       0},
      {"by both",
       job(),
       {succeeded(0), succeeded(1), exited(1, 2), disrupted("PreemptionByScheduler", 3)},
       "",
       State::Failed,
       "0,1",
       "2,3",
       "3",
       0},
      {"doubled Pods of an index",
       job(),
       {succeeded(0), exited(1, 0), succeeded(1), succeeded(2), succeeded(3)},
       "",
       State::Succeeded,
       "0-3",
       "",
       "",
       0},
      {"a Pod failed, the Job has the index as done",
       job("3"),
       {succeeded(0), succeeded(1), succeeded(2), disrupted("DeletionByPodGC", 3)},
       "",
       State::Succeeded,
       "0-3",
       "",
       "",
       0},
  });
}

TEST(FanOutOutcome, OfARetryCountsWhatWasDoneBefore) {
  expect_all({
      {"not yet seeded", job(), {}, "0,1", State::Waiting, "0,1", "", "", 0},
      {"seeded", job("0,1"), {running(2), pending(3)}, "0,1", State::Running, "0,1", "", "", 2},
      {"its Pods are on their way", job("0,1"), {pending(2)}, "0,1", State::Waiting, "0,1", "", "", 1},
      {"the rest is done", job("0,1"), {succeeded(2), succeeded(3)}, "0,1", State::Succeeded, "0-3", "", "", 0},
      {"one failed again", job("0,1"), {succeeded(2), exited(1, 3)}, "0,1", State::Failed, "0-2", "3", "", 0},
      {"deleted before it was seeded", deleted(job()), {}, "0,1", State::Failed, "0,1", "2,3", "2,3", 0},
  });
}

TEST(FanOutOutcome, OfAJobThatEndedInMidWay) {
  expect_all({
      {"its deadline",
       failed(job("0"), "DeadlineExceeded"),
       {succeeded(0), running(1), deleting(exited(143, 2))},
       "",
       State::Failed,
       "0",
       "1-3",
       "",
       0},
      {"somebody deleted it", deleted(job("0")), {succeeded(0), running(1)}, "", State::Failed, "0", "1-3", "1-3", 0},
      {"deleted, one had failed by itself",
       deleted(job()),
       {succeeded(0), exited(1, 1), running(2)},
       "",
       State::Failed,
       "0",
       "1-3",
       "2,3",
       0},
  });
}

TEST(FanOutOutcome, OfAPodSomebodyDeletedIsWhatTheJobSays) {
  const Pod killed = deleting(exited(143, 1));
  const std::vector<Pod> others = {succeeded(0), succeeded(2), succeeded(3), killed};
  EXPECT_EQ(fan_out(job(), others, 4).state, State::Running);
  const Outcome out = fan_out(job("", "1"), others, 4);
  EXPECT_EQ(out.state, State::Failed);
  EXPECT_EQ(out.reason, "PodDeleted");
  EXPECT_EQ(out.failed_by_infrastructure.format(), "1");
}

TEST(FanOutOutcome, WaitsForThePodsOwnWordWhereTheJobIsAhead) {
  expect_all({
      {"complete, one seems to run",
       complete(job("0-3")),
       {succeeded(0), succeeded(1), succeeded(2), running(3)},
       "",
       State::Running,
       "0-2",
       "",
       "",
       1},
      {"failed, one seems to run",
       failed(job("0-2", "3"), "FailedIndexes"),
       {succeeded(0), succeeded(1), succeeded(2), running(3)},
       "",
       State::Running,
       "0-2",
       "",
       "",
       1},
      {"one index ahead", job("0,1"), {succeeded(0), running(1), running(2)}, "", State::Running, "0", "", "", 2},
  });
}

TEST(FanOutOutcome, SaysWhyItWaitsAndSinceWhen) {
  Pod early = stuck("ErrImagePull", 2);
  early.meta.creation_ms -= 5;
  const Outcome out = fan_out(job(), {stuck("ErrImagePull", 0), unschedulable(1), early}, 4);
  EXPECT_EQ(out.state, State::Waiting);
  EXPECT_EQ(out.reason, "ImagePull");
  EXPECT_EQ(out.waiting_since_ms, early.meta.creation_ms);
}

TEST(FanOutOutcome, OfAJobThatSomebodySuspendedKeepsWhatIsDone) {
  api::Job held = job();
  held.queue = "team-a";
  held.suspended = true;
  const Outcome out = fan_out(held, {succeeded(0), exited(3, 1), deleting(exited(1, 2)), deleting(running(3))}, 4);
  EXPECT_EQ(out.state, State::Waiting);
  EXPECT_EQ(out.reason, "JobSuspended");
  EXPECT_EQ(out.succeeded.format(), "0");
  EXPECT_EQ(out.failed.format(), "1") << "index 2 was stopped, and comes again";
  EXPECT_EQ(out.pending_since_ms, 0);
}

TEST(FanOutOutcome, ThatHasBegunAndIsStuckIsWaiting) {
  EXPECT_EQ(fan_out(job(), {succeeded(0), stuck("ErrImagePull", 1)}, 4).state, State::Waiting);
  const Outcome out = fan_out(job(), {succeeded(0), running(1), unschedulable(2)}, 4);
  EXPECT_EQ(out.state, State::Running);
  EXPECT_EQ(out.reason, "Unschedulable");
}

TEST(FanOutOutcome, ShowsTheUsersOwnErrorBeforeTheInfrastructures) {
  const Outcome out =
      fan_out(job(), {disrupted("PreemptionByScheduler", 0), exited(3, 1, "bad row"), exited(4, 2), succeeded(3)}, 4);
  EXPECT_EQ(out.cause, Cause::Program);
  EXPECT_EQ(out.exit_code, 3);
  EXPECT_EQ(out.message, "3 of 4 indexes failed; index 1: the program ended with exit code 3: bad row");
}

TEST(FanOutOutcome, NamesTheOneIndexThatFailed) {
  const Outcome out = fan_out(job(), {succeeded(0), exited(3, 1)}, 2);
  EXPECT_EQ(out.message, "index 1: the program ended with exit code 3");
  EXPECT_EQ(out.start_ms, job_made + 2'000);
  EXPECT_EQ(out.completion_ms, job_made + 5'000);
}

TEST(FanOutOutcome, UnderWayShowsNoFailureYet) {
  const Outcome out = fan_out(job(), {exited(3, 0), running(1)}, 2);
  EXPECT_EQ(out.cause, Cause::None);
  EXPECT_EQ(out.exit_code, std::nullopt);
  EXPECT_EQ(out.completion_ms, 0);
  EXPECT_EQ(out.reason, "");
}

TEST(FanOutOutcome, OfAHundredThousandIndexesIsARange) {
  const Outcome done = fan_out(complete(job("0-99999")), {}, 100'000);
  EXPECT_EQ(done.succeeded.ranges().size(), 1u);
  const Outcome lost = fan_out(deleted(job("0-49999")), {}, 100'000);
  EXPECT_EQ(lost.failed.format(), "50000-99999");
}

TEST(FanOutOutcome, TellsSinceWhenNothingOfItRuns) {
  struct {
    const char* what;
    api::Job job;
    std::vector<Pod> pods;
    api::TimeMs since;
  } cases[] = {
      {"no Pod was made", job(), {}, job_made},
      {"Pods wait", job(), {unschedulable(0), pending(1)}, job_made + 10},
      {"one runs, others wait", job(), {running(0), unschedulable(1)}, 0},
      {"one has ended since", job(), {succeeded(0), unschedulable(1)}, job_made + 5'000},
      {"one has failed since", job(), {exited(1, 0), pending(1)}, job_made + 5'000},
      {"the next is yet to be made", job(), {succeeded(0)}, 0},
  };
  for (const auto& c : cases) EXPECT_EQ(fan_out(c.job, c.pods, 4).pending_since_ms, c.since) << c.what;
}

TEST(FanOutOutcome, TellsWhichRanOutOfMemory) {
  const Outcome out = fan_out(job("0", "1,2"), {oom_killed(1), exited(3, 2), oom_killed(3)}, 4);
  EXPECT_EQ(out.failed.format(), "1-3");
  EXPECT_EQ(out.failed_by_memory.format(), "1,3");
}

}  // namespace
}  // namespace ork::jobs
