#include <gtest/gtest.h>

#include "controllers/api/hostile_json.hpp"
#include "operator/embedded/kinds/base64.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/kinds/place.hpp"

namespace ork::embedded {
namespace {

using Texts = std::vector<std::string>;

const Kinds& kinds() {
  static const std::shared_ptr<const Kinds> loaded = *Kinds::load();
  return *loaded;
}

const Kind& kind_of(const Json& object) {
  return *kinds().find_kind(object["apiVersion"].get<std::string>(), object["kind"].get<std::string>());
}

TEST(Decode, NamesUnknownFieldsWithTheirPlaces) {
  Json job = Json::parse(R"({"apiVersion": "batch/v1", "kind": "Job", "foo": 1, "metadata": {"nme": "a"}, "spec": {
    "Parallelism": 1, "template": {"spec": {"containers": [{"name": "c"}, {"imge": "x"}]}}}})");
  auto unknown = kind_of(job).decode(job);
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ(*unknown, (Texts{"foo", "metadata.nme", "spec.Parallelism", "spec.template.spec.containers[1].imge"}));
  EXPECT_FALSE(job.contains("foo"));
}

TEST(Decode, NamesUnknownMetadataOfACustomKindFirst) {
  Json workflow = Json::parse(R"({"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "aa": 1,
    "metadata": {"name": "a", "zz": 1}, "spec": {"tasks": [{"name": "t", "imge": "x"}]}})");
  auto unknown = kind_of(workflow).decode(workflow);
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ(*unknown, (Texts{"metadata.zz", "aa", "spec.tasks[0].imge"}));
}

TEST(Decode, LeavesWhatIsNoObjectToItsCaller) {
  for (const auto& kind : kinds().all()) {
    for (Json value : {Json(), Json(1), Json("x"), Json::array({1})}) {
      Json before = value;
      EXPECT_TRUE(kind->decode(value).ok());
      EXPECT_EQ(value, before);
    }
  }
}

TEST(Decode, DoesTheSameTwice) {
  Json pod = Json::parse(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [
    {"name": "c", "image": "x", "ports": [{"containerPort": 1}], "resources": {"limits": {"cpu": "0.5"}}}]}})");
  ASSERT_TRUE(kind_of(pod).decode(pod).ok());
  Json once = pod;
  ASSERT_TRUE(kind_of(pod).decode(pod).ok());
  EXPECT_EQ(pod, once);
}

TEST(Base64, RoundsTheBytesOfASecret) {
  for (std::string bytes :
       {std::string(), std::string("a"), std::string("ab"), std::string("abc"), std::string("\0\xff\x10\x80", 4)}) {
    std::string text = base64_of(bytes);
    EXPECT_EQ(bytes_of(text), bytes);
    EXPECT_EQ(base64_bytes(text), bytes.size());
    EXPECT_EQ(read_base64(text).text, text);
  }
  EXPECT_EQ(base64_of("ab"), "YWI=");
  for (const char* text : {"=", "Y", "YQ=", "YQ=a", "YQ==YQ==", "Y===", "YQ==="}) {
    EXPECT_TRUE(read_base64(text).wrong_at.has_value()) << text;
  }
}

// One object of each kind with much in it.
const std::vector<Json>& full_objects() {
  static const std::vector<Json> objects = {
      Json::parse(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n", "uid": "u",
        "labels": {"a": "b"}, "ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "y"}],
        "finalizers": ["a/b"], "managedFields": [{"manager": "m", "operation": "Apply", "fieldsV1": {"f:a": {}}}]},
        "spec": {"hostNetwork": true, "nodeSelector": {"a": "b"}, "tolerations": [{"key": "a", "tolerationSeconds": 5}],
        "securityContext": {"runAsUser": 1, "supplementalGroups": [1]}, "schedulingGates": [{"name": "g"}],
        "initContainers": [{"name": "i", "image": "x", "restartPolicy": "Always"}],
        "containers": [{"name": "c", "image": "x", "command": ["a"], "ports": [{"containerPort": 1, "name": "p"}],
          "env": [{"name": "a", "value": "b"}, {"name": "f", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                  {"name": "r", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}}}],
          "envFrom": [{"configMapRef": {"name": "m"}}], "resources": {"limits": {"cpu": 1}, "requests": {"cpu": 1}},
          "volumeMounts": [{"name": "v", "mountPath": "/x", "subPath": "y"}],
          "livenessProbe": {"httpGet": {"port": 1, "httpHeaders": [{"name": "a", "value": "b"}]}},
          "lifecycle": {"preStop": {"exec": {"command": ["x"]}}, "stopSignal": "SIGTERM"}}],
        "volumes": [{"name": "v", "projected": {"sources": [{"secret": {"name": "s", "items": [{"key": "k", "path": "p"}]}},
          {"downwardAPI": {"items": [{"path": "q", "fieldRef": {"fieldPath": "metadata.labels"}}]}}]}},
          {"name": "w", "hostPath": {"path": "/x"}}]},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
          "containerStatuses": [{"name": "c", "state": {"terminated": {"exitCode": 1}}}]}})"),
      Json::parse(R"({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a", "namespace": "n", "uid": "u"},
        "spec": {"completions": 3, "parallelism": 2, "completionMode": "Indexed", "backoffLimitPerIndex": 1, "suspend": true,
          "selector": {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
          "podFailurePolicy": {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "X", "status": "True"}]},
            {"action": "Count", "onExitCodes": {"operator": "In", "values": [1, 2], "containerName": "c"}}]},
          "successPolicy": {"rules": [{"succeededIndexes": "0-1", "succeededCount": 1}]},
          "template": {"metadata": {"labels": {"a": "b"}, "annotations": {"a": "b"}}, "spec": {"restartPolicy": "Never",
            "affinity": {"nodeAffinity": {}}, "containers": [{"name": "c", "image": "x"}]}}},
        "status": {"active": 1, "ready": 1, "completedIndexes": "0-1", "failedIndexes": "2", "startTime": "2026-01-01T00:00:00Z",
          "conditions": [{"type": "Complete", "status": "True"}], "uncountedTerminatedPods": {"succeeded": ["x"]}}})"),
      Json::parse(
          R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": "n"}, "immutable": true,
        "type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "e30="}, "stringData": {"b": "c"}})"),
      Json::parse(
          R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "n"}, "immutable": true,
        "data": {"a": "b"}, "binaryData": {"c": "YQ=="}})"),
      Json::parse(R"({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}, "spec": {"finalizers": ["x"]},
        "status": {"phase": "Active"}})"),
      Json::parse(
          R"({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "a", "namespace": "n"},
        "spec": {"renewTime": "2026-01-01T00:00:00.000000Z", "leaseDurationSeconds": 5, "leaseTransitions": 1}})"),
      Json::parse(
          R"({"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": {"name": "a", "namespace": "n"},
        "revision": 1, "data": {"a": [1]}})"),
      Json::parse(R"({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "a", "namespace": "n"},
        "involvedObject": {"kind": "Pod", "namespace": "n"}, "eventTime": "2026-01-01T00:00:00.000000Z", "series": {"count": 2},
        "source": {"component": "x"}, "count": 1, "firstTimestamp": "2026-01-01T00:00:00Z", "reportingComponent": "a/b"})"),
      Json::parse(R"({"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "a", "namespace": "n"},
        "regarding": {"kind": "Pod", "namespace": "n"}, "eventTime": "2026-01-01T00:00:00.000000Z", "series": {"count": 2},
        "deprecatedSource": {"component": "x"}, "deprecatedCount": 1, "reportingController": "a/b", "note": "n"})"),
      Json::parse(
          R"({"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": "a", "namespace": "n"},
        "spec": {"params": {"a": [1]}, "cancel": true, "workflow": {"params": [{"name": "p", "enum": [1]}],
          "defaults": {"timeout": "5m", "retry": {"limit": 1, "backoff": {"initial": "1s", "max": "5s"}}},
          "tasks": [{"name": "t", "image": "x", "script": "y", "timeout": "1m", "inputs": {"a": "b"}, "dependsOn": ["u"],
            "env": [{"name": "e", "value": "v"}], "resources": {"limits": {"cpu": 1}}, "podTemplate": {"spec": {}}}]}},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "tasks": [{"name": "t"}]}})"),
  };
  return objects;
}

// All of it, as for a request: whatever it says, it must come back.
void take_in(const Json& sent, const Json& stored) {
  const Kind& kind = kind_of(stored);
  Json object = sent;
  if (!kind.decode(object).ok() || !object.is_object() || !object["metadata"].is_object()) return;
  Json copy = object;
  if (kind.prepare != nullptr) kind.prepare(copy, nullptr);
  kind.problems(copy, nullptr);
  if (kind.prepare != nullptr) kind.prepare(object, &stored);
  kind.problems(object, &stored);
  kind.problems(object, &stored, Part::Status);
  if (kind.to_stored != nullptr) {
    kind.to_stored(object);
    kind.from_stored(object);
  }
}

TEST(Decode, NothingThatIsSentIsTooOdd) {
  for (const Json& full : full_objects()) {
    Json stored = full;
    ASSERT_TRUE(kind_of(full).decode(stored).ok()) << full["kind"];
    take_in(full, stored);
    for (const auto& at : api::pointers_of(full)) {
      for (const Json& odd : api::odd_values()) {
        Json sent = full;
        sent[at] = odd;
        take_in(sent, stored);
      }
      Json without = full;
      if (at.parent_pointer().empty() || full[at.parent_pointer()].is_object()) {
        without[at.parent_pointer()].erase(at.back());
        take_in(without, stored);
      }
    }
  }
}

// What is stored may be older than the code: the checks must stand any old object too.
TEST(Decode, NothingThatIsStoredIsTooOdd) {
  for (const Json& full : full_objects()) {
    Json object = full;
    const Kind& kind = kind_of(full);
    ASSERT_TRUE(kind.decode(object).ok());
    for (const auto& at : api::pointers_of(full)) {
      for (const Json& odd : api::odd_values()) {
        Json old = full;
        old[at] = odd;
        kind.problems(object, &old);
        kind.problems(object, &old, Part::Status);
      }
    }
  }
}

}  // namespace
}  // namespace ork::embedded
