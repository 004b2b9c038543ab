#include "operator/embedded/job_controller/tally.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

using api::PodPhase;

JobPod ended_pod(const std::string& uid, PodPhase phase, std::int64_t index = -1) {
  JobPod pod;
  pod.meta.uid = uid;
  pod.phase = phase;
  pod.index = index;
  return pod;
}

JobSpec indexed_spec(std::int64_t completions) {
  JobSpec spec;
  spec.indexed = true;
  spec.completions = completions;
  return spec;
}

TEST(Tally, CountsAPodOnceHoweverOftenItsEndIsSeen) {
  Tally tally;
  const JobPod pod = ended_pod("a", PodPhase::Failed);
  EXPECT_TRUE(count_end(tally, {}, pod, 0));
  EXPECT_FALSE(count_end(tally, {}, pod, 0));
  EXPECT_EQ(tally.failed, 1);
}

TEST(Tally, TakesAPodThatIsGoneWithoutAnEndForAFailure) {
  Tally tally;
  count_end(tally, {}, ended_pod("a", PodPhase::Running), 0);
  EXPECT_EQ(tally.failed, 1);
}

TEST(Tally, DoesNotCountAPodThatWasReleased) {
  Tally tally;
  JobPod pod = ended_pod("a", PodPhase::Failed);
  pod.released = true;
  EXPECT_FALSE(count_end(tally, {}, pod, 0));
  EXPECT_EQ(tally.failed, 0);
}

TEST(Tally, DoesNotCountAPodWhoseIndexThereIsNot) {
  Tally tally;
  EXPECT_FALSE(count_end(tally, indexed_spec(2), ended_pod("a", PodPhase::Succeeded, 2), 0));
  EXPECT_FALSE(count_end(tally, indexed_spec(2), ended_pod("b", PodPhase::Succeeded), 0));
  EXPECT_TRUE(tally.completed.empty());
}

TEST(Tally, APodBeingDeletedHasEndedUnlessOnlyFailedOnesAreReplaced) {
  JobPod pod = ended_pod("a", PodPhase::Running);
  EXPECT_FALSE(has_ended({}, pod));
  pod.meta.deleting = true;
  EXPECT_TRUE(has_ended({}, pod));
  JobSpec spec;
  spec.only_replace_failed = true;
  EXPECT_FALSE(has_ended(spec, pod));
  pod.phase = PodPhase::Failed;
  EXPECT_TRUE(has_ended(spec, pod));
}

// A restart: the Pods that exist are counted anew, the status knows of those that do not.
TEST(Tally, AddsWhatTheStatusCountedOfPodsThatAreGone) {
  Tally tally;
  count_end(tally, {}, ended_pod("a", PodPhase::Succeeded), 0);
  JobStatus status;
  status.succeeded = 3;
  status.failed = 2;
  base_on(tally, {}, status);
  EXPECT_EQ(tally.succeeded, 3);
  EXPECT_EQ(tally.failed, 2);
  count_end(tally, {}, ended_pod("b", PodPhase::Succeeded), 0);
  EXPECT_EQ(tally.succeeded, 4);
}

TEST(Tally, KnowsMoreThanAStatusThatIsBehind) {
  Tally tally;
  count_end(tally, {}, ended_pod("a", PodPhase::Succeeded), 0);
  base_on(tally, {}, JobStatus{});
  EXPECT_EQ(tally.succeeded, 1);
}

TEST(Tally, IndexesThatTheStatusHoldsStayHeld) {
  Tally tally;
  JobSpec spec = indexed_spec(9);
  spec.backoff_limit_per_index = 0;
  count_end(tally, spec, ended_pod("a", PodPhase::Succeeded, 4), 0);
  JobStatus status;
  status.completed = *api::IndexSet::parse("0-2");
  status.failed_indexes = *api::IndexSet::parse("7");
  base_on(tally, spec, status);
  EXPECT_EQ(tally.completed.format(), "0-2,4");
  EXPECT_EQ(tally.failed_indexes.format(), "7");
}

TEST(Tally, AnIndexOfWhichTwoPodsHaveEndedDifferentlyIsToldAsWhatIsStoredFirst) {
  JobSpec spec = indexed_spec(3);
  spec.backoff_limit_per_index = 0;
  Tally tally;
  count_end(tally, spec, ended_pod("a", PodPhase::Succeeded, 0), 0);
  count_end(tally, spec, ended_pod("b", PodPhase::Failed, 0), 0);
  count_end(tally, spec, ended_pod("c", PodPhase::Failed, 1), 0);
  count_end(tally, spec, ended_pod("d", PodPhase::Succeeded, 1), 0);
  JobStatus status;
  status.failed_indexes = api::IndexSet();
  status.failed_indexes->insert(1);
  base_on(tally, spec, status);
  EXPECT_EQ(tally.completed.format(), "0");
  EXPECT_EQ(tally.failed_indexes.format(), "1");
}

TEST(Tally, AnIgnoredFailureCountsNeitherAgainstTheJobNorItsIndex) {
  JobSpec spec = indexed_spec(2);
  spec.backoff_limit_per_index = 0;
  spec.failure_rules = {{.action = FailureRule::Action::Ignore, .by_exit_code = true, .exit_codes = {42}}};
  JobPod pod = ended_pod("a", PodPhase::Failed, 1);
  pod.ends = {{"main", 42}};
  Tally tally;
  count_end(tally, spec, pod, 5);
  EXPECT_EQ(tally.failed, 0);
  EXPECT_TRUE(tally.failed_indexes.empty());
  EXPECT_EQ(tally.to_replace.at(1), (IndexFailures{0, 1, 5}));
}

TEST(Tally, AFailureRuleMayEndAnIndexBeforeItsLimit) {
  JobSpec spec = indexed_spec(2);
  spec.backoff_limit_per_index = 5;
  spec.failure_rules = {{.action = FailureRule::Action::FailIndex, .by_exit_code = true, .exit_codes = {42}}};
  JobPod pod = ended_pod("a", PodPhase::Failed, 1);
  pod.ends = {{"main", 42}};
  Tally tally;
  count_end(tally, spec, pod, 5);
  EXPECT_EQ(tally.failed_indexes.format(), "1");
}

TEST(Tally, RemembersTheMostFailuresOfAnIndexInWhateverOrderItsPodsAreListed) {
  JobSpec spec = indexed_spec(2);
  spec.backoff_limit_per_index = 5;
  Tally tally;
  JobPod second = ended_pod("b", PodPhase::Failed, 0);
  second.failures = 1;
  count_end(tally, spec, second, 7);
  count_end(tally, spec, ended_pod("a", PodPhase::Failed, 0), 9);
  EXPECT_EQ(tally.to_replace.at(0), (IndexFailures{2, 0, 7}));
}

}  // namespace
}  // namespace ork::embedded
