#include "operator/embedded/node/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/node/test_pods.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using testing::pod_with;

const NodeFacts node{.name = "local", .ip = "127.0.0.1", .cpu_millis = 4000, .memory_bytes = 1 << 30};

PodSpec pod_with_env(const std::string& env, const std::string& more = "") {
  return pod_with(R"({"serviceAccountName":"sa","containers":[{"name":"main","env":)" + env + more + "}]}",
                  R"({"labels":{"a":"1","b":"two"},"annotations":{"k/x":"v"}})");
}

Variables variables(const PodSpec& pod, const Sources& sources = {}, Variables base = {}) {
  const auto out = container_variables(pod, pod.containers[0], sources, node, std::move(base));
  EXPECT_TRUE(out.ok()) << (out ? "" : out.error());
  return out ? *out : Variables{};
}

std::string wrong(const PodSpec& pod, const Sources& sources = {}) {
  const auto out = container_variables(pod, pod.containers[0], sources, node, {});
  return out ? "" : out.error();
}

TEST(ContainerVariables, StandInTheOrderOfTheirDeclarationEachOnce) {
  EXPECT_THAT(
      variables(pod_with_env(R"([{"name":"B","value":"1"},{"name":"A","value":"2"},{"name":"B","value":"3"}])")),
      ElementsAre(Pair("B", "3"), Pair("A", "2")));
}

TEST(ContainerVariables, ReferToThoseBefore) {
  EXPECT_THAT(variables(pod_with_env(
                  R"j([{"name":"B","value":"$(A)"},{"name":"A","value":"1"},{"name":"C","value":"$(A)$$(A)"}])j")),
              ElementsAre(Pair("B", "$(A)"), Pair("A", "1"), Pair("C", "1$(A)")));
}

TEST(ContainerVariables, DoNotReferToThoseOfTheMachineButReplaceThem) {
  EXPECT_THAT(variables(pod_with_env(R"j([{"name":"A","value":"$(PATH)"},{"name":"HOME","value":"/x"}])j"), {},
                        {{"PATH", "/bin"}, {"HOME", "/root"}}),
              ElementsAre(Pair("PATH", "/bin"), Pair("A", "$(PATH)"), Pair("HOME", "/x")));
}

TEST(ContainerVariables, KnowTheirPod) {
  struct Case {
    std::string path;
    std::string value;
  };
  for (const auto& [path, value] : {
           Case{"metadata.name", "p"},
           Case{"metadata.namespace", "n"},
           Case{"metadata.uid", "u"},
           Case{"metadata.labels['a']", "1"},
           Case{"metadata.labels['none']", ""},
           Case{"metadata.annotations['k/x']", "v"},
           Case{"metadata.labels", "a=\"1\"\nb=\"two\""},
           Case{"spec.nodeName", "local"},
           Case{"spec.serviceAccountName", "sa"},
           Case{"status.podIP", "127.0.0.1"},
           Case{"status.hostIP", "127.0.0.1"},
       }) {
    nlohmann::json env = nlohmann::json::array({{{"name", "A"}, {"valueFrom", {{"fieldRef", {{"fieldPath", path}}}}}}});
    EXPECT_THAT(variables(pod_with_env(env.dump())), ElementsAre(Pair("A", value))) << path;
  }
  EXPECT_EQ(wrong(pod_with_env(R"([{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"spec.x"}}}])")),
            "unsupported fieldPath: spec.x");
}

TEST(ContainerVariables, KnowTheirResources) {
  struct Case {
    std::string reference;
    std::string value;
  };
  for (const auto& [reference, value] : {
           Case{R"({"resource":"limits.cpu"})", "2"},  // 1500m, rounded up
           Case{R"({"resource":"limits.cpu","divisor":"1m"})", "1500"},
           Case{R"({"resource":"limits.memory","divisor":"1Mi"})", "64"},
           Case{R"({"resource":"limits.memory","divisor":"0"})", "67108864"},
           Case{R"({"resource":"requests.cpu"})", "0"}, Case{R"({"resource":"requests.memory"})", "1"},
           Case{R"({"resource":"limits.cpu","containerName":"other"})", "4"},  // the machine's
       }) {
    const PodSpec pod = pod_with(
        R"({"containers":[{"name":"main","resources":{"limits":{"cpu":"1500m","memory":"64Mi"},"requests":{"memory":1}},
            "env":[{"name":"A","valueFrom":{"resourceFieldRef":)" +
        reference + R"(}}]},{"name":"other"}]})");
    EXPECT_THAT(variables(pod), ElementsAre(Pair("A", value))) << reference;
  }
}

TEST(ContainerVariables, ComeFromConfigMapsAndSecrets) {
  const PodSpec pod = pod_with_env(
      R"([{"name":"A","valueFrom":{"configMapKeyRef":{"name":"c","key":"x"}}},
          {"name":"B","valueFrom":{"secretKeyRef":{"name":"s","key":"y"}}},
          {"name":"C","valueFrom":{"secretKeyRef":{"name":"gone","key":"y","optional":true}}},
          {"name":"D","valueFrom":{"configMapKeyRef":{"name":"c","key":"gone","optional":true}}}])",
      R"(,"envFrom":[{"prefix":"P_","configMapRef":{"name":"c"}},{"secretRef":{"name":"gone","optional":true}}])");
  EXPECT_EQ(sources_of(pod), (std::vector<SourceRef>{{false, "c"}, {true, "gone"}, {true, "s"}}));
  const Sources sources = {{{false, "c"}, SourceData{{"x", "1"}, {"z", "3"}}},
                           {{true, "s"}, SourceData{{"y", "2"}}},
                           {{true, "gone"}, std::nullopt}};
  EXPECT_THAT(variables(pod, sources), ElementsAre(Pair("P_x", "1"), Pair("P_z", "3"), Pair("A", "1"), Pair("B", "2")));
}

// The kubelet's own sentences.
TEST(ContainerVariables, SayWhatIsMissing) {
  const std::string missing_map = R"([{"name":"A","valueFrom":{"configMapKeyRef":{"name":"nope","key":"k"}}}])";
  EXPECT_EQ(wrong(pod_with_env(missing_map)), "configmap \"nope\" not found");
  EXPECT_EQ(wrong(pod_with_env(missing_map), {{{false, "nope"}, SourceData{}}}),
            "couldn't find key k in ConfigMap n/nope");
  EXPECT_EQ(wrong(pod_with_env("[]", R"(,"envFrom":[{"secretRef":{"name":"s"}}])")), "secret \"s\" not found");
}

TEST(ReadSource, DecodesSecretsAndBinaryDataAndLeavesOutWhatIsNeither) {
  EXPECT_EQ(read_source(nlohmann::json::parse(R"({"data":{"a":"text"},"binaryData":{"b":"AAE="}})"), false),
            (SourceData{{"a", "text"}, {"b", std::string("\0\1", 2)}}));
  EXPECT_EQ(read_source(nlohmann::json::parse(R"({"data":{"a":"aHVudGVyMg==","b":"!","c":7}})"), true),
            (SourceData{{"a", "hunter2"}}));
  EXPECT_EQ(read_source(nlohmann::json::parse(R"({"data":[]})"), true), SourceData{});
  EXPECT_EQ(read_source(nlohmann::json(), true), SourceData{});
}

}  // namespace
}  // namespace ork::embedded
