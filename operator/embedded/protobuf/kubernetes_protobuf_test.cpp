#include "operator/embedded/protobuf/kubernetes_protobuf.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/protobuf/limits.hpp"
#include "operator/embedded/protobuf/messages.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

// --- writing messages ------------------------------------------------------------------------

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  return out + static_cast<char>(value);
}
std::string number(std::uint32_t field, std::int64_t value) {
  return varint(field << 3U) + varint(static_cast<std::uint64_t>(value));
}
std::string bytes(std::uint32_t field, const std::string& value) {
  return varint(field << 3U | 2U) + varint(value.size()) + value;
}
std::string body(const std::string& version, const std::string& kind, const std::string& object) {
  return std::string("k8s\0", 4) + bytes(1, bytes(1, version) + bytes(2, kind)) + bytes(2, object);
}

Json read(const std::string& version, const std::string& kind, const std::string& object) {
  auto json = json_of_protobuf(body(version, kind, object));
  if (!json) return "error: " + json.error();
  json->erase("apiVersion");
  json->erase("kind");
  return *std::move(json);
}
// A ConfigMap whose metadata holds this.
Json metadata(const std::string& fields) { return read("v1", "ConfigMap", bytes(1, fields)); }
Json error(const std::string& what) { return "error: " + what; }

// --- the format ------------------------------------------------------------------------------

// The bodies are what kubectl 1.34 sent.
Json sent(const char* base64) {
  const auto bytes = kube::base64_decode(base64);
  if (!bytes) return "error: not base64";
  auto json = json_of_protobuf(*bytes);
  return json ? *std::move(json) : Json("error: " + json.error());
}

// kubectl create configmap settings --from-literal=mode=fast
TEST(KubernetesProtobuf, ReadsAConfigMapOfKubectl) {
  EXPECT_EQ(sent("azhzAAoPCgJ2MRIJQ29uZmlnTWFwEigKGAoIc2V0dGluZ3MSABoAIgAqADIAOABCABIMCgRtb2RlEgRmYXN0GgAiAA=="),
            Json::parse(R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
                            "data": {"mode": "fast"}})"));
}

// kubectl create job j --image=busybox -- true
TEST(KubernetesProtobuf, ReadsAJobOfKubectl) {
  EXPECT_EQ(
      sent("azhzAAoPCghiYXRjaC92MRIDSm9iEn4KEQoBahIAGgAiACoAMgA4AEIAEl8yXQoQCgASABoAIgAqADIAOABCABJJEiYKAWoSB2J1c3lib3"
           "gaBHRydWUqAEIAagByAIABAIgBAJABAKIBABoFTmV2ZXIyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBABoIIAAoADAAOgAaACIA"),
      Json::parse(R"({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "status": {},
                "spec": {"template": {"metadata": {}, "spec": {"restartPolicy": "Never",
                  "containers": [{"name": "j", "image": "busybox", "command": ["true"], "resources": {}}]}}}})"));
}

// kubectl auth can-i create pods
TEST(KubernetesProtobuf, ReadsAQuestionOfKubectl) {
  EXPECT_EQ(
      sent(
          "azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSPwoQCgASABoAIgAqADIAOABCABIhCh8K"
          "B2RlZmF1bHQSBmNyZWF0ZRoAIgAqBHBvZHMyADoAGggIABIAGgAgABoAIgA="),
      Json::parse(R"({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "metadata": {},
                "spec": {"resourceAttributes": {"namespace": "default", "verb": "create", "resource": "pods"}},
                "status": {}})"));
}

TEST(KubernetesProtobuf, IsAContentType) {
  EXPECT_TRUE(is_kubernetes_protobuf("application/vnd.kubernetes.protobuf"));
  EXPECT_TRUE(is_kubernetes_protobuf("application/vnd.kubernetes.protobuf; x=y"));
  EXPECT_FALSE(is_kubernetes_protobuf("application/json"));
  EXPECT_FALSE(is_kubernetes_protobuf("application/vnd.kubernetes.protobuf2"));
  EXPECT_FALSE(is_kubernetes_protobuf(""));
}

TEST(KubernetesProtobuf, ReadsMapsAndBytes) {
  EXPECT_EQ(read("v1", "Secret", bytes(2, bytes(1, "key") + bytes(2, std::string("\0\xff", 2))) + bytes(3, "Opaque")),
            Json::parse(R"({"data": {"key": "AP8="}, "type": "Opaque"})"));
  EXPECT_EQ(read("v1", "ConfigMap", bytes(2, bytes(1, "empty")) + bytes(2, bytes(2, "v") + bytes(1, "k"))),
            Json::parse(R"({"data": {"empty": "", "k": "v"}})"));
}

TEST(KubernetesProtobuf, ReadsListsOfMessages) {
  const std::string container = bytes(1, "a") + bytes(2, "busybox") + bytes(3, "sh") + bytes(3, "");
  EXPECT_EQ(read("v1", "Pod", bytes(2, bytes(2, container) + bytes(2, bytes(1, "b")))),
            Json::parse(R"({"spec": {"containers": [{"name": "a", "image": "busybox", "command": ["sh", ""]},
                                                    {"name": "b"}]}})"));
}

// What was never set is written as zero; behind a pointer, zero was set.
TEST(KubernetesProtobuf, LeavesOutZeroesThatAreNoPointers) {
  EXPECT_EQ(metadata(bytes(1, "") + bytes(2, "") + number(7, 0) + bytes(8, "")), Json::parse(R"({"metadata": {}})"));
  EXPECT_EQ(read("batch/v1", "Job", bytes(2, number(1, 0) + number(10, 0) + number(7, 0))),
            Json::parse(R"({"spec": {"parallelism": 0, "suspend": false, "backoffLimit": 0}})"));
}

TEST(KubernetesProtobuf, KeepsEmptyMessages) {
  const std::string volume = bytes(1, "tmp") + bytes(2, bytes(2, ""));
  EXPECT_EQ(read("v1", "Pod", bytes(2, bytes(1, volume)) + bytes(3, "")),
            Json::parse(R"({"spec": {"volumes": [{"name": "tmp", "emptyDir": {}}]}, "status": {}})"));
}

TEST(KubernetesProtobuf, ReadsTimes) {
  const std::string time = number(1, 1'795'256'311) + number(2, 123'456'789);
  EXPECT_EQ(metadata(bytes(8, time)), Json::parse(R"({"metadata": {"creationTimestamp": "2026-11-21T10:18:31Z"}})"));
  EXPECT_EQ(read("coordination.k8s.io/v1", "Lease", bytes(2, bytes(3, time))),
            Json::parse(R"({"spec": {"acquireTime": "2026-11-21T10:18:31.123456Z"}})"));
  EXPECT_EQ(metadata(bytes(9, "")), Json::parse(R"({"metadata": {}})"));
  EXPECT_EQ(metadata(bytes(8, number(1, -1))),
            Json::parse(R"({"metadata": {"creationTimestamp": "1969-12-31T23:59:59Z"}})"));
  EXPECT_EQ(metadata(bytes(8, number(1, INT64_MAX))), error("a time is outside the years 0 to 9999"));
  EXPECT_EQ(metadata(bytes(8, number(1, 5) + number(2, -1))), error("a time is outside the years 0 to 9999"));
}

TEST(KubernetesProtobuf, ReadsQuantitiesPortsAndNumbers) {
  const std::string limits = bytes(8, bytes(1, bytes(1, "cpu") + bytes(2, bytes(1, "500m"))));
  const auto probe = [](const std::string& port) { return bytes(10, bytes(1, bytes(2, bytes(2, port)))); };
  const auto container = [&](const std::string& port) {
    return read("v1", "Pod", bytes(2, bytes(2, limits + probe(port))))["spec"]["containers"][0];
  };
  EXPECT_EQ(container(number(1, 0) + number(2, 80)), Json::parse(R"({"resources": {"limits": {"cpu": "500m"}},
      "livenessProbe": {"httpGet": {"port": 80}}})"));
  EXPECT_EQ(container(number(1, 1) + bytes(3, "http"))["livenessProbe"]["httpGet"]["port"], "http");
  EXPECT_EQ(read("v1", "Event", number(8, -3)), Json::parse(R"({"count": -3})"));
}

TEST(KubernetesProtobuf, ReadsJsonThatIsCarriedAsItIs) {
  const auto data = [](const std::string& raw) {
    return read("apps/v1", "ControllerRevision", bytes(2, bytes(1, raw)) + number(3, 7));
  };
  EXPECT_EQ(data(R"({"spec":{"tasks":[]}})"), Json::parse(R"({"data": {"spec": {"tasks": []}}, "revision": 7})"));
  EXPECT_EQ(data(""), Json::parse(R"({"revision": 7})"));
  EXPECT_EQ(data("{"), error("a JSON value within the protobuf message is none"));
  EXPECT_EQ(data(std::string(protobuf_limits::json_depth, '[') + std::string(protobuf_limits::json_depth, ']')).size(),
            2u);
  EXPECT_EQ(data(std::string(100'000, '[')), error("a JSON value within the protobuf message is nested too deeply"));
  EXPECT_EQ(data(R"(["\"[[[", "\\"])")["data"], Json::parse(R"(["\"[[[", "\\"])"));
}

TEST(KubernetesProtobuf, ReadsTheOptionsOfADelete) {
  EXPECT_EQ(read("batch/v1", "DeleteOptions", number(1, 0) + bytes(2, bytes(1, "u")) + bytes(4, "Background")),
            Json::parse(R"({"gracePeriodSeconds": 0, "preconditions": {"uid": "u"},
                            "propagationPolicy": "Background"})"));
}

TEST(KubernetesProtobuf, ReadsReviews) {
  const std::string attributes = bytes(1, "default") + bytes(2, "create") + bytes(5, "pods");
  EXPECT_EQ(read("authorization.k8s.io/v1", "SelfSubjectAccessReview", bytes(2, bytes(1, attributes))),
            Json::parse(R"({"spec": {"resourceAttributes": {"namespace": "default", "verb": "create",
                                                            "resource": "pods"}}})"));
}

TEST(KubernetesProtobuf, PassesOverFieldsItDoesNotKnow) {
  EXPECT_EQ(metadata(bytes(1, "a") + number(99, 5) + bytes(98, "x") + varint(97U << 3U | 1U) + std::string(8, 'x') +
                     varint(96U << 3U | 5U) + std::string(4, 'x')),
            Json::parse(R"({"metadata": {"name": "a"}})"));
}

TEST(KubernetesProtobuf, SaysWhatItCanNotRead) {
  EXPECT_EQ(json_of_protobuf("{}").error(), "the body is no protobuf of Kubernetes: it must begin with k8s");
  EXPECT_EQ(json_of_protobuf("").error(), "the body is no protobuf of Kubernetes: it must begin with k8s");
  EXPECT_EQ(read("apps/v1", "Deployment", ""),
            error("no kind Deployment of version apps/v1 is read as protobuf here; send it as JSON"));
  EXPECT_EQ(read("v2", "Pod", ""), error("no kind Pod of version v2 is read as protobuf here; send it as JSON"));
  EXPECT_EQ(read("v1", "\xff", ""), error("its kind is not UTF-8"));
  EXPECT_EQ(metadata(number(1, 5)), error("proto: the field name has a wrong wire type"));
  EXPECT_EQ(metadata(bytes(7, "x")), error("proto: the field generation has a wrong wire type"));
  EXPECT_EQ(read("v1", "ConfigMap", number(2, 5)), error("proto: the field data has a wrong wire type"));
  EXPECT_EQ(metadata(bytes(1, "\xc0\x80")), error("a text in the protobuf message is not UTF-8"));
  EXPECT_EQ(read("v1", "ConfigMap", bytes(2, bytes(1, "\xed\xa0\x80"))),
            error("a text in the protobuf message is not UTF-8"));
}

TEST(KubernetesProtobuf, SaysThatABodyIsCutOffWhereverItIs) {
  const std::string whole =
      body("v1", "ConfigMap", bytes(1, bytes(1, "settings")) + bytes(2, bytes(1, "k") + bytes(2, "v")));
  ASSERT_TRUE(json_of_protobuf(whole));
  std::size_t refused = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) refused += json_of_protobuf(whole.substr(0, size)) ? 0 : 1;
  EXPECT_EQ(refused, whole.size() - 1);  // behind its kind, an object without fields is whole as well
  EXPECT_EQ(metadata(std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11)),
            error("the protobuf message is cut off"));
  EXPECT_EQ(metadata(std::string("\x0b", 1)), error("the protobuf message is cut off"));  // a group
  EXPECT_EQ(metadata(std::string(1, '\0')), error("the protobuf message is cut off"));    // field 0
}

// Every byte of a message changed in every way must be read or refused, and nothing else.
TEST(KubernetesProtobuf, BearsDamagedMessages) {
  const std::string pod =
      bytes(1, bytes(1, "p") + bytes(8, number(1, 5))) +
      bytes(2, bytes(1, bytes(1, "v") + bytes(2, bytes(2, ""))) + bytes(2, bytes(1, "c") + bytes(2, "i")));
  const std::string whole = body("v1", "Pod", pod);
  std::size_t read = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      const auto json = json_of_protobuf(damaged);
      if (json) read += json->dump().empty() ? 0 : 1;
    }
  }
  EXPECT_GT(read, whole.size());  // at least where nothing was changed
}

TEST(WireMessages, AreReadFromTheTableThatIsCompiledIn) {
  const auto parsed = WireMessages::parse(wire_message_table);
  ASSERT_TRUE(parsed) << parsed.error();
  for (const char* kind : {"Binding", "ConfigMap", "Event", "Namespace", "Pod", "Secret"}) {
    EXPECT_NE(parsed->find("v1", kind), nullptr) << kind;
  }
  const WireMessage* pod = parsed->find("v1", "Pod");
  EXPECT_EQ(pod->fields.at(2).json, "spec");
  EXPECT_EQ(pod->fields.at(2).message->fields.at(2).json, "containers");
  EXPECT_EQ(pod->fields.at(2).message->fields.at(2).shape, WireShape::List);
}

TEST(WireMessages, SayWhichLineIsNone) {
  EXPECT_EQ(WireMessages::parse("1 a one string").error(), "the line 1 a one string is no field");
  EXPECT_EQ(WireMessages::parse("message m\n0 a one string").error(), "the line 0 a one string is no field");
  EXPECT_EQ(WireMessages::parse("message m\n1 a none string").error(), "the line 1 a none string is no field");
  EXPECT_TRUE(WireMessages::parse(""));
}

}  // namespace
}  // namespace ork::embedded
