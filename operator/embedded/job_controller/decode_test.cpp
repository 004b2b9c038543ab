#include "operator/embedded/job_controller/decode.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

template <typename Read>
auto read(std::string_view json, Read read_it) {
  const simdjson::padded_string padded(json);
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(padded);
  simdjson::ondemand::object object = document.get_object();
  return read_it(object);
}

Job job(std::string_view json) { return read(json, read_job); }
JobPod pod(std::string_view json) { return read(json, read_job_pod); }

TEST(ReadJob, ReadsASpec) {
  const Job read_one =
      job(R"({"metadata":{"name":"j"},"spec":{"completionMode":"Indexed","suspend":true,"parallelism":3,
      "completions":5,"backoffLimitPerIndex":1,"maxFailedIndexes":2,"activeDeadlineSeconds":7,
      "ttlSecondsAfterFinished":9,"template":{"spec":{"containers":[]}}}})");
  EXPECT_TRUE(read_one.spec.indexed);
  EXPECT_TRUE(read_one.spec.suspend);
  EXPECT_EQ(read_one.spec.parallelism, 3);
  EXPECT_EQ(read_one.spec.completions, 5);
  EXPECT_EQ(read_one.spec.backoff_limit_per_index, 1);
  EXPECT_EQ(read_one.spec.max_failed_indexes, 2);
  EXPECT_EQ(read_one.spec.active_deadline_seconds, 7);
  EXPECT_EQ(read_one.spec.ttl_seconds, 9);
  EXPECT_EQ(read_one.pod_template, R"({"spec":{"containers":[]}})");
  EXPECT_EQ(read_one.spec.backoff_limit, INT32_MAX) << "the default where each index has its own";
}

TEST(ReadJob, FillsTheDefaultsOfTheApiServer) {
  const Job read_one = job(R"({"metadata":{},"spec":{"suspend":null,"completions":null,"managedBy":null}})");
  EXPECT_EQ(read_one.spec, JobSpec{});
  EXPECT_FALSE(read_one.managed_elsewhere);
}

TEST(ReadJob, KnowsWhoseJobItIs) {
  EXPECT_FALSE(job(R"({"spec":{"managedBy":"kubernetes.io/job-controller"}})").managed_elsewhere);
  EXPECT_TRUE(job(R"({"spec":{"managedBy":"example.com/other"}})").managed_elsewhere);
}

TEST(ReadJob, ReadsAFailurePolicyAndReplacesOnlyFailedPodsThen) {
  const Job read_one = job(R"({"spec":{"podFailurePolicy":{"rules":[
      {"action":"FailJob","onExitCodes":{"containerName":"main","operator":"NotIn","values":[1,2]}},
      {"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget"}]}]}}})");
  EXPECT_EQ(read_one.spec.failure_rules, (std::vector<FailureRule>{{.action = FailureRule::Action::FailJob,
                                                                    .by_exit_code = true,
                                                                    .container = "main",
                                                                    .in = false,
                                                                    .exit_codes = {1, 2}},
                                                                   {.action = FailureRule::Action::Ignore,
                                                                    .conditions = {{"DisruptionTarget", "True"}}}}));
  EXPECT_TRUE(read_one.spec.only_replace_failed);
}

TEST(ReadJob, ReadsAStatus) {
  const JobStatus status = job(R"({"status":{"startTime":"1970-01-01T00:00:01Z","active":1,"succeeded":2,"failed":3,
      "ready":0,"terminating":1,"completedIndexes":"0-2","failedIndexes":"4","uncountedTerminatedPods":{},
      "conditions":[{"type":"Suspended","status":"False","reason":"JobResumed","message":"m",
                     "lastTransitionTime":"1970-01-01T00:00:02Z"}]}})")
                               .status;
  EXPECT_EQ(status.start_ms, 1'000);
  EXPECT_EQ(status.active, 1);
  EXPECT_EQ(status.succeeded, 2);
  EXPECT_EQ(status.failed, 3);
  EXPECT_EQ(status.ready, 0);
  EXPECT_EQ(status.terminating, 1);
  EXPECT_EQ(status.completed.format(), "0-2");
  EXPECT_EQ(status.failed_indexes->format(), "4");
  EXPECT_EQ(status.conditions, (std::vector<JobCondition>{{"Suspended", "False", "JobResumed", "m", 2'000}}));
}

TEST(ReadJob, TakesIndexesThatAreNoneForNone) {
  EXPECT_TRUE(job(R"({"status":{"completedIndexes":"x-"}})").status.completed.empty());
}

TEST(ReadJob, ThrowsForWrongTypesSoThatTheWatcherQuarantinesTheObject) {
  EXPECT_THROW(job(R"({"spec":{"parallelism":"three"}})"), simdjson::simdjson_error);
  EXPECT_THROW(job(R"({"spec":{"template":[]}})"), simdjson::simdjson_error);
  EXPECT_THROW(job(R"({"status":{"conditions":{}}})"), simdjson::simdjson_error);
}

TEST(ReadJobPod, ReadsWhatItsJobNeeds) {
  const JobPod read_one = pod(R"({"metadata":{"name":"p","annotations":{"a":"b",
      "batch.kubernetes.io/job-completion-index":"4","batch.kubernetes.io/job-index-failure-count":"2",
      "ork.dev/released-by-job":"true"}},"spec":{"nodeName":"local"},
      "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],
      "containerStatuses":[{"name":"main","restartCount":2,"state":{"running":{}}}]}})");
  EXPECT_EQ(read_one.index, 4);
  EXPECT_EQ(read_one.failures, 2);
  EXPECT_TRUE(read_one.released);
  EXPECT_TRUE(read_one.bound);
  EXPECT_TRUE(read_one.ready);
  EXPECT_EQ(read_one.phase, api::PodPhase::Running);
  EXPECT_EQ(read_one.restarts, 2);
}

TEST(ReadJobPod, ReadsHowItsContainersEndedOnceItHasFailed) {
  const JobPod read_one = pod(R"({"metadata":{},"status":{"phase":"Failed",
      "initContainerStatuses":[{"name":"i","restartCount":0,"state":{"terminated":{"exitCode":0,
        "finishedAt":"1970-01-01T00:00:01Z"}}}],
      "containerStatuses":[{"name":"a","restartCount":0,"state":{"terminated":{"exitCode":3,
        "finishedAt":"1970-01-01T00:00:05Z"}}},{"name":"b","restartCount":0,"state":{"waiting":{}}}],
      "conditions":[{"type":"DisruptionTarget","status":"True"}]}})");
  EXPECT_EQ(read_one.ends, (std::vector<ContainerEnd>{{"a", 3}, {"i", 0}}));
  EXPECT_EQ(read_one.conditions, (std::vector<FailureRule::PodCondition>{{"DisruptionTarget", "True"}}));
  EXPECT_EQ(read_one.finished_ms, 5'000);
}

TEST(ReadJobPod, TakesAnIndexThatIsNoneForNone) {
  EXPECT_EQ(pod(R"({"metadata":{"annotations":{"batch.kubernetes.io/job-completion-index":"x"}}})").index, -1);
}

}  // namespace
}  // namespace ork::embedded
