#include "controllers/jobs/outcome.hpp"

#include <gtest/gtest.h>

#include "controllers/jobs/test_objects.hpp"

namespace ork::jobs {
namespace {

using api::Cause;
using api::Pod;
using namespace test;

Outcome outcome(const api::Job& job, const std::vector<Pod>& pods) {
  std::vector<const Pod*> pointers;
  for (const Pod& pod : pods) pointers.push_back(&pod);
  return outcome_of(job, pointers);
}

api::Job job() { return job_named("j"); }

struct Case {
  const char* what;
  api::Job job;
  std::vector<Pod> pods;
  State state;
  const char* reason;
  Cause cause;
};

void expect_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Outcome out = outcome(c.job, c.pods);
    EXPECT_EQ(out.state, c.state) << c.what;
    EXPECT_EQ(out.reason, c.reason) << c.what;
    EXPECT_EQ(out.cause, c.cause) << c.what;
    const bool speaks = out.state == State::Failed || (out.state == State::Waiting && !out.reason.empty());
    EXPECT_EQ(!out.message.empty(), speaks) << c.what;
  }
}

TEST(Outcome, OfAnAttemptUnderWay) {
  expect_all({
      {"a Job without a Pod", job(), {}, State::Waiting, "", Cause::None},
      {"a Pod on its way", job(), {pending()}, State::Waiting, "", Cause::None},
      {"no node fits", job(), {unschedulable()}, State::Waiting, "Unschedulable", Cause::None},
      {"the image can't be pulled", job(), {stuck("ErrImagePull")}, State::Waiting, "ImagePull", Cause::None},
      {"its config is missing",
       job(),
       {stuck("CreateContainerConfigError")},
       State::Waiting,
       "ContainerConfig",
       Cause::None},
      {"it runs", job(), {running()}, State::Running, "", Cause::None},
      {"it is being deleted and still runs", job(), {deleting(running())}, State::Running, "", Cause::None},
  });
}

api::Job queued() {
  api::Job job = job_named("j");
  job.queue = "team-a";
  return job;
}

api::Job suspended(api::Job job) {
  job.suspended = true;
  return job;
}

api::Job let_go_on() {
  api::Job job = job_named("j");
  job.resumed = true;
  return job;
}

Pod let_go_of(Pod pod) {
  pod.tracked = false;
  return pod;
}

// As its queue makes room for another: its Pods are stopped, and come again later.
TEST(Outcome, OfAJobThatSomebodySuspended) {
  api::Job resumed = job();
  resumed.held = true;
  expect_all({
      {"it has not started", suspended(job()), {}, State::Waiting, "JobSuspended", Cause::None},
      {"the Job controller has not resumed it", resumed, {}, State::Waiting, "JobSuspended", Cause::None},
      {"its Pod is being stopped",
       suspended(job()),
       {deleting(running())},
       State::Waiting,
       "JobSuspended",
       Cause::None},
      {"its Pod ended as it was stopped",
       suspended(job()),
       {deleting(exited(1))},
       State::Waiting,
       "JobSuspended",
       Cause::None},
      {"the same, before the Job is seen suspended", queued(), {deleting(exited(1))}, State::Running, "", Cause::None},
      {"it ended well as it was stopped", queued(), {deleting(succeeded())}, State::Running, "", Cause::None},
      {"the same, and somebody let it go on", let_go_on(), {deleting(succeeded())}, State::Running, "", Cause::None},
      {"it ended well before it could be stopped, and the Job had let go of it",
       queued(),
       {let_go_of(succeeded())},
       State::Running,
       "",
       Cause::None},
      {"the Job has let go of it because it has counted it",
       complete(queued()),
       {let_go_of(succeeded())},
       State::Succeeded,
       "",
       Cause::None},
      {"the next one runs already", queued(), {deleting(succeeded()), running()}, State::Running, "", Cause::None},
      {"its Pod had ended before", suspended(job()), {exited(1)}, State::Failed, "Error", Cause::Program},
      {"its Pod had come to its end before", suspended(job()), {succeeded()}, State::Succeeded, "", Cause::None},
      {"it was deleted, and the Job counted it",
       complete(queued()),
       {deleting(succeeded())},
       State::Succeeded,
       "",
       Cause::None},
      {"its end was found before",
       failed(suspended(job()), "DeadlineExceeded"),
       {},
       State::Failed,
       "DeadlineExceeded",
       Cause::Deadline},
  });
  api::Job unseeded = suspended(job());
  unseeded.unseeded = true;
  EXPECT_EQ(outcome(unseeded, {}).reason, "") << "nobody else has to start it";
}

TEST(Outcome, TellsWhoHasToStartIt) {
  EXPECT_EQ(outcome(suspended(job()), {}).message, "Job j is suspended: whoever suspended it has to let it go on");
  EXPECT_EQ(outcome(suspended(queued()), {}).message, "Job j waits for queue team-a to start it");
}

TEST(Outcome, IsNotPendingUntilItsQueueHasStartedIt) {
  api::Job in_line = suspended(queued());
  in_line.start_ms = 0;
  EXPECT_EQ(outcome(in_line, {}).pending_since_ms, 0);
  in_line.suspended = false;
  EXPECT_EQ(outcome(in_line, {}).pending_since_ms, 0) << "the Job controller has not seen that yet";
  in_line.start_ms = job_made + 60'000;
  EXPECT_EQ(outcome(in_line, {}).pending_since_ms, in_line.start_ms);
}

TEST(Outcome, OfAPodThatSucceeded) {
  expect_all({
      {"before the Job says so", job(), {succeeded()}, State::Succeeded, "", Cause::None},
      {"and is being deleted", job(), {deleting(succeeded())}, State::Succeeded, "", Cause::None},
      {"while the Job was deleted", deleted(job()), {succeeded()}, State::Succeeded, "", Cause::None},
      {"although the Job's deadline passed",
       failed(job(), "DeadlineExceeded"),
       {succeeded()},
       State::Succeeded,
       "",
       Cause::None},
      {"beside one that failed", job(), {exited(1), succeeded()}, State::Succeeded, "", Cause::None},
      {"is gone, and the Job is complete", complete(job()), {}, State::Succeeded, "", Cause::None},
      {"the Job is complete, its Pod being deleted",
       complete(job()),
       {deleting(running())},
       State::Succeeded,
       "",
       Cause::None},
  });
}

TEST(Outcome, OfAPodThatFailed) {
  expect_all({
      {"by itself", job(), {exited(3)}, State::Failed, "Error", Cause::Program},
      {"by the OOM killer", job(), {oom_killed()}, State::Failed, "OOMKilled", Cause::OutOfMemory},
      {"by the OOM killer, and is being deleted since",
       job(),
       {deleting(oom_killed())},
       State::Failed,
       "OOMKilled",
       Cause::OutOfMemory},
      {"by itself, and is being deleted since", job(), {deleting(exited(3))}, State::Failed, "Error", Cause::Program},
      {"evicted, which deletes it",
       job(),
       {deleting(disrupted("EvictionByEvictionAPI"))},
       State::Failed,
       "Evicted",
       Cause::Infrastructure},
      {"preempted",
       job(),
       {deleting(disrupted("PreemptionByScheduler"))},
       State::Failed,
       "Preempted",
       Cause::Infrastructure},
      {"node lost", job(), {disrupted("DeletionByPodGC")}, State::Failed, "NodeLost", Cause::Infrastructure},
      {"it is being evicted, and its Job has given it up",
       failed(job(), "BackoffLimitExceeded"),
       {deleting(being_disrupted("EvictionByEvictionAPI"))},
       State::Failed,
       "Evicted",
       Cause::Infrastructure},
      {"killed, nobody deletes it", job(), {exited(137)}, State::Failed, "Error", Cause::Program},
  });
}

TEST(Outcome, OfAPodKilledForAReasonOnlyTheJobKnows) {
  const Pod killed = deleting(exited(143));
  expect_all({
      {"the Job has not spoken yet", job(), {killed}, State::Running, "", Cause::None},
      {"its deadline", failed(job(), "DeadlineExceeded"), {killed}, State::Failed, "DeadlineExceeded", Cause::Deadline},
      {"somebody deleted the Pod",
       failed(job(), "BackoffLimitExceeded"),
       {killed},
       State::Failed,
       "PodDeleted",
       Cause::Infrastructure},
      {"somebody deleted the Job", deleted(job()), {killed}, State::Failed, "JobDeleted", Cause::Infrastructure},
  });
}

TEST(Outcome, OfAJobThatEndedWithoutAWordFromItsPod) {
  expect_all({
      {"its deadline, the Pod runs on",
       failed(job(), "DeadlineExceeded"),
       {running()},
       State::Failed,
       "DeadlineExceeded",
       Cause::Deadline},
      {"its deadline, no Pod is left",
       failed(job(), "DeadlineExceeded"),
       {},
       State::Failed,
       "DeadlineExceeded",
       Cause::Deadline},
      {"its deadline, no image",
       failed(job(), "DeadlineExceeded"),
       {stuck("ErrImagePull")},
       State::Failed,
       "ImagePull",
       Cause::Infrastructure},
      {"its deadline, no node",
       failed(job(), "DeadlineExceeded"),
       {unschedulable()},
       State::Failed,
       "Unschedulable",
       Cause::Infrastructure},
      {"its Pod was deleted",
       failed(job(), "BackoffLimitExceeded"),
       {},
       State::Failed,
       "PodDeleted",
       Cause::Infrastructure},
      {"deleted, the Pod runs on", deleted(job()), {running()}, State::Failed, "JobDeleted", Cause::Infrastructure},
      {"deleted before there was a Pod", deleted(job()), {}, State::Failed, "JobDeleted", Cause::Infrastructure},
      {"deleted after it was complete", deleted(complete(job())), {}, State::Succeeded, "", Cause::None},
      {"deleted after its Pod failed", deleted(job()), {exited(3)}, State::Failed, "Error", Cause::Program},
  });
}

// Jobs and Pods are watched apart: the Job's end may be seen before its Pod's.
TEST(Outcome, WaitsForThePodsOwnWordWhereTheJobIsAhead) {
  expect_all({
      {"complete, the Pod seems to run", complete(job()), {running()}, State::Running, "", Cause::None},
      {"complete, the Pod seems to wait", complete(job()), {pending()}, State::Running, "", Cause::None},
      {"failed, the Pod seems to run",
       failed(job(), "BackoffLimitExceeded"),
       {running()},
       State::Running,
       "",
       Cause::None},
      {"complete and then deleted", deleted(complete(job())), {running()}, State::Succeeded, "", Cause::None},
  });
}

TEST(Outcome, TellsWhenWhereAndWhatWasWritten) {
  const Outcome out = outcome(job(), {succeeded(-1, "{\"n\":1}")});
  EXPECT_EQ(out.start_ms, job_made + 2'000);
  EXPECT_EQ(out.completion_ms, job_made + 5'000);
  EXPECT_EQ(out.node, "n1");
  EXPECT_EQ(out.exit_code, 0);
  EXPECT_EQ(out.output, "{\"n\":1}");
}

TEST(Outcome, KnowsNoOutputOnceThePodIsGone) {
  const Outcome out = outcome(complete(job()), {});
  EXPECT_EQ(out.output, std::nullopt);
  EXPECT_EQ(out.start_ms, job_made);
  EXPECT_EQ(out.completion_ms, job_made + 9'000);
}

TEST(Outcome, CountsTheWaitFromWhenThePodWasMade) {
  EXPECT_EQ(outcome(job(), {stuck("ErrImagePull")}).waiting_since_ms, job_made + 10);
  EXPECT_EQ(outcome(job(), {pending()}).waiting_since_ms, 0);
}

TEST(Outcome, OfDoubledPodsTakesTheOneThatSaysMost) {
  Pod later = exited(7);
  later.meta.name = "later";
  later.meta.creation_ms += 1'000;
  EXPECT_EQ(outcome(job(), {later, exited(3)}).exit_code, 3);
  EXPECT_EQ(outcome(job(), {later, running()}).state, State::Running);
  Pod twin = exited(9);
  twin.meta.name = "a-twin";
  EXPECT_EQ(outcome(job(), {exited(3), twin}).exit_code, 9);  // of the same age: by name
  // The Job controller made two; when one had failed, it failed the Job and began to end the other.
  const api::Job gone_wrong = failed(job(), "BackoffLimitExceeded");
  EXPECT_EQ(outcome(gone_wrong, {deleting(running()), exited(3)}).exit_code, 3);
  EXPECT_EQ(outcome(gone_wrong, {deleting(running()), exited(3)}).cause, Cause::Program);
  EXPECT_EQ(outcome(complete(job()), {running(), exited(3)}).state, State::Running) << "that one has the output";
  Pod unknown = running();
  unknown.phase = api::PodPhase::Unknown;
  EXPECT_EQ(outcome(job(), {pending(), unknown}).node, "n1");
}

}  // namespace
}  // namespace ork::jobs
