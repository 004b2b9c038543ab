#include "controllers/run/task_progress.hpp"

#include <gtest/gtest.h>

#include "controllers/run/limits.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Cause;
using api::Phase;
using namespace test;

// Scenarios (tests/scenarios) show the common ways; here is what they can't.

TaskProgress observe(TestRun& world, const api::TaskStatus& stored, api::TimeMs at = now) {
  std::vector<const ObservedJob*> jobs;
  for (const ObservedJob& job : world.snapshot.jobs) jobs.push_back(&job);
  return observe_task(world.snapshot.definition->tasks[0], stored, jobs, world.snapshot.gone, "run-uid", at);
}

const char* const plain = R"({"tasks": [{"name": "a", "image": "i",
  "retry": {"limit": 9, "backoff": {"initial": "10s", "jitter": 0}}}]})";
const char* const wide = R"({"tasks": [{"name": "a", "image": "i", "count": 4, "parallelism": 3}]})";

TEST(TaskProgress, OfNothingIsWhatWasStored) {
  TestRun world(plain);
  EXPECT_EQ(observe(world, task_status("a")).status, task_status("a"));
}

TEST(TaskProgress, CountsADelayFromTheEndOfTheSecondInWhichTheAttemptEnded) {
  TestRun world(plain);
  world.show(job_named("j"), "a", {exited(3)});
  const TaskProgress progress = observe(world, task_status("a"));
  EXPECT_EQ(progress.status.phase, Phase::Retrying);
  EXPECT_EQ(progress.status.retry_ms, job_made + 5'000 + 1'000 + 10'000);
  EXPECT_TRUE(progress.retry_due);
  const TaskProgress before = observe(world, task_status("a"), job_made + 6'000);
  EXPECT_FALSE(before.retry_due);
  EXPECT_EQ(before.wake_ms, before.status.retry_ms);
}

TEST(TaskProgress, NeverWaitsForAClockThatWasAhead) {
  TestRun world(plain);
  api::Pod pod = exited(3);
  pod.finish_ms = now + 7'200'000;  // by the node's clock
  world.show(job_named("j"), "a", {pod});
  EXPECT_EQ(observe(world, task_status("a")).status.retry_ms, now + 1'000 + 10'000);
  api::TaskStatus stored = task_status("a", Phase::Retrying, 1);
  stored.retry_ms = now + 86'400'000;  // by our own, before it was set back
  const TaskProgress progress = observe(world, stored);
  EXPECT_EQ(progress.status.retry_ms, now + 300'000 + 1'000);
  EXPECT_EQ(progress.wake_ms, progress.status.retry_ms);
}

TEST(TaskProgress, NeverTriesAgainWithoutItsBackoffForAClockThatWasBehind) {
  TestRun world(plain);
  api::Pod pod = exited(3);
  pod.finish_ms = job_made - 7'200'000;  // by the node's clock
  world.show(job_named("j"), "a", {pod});
  EXPECT_EQ(observe(world, task_status("a")).status.retry_ms, now + 10'000);
}

TEST(TaskProgress, StartsNoRetryBesideAPodThatIsBeingStopped) {
  TestRun world(plain);
  world.show(failed(job_named("j"), "DeadlineExceeded"), "a", {deleting(running())});
  world.jobs.back().finished = false;  // FailureTarget
  api::TaskStatus stored = task_status("a", Phase::Retrying, 1);
  stored.retry_ms = now - 1;
  const TaskProgress early = observe(world, stored);
  EXPECT_FALSE(early.retry_due);
  EXPECT_EQ(early.wake_ms, now - 1 + stopping_pod_wait_ms);
  EXPECT_TRUE(observe(world, stored, now + stopping_pod_wait_ms).retry_due) << "its node is lost";
  world.jobs.back().finished = true;
  EXPECT_TRUE(observe(world, stored).retry_due);
}

TEST(TaskProgress, OfARunningRetryHasNoExitCodeOfTheAttemptBefore) {
  TestRun world(plain);
  world.show(job_named("j"), "a", {exited(3)});
  api::Job second = job_named("k");
  second.attempt = 2;
  world.show(second, "a", {running()});
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.phase, Phase::Running);
  EXPECT_EQ(status.attempt, 2);
  EXPECT_EQ(status.exit_code, std::nullopt);
  EXPECT_EQ(status.cause, Cause::None);
  EXPECT_EQ(status.program_retries, 1);
  ASSERT_EQ(status.attempts.size(), 1u);
  EXPECT_EQ(status.attempts[0].exit_code, 3);
}

TEST(TaskProgress, DoesNotAskAgainWhetherToTryAgainOnceTheNextAttemptIsMade) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i", "timeout": "8s",
    "retry": {"limit": 1, "when": "exitCode < 2"}}]})");
  api::Job late = failed(job_named("j"), "DeadlineExceeded");
  world.show(late, "a", {exited(143)});
  EXPECT_EQ(observe(world, task_status("a")).status.phase, Phase::Failed);
  // It was made when its Pod still ran, and so had no exit code.
  api::Job second = job_named("k");
  second.attempt = 2;
  world.show(second, "a", {running()});
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.phase, Phase::Running);
  EXPECT_EQ(status.attempt, 2);
}

TEST(TaskProgress, KeepsTheLastAttemptsOnly) {
  TestRun world(plain);
  for (int attempt = 1; attempt <= 8; ++attempt) {
    api::Job job = job_named("j" + std::to_string(attempt));
    job.attempt = attempt;
    world.show(job, "a", {exited(attempt, -1, std::string(5'000, 'x'))});
  }
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.attempt, 8);
  ASSERT_EQ(status.attempts.size(), max_attempts_kept);
  EXPECT_EQ(status.attempts.front().attempt, 4);
  EXPECT_LE(status.attempts.back().message.size(), max_attempt_message + 3);
}

const Missing pods_of_j{Missing::Kind::Pods, "j", "uid-j"};

TEST(TaskProgress, LooksForAPodThatWasNeverSeenBeforeItTakesTheOutputForLost) {
  TestRun world(plain);
  world.show(complete(job_named("j")), "a");
  const TaskProgress early = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(early.status.phase, Phase::Running);
  EXPECT_EQ(early.look_up, pods_of_j);
  EXPECT_EQ(early.slots, 1);
  world.snapshot.gone = {pods_of_j};
  const TaskProgress late = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(late.status.phase, Phase::Succeeded);
  EXPECT_EQ(late.status.message, "its output was lost with its Pod");
  EXPECT_EQ(late.look_up, std::nullopt);
}

TEST(TaskProgress, LooksForNoPodWhoseJobIsGone) {
  TestRun world(plain);
  world.show(deleted(complete(job_named("j"))), "a");
  const TaskProgress progress = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(progress.status.phase, Phase::Succeeded);
  EXPECT_EQ(progress.look_up, std::nullopt);
}

// Its exit code decides whose budget the retry takes; without it a program would run again that must not.
TEST(TaskProgress, LooksForThePodOfAJobThatHasFailedBeforeItBlamesTheInfrastructure) {
  TestRun world(plain);
  world.show(failed(job_named("j"), "BackoffLimitExceeded"), "a");
  const TaskProgress early = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(early.status.phase, Phase::Running);
  EXPECT_EQ(early.look_up, pods_of_j);
  world.snapshot.gone = {pods_of_j};
  const TaskProgress late = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(late.status.phase, Phase::Retrying);
  EXPECT_EQ(late.status.cause, Cause::Infrastructure);
}

// What it says in the end stays: a decision taken before that could be another.
TEST(TaskProgress, WaitsForTheLastWordOfAPodThatIsBeingStopped) {
  TestRun world(plain);
  world.show(failed(job_named("j"), "BackoffLimitExceeded"), "a", {deleting(running())});
  api::Job& job = world.jobs.back();
  job.finished = false;  // FailureTarget
  job.given_up_ms = now - 1'000;
  const TaskProgress early = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(early.status.phase, Phase::Running);
  EXPECT_EQ(early.wake_ms, now - 1'000 + stopping_pod_wait_ms);
  EXPECT_EQ(early.look_up, std::nullopt);
  const TaskProgress lost = observe(world, task_status("a", Phase::Running, 1), now - 1'000 + stopping_pod_wait_ms);
  EXPECT_EQ(lost.status.phase, Phase::Retrying) << "its node is lost";
  EXPECT_EQ(lost.status.cause, Cause::Infrastructure);
  EXPECT_TRUE(lost.gave_up) << "the node may come back, with a Pod that ended well";
  EXPECT_FALSE(early.gave_up);
}

TEST(TaskProgress, LooksForTheEndOfAPodThatSeemsToLiveThoughItsJobIsFinished) {
  for (const bool complete_job : {false, true}) {
    TestRun world(plain);
    const api::Job job = complete_job ? complete(job_named("j")) : failed(job_named("j"), "BackoffLimitExceeded");
    world.show(job, "a", {deleting(running())});
    const TaskProgress early = observe(world, task_status("a", Phase::Running, 1));
    EXPECT_EQ(early.status.phase, Phase::Running);
    EXPECT_EQ(early.look_up, pods_of_j);
    world.snapshot.gone = {pods_of_j};
    const TaskProgress late = observe(world, task_status("a", Phase::Running, 1));
    EXPECT_EQ(late.status.phase, complete_job ? Phase::Succeeded : Phase::Retrying);
  }
}

TEST(TaskProgress, LooksForNoPodToSayThatItsTimeWasOver) {
  TestRun world(plain);
  world.show(failed(job_named("j"), "DeadlineExceeded"), "a");
  const TaskProgress progress = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(progress.status.cause, Cause::Deadline);
  EXPECT_EQ(progress.look_up, std::nullopt);
  EXPECT_TRUE(progress.gave_up) << "it may still be seen to have ended well";
}

TEST(TaskProgress, LooksForThePodsOfFailedIndexes) {
  TestRun world(wide);
  api::Job job = failed(job_named("j"), "FailedIndexes");
  job.completed_indexes = "0,2-3";
  job.failed_indexes = "1";
  world.show(job, "a");
  const TaskProgress early = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(early.status.phase, Phase::Running);
  EXPECT_TRUE(early.status.failed_indexes.empty());
  EXPECT_EQ(early.look_up, pods_of_j);
  world.snapshot.gone = {pods_of_j};
  const TaskProgress late = observe(world, task_status("a", Phase::Running, 1));
  EXPECT_EQ(late.status.phase, Phase::Retrying);
  EXPECT_EQ(late.status.cause, Cause::Infrastructure);
}

TEST(TaskProgress, LooksForAJobThatTheStatusNamesBeforeItTakesItForDeleted) {
  TestRun world(wide);
  api::TaskStatus stored = task_status("a", Phase::Running, 1);
  stored.count = 4;
  const TaskProgress early = observe(world, stored);
  EXPECT_EQ(early.status, stored);
  EXPECT_EQ(early.look_up, (Missing{Missing::Kind::Job, "job-a", ""}));
  EXPECT_EQ(early.slots, 3);
  world.snapshot.gone = {*early.look_up};
  const TaskProgress late = observe(world, stored);
  EXPECT_EQ(late.status.phase, Phase::Retrying);
  EXPECT_EQ(late.status.cause, Cause::Infrastructure);
}

// Somebody has written another number into the status: no look at the Job that it names would ever change that.
TEST(TaskProgress, WhereTheStatusNamesTheJobOfAnotherAttemptItsOwnIsLost) {
  TestRun world(plain);
  world.show(job_named("j"), "a", {running()});
  api::TaskStatus stored = task_status("a", Phase::Running, 6);
  stored.job = "j";
  const TaskProgress progress = observe(world, stored);
  EXPECT_EQ(progress.look_up, std::nullopt);
  EXPECT_EQ(progress.status.phase, Phase::Retrying);
  EXPECT_EQ(progress.status.cause, Cause::Infrastructure);
}

TEST(TaskProgress, WaitsForTheLastWordOfAJobThatIsAboutToBeComplete) {
  TestRun world(plain);
  api::Job job = job_named("j");
  job.complete = true;  // SuccessCriteriaMet
  world.show(job, "a");
  EXPECT_EQ(observe(world, task_status("a", Phase::Running, 1), now).status.phase, Phase::Running);
}

TEST(TaskProgress, OfAFanOutTakesTheRoomOfItsOpenIndexes) {
  TestRun world(wide);
  ObservedJob& job = world.show(job_named("j"), "a", {running(0)});
  EXPECT_EQ(observe(world, task_status("a")).slots, 3);
  world.pods = {succeeded(0), succeeded(1), running(2)};
  job.pods = {&world.pods[0], &world.pods[1], &world.pods[2]};
  const TaskProgress progress = observe(world, task_status("a"));
  EXPECT_EQ(progress.slots, 2);
  EXPECT_EQ(progress.status.active, 1);
  EXPECT_EQ(progress.status.succeeded_indexes.format(), "0,1");
}

TEST(TaskProgress, GivenUpKeepsTheProgramsFailuresApart) {
  TestRun world(wide);
  world.show(job_named("j"), "a", {succeeded(0), exited(3, 1), stuck("ErrImagePull", 2), stuck("ErrImagePull", 3)});
  const api::TaskStatus status = observe(world, task_status("a"), job_made + 10 + stuck_pod_wait_ms).status;
  // Index 1 failed by itself and there is no retry for that: so the task has failed.
  EXPECT_EQ(status.phase, Phase::Failed);
  EXPECT_EQ(status.failed_indexes.format(), "1-3");
  EXPECT_EQ(status.succeeded_indexes.format(), "0");
}

TEST(TaskProgress, OfALostFanOutCountsOnlyWhatWasOpen) {
  TestRun world(wide);
  api::TaskStatus stored = task_status("a", Phase::Running, 1);
  stored.count = 4;
  stored.succeeded_indexes = *api::IndexSet::parse("0,1");
  world.snapshot.gone = {{Missing::Kind::Job, "job-a", ""}};
  const api::TaskStatus status = observe(world, stored).status;
  EXPECT_EQ(status.phase, Phase::Retrying);
  EXPECT_EQ(status.failed_indexes.format(), "2,3");
  EXPECT_EQ(status.attempts.back().failed_indexes, "2,3");
  EXPECT_EQ(status.infrastructure_retries, 1);
}

TEST(TaskProgress, TakesACountByExpressionFromWhatIsStoredAndBeforeThatFromTheJob) {
  TestRun world(R"x({"params": [{"name": "n"}], "tasks": [{"name": "a", "image": "i", "count": "int(params.n)"}]})x");
  api::Job job = job_named("j");
  job.indexed = true;
  job.completions = 3;
  world.show(job, "a", {succeeded(0, "7"), succeeded(1, "8"), succeeded(2, "9")});
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.phase, Phase::Succeeded);
  EXPECT_EQ(status.count, 3);
  EXPECT_EQ(status.output, api::Json::parse("[7, 8, 9]"));
  api::TaskStatus stored = task_status("a");
  stored.count = 4;  // and somebody has made the Job smaller since
  EXPECT_EQ(observe(world, stored).status.count, 4);
}

// Else their outputs would be lost: what is stored as done is not waited for.
TEST(TaskProgress, OfACompleteFanOutTakesNothingForDoneWhilePodsOfItAreSeenLate) {
  TestRun world(wide);
  api::Job job = complete(job_named("j"));
  job.completed_indexes = "0-3";
  world.show(job, "a", {succeeded(0), pending(1)});
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.phase, Phase::Running);
  EXPECT_EQ(status.succeeded_indexes.format(), "0");
}

TEST(TaskProgress, OfAFanOutThatWroteNoJsonHasNothingToRetry) {
  TestRun world(wide);
  world.show(job_named("j"), "a", {succeeded(0), succeeded(1), succeeded(2), succeeded(3, "no")});
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.phase, Phase::Failed);
  EXPECT_EQ(status.reason, "InvalidOutput");
}

TEST(TaskProgress, ShortensALongListOfFailedIndexesInItsHistory) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i", "count": 1000}]})");
  std::vector<api::Pod> pods;
  for (int i = 0; i < 1000; ++i) pods.push_back(i % 2 == 0 ? succeeded(i) : exited(1, i));
  world.show(job_named("j"), "a", pods);
  const api::TaskStatus status = observe(world, task_status("a")).status;
  EXPECT_EQ(status.failed_indexes.size(), 500);
  EXPECT_EQ(status.attempts.back().failed_indexes.size(), max_failed_indexes_text + 3);
}

TEST(TaskProgress, SeedsASuspendedRetryAndNothingElse) {
  const auto of = [](bool unseeded, const char* done) {
    TestRun world(wide);
    api::Job job = job_named("j");
    job.suspended = true;
    job.unseeded = unseeded;
    job.attempt = 2;
    world.show(job, "a");
    api::TaskStatus stored = task_status("a", Phase::Running, 2);
    stored.succeeded_indexes = *api::IndexSet::parse(done);
    return observe(world, stored).unseeded != nullptr;
  };
  EXPECT_FALSE(of(false, "0,2"));  // somebody else suspended it
  EXPECT_FALSE(of(true, ""));
  EXPECT_TRUE(of(true, "0,2"));
}

const char* const growing = R"({"tasks": [{"name": "a", "image": "i", "resources": {"limits": {"memory": "64Mi"}},
  "onOOM": {"memory": "x2", "max": "256Mi"}}]})";

TEST(TaskProgress, OfWhatRanOutOfMemoryGoesByTheStoredStatusAlone) {
  struct {
    int growths;
    Phase phase;
    int growths_after;
    const char* message;
  } cases[] = {
      {0, Phase::Retrying, 1,
       "attempt 1: the container used more memory than its limit (64Mi); the next one has 128Mi"},
      {1, Phase::Retrying, 2,
       "attempt 1: the container used more memory than its limit (128Mi); the next one has 256Mi"},
      {2, Phase::Failed, 2, "the container used more memory than its limit (256Mi, the most that onOOM gives it)"},
      {999'999, Phase::Failed, 999'999,
       "the container used more memory than its limit (256Mi, the most that onOOM gives it)"},
  };
  for (const auto& c : cases) {
    TestRun world(growing);
    world.show(job_named("j"), "a", {oom_killed()});
    api::TaskStatus stored = task_status("a", Phase::Running, 1);
    stored.memory_growths = c.growths;
    const api::TaskStatus status = observe(world, stored).status;
    EXPECT_EQ(status.phase, c.phase) << c.growths;
    EXPECT_EQ(status.memory_growths, c.growths_after);
    EXPECT_EQ(status.message, c.message);
    EXPECT_EQ(status.program_retries, 0);
    if (api::is_final(status.phase)) continue;
    EXPECT_EQ(observe(world, status).status, status) << "looked at again";
  }
}

const char* const impatient = R"spec({"tasks": [{"name": "a", "image": "i", "pendingTimeout": "1m",
  "retry": {"limit": 1, "when": "message.contains('fits')", "backoff": {"initial": "0s"}}}]})spec";

TEST(TaskProgress, GivesUpWhatDoesNotStartInTime) {
  struct {
    const char* what;
    std::vector<api::Pod> pods;
    const char* message;
    Phase phase;
  } cases[] = {
      {"no room",
       {unschedulable()},
       "attempt 1: it could not start for 1m: no node fits: 0/3 nodes are available",
       Phase::Retrying},
      {"an image, sooner than by itself",
       {stuck("ErrImagePull")},
       "it could not start for 1m: ErrImagePull: says the kubelet (not tried again: retry.when is false)",
       Phase::Failed},
      {"for no known reason",
       {pending()},
       "it could not start for 1m (not tried again: retry.when is false)",
       Phase::Failed},
      {"no Pod",
       {},
       "it could not start for 1m: Job j has no Pod yet; kubectl describe job j tells why, such as a quota or Pod "
       "Security (not tried again: retry.when is false)",
       Phase::Failed},
  };
  for (const auto& c : cases) {
    TestRun world(impatient);
    world.show(job_named("j"), "a", c.pods);
    const TaskProgress early = observe(world, task_status("a", Phase::Running, 1), job_made + 60'000);
    EXPECT_FALSE(early.gave_up) << c.what;
    EXPECT_EQ(early.wake_ms, job_made + 61'000 + (c.pods.empty() ? 0 : 10)) << c.what;
    const TaskProgress late = observe(world, task_status("a", Phase::Running, 1), job_made + 61'010);
    EXPECT_TRUE(late.gave_up) << c.what;
    EXPECT_EQ(late.status.phase, c.phase) << c.what;
    EXPECT_EQ(late.status.message, c.message) << c.what;
    EXPECT_EQ(late.status.cause, Cause::Deadline) << c.what;
    EXPECT_EQ(late.status.infrastructure_retries, 0) << c.what;
  }
}

TEST(TaskProgress, WaitsForTheJobOfWhatDidNotStart) {
  TestRun world(impatient);
  world.show(job_named("j"), "a");
  api::TaskStatus stored = task_status("a", Phase::Retrying, 1);
  stored.retry_ms = now - 1;
  keep_attempt(stored, {.attempt = 1, .reason = std::string(reason_pending_timeout)});
  EXPECT_TRUE(is_stopped(stored));
  EXPECT_FALSE(observe(world, stored).retry_due) << "its Pod may be on its way";
  world.jobs.back().deleted = true;
  EXPECT_TRUE(observe(world, stored).retry_due);
}

TEST(TaskProgress, TellsOfAPodThatCouldNotBeMade) {
  for (const char* spec : {R"({"tasks": [{"name": "a", "image": "i"}]})", wide}) {
    TestRun world(spec);
    world.show(job_named("j"), "a");
    const api::TimeMs late = job_made + 1'000 + missing_pod_wait_ms;
    const TaskProgress soon = observe(world, task_status("a", Phase::Running, 1), late - 1);
    EXPECT_EQ(soon.status.phase, Phase::Running) << "it is on its way";
    EXPECT_EQ(soon.wake_ms, late);
    const TaskProgress then = observe(world, task_status("a", Phase::Running, 1), late);
    EXPECT_EQ(then.status.phase, Phase::Queued);
    EXPECT_EQ(then.status.reason, reason_pod_not_created);
    EXPECT_NE(then.status.message.find("kubectl describe job j"), std::string::npos);
    EXPECT_FALSE(then.wake_ms) << "whatever mends it brings a Pod";
    world.jobs.back().unseeded = world.jobs.back().suspended = true;
    EXPECT_FALSE(observe(world, task_status("a", Phase::Running, 1), late - 1).wake_ms) << "it is ork's to start";
  }
}

TEST(TaskProgress, IsAsPatientAsItIsTold) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i", "pendingTimeout": "1h"}]})");
  world.show(job_named("j"), "a", {stuck("ErrImagePull")});
  EXPECT_EQ(observe(world, task_status("a", Phase::Running, 1), job_made + 2 * stuck_pod_wait_ms).wake_ms,
            job_made + 10 + 1'000 + 3'600'000);
}

}  // namespace
}  // namespace ork::run
