// What testdata/record.py recorded of kubectl and of Kubernetes' own types must become the same JSON.

#include "operator/embedded/protobuf/from_protobuf.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "operator/embedded/protobuf/test_messages.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

const Kinds& kinds() {
  static const std::shared_ptr<const Kinds> all = *Kinds::load();
  return *all;
}

const Json& recordings() {
  static const Json all = [] {
    std::ifstream file(ORK_PROTOBUF_TESTDATA "/bodies.json");
    return Json::parse(file);
  }();
  return all;
}

std::string error_of(std::string_view body) {
  auto object = from_protobuf(body, kinds());
  return object.ok() ? "no error: " + object->dump() : object.error();
}

class Recorded : public testing::TestWithParam<std::string> {};

TEST_P(Recorded, BodyIsTheJsonThatKubernetesHasOfIt) {
  const Json& recording = recordings().at(GetParam());
  auto object = from_protobuf(*kube::base64_decode(recording.at("body").get<std::string>()), kinds());
  ASSERT_TRUE(object.ok()) << object.error();
  EXPECT_EQ(*object, recording.at("object")) << Json::diff(recording.at("object"), *object).dump(1);
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& [name, recording] : recordings().items()) out.push_back(name);
  return out;
}

INSTANTIATE_TEST_SUITE_P(Bodies, Recorded, testing::ValuesIn(names()), [](const auto& test) { return test.param; });

TEST(FromProtobuf, EveryKindThatKubernetesHasInProtobufIsRecorded) {
  for (const auto& kind : kinds().all()) {
    if (kind->custom || kind->kind == "CustomResourceDefinition") continue;
    EXPECT_TRUE(std::any_of(recordings().begin(), recordings().end(),
                            [&](const Json& recording) {
                              return recording["object"]["kind"] == kind->kind &&
                                     recording["object"]["apiVersion"] == kind->group_version();
                            }))
        << kind->group_version() << " " << kind->kind;
  }
}

TEST(FromProtobuf, SaysWhatIsNoEnvelope) {
  const std::string magic("k8s\0", 4);
  EXPECT_EQ(error_of(""), "empty data");
  EXPECT_EQ(error_of("{}"), "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  EXPECT_EQ(error_of(magic), "empty body");
  EXPECT_EQ(error_of(magic + "\xff\xff"), "unexpected EOF");
  EXPECT_EQ(error_of(magic + number(1, 1)), "proto: wrong wireType = 0 for field TypeMeta");
  EXPECT_EQ(error_of(magic + number(2, 1)), "proto: wrong wireType = 0 for field Raw");
  EXPECT_EQ(error_of(magic + bytes(1, number(2, 1))), "proto: wrong wireType = 0 for field Kind");
}

TEST(FromProtobuf, WantsAKindThatIsInProtobuf) {
  EXPECT_EQ(error_of(enveloped("v1", "", "")), "Object 'Kind' is missing");
  EXPECT_EQ(error_of(enveloped("", "Pod", "")), "Object 'apiVersion' is missing");
  EXPECT_EQ(error_of(enveloped("v2", "Pod", "")), "no kind \"Pod\" is registered for version \"v2\"");
  EXPECT_EQ(error_of(enveloped("ork.dev/v1alpha1", "Workflow", "")),
            "no kind \"Workflow\" is registered for version \"ork.dev/v1alpha1\"");
  EXPECT_EQ(error_of(enveloped("apiextensions.k8s.io/v1", "CustomResourceDefinition", "")),
            "no kind \"CustomResourceDefinition\" is registered for version \"apiextensions.k8s.io/v1\"");
}

TEST(FromProtobuf, AnEnvelopeMaySayNothingOfItsTypeAndTheLastMessageCounts) {
  const std::string first = bytes(1, bytes(1, "one"));
  const std::string second = bytes(1, bytes(1, "two"));
  const std::string body = std::string("k8s\0", 4) + bytes(2, first) + bytes(2, second) + bytes(4, "text/plain");
  auto envelope = open_envelope(body);
  ASSERT_TRUE(envelope.ok());
  EXPECT_EQ(envelope->kind, "");
  EXPECT_EQ(envelope->api_version, "");
  EXPECT_EQ(envelope->message, second);
  envelope->kind = "Namespace";
  envelope->api_version = "v1";
  auto object = object_json(*envelope, kinds());
  ASSERT_TRUE(object.ok());
  EXPECT_EQ((*object)["metadata"]["name"], "two");
}

TEST(FromProtobuf, BrokenMessagesAreRefused) {
  const std::string metadata = bytes(1, bytes(1, "name"));
  EXPECT_EQ(error_of(enveloped("v1", "Namespace", number(1, 1))), "proto: wrong wireType = 0 for field metadata");
  EXPECT_EQ(error_of(enveloped("v1", "Namespace", bytes(1, number(1, 1)))), "proto: wrong wireType = 0 for field name");
  EXPECT_EQ(error_of(enveloped("v1", "Namespace", metadata.substr(0, metadata.size() - 1))), "unexpected EOF");
  EXPECT_EQ(error_of(enveloped("v1", "Namespace", std::string(11, '\xff'))), "proto: integer overflow");
}

}  // namespace
}  // namespace ork::embedded
