#include "operator/embedded/node/pod_spec.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/node/test_pods.hpp"

namespace ork::embedded {
namespace {

using nlohmann::json;
using testing::pod_with;

std::string wrong(const std::string& pod) {
  const auto read = read_pod_spec(json::parse(pod));
  return read ? "" : read.error();
}

TEST(ReadPodSpec, ReadsWhatANodeNeeds) {
  const PodSpec pod =
      pod_with(R"({"restartPolicy":"OnFailure","terminationGracePeriodSeconds":5,"activeDeadlineSeconds":7,
      "nodeSelector":{"a":"b"},"initContainers":[{"name":"i","restartPolicy":"Always"}],
      "containers":[{"name":"c","image":"x","command":["a"],"args":["b"],"workingDir":"/w",
        "terminationMessagePath":"/t","terminationMessagePolicy":"FallbackToLogsOnError"}]})");
  EXPECT_EQ(pod.restart_policy, RestartPolicy::OnFailure);
  EXPECT_EQ(pod.grace_seconds, 5);
  EXPECT_EQ(pod.active_deadline_seconds, 7);
  EXPECT_EQ(pod.node_selector.at("a"), "b");
  EXPECT_TRUE(pod.init_containers[0].sidecar);
  EXPECT_EQ(pod.containers[0].termination_path, "/t");
  EXPECT_TRUE(pod.containers[0].log_is_message);
}

TEST(ReadPodSpec, FillsTheDefaultsOfTheApiServer) {
  const PodSpec pod = pod_with("{}");
  EXPECT_EQ(pod.restart_policy, RestartPolicy::Always);
  EXPECT_EQ(pod.grace_seconds, 30);
  EXPECT_EQ(pod.containers[0].termination_path, "/dev/termination-log");
}

TEST(ReadPodSpec, TakesNullForAbsent) {
  const PodSpec pod = pod_with(R"({"volumes":null,"nodeName":null,"activeDeadlineSeconds":null,
      "containers":[{"name":"c","env":null,"resources":null}]})");
  EXPECT_TRUE(pod.volumes.empty());
  EXPECT_EQ(pod.active_deadline_seconds, std::nullopt);
}

TEST(ReadPodSpec, NamesTheFieldThatCanNotBeRead) {
  const std::string meta = R"("metadata":{"name":"p","uid":"u"})";
  EXPECT_EQ(wrong("{" + meta + R"(,"spec":{"containers":{}}})"), "pod.spec.containers is not a list");
  EXPECT_EQ(wrong("{" + meta + R"(,"spec":{"containers":[{"command":"x"}]}})"),
            "pod.spec.containers[0].command is not a list");
  EXPECT_EQ(wrong("{" + meta + R"(,"spec":{"containers":[{"command":[7]}]}})"),
            "pod.spec.containers[0].command is not a list of strings");
  EXPECT_EQ(wrong("{" + meta + R"(,"spec":{"containers":[7]}})"), "pod.spec.containers[0] is not an object");
  EXPECT_EQ(wrong("{" + meta + R"(,"spec":{"containers":[{"resources":{"limits":{"cpu":"much"}}}]}})"),
            "pod.spec.containers[0].resources.limits.cpu is not a quantity");
  EXPECT_EQ(wrong("{" + meta + R"(,"spec":{}})"), "pod.spec.containers is empty");
  EXPECT_EQ(wrong(R"({"metadata":{},"spec":{"containers":[{}]}})"), "pod.metadata has no name or uid");
  EXPECT_EQ(wrong("[]"), "pod is not an object");
  EXPECT_EQ(wrong("null"), "pod.metadata has no name or uid");
}

TEST(RoomNeeded, IsThatOfAllContainersOrOfTheLargestInitContainer) {
  const PodSpec pod = pod_with(R"({
      "initContainers":[{"name":"i","resources":{"requests":{"cpu":"3","memory":"1Ki"}}}],
      "containers":[{"name":"a","resources":{"requests":{"cpu":"500m"},"limits":{"cpu":"4","memory":"2Ki"}}},
                    {"name":"b","resources":{"requests":{"cpu":1,"memory":1024}}}]})");
  EXPECT_EQ(room_needed(pod).cpu_millis, 3000);
  EXPECT_EQ(room_needed(pod).memory_bytes, 3072);
}

TEST(RoomNeeded, DoesNotOverflow) {
  const PodSpec pod = pod_with(R"({"containers":[{"name":"a","resources":{"requests":{"memory":"9Ei"}}},
                                                 {"name":"b","resources":{"requests":{"memory":"9Ei"}}}]})");
  EXPECT_EQ(room_needed(pod).memory_bytes, INT64_MAX);
}

}  // namespace
}  // namespace ork::embedded
