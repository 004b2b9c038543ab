#include "controllers/workflow/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::ConcurrencyPolicy;
using api::TimeMs;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimeMs minute = 60'000;

TimeMs at(const char* time) { return api::parse_time(time).value(); }

struct Nightly {
  api::Workflow workflow;
  CompiledSchedule schedule{{.cron = "0 2 * * *"}, cron::parse("0 2 * * *").value()};
  std::vector<ScheduledRun> runs;
  std::optional<RefusedRun> refused;
  bool suspended = false;

  Nightly() {
    workflow.meta = {.ns = "data", .name = "etl", .uid = "flow-uid"};
    store(decide(at("2026-11-21T12:00:00Z")));
  }

  ScheduleDecision decide(TimeMs now) const {
    return decide_schedule({workflow, schedule, runs, refused ? &*refused : nullptr, suspended}, now);
  }
  void store(const ScheduleDecision& decision) { workflow.status.schedule = decision.status; }
  const api::ScheduleStatus& status() const { return *workflow.status.schedule; }
};

const TimeMs two = at("2026-11-22T02:00:00Z");
const char* const its_name = "etl-29921880";

TEST(Schedule, SaysWhenItComesNextAndWaits) {
  const Nightly nightly;
  EXPECT_EQ(nightly.status().next_ms, two);
  EXPECT_EQ(nightly.status().by, "0 2 * * *");
  const ScheduleDecision early = nightly.decide(two - 1);
  EXPECT_FALSE(early.create);
  EXPECT_EQ(early.status, nightly.status());
  EXPECT_EQ(early.wake_ms, two);
  EXPECT_EQ(nightly.decide(two - 600 * minute).wake_ms, two - 600 * minute + schedule_look_ms)
      << "the clock may be set";
}

TEST(Schedule, MakesARunNamedAfterItsTime) {
  Nightly nightly;
  nightly.schedule.written.params = {{"region", "eu"}};
  const ScheduleDecision due = nightly.decide(two + 300);
  ASSERT_TRUE(due.create);
  EXPECT_EQ(due.create->name, its_name);
  EXPECT_EQ(due.create->body, api::Json::parse(R"({
    "apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun",
    "metadata": {"name": "etl-29921880", "namespace": "data", "ownerReferences": [
      {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "name": "etl", "uid": "flow-uid", "controller": true}]},
    "spec": {"workflowRef": {"name": "etl"}, "scheduledTime": "2026-11-22T02:00:00.000Z", "params": {"region": "eu"}}})"));
  EXPECT_EQ(due.status, nightly.status()) << "told once it is seen";
}

TEST(Schedule, TellsOfARunOnceItIsSeen) {
  Nightly nightly;
  nightly.runs = {{.name = its_name}};
  const ScheduleDecision seen = nightly.decide(two + 400);
  EXPECT_FALSE(seen.create);
  EXPECT_EQ(seen.status.last_ms, two);
  EXPECT_EQ(seen.status.last_run, its_name);
  EXPECT_EQ(seen.status.next_ms, two + 24 * 60 * minute);
  EXPECT_EQ(seen.status.message, "");
  nightly.store(seen);
  nightly.runs.clear();
  EXPECT_FALSE(nightly.decide(two + 500).create) << "deleted meanwhile: its time has had its run";
}

TEST(Schedule, MakesOnlyTheLastRunOfSeveralTimesThatHavePassed) {
  Nightly nightly;
  const TimeMs later = at("2026-11-25T09:00:00Z");
  const ScheduleDecision due = nightly.decide(later);
  ASSERT_TRUE(due.create);
  EXPECT_EQ(due.create->name, "etl-29926200");
  nightly.runs = {{.name = "etl-29926200"}};
  EXPECT_EQ(
      nightly.decide(later).status.message,
      "runs from 2026-11-22T02:00:00.000Z on were left out for etl-29926200: ork was not there, or an earlier run "
      "went on");
}

TEST(Schedule, LeavesOutARunThatIsTooLate) {
  Nightly nightly;
  nightly.schedule.written.starting_deadline_seconds = 600;
  EXPECT_TRUE(nightly.decide(two + 10 * minute).create);
  const ScheduleDecision late = nightly.decide(two + 10 * minute + 1);
  EXPECT_FALSE(late.create);
  EXPECT_EQ(late.status.message, "the run of 2026-11-22T02:00:00.000Z was left out: it could not start within 600 s");
  EXPECT_EQ(late.status.next_ms, two + 24 * 60 * minute);
}

TEST(Schedule, StartsBesideAnEarlierRunThatGoesOnUnlessItMustNot) {
  Nightly nightly;
  nightly.runs = {{.name = "etl-1"}};
  EXPECT_TRUE(nightly.decide(two).create);
  nightly.schedule.written.concurrency = ConcurrencyPolicy::Forbid;
  const ScheduleDecision waits = nightly.decide(two);
  EXPECT_FALSE(waits.create);
  EXPECT_THAT(waits.cancel, IsEmpty());
  EXPECT_EQ(waits.status.message,
            "the run of 2026-11-22T02:00:00.000Z waits for the end of etl-1 (concurrencyPolicy: Forbid)");
  EXPECT_EQ(waits.status.next_ms, two);
  nightly.store(waits);
  nightly.runs[0].ended = true;
  EXPECT_TRUE(nightly.decide(two + 90 * minute).create) << "late, and yet";
}

TEST(Schedule, CancelsAnEarlierRunWhereItReplacesIt) {
  Nightly nightly;
  nightly.schedule.written.concurrency = ConcurrencyPolicy::Replace;
  nightly.runs = {{.name = "etl-1"}, {.name = "etl-2", .cancelled = true}, {.name = "etl-0", .ended = true}};
  const ScheduleDecision first = nightly.decide(two);
  EXPECT_THAT(first.cancel, ElementsAre("etl-1"));
  EXPECT_FALSE(first.create) << "never both at once";
  for (ScheduledRun& run : nightly.runs) run.ended = true;
  EXPECT_TRUE(nightly.decide(two + 1'000).create);
}

TEST(Schedule, MakesUpForNothingThatPassedWhileItWasSuspendedOrNotYetWritten) {
  Nightly nightly;
  nightly.schedule.written.suspend = true;
  nightly.store(nightly.decide(two - minute));
  EXPECT_EQ(nightly.status().message, "suspended");
  EXPECT_EQ(nightly.status().next_ms, 0);
  nightly.schedule.written.suspend = false;
  const ScheduleDecision resumed = nightly.decide(two + 60 * minute);
  EXPECT_FALSE(resumed.create);
  EXPECT_EQ(resumed.status.next_ms, two + 24 * 60 * minute);
  EXPECT_EQ(resumed.status.message, "");

  Nightly edited;
  edited.schedule = {{.cron = "0 1 * * *"}, cron::parse("0 1 * * *").value()};
  const ScheduleDecision other = edited.decide(two + 60 * minute);
  EXPECT_FALSE(other.create);
  EXPECT_EQ(other.status.next_ms, at("2026-11-23T01:00:00Z"));
}

TEST(Schedule, MakesNoRunsThatWouldOnlyWaitForItsWorkflow) {
  Nightly nightly;
  nightly.suspended = true;
  const ScheduleDecision decision = nightly.decide(two);
  EXPECT_FALSE(decision.create);
  EXPECT_EQ(decision.status.message, "its Workflow is suspended");
}

TEST(Schedule, LeavesOutARunThatCanNotBeMade) {
  Nightly nightly;
  nightly.refused = {its_name, "there is a run of its name that the schedule has not made"};
  const ScheduleDecision decision = nightly.decide(two);
  EXPECT_FALSE(decision.create);
  EXPECT_EQ(
      decision.status.message,
      "the run of 2026-11-22T02:00:00.000Z was left out: there is a run of its name that the schedule has not made");
  EXPECT_EQ(decision.status.next_ms, two + 24 * 60 * minute);
}

TEST(Schedule, IsNotMisledByAClockThatWasAheadAndIsSetBack) {
  Nightly nightly;
  nightly.workflow.status.schedule->next_ms = two + 10 * 24 * 60 * minute;
  EXPECT_EQ(nightly.decide(two - minute).status.next_ms, two);
  // What has had its run has it once.
  nightly.workflow.status.schedule->last_ms = two;
  EXPECT_EQ(nightly.decide(two - minute).status.next_ms, two + 24 * 60 * minute);
}

TEST(Schedule, SaysThatThereIsNoSuchTimeZone) {
  Nightly nightly;
  nightly.schedule.written.time_zone = "Europe/Atlantis";
  const ScheduleDecision decision = nightly.decide(two);
  EXPECT_FALSE(decision.create);
  EXPECT_EQ(decision.status.message, "there is no time zone Europe/Atlantis, or the operator has no list of them");
}

TEST(Schedule, NamesARunOfALongNameByAPartOfIt) {
  const std::string name(60, 'a');
  const std::string run = scheduled_run_name(name, two);
  EXPECT_EQ(run.size(), max_name);
  EXPECT_TRUE(run.starts_with("aaaa") && run.ends_with("-29921880")) << run;
  EXPECT_NE(run, scheduled_run_name(name + "a", two));
}

}  // namespace
}  // namespace ork::workflow
