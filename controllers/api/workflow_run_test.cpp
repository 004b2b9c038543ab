#include "controllers/api/workflow_run.hpp"

#include <gtest/gtest.h>

#include "controllers/api/hostile_json.hpp"

namespace ork::api {
namespace {

// Each field of a run has a value of its own in here.
const char* const full_run = R"({
  "apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun",
  "metadata": {"name": "etl-1", "namespace": "data", "uid": "u-1", "resourceVersion": "42", "generation": 3,
    "creationTimestamp": "2026-11-21T12:00:00Z", "deletionTimestamp": "2026-11-21T12:30:00Z",
    "ownerReferences": [{"controller": false, "uid": "no"}, {"controller": true, "uid": "u-owner"}]},
  "spec": {"workflowRef": {"name": "etl", "revision": "etl-1"}, "rerunOf": {"name": "etl-0", "uid": "u-0", "from": "load"},
    "workflow": {"tasks": []}, "params": {"day": "2026-11-21", "n": 3},
    "cancel": true, "suspend": true, "ttlSecondsAfterFinished": 60},
  "status": {
    "phase": "Running", "observedGeneration": 3, "startTime": "2026-11-21T12:00:01.500Z",
    "completionTime": "2026-11-21T12:01:00.000Z", "expirationTime": "2026-11-22T12:01:00.000Z", "workflow": "etl",
    "revision": "etl-abc", "progress": "1/3", "duration": "58s", "message": "1 of 3 tasks done",
    "counts": {"total": 45, "pending": 1, "queued": 2, "running": 3, "retrying": 4, "succeeded": 5, "failed": 6,
      "skipped": 7, "upstreamFailed": 8, "cancelled": 9},
    "conditions": [{"type": "Succeeded", "status": "Unknown", "observedGeneration": 3,
      "lastTransitionTime": "2026-11-21T12:00:01.500Z", "reason": "Running", "message": "1 of 3"}],
    "rerunOf": {"name": "etl-0", "uid": "u-0", "inherited": 1},
    "tasks": [
      {"name": "list", "phase": "Succeeded", "reason": "r", "message": "m", "attempt": 2, "job": "etl-1-list-2-x",
       "startTime": "2026-11-21T12:00:02.000Z", "completionTime": "2026-11-21T12:00:40.000Z", "exitCode": 0,
       "output": {"files": ["a", "b"]}, "programRetries": 1, "infrastructureRetries": 2,
       "attempts": [{"attempt": 1, "job": "etl-1-list-1-x", "startTime": "2026-11-21T12:00:02.000Z",
         "completionTime": "2026-11-21T12:00:09.000Z", "node": "n1", "exitCode": 137, "cause": "OutOfMemory",
         "reason": "OOMKilled", "message": "too much", "failedIndexes": "3,7-9"}]},
      {"name": "load", "phase": "Retrying", "attempt": 1, "cause": "Program", "retryTime": "2026-11-21T12:01:40.000Z",
       "count": 10, "active": 2, "succeeded": 5, "failed": 2, "succeededIndexes": "0-4", "failedIndexes": "7,9"},
      {"name": "check", "phase": "Succeeded", "inheritedFrom": {"run": "etl-0"}},
      {"name": "report", "phase": "Pending"},
      {"name": "clean-up", "hook": "onExit", "hookOf": "load", "phase": "Pending"}],
    "result": {"phase": "Failed", "reason": "TaskFailed", "message": "load failed", "time": "2026-11-21T12:02:00.000Z"}}})";

Json full() { return Json::parse(full_run); }

WorkflowRun decoded(const Json& object) {
  auto run = decode_workflow_run(object);
  EXPECT_TRUE(run) << run.error().sentence();
  return std::move(*run);
}

TEST(WorkflowRun, ReadsMetadataAndSpec) {
  const WorkflowRun run = decoded(full());
  EXPECT_EQ(run.meta.name, "etl-1");
  EXPECT_EQ(key_of(run.meta), "data/etl-1");
  EXPECT_EQ(run.meta.owner_uid, "u-owner");
  EXPECT_EQ(run.meta.generation, 3);
  EXPECT_EQ(run.meta.creation_ms, 1'795'262'400'000);
  EXPECT_TRUE(run.meta.deleting);
  EXPECT_EQ(run.spec.workflow_ref, "etl");
  EXPECT_EQ(*run.spec.workflow, Json::parse(R"({"tasks": []})"));
  EXPECT_EQ(run.spec.params, Json::parse(R"({"day": "2026-11-21", "n": 3})"));
  EXPECT_TRUE(run.spec.cancel && run.spec.suspend);
  EXPECT_EQ(run.spec.ttl_seconds_after_finished, 60);
  EXPECT_EQ(run.spec.workflow_revision, "etl-1");
  EXPECT_EQ(run.spec.rerun_of, (RerunOf{"etl-0", "u-0", "load"}));
}

TEST(WorkflowRun, IsFreshWithMetadataAlone) {
  const WorkflowRun run = decoded({{"metadata", {{"name", "a"}, {"uid", "u"}}}});
  EXPECT_EQ(run.status.phase, Phase::Pending);
  EXPECT_EQ(run.status.observed_generation, -1);
  EXPECT_EQ(run.spec.params, Json::object());
  EXPECT_EQ(run.spec.workflow, nullptr);
  EXPECT_FALSE(run.spec.cancel || run.spec.suspend || run.meta.deleting);
}

TEST(WorkflowRun, StatusIsWrittenAsItWasRead) { EXPECT_EQ(encode_status(decoded(full()).status), full()["status"]); }

TEST(WorkflowRun, StatusReadsBackAsItWasWritten) {
  const RunStatus status = decoded(full()).status;
  Json again = full();
  again["status"] = encode_status(status);
  const RunStatus second = decoded(again).status;
  EXPECT_EQ(second.counts, status.counts);
  EXPECT_EQ(second.conditions, status.conditions);
  ASSERT_EQ(second.tasks.size(), status.tasks.size());
  for (std::size_t i = 0; i < status.tasks.size(); ++i) EXPECT_EQ(*second.tasks[i], *status.tasks[i]);
  EXPECT_EQ(second.expiration_ms, status.expiration_ms);
  EXPECT_EQ(second.duration, status.duration);
}

TEST(WorkflowRun, StatusLeavesOutWhatIsEmpty) {
  TaskStatus task;
  task.name = "a";
  EXPECT_EQ(encode_task_status(task), Json::parse(R"({"name": "a", "phase": "Pending"})"));
  RunStatus status;
  EXPECT_EQ(encode_status(status), Json::parse(R"({"phase": "Pending", "observedGeneration": -1,
    "counts": {"total": 0}, "conditions": [], "tasks": []})"));
}

TEST(WorkflowRun, EveryPhaseAndCauseReadsBack) {
  for (int i = 0; i <= static_cast<int>(Phase::Cancelled); ++i) {
    EXPECT_EQ(parse_phase(to_string(static_cast<Phase>(i))), static_cast<Phase>(i));
  }
  for (int i = 0; i <= static_cast<int>(Cause::Infrastructure); ++i) {
    EXPECT_EQ(parse_cause(to_string(static_cast<Cause>(i))), static_cast<Cause>(i));
  }
  EXPECT_EQ(parse_phase("running"), std::nullopt);
  EXPECT_EQ(parse_cause("Weather"), std::nullopt);
}

TEST(WorkflowRun, OnlyTheLastPhasesAreFinal) {
  for (const Phase phase : {Phase::Pending, Phase::Queued, Phase::Running, Phase::Deferred, Phase::Retrying}) {
    EXPECT_FALSE(is_final(phase)) << to_string(phase);
  }
  for (const Phase phase : {Phase::Succeeded, Phase::Failed, Phase::Skipped, Phase::UpstreamFailed, Phase::Cancelled}) {
    EXPECT_TRUE(is_final(phase)) << to_string(phase);
  }
}

TEST(WorkflowRun, WithoutNameOrUidIsRefused) {
  const struct {
    const char* json;
    const char* path;
  } cases[] = {{"{}", "metadata"},
               {R"({"metadata": {"uid": "u"}})", "metadata.name"},
               {R"({"metadata": {"name": "a"}})", "metadata.uid"},
               {"[]", ""},
               {"3", ""}};
  for (const auto& c : cases) {
    const auto run = decode_workflow_run(Json::parse(c.json));
    ASSERT_FALSE(run) << c.json;
    EXPECT_EQ(run.error().path, c.path);
  }
}

// What is free form, and what nobody reads.
bool is_free(const std::string& pointer) {
  for (const char* free : {"/apiVersion", "/kind", "/spec/workflow", "/spec/params/", "/metadata/deletionTimestamp",
                           "/status/tasks/0/output", "/status/tasks/1/succeeded", "/status/tasks/1/failed"}) {
    if (pointer.starts_with(free) && pointer != "/spec/workflowRef" && pointer != "/spec/workflowRef/name" &&
        pointer != "/status/tasks/1/succeededIndexes" && pointer != "/status/tasks/1/failedIndexes") {
      return true;
    }
  }
  return pointer.starts_with("/metadata/ownerReferences/0/uid");
}

TEST(WorkflowRun, SomethingOddInAnyPlaceIsNamedAndNeverFatal) {
  const Json good = full();
  for (const auto& at : pointers_of(good)) {
    for (const Json& odd : odd_values()) {
      Json bad = good;
      bad[at] = odd;
      const auto run = decode_workflow_run(bad);
      const bool number = odd.is_number() && good[at].is_number();
      if (run) {
        const bool wrong_type = odd.type() != good[at].type() && !odd.is_null() && !number;
        EXPECT_TRUE(!wrong_type || is_free(at.to_string())) << at << " = " << odd;
      } else {
        EXPECT_NE(run.error().sentence().find(field_of(at)), std::string::npos)
            << at << " = " << odd << ": " << run.error().sentence();
      }
    }
  }
}

TEST(WorkflowRun, NumbersOutOfAnyReasonAreRefused) {
  for (const char* pointer : {"/status/tasks/0/attempt", "/status/tasks/0/programRetries", "/status/tasks/0/exitCode",
                              "/status/tasks/0/infrastructureRetries", "/status/tasks/0/attempts/0/attempt"}) {
    for (const Json& value : {Json(-3000000000), Json(4294967297), Json(INT64_MAX)}) {
      Json bad = full();
      bad[Json::json_pointer(pointer)] = value;
      const auto run = decode_workflow_run(bad);
      ASSERT_FALSE(run) << pointer << " = " << value;
      EXPECT_EQ(run.error().code, DecodeErrc::BadValue);
    }
  }
}

}  // namespace
}  // namespace ork::api
