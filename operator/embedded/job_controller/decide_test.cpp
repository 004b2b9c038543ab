#include "operator/embedded/job_controller/decide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "operator/embedded/job_controller/limits.hpp"

namespace ork::embedded {
namespace {

using api::IndexSet;
using api::PodPhase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr api::TimeMs now = 1'000'000;

// A Job and its Pods, as one test needs them.
class Decide : public ::testing::Test {
 protected:
  Decide() {
    job.meta = {.ns = "n", .name = "j", .uid = "job"};
    job.spec.completions = 1;
    job.spec.backoff_limit = 0;
  }

  void make_indexed(std::int64_t completions, std::int64_t parallelism) {
    job.spec.indexed = true;
    job.spec.completions = completions;
    job.spec.parallelism = parallelism;
    job.spec.backoff_limit = INT32_MAX;
    job.spec.backoff_limit_per_index = 0;
  }

  // A Pod named `name` that runs (or as `phase` says).
  JobPod& pod(const std::string& name, std::int64_t index = -1, PodPhase phase = PodPhase::Running) {
    JobPod& made = pods_.emplace_back();
    made.meta = {.ns = "n", .name = name, .uid = "uid-" + name, .owner_uid = "job"};
    made.index = index;
    made.phase = phase;
    made.bound = true;
    return made;
  }

  // One that has ended, and is counted.
  void ended(const std::string& name, PodPhase phase, std::int64_t index = -1, api::TimeMs at = now,
             std::int64_t failures = 0) {
    JobPod gone;
    gone.meta.uid = "uid-" + name;
    gone.index = index;
    gone.phase = phase;
    gone.finished_ms = at;
    gone.failures = failures;
    ASSERT_TRUE(count_end(tally, job.spec, gone, now));
  }

  JobDecision decision(api::TimeMs at = now) {
    base_on(tally, job.spec, job.status);
    pointers_.clear();
    for (const JobPod& p : pods_) pointers_.push_back(&p);
    return decide({.job = job,
                   .tally = tally,
                   .pods = pointers_,
                   .deleting = deleting,
                   .creating = creating,
                   .starts_queued = starts_queued},
                  at);
  }

  static std::vector<std::int64_t> indexes(const JobDecision& d) {
    std::vector<std::int64_t> out;
    for (const NewPod& p : d.create) out.push_back(p.index);
    return out;
  }
  static std::vector<std::string> removed(const JobDecision& d) {
    std::vector<std::string> out;
    for (const PodRemoval& r : d.remove) out.push_back(r.pod->meta.name + (r.release ? " released" : ""));
    return out;
  }
  static std::vector<std::string> conditions(const JobStatus& status) {
    std::vector<std::string> out;
    for (const JobCondition& c : status.conditions) out.push_back(c.type + "=" + c.status + " " + c.reason);
    return out;
  }

  Job job;
  Tally tally;
  std::set<std::string> deleting;
  std::vector<std::int64_t> creating;
  bool starts_queued = false;

 private:
  std::deque<JobPod> pods_;
  std::vector<const JobPod*> pointers_;
};

TEST_F(Decide, MakesTheFirstPod) {
  const JobDecision d = decision();
  EXPECT_THAT(d.create, ElementsAre(NewPod{}));
  EXPECT_EQ(d.status.active, 1);
  EXPECT_EQ(d.status.ready, 0);
  EXPECT_EQ(d.status.terminating, 0);
  EXPECT_EQ(d.status.start_ms, now);
  EXPECT_FALSE(d.urgent);
}

TEST_F(Decide, MakesNoSecondPodWhileTheFirstIsOnItsWay) {
  creating = {-1};
  EXPECT_THAT(decision().create, IsEmpty());
  EXPECT_EQ(decision().status.active, 1);
}

TEST_F(Decide, CountsReadyPods) {
  pod("a").ready = true;
  EXPECT_EQ(decision().status.ready, 1);
  EXPECT_THAT(decision().create, IsEmpty());
}

TEST_F(Decide, CompletesWithBothConditionsAtOnceWhenNothingRuns) {
  ended("a", PodPhase::Succeeded);
  const JobDecision d = decision();
  EXPECT_THAT(conditions(d.status),
              ElementsAre("SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached"));
  EXPECT_EQ(d.status.conditions[1].message, "Reached expected number of succeeded pods");
  EXPECT_EQ(d.status.completion_ms, now);
  EXPECT_EQ(d.status.succeeded, 1);
  EXPECT_TRUE(d.urgent);
}

TEST_F(Decide, FailsAtTheBackoffLimit) {
  ended("a", PodPhase::Failed);
  const JobDecision d = decision();
  EXPECT_THAT(conditions(d.status),
              ElementsAre("FailureTarget=True BackoffLimitExceeded", "Failed=True BackoffLimitExceeded"));
  EXPECT_EQ(d.status.conditions[0].message, "Job has reached the specified backoff limit");
  EXPECT_EQ(d.status.failed, 1);
  EXPECT_EQ(d.status.completion_ms, 0);
  EXPECT_THAT(d.create, IsEmpty());
}

TEST_F(Decide, ReplacesAFailedPodAfterItsBackoff) {
  job.spec.backoff_limit = 2;
  ended("a", PodPhase::Failed);
  EXPECT_THAT(decision().create, IsEmpty());
  EXPECT_EQ(decision().look_again_ms, now + limits::pod_backoff_ms);
  EXPECT_EQ(decision(now + limits::pod_backoff_ms).create.size(), 1U);
}

TEST_F(Decide, DoublesTheBackoffUpToItsCap) {
  job.spec.backoff_limit = 100;
  for (int i = 0; i < 3; ++i) ended("a" + std::to_string(i), PodPhase::Failed);
  EXPECT_EQ(decision().look_again_ms, now + 4 * limits::pod_backoff_ms);
  for (int i = 0; i < 60; ++i) ended("b" + std::to_string(i), PodPhase::Failed);
  EXPECT_EQ(decision().look_again_ms, now + limits::pod_backoff_cap_ms);
}

TEST_F(Decide, ForgetsFailuresBeforeASuccess) {
  job.spec.completions = 3;
  job.spec.backoff_limit = 9;
  ended("a", PodPhase::Failed, -1, now - 10);
  ended("b", PodPhase::Succeeded, -1, now - 5);
  EXPECT_EQ(decision().create.size(), 1U);
}

TEST_F(Decide, LooksAgainAtTheDeadlineAndStoresWhyBeforeItTouchesAPod) {
  job.spec.active_deadline_seconds = 4;
  pod("a").ready = true;
  job.status.start_ms = now;
  EXPECT_EQ(decision().look_again_ms, now + 4'000);

  JobDecision d = decision(now + 4'000);
  EXPECT_THAT(conditions(d.status), ElementsAre("FailureTarget=True DeadlineExceeded"));
  EXPECT_EQ(d.status.conditions[0].message, "Job was active longer than specified deadline");
  EXPECT_THAT(d.remove, IsEmpty());

  job.status = d.status;
  d = decision(now + 4'001);
  EXPECT_THAT(removed(d), ElementsAre("a"));
  EXPECT_EQ(d.status.active, 0);
  EXPECT_EQ(d.status.ready, 0);
  EXPECT_EQ(d.status.terminating, 1);
  EXPECT_FALSE(d.urgent);

  deleting = {"uid-a"};
  EXPECT_THAT(decision(now + 4'002).remove, IsEmpty());
  EXPECT_THAT(conditions(decision(now + 4'002).status), ElementsAre("FailureTarget=True DeadlineExceeded"));
}

TEST_F(Decide, IsFailedOnceItsLastPodIsGone) {
  job.status.conditions = {{"FailureTarget", "True", "DeadlineExceeded", "too long", now - 9}};
  ended("a", PodPhase::Failed);
  const JobDecision d = decision();
  EXPECT_THAT(conditions(d.status), ElementsAre("FailureTarget=True DeadlineExceeded", "Failed=True DeadlineExceeded"));
  EXPECT_EQ(d.status.conditions[0].transition_ms, now - 9);
  EXPECT_EQ(d.status.conditions[1].message, "too long");
}

TEST_F(Decide, TakesTheDeadlineToTheMillisecondWhereTheStatusHoldsWholeSeconds) {
  job.spec.active_deadline_seconds = 1;
  job.status.start_ms = 1'000'000;
  const JobDecision d = decide(
      {.job = job, .tally = tally, .pods = {}, .deleting = deleting, .creating = creating, .start_ms = 1'000'900},
      1'001'100);
  EXPECT_THAT(d.status.conditions, IsEmpty());
  EXPECT_EQ(d.look_again_ms, 1'001'900);
}

TEST_F(Decide, IndexedStartsTheLowestIndexesThatAreMissing) {
  make_indexed(6, 3);
  pod("a", 1);
  ended("b", PodPhase::Succeeded, 0);
  creating = {2};
  EXPECT_THAT(indexes(decision()), ElementsAre(3));
  EXPECT_EQ(decision().status.active, 3);
  EXPECT_EQ(decision().status.completed.format(), "0");
  EXPECT_EQ(decision().status.succeeded, 1);
  EXPECT_EQ(decision().status.failed_indexes, IndexSet());
}

TEST_F(Decide, IndexedHonoursIndexesThatWereMarkedAsDone) {
  make_indexed(5, 5);
  job.status.completed = *IndexSet::parse("0,2-3");
  job.status.succeeded = 3;
  EXPECT_THAT(indexes(decision()), ElementsAre(1, 4));
  EXPECT_EQ(decision().status.succeeded, 3);
}

TEST_F(Decide, IndexedWithAllMarkedAsDoneIsComplete) {
  make_indexed(2, 2);
  job.status.completed = *IndexSet::parse("0,1");
  EXPECT_THAT(conditions(decision().status),
              ElementsAre("SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached"));
}

TEST_F(Decide, IndexedGoesOnAfterAFailedIndexAndFailsWhenAllHaveEnded) {
  make_indexed(3, 1);
  ended("a", PodPhase::Failed, 0);
  EXPECT_THAT(indexes(decision()), ElementsAre(1));
  EXPECT_EQ(decision().status.failed_indexes->format(), "0");
  ended("b", PodPhase::Succeeded, 1);
  ended("c", PodPhase::Succeeded, 2);
  const JobDecision d = decision();
  EXPECT_THAT(conditions(d.status), ElementsAre("FailureTarget=True FailedIndexes", "Failed=True FailedIndexes"));
  EXPECT_EQ(d.status.conditions[0].message, "Job has failed indexes");
  EXPECT_EQ(d.status.failed, 1);
  EXPECT_EQ(d.status.succeeded, 2);
}

TEST_F(Decide, IndexedEndsAtTheMostFailedIndexes) {
  make_indexed(10, 1);
  job.spec.max_failed_indexes = 1;
  ended("a", PodPhase::Failed, 0);
  EXPECT_THAT(indexes(decision()), ElementsAre(1));
  ended("b", PodPhase::Failed, 1);
  EXPECT_THAT(conditions(decision().status),
              ElementsAre("FailureTarget=True MaxFailedIndexesExceeded", "Failed=True MaxFailedIndexesExceeded"));
}

TEST_F(Decide, IndexedTriesAnIndexAgainAfterABackoffOfItsOwnAndSaysHowOftenItFailed) {
  make_indexed(2, 2);
  job.spec.backoff_limit_per_index = 2;
  ended("a", PodPhase::Failed, 0, now, 1);
  EXPECT_THAT(indexes(decision()), ElementsAre(1));
  EXPECT_EQ(decision().look_again_ms, now + 2 * limits::pod_backoff_ms);
  EXPECT_THAT(decision(now + 2 * limits::pod_backoff_ms).create,
              ElementsAre(NewPod{.index = 0, .failures = 2}, NewPod{.index = 1}));
  ended("b", PodPhase::Failed, 0, now, 2);
  EXPECT_EQ(decision().status.failed_indexes->format(), "0");
}

TEST_F(Decide, IndexedTakesAwayPodsOfOneIndexAndThoseWithoutOne) {
  make_indexed(3, 3);
  pod("old", 0).ready = true;
  pod("new", 0);
  pod("lost");
  pod("beyond", 3);
  const JobDecision d = decision();
  EXPECT_THAT(removed(d), ::testing::UnorderedElementsAre("new released", "lost released", "beyond released"));
  EXPECT_THAT(d.create, IsEmpty()) << "either takes away or makes";
}

TEST_F(Decide, TakesAwayThoseThatHaveComeLeastFarWhenParallelismShrinks) {
  job.spec.completions = 5;
  job.spec.parallelism = 1;
  pod("running");
  pod("pending", -1, PodPhase::Pending);
  pod("unbound", -1, PodPhase::Pending).bound = false;
  EXPECT_THAT(removed(decision()), ElementsAre("unbound released", "pending released"));
}

TEST_F(Decide, SuspendedTakesItsPodsAwayAndSaysSo) {
  job.spec.suspend = true;
  pod("a");
  const JobDecision d = decision();
  EXPECT_THAT(removed(d), ElementsAre("a released"));
  EXPECT_THAT(conditions(d.status), ElementsAre("Suspended=True JobSuspended"));
  EXPECT_EQ(d.status.conditions[0].message, "Job suspended");
  EXPECT_EQ(d.status.start_ms, 0);
  EXPECT_TRUE(d.urgent);
}

TEST_F(Decide, ResumedStartsItsClockAgain) {
  job.status.conditions = {{"Suspended", "True", "JobSuspended", "Job suspended", now - 9'000}};
  job.status.start_ms = now - 99'000;
  const JobDecision d = decision();
  EXPECT_THAT(conditions(d.status), ElementsAre("Suspended=False JobResumed"));
  EXPECT_EQ(d.status.conditions[0].message, "Job resumed");
  EXPECT_EQ(d.status.start_ms, now);
  EXPECT_EQ(d.create.size(), 1U);
}

TEST_F(Decide, WhatWaitsForAQueueIsStartedOnceWhereThereIsNone) {
  job.spec.suspend = true;
  starts_queued = true;
  EXPECT_FALSE(decision().start_job) << "somebody suspended it";
  job.queued = true;
  EXPECT_TRUE(decision().start_job);
  starts_queued = false;
  EXPECT_FALSE(decision().start_job) << "there is one";
  starts_queued = true;
  job.status.start_ms = now - 1'000;
  EXPECT_FALSE(decision().start_job) << "it was suspended after it had started";
}

TEST_F(Decide, SuspendedDoesNotRunOutOfTime) {
  job.spec.suspend = true;
  job.spec.active_deadline_seconds = 1;
  job.status.start_ms = now - 99'000;
  EXPECT_THAT(conditions(decision().status), ElementsAre("Suspended=True JobSuspended"));
}

TEST_F(Decide, ReplacesAPodThatIsBeingDeletedUnlessOnlyFailedOnesAreReplaced) {
  pod("a").meta.deleting = true;
  EXPECT_EQ(decision().create.size(), 1U);
  EXPECT_EQ(decision().status.terminating, 1);
  job.spec.only_replace_failed = true;
  EXPECT_THAT(decision().create, IsEmpty());
}

TEST_F(Decide, IsCompleteOnlyWhenNothingIsBeingDeletedAnyMore) {
  pod("a").meta.deleting = true;
  ended("b", PodPhase::Succeeded);
  EXPECT_THAT(conditions(decision().status), ElementsAre("SuccessCriteriaMet=True CompletionsReached"));
}

TEST_F(Decide, WithoutCompletionsOneSuccessIsEnoughAndTheOthersMayEnd) {
  job.spec.completions.reset();
  job.spec.parallelism = 3;
  EXPECT_EQ(decision().create.size(), 3U);
  pod("a");
  ended("b", PodPhase::Succeeded);
  EXPECT_THAT(decision().create, IsEmpty());
  EXPECT_THAT(decision().remove, IsEmpty());
  EXPECT_THAT(decision().status.conditions, IsEmpty());
}

TEST_F(Decide, RestartsInPlaceCountAgainstTheBackoffLimit) {
  job.spec.restarts_in_place = true;
  job.spec.backoff_limit = 2;
  JobPod& running = pod("a");
  running.restarts = 1;
  EXPECT_THAT(decision().status.conditions, IsEmpty());
  running.restarts = 2;
  EXPECT_THAT(conditions(decision().status), ElementsAre("FailureTarget=True BackoffLimitExceeded"));
}

TEST_F(Decide, AFailureRuleEndsTheJobWithItsReason) {
  job.spec.backoff_limit = 6;
  tally.fail_job = "why";
  const JobDecision d = decision();
  EXPECT_THAT(conditions(d.status), ElementsAre("FailureTarget=True PodFailurePolicy", "Failed=True PodFailurePolicy"));
  EXPECT_EQ(d.status.conditions[0].message, "why");
}

TEST_F(Decide, DeletesAFinishedJobWhenItsTimeHasCome) {
  job.spec.ttl_seconds = 10;
  job.status.conditions = {{"Complete", "True", "", "", now}};
  EXPECT_FALSE(decision().delete_job);
  EXPECT_EQ(decision().look_again_ms, now + 10'000);
  EXPECT_TRUE(decision(now + 10'000).delete_job);
  job.spec.ttl_seconds.reset();
  EXPECT_EQ(decision().look_again_ms, std::nullopt);
}

TEST_F(Decide, KeepsAFinishedJobForEverWhereItsTimeIsBeyondTheCalendar) {
  job.spec.ttl_seconds = INT64_MAX;
  job.status.conditions = {{"Failed", "True", "", "", now}};
  EXPECT_FALSE(decision().delete_job);
}

TEST_F(Decide, LeavesAJobAloneThatIsBeingDeleted) {
  job.meta.deleting = true;
  EXPECT_THAT(decision().create, IsEmpty());
  EXPECT_EQ(decision().status, job.status);
}

TEST_F(Decide, MakesAtMostSoManyPodsAtOnce) {
  make_indexed(100'000, 100'000);
  EXPECT_EQ(decision().create.size(), static_cast<std::size_t>(limits::pods_per_decision));
}

TEST_F(Decide, ParallelismOfZeroWaits) {
  job.spec.parallelism = 0;
  EXPECT_THAT(decision().create, IsEmpty());
  EXPECT_THAT(decision().status.conditions, IsEmpty());
}

TEST_F(Decide, ZeroCompletionsAreReachedAtOnce) {
  job.spec.completions = 0;
  EXPECT_THAT(conditions(decision().status),
              ElementsAre("SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached"));
}

}  // namespace
}  // namespace ork::embedded
