// Requests whose bodies are in protobuf, as kubectl's typed commands send them; answers as a real API server
// gave them.

#include <gtest/gtest.h>

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/api/test_api.hpp"
#include "operator/embedded/protobuf/test_messages.hpp"

namespace ork::embedded::testing {
namespace {

constexpr const char* protobuf = "application/vnd.kubernetes.protobuf";
constexpr const char* namespaces = "/api/v1/namespaces";

std::string named(const std::string& name) { return bytes(1, bytes(1, name)); }

Reply post(TestApi& api, const std::string& target, const std::string& body, const char* type = protobuf) {
  return api.send(kube::Method::Post, target, body, type, "application/vnd.kubernetes.protobuf,application/json");
}

std::string unrecognized(const std::string& why) {
  return "the object provided is unrecognized (must be of type Namespace): " + why;
}

TEST(ProtobufBodies, CreateAnObjectAndAreAnsweredInJson) {
  TestApi api;
  const Reply reply = post(api, namespaces, enveloped("v1", "Namespace", named("foo")));
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body["kind"], "Namespace");
  EXPECT_EQ(reply.body["apiVersion"], "v1");
  EXPECT_EQ(api.get("/api/v1/namespaces/foo").body["metadata"]["name"], "foo");
}

TEST(ProtobufBodies, MapsOfBytesAreBase64) {
  TestApi api;
  const std::string secret =
      named("s") + bytes(2, bytes(1, "key") + bytes(2, std::string("\0\xff", 2))) + bytes(3, "Opaque");
  const Reply reply = post(api, "/api/v1/namespaces/default/secrets", enveloped("v1", "Secret", secret));
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body["data"], (Json{{"key", "AP8="}}));
  EXPECT_EQ(reply.body["type"], "Opaque");
}

TEST(ProtobufBodies, UpdateAnObject) {
  TestApi api;
  const std::string target = "/api/v1/namespaces/default/configmaps";
  const auto with = [](const char* value) {
    return enveloped("v1", "ConfigMap", named("c") + bytes(2, bytes(1, "k") + bytes(2, value)));
  };
  EXPECT_EQ(post(api, target, with("1")).status, 201);
  const Reply reply = api.send(kube::Method::Put, target + "/c", with("2"), protobuf);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body["data"]["k"], "2");
}

TEST(ProtobufBodies, TakeTheirTypeFromTheUrlWhereTheySayNone) {
  TestApi api;
  EXPECT_EQ(post(api, namespaces, std::string("k8s\0", 4) + bytes(2, named("foo"))).status, 201);
}

TEST(ProtobufBodies, TheContentTypeMayHaveParametersAndAnyCase) {
  TestApi api;
  const std::string body = enveloped("v1", "Namespace", named("foo"));
  EXPECT_EQ(post(api, namespaces, body, "Application/vnd.kubernetes.protobuf ; charset=utf-8").status, 201);
}

TEST(ProtobufBodies, UnknownFieldsArePassedOverEvenWhereValidationIsStrict) {
  TestApi api;
  const std::string body = enveloped("v1", "Namespace", named("foo") + number(31, 5));
  EXPECT_EQ(post(api, std::string(namespaces) + "?fieldValidation=Strict", body).status, 201);
}

TEST(ProtobufBodies, WhatIsNoEnvelopeIsShownByItsBeginning) {
  TestApi api;
  const std::string prefix = "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
  const auto message = [&](const std::string& body) {
    const Reply reply = post(api, namespaces, body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.reason(), "BadRequest");
    return reply.message();
  };
  EXPECT_EQ(message(""), unrecognized("empty data (<empty>)"));
  EXPECT_EQ(message("{}"), unrecognized(prefix + " ({})"));
  EXPECT_EQ(message(R"({"kind":"Namespace","apiVersion":"v1"})"),
            unrecognized(prefix + R"( ({"kind":"Namespace","apiVersio ...))"));
  EXPECT_EQ(message(std::string("k8s\0", 4)), unrecognized("empty body (6b387300)"));
  EXPECT_EQ(message(std::string("k8s\0", 4) + "\xff\xff"), unrecognized("unexpected EOF (6b387300ffff)"));
  const std::string truncated = enveloped("v1", "Namespace", named("proto-x"));
  EXPECT_EQ(message(truncated.substr(0, truncated.size() - 3)),
            unrecognized("unexpected EOF (6b3873000a0f0a02763112094e616d657370616365120b0a090a0770726f ...)"));
}

TEST(ProtobufBodies, ABrokenMessageCannotBeHandled) {
  TestApi api;
  const auto message = [&](const std::string& body) {
    const Reply reply = post(api, namespaces, body);
    EXPECT_EQ(reply.status, 400);
    return reply.message();
  };
  EXPECT_EQ(message(enveloped("v1", "Namespace", named("foo").substr(0, 5))),
            "Namespace in version \"v1\" cannot be handled as a Namespace: unexpected EOF");
  EXPECT_EQ(message(enveloped("v1", "Nothing", named("foo"))),
            "Nothing in version \"v1\" cannot be handled as a Namespace: no kind \"Nothing\" is registered for "
            "version \"v1\"");
  EXPECT_TRUE(message(enveloped("v1", "Pod", named("foo")))
                  .starts_with("Pod in version \"v1\" cannot be handled as a Namespace: "));
}

TEST(ProtobufBodies, AreNotKnownForCustomKindsNorAreOtherTypes) {
  TestApi api;
  const Reply custom = post(api, "/apis/ork.dev/v1alpha1/namespaces/default/workflows",
                            enveloped("ork.dev/v1alpha1", "Workflow", named("w")));
  EXPECT_EQ(custom.status, 415);
  EXPECT_EQ(custom.message(),
            "the body of the request was in an unknown format - accepted media types include: application/json, "
            "application/yaml");
  const Reply other = post(api, namespaces, enveloped("v1", "Namespace", named("foo")), "application/protobuf");
  EXPECT_EQ(other.status, 415);
  EXPECT_EQ(other.message(),
            "the body of the request was in an unknown format - accepted media types include: application/json, "
            "application/yaml, application/vnd.kubernetes.protobuf");
}

TEST(ProtobufBodies, LargerThanAnyBodyMayBeAreRefusedUnread) {
  TestApi api;
  EXPECT_EQ(post(api, namespaces, std::string(limits::body_bytes + 1, '\xff')).status, 413);
}

TEST(ProtobufBodies, DeleteOptionsAreRead) {
  TestApi api;
  const std::string target = "/api/v1/namespaces/default/configmaps";
  EXPECT_EQ(post(api, target, enveloped("v1", "ConfigMap", named("c"))).status, 201);
  const auto remove = [&](const std::string& options) {
    return api.send(kube::Method::Delete, target + "/c", enveloped("v1", "DeleteOptions", options), protobuf);
  };
  EXPECT_EQ(remove(bytes(2, bytes(1, "another uid"))).status, 409);
  EXPECT_EQ(remove(bytes(4, "Sideways")).status, 422);
  EXPECT_EQ(remove(bytes(5, "All")).status, 200);
  EXPECT_EQ(api.get(target + "/c").status, 200) << "a dry run deletes nothing";
  EXPECT_EQ(remove(number(1, 0)).status, 200);
  EXPECT_EQ(api.get(target + "/c").status, 404);
}

TEST(ProtobufBodies, ABindingIsRead) {
  TestApi api;
  const std::string pods = "/api/v1/namespaces/default/pods";
  const std::string container = bytes(2, bytes(1, "c") + bytes(2, "busybox"));
  EXPECT_EQ(post(api, pods, enveloped("v1", "Pod", named("p") + bytes(2, container))).status, 201);
  const std::string binding = named("p") + bytes(2, bytes(1, "Node") + bytes(3, "n"));
  EXPECT_EQ(post(api, pods + "/p/binding", enveloped("v1", "Binding", binding)).status, 201);
  EXPECT_EQ(api.get(pods + "/p").body["spec"]["nodeName"], "n");
}

}  // namespace
}  // namespace ork::embedded::testing
