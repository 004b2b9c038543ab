#include "operator/embedded/job_controller/pod_object.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

Job job_with(const std::string& pod_template) {
  Job job;
  job.meta = {.ns = "n", .name = "idx", .uid = "u"};
  job.spec.indexed = true;
  job.spec.backoff_limit_per_index = 0;
  job.pod_template = pod_template;
  return job;
}

Json built(const Job& job, const NewPod& pod) {
  const auto text = build_pod(job, pod, "idx-3-lhml2", "local");
  EXPECT_TRUE(text.ok());
  return text ? Json::parse(*text) : Json();
}

// The metadata and the parts of the spec that the Job controller of Kubernetes 1.34 gave to such a
// Pod, but for its finalizer, and with the node that its scheduler adds.
TEST(PodObject, IsWhatKubernetesMakes) {
  const Job job = job_with(R"({"metadata":{"labels":{"batch.kubernetes.io/job-name":"idx"}},
      "spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"busybox"}]}})");
  EXPECT_EQ(built(job, {.index = 3}), Json::parse(R"({
      "apiVersion":"v1","kind":"Pod",
      "metadata":{"name":"idx-3-lhml2","generateName":"idx-3-","namespace":"n",
        "annotations":{"batch.kubernetes.io/job-completion-index":"3",
                       "batch.kubernetes.io/job-index-failure-count":"0"},
        "labels":{"batch.kubernetes.io/job-completion-index":"3","batch.kubernetes.io/job-name":"idx"},
        "ownerReferences":[{"apiVersion":"batch/v1","blockOwnerDeletion":true,"controller":true,"kind":"Job",
                            "name":"idx","uid":"u"}]},
      "spec":{"restartPolicy":"Never","hostname":"idx-3","nodeName":"local",
        "containers":[{"name":"main","image":"busybox","env":[{"name":"JOB_COMPLETION_INDEX","valueFrom":{
          "fieldRef":{"fieldPath":"metadata.labels['batch.kubernetes.io/job-completion-index']"}}}]}]}})"));
}

TEST(PodObject, OfAPlainJobHasNoIndex) {
  const Json pod = built(job_with(R"({"spec":{"containers":[{"name":"main"}]}})"), {});
  EXPECT_EQ(pod.at("metadata").at("generateName"), "idx-");
  EXPECT_FALSE(pod.at("metadata").contains("annotations"));
  EXPECT_FALSE(pod.at("spec").contains("hostname"));
  EXPECT_FALSE(pod.at("spec").at("containers").at(0).contains("env"));
}

TEST(PodObject, SaysHowOftenItsIndexFailedBefore) {
  const Json pod = built(job_with(R"({"spec":{}})"), {.index = 1, .failures = 2, .ignored_failures = 3});
  EXPECT_EQ(pod.at("metadata").at("annotations").at("batch.kubernetes.io/job-index-failure-count"), "2");
  EXPECT_EQ(pod.at("metadata").at("annotations").at("batch.kubernetes.io/job-index-ignored-failure-count"), "3");
}

TEST(PodObject, LeavesAVariableOfTheUserAsItIs) {
  const Json pod = built(job_with(R"({"spec":{"containers":[{"env":[{"name":"JOB_COMPLETION_INDEX","value":"x"}]}]}})"),
                         {.index = 1});
  EXPECT_EQ(pod.at("spec").at("containers").at(0).at("env"),
            Json::parse(R"([{"name":"JOB_COMPLETION_INDEX","value":"x"}])"));
}

TEST(PodObject, IsLeftToTheSchedulerWhereItChooses) {
  for (const char* spec : {R"({"nodeSelector":{"a":"b"}})", R"({"affinity":{"nodeAffinity":{}}})",
                           R"({"schedulerName":"mine"})", R"({"schedulingGates":[{"name":"x"}]})"}) {
    EXPECT_FALSE(built(job_with(std::string(R"({"spec":)") + spec + "}"), {}).at("spec").contains("nodeName")) << spec;
  }
  for (const char* spec : {R"({"nodeSelector":{}})", R"({"schedulerName":"default-scheduler"})", "{}"}) {
    EXPECT_EQ(built(job_with(std::string(R"({"spec":)") + spec + "}"), {}).at("spec").at("nodeName"), "local") << spec;
  }
}

TEST(PodObject, SurvivesATemplateOfWrongTypes) {
  EXPECT_FALSE(build_pod(job_with("[]"), {}, "p", "local").ok());
  EXPECT_FALSE(build_pod(job_with(""), {}, "p", "local").ok());
  const Json pod =
      built(job_with(R"({"metadata":7,"spec":{"containers":[7,{"env":7},{"env":[7,{"name":7}]}]}})"), {.index = 0});
  EXPECT_EQ(pod.at("spec").at("containers").at(0), 7);
}

TEST(PodName, LeavesRoomForItsEnd) {
  EXPECT_EQ(pod_name_prefix("job", -1), "job-");
  EXPECT_EQ(pod_name_prefix("job", 12), "job-12-");
  EXPECT_EQ(pod_name_prefix(std::string(63, 'a'), -1), std::string(57, 'a') + "-");
  EXPECT_EQ(pod_name_prefix(std::string(63, 'a'), 12), std::string(54, 'a') + "-12-");
}

TEST(PodName, EndsInFiveLettersThatMakeNoWords) {
  double at = 0;
  EXPECT_EQ(random_suffix([&] { return at; }), "bbbbb");
  at = 0.999999999;
  EXPECT_EQ(random_suffix([&] { return at; }), "99999");
}

}  // namespace
}  // namespace ork::embedded
