// Answers that differ from what one would guess: each was read off a real kube-apiserver.

#include <gmock/gmock.h>

#include "operator/embedded/api/test_api.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using testing::Reply;

const std::string maps = "/api/v1/namespaces/default/configmaps";
const std::string leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const std::string jobs = "/apis/batch/v1/namespaces/default/jobs";
const std::string workflows = "/apis/ork.dev/v1alpha1/namespaces/default/workflows";

Json map_named(const std::string& name) { return {{"metadata", {{"name", name}}}}; }

Json workflow_named(const std::string& name) {
  return {{"apiVersion", "ork.dev/v1alpha1"},
          {"kind", "Workflow"},
          {"metadata", {{"name", name}}},
          {"spec", {{"tasks", Json::array({{{"name", "a"}, {"image", "x"}}})}}}};
}

class Answers : public ::testing::Test {
 protected:
  Reply in_method(const std::string& method, const std::string& target) {
    Call call{kube::Method::Get, target, "", "", "", "test/1.0", method};
    Reply reply;
    api.server->serve(std::move(call), [&](Answer answer) {
      reply = {answer.status, Json::parse(answer.body, nullptr, false), answer.body, answer.headers};
    });
    api.loop.run_until_idle();
    return reply;
  }
  Reply with_accept(const std::string& target, const std::string& accept) {
    return api.send(kube::Method::Get, target, "", "", accept);
  }
  testing::TestApi api;
};

TEST_F(Answers, ToOptionsThatMakeNoSenseNameAllOfThem) {
  const Reply refused = api.send(kube::Method::Post, maps + "?dryRun=&fieldValidation=Odd", "{}");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(),
            R"(CreateOptions.meta.k8s.io "" is invalid: [dryRun: Unsupported value: [""]: supported values: "All", )"
            R"(fieldValidation: Unsupported value: "Odd": supported values: "", "Ignore", "Strict", "Warn"])");
}

TEST_F(Answers, ToAPatchThatForcesSayItIsForApply) {
  api.post(maps, map_named("a"));
  const Reply refused = api.merge(maps + "/a?force=true", Json::object());
  EXPECT_EQ(refused.message(),
            R"(PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch)");
}

TEST_F(Answers, ToListsCheckTheirOptionsTogether) {
  const Reply refused = api.get(maps + "?resourceVersionMatch=Odd");
  EXPECT_EQ(refused.message(),
            R"(ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is )"
            R"(forbidden unless resourceVersion is provided, resourceVersionMatch: Unsupported value: "Odd": )"
            R"(supported values: "Exact", "NotOlderThan", ""])");
}

TEST_F(Answers, ToMethodsThatNoResourceHas) {
  for (const char* method : {"HEAD", "OPTIONS", "BREW"}) {
    EXPECT_EQ(in_method(method, maps + "/a").status, 405) << method;
  }
  EXPECT_EQ(in_method("HEAD", workflows + "/a").status, 404);
  EXPECT_EQ(in_method("BREW", workflows + "/a").message(),
            R"( is not supported on resources of kind "workflows.ork.dev")");
  EXPECT_EQ(api.send(kube::Method::Delete, workflows + "/a/status").message(),
            R"(delete is not supported on resources of kind "workflows.ork.dev")");
  EXPECT_EQ(api.put(workflows, workflow_named("a")).message(), "name must be provided");
  EXPECT_EQ(api.put(maps, map_named("a")).status, 405);
  EXPECT_EQ(in_method("HEAD", "/version").status, 200);
}

TEST_F(Answers, ToShapesThatAreNotServed) {
  api.post(maps, map_named("a"));
  EXPECT_EQ(with_accept(maps, "text/html").message(),
            "406: Not Acceptable\n\nAvailable representations: application/json");
  EXPECT_EQ(with_accept(workflows, "text/html").message(),
            "only the following media types are accepted: application/json");
  EXPECT_EQ(with_accept(maps, "application/json;as=Table;v=v1").status, 406) << "a group is wanted";
  EXPECT_EQ(with_accept(maps, "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io").message(),
            "you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)");
  EXPECT_EQ(with_accept(maps + "/a", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io").message(),
            "you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)");
}

TEST_F(Answers, OfEmptyListsByKindAndShape) {
  EXPECT_EQ(api.get(maps).body["items"], Json::array());
  EXPECT_FALSE(api.get(maps).body["metadata"].contains("continue"));
  EXPECT_EQ(api.get(workflows).body["metadata"]["continue"], "");
  const auto metadata = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  EXPECT_EQ(with_accept(maps, metadata).body["items"], nullptr);
}

TEST_F(Answers, ToAPutNameTheObjectFirst) {
  EXPECT_EQ(api.put(maps + "/b", Json::object()).message(),
            "the name of the object (b based on URL) was undeterminable: name must be provided");
  Json map = map_named("b");
  map["metadata"]["uid"] = "u";
  EXPECT_EQ(api.put(maps + "/b", map).status, 404) << "what is not there has no uid to differ from";
}

TEST_F(Answers, OfACreatingPutKnowNoVersionButAUid) {
  Json lease = {{"metadata", {{"name", "l"}, {"resourceVersion", "12"}}}};
  EXPECT_EQ(api.post(leases, lease).message(), "resourceVersion should not be set on objects to be created");
  EXPECT_EQ(api.put(leases + "/l", lease).status, 201);
  Json other = {{"metadata", {{"name", "m"}, {"uid", "u"}}}};
  EXPECT_EQ(
      api.put(leases + "/m", other).message(),
      R"(Operation cannot be fulfilled on leases.coordination.k8s.io "m": StorageError: invalid object, Code: 4, )"
      "Key: /registry/leases/default/m, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in "
      "precondition: u, UID in object meta: ");
}

TEST_F(Answers, TellWarningsWithRefusalsToo) {
  Json map = map_named("Bad_Name");
  map["foo"] = 1;
  const Reply refused = api.post(maps, map);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.headers, ElementsAre(Pair("Warning", R"(299 - "unknown field \"foo\"")")));
}

TEST_F(Answers, TellOfFieldsThatAreThereTwice) {
  const std::string body = R"({"metadata":{"name":"a","labels":{"k":"1","k":"2"}},"data":{"x":"[:]"}})";
  const Reply created = api.send(kube::Method::Post, maps, body);
  EXPECT_EQ(created.body["metadata"]["labels"]["k"], "2");
  EXPECT_THAT(created.headers, ElementsAre(Pair("Warning", R"(299 - "duplicate field \"metadata.labels.k\"")")));
  EXPECT_EQ(api.send(kube::Method::Post, maps + "?fieldValidation=Strict", body).message(),
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate field "
            "\"metadata.labels.k\"");
}

TEST_F(Answers, ToABodyOfAnotherKind) {
  EXPECT_EQ(api.post(maps, {{"kind", "Pod"}, {"apiVersion", "v1"}}).message(),
            "Pod in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown "
            "conversion");
  EXPECT_EQ(api.post(maps, {{"kind", "Other"}, {"apiVersion", "v1"}}).message(),
            "Other in version \"v1\" cannot be handled as a ConfigMap: no kind \"Other\" is registered for version "
            "\"v1\" in scheme \"pkg/runtime/scheme.go:110\"");
  EXPECT_EQ(api.post(workflows, {{"kind", "Workflow"}}).message(),
            "the API version in the data () does not match the expected API version (ork.dev/v1alpha1)");
  EXPECT_EQ(api.post(workflows, Json::object()).message(),
            "the object provided is unrecognized (must be of type Workflow): Object 'Kind' is missing in '{}' ({})");
}

TEST_F(Answers, ToABodyOfYaml) {
  const Reply created =
      api.send(kube::Method::Post, maps, "metadata:\n  name: a\ndata: {x: 'yes'}\n", "application/yaml");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body["data"]["x"], "yes");
  EXPECT_EQ(api.send(kube::Method::Post, maps, "a: b: c", "application/yaml").status, 400);
}

TEST_F(Answers, OfDeletionsTakeTheQueryOnlyWithoutABody) {
  api.post(maps, map_named("a"));
  EXPECT_EQ(api.remove(maps + "/a?dryRun=Odd", R"({"dryRun":["All"]})").status, 200);
  EXPECT_EQ(api.remove(maps + "/a?dryRun=Odd").status, 422);
  EXPECT_EQ(api.remove(maps + "/a", R"({"gracePeriodSeconds":"x"})").message(),
            "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64");
  EXPECT_EQ(api.remove(maps + "/a", R"({"kind":"Pod","apiVersion":"v1"})").status, 500);
  EXPECT_EQ(api.remove(maps + "/a", R"({"orphanDependents":true,"propagationPolicy":"Orphan"})").message(),
            "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: \"Orphan\": orphanDependents "
            "and deletionPropagation cannot be both set");
}

TEST_F(Answers, OfAJobsDeletionWarnOfPodsThatStay) {
  EXPECT_THAT(api.remove(jobs + "/none").headers,
              ElementsAre(Pair("Warning", ::testing::StartsWith("299 - \"child pods"))));
  EXPECT_THAT(api.remove(jobs + "/none?propagationPolicy=Orphan").headers, ElementsAre());
}

TEST_F(Answers, ToAPatchThatLeavesNoObjectOfTheKind) {
  api.post(maps, map_named("a"));
  const Reply refused = api.merge(maps + "/a", {{"kind", "Secret"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.message(), ::testing::EndsWith("converting (v1.Secret) to (core.ConfigMap): unknown conversion"));
  EXPECT_THAT(refused.message(), ::testing::StartsWith(" \"\" is invalid: patch: Invalid value: \"{"));
}

TEST_F(Answers, KeepTheTimeOfCreationWhateverIsSent) {
  const Json created = api.post(maps, map_named("a")).body;
  const Reply patched = api.merge(maps + "/a", {{"metadata", {{"creationTimestamp", "2001-01-01T00:00:00Z"}}}});
  EXPECT_EQ(patched.status, 200);
  EXPECT_EQ(patched.body, created);
}

TEST_F(Answers, WarnOfAFinalizerWithoutADomain) {
  const auto warning_of = [](const std::string& name) {
    return Pair("Warning", R"(299 - "metadata.finalizers: \")" + name +
                               R"(\": prefer a domain-qualified finalizer name to avoid accidental conflicts )"
                               R"(with other finalizer writers")");
  };
  Json workflow = workflow_named("w");
  workflow["metadata"]["finalizers"] = {"word", "kubernetes", "foregroundDeletion", "a.b/c", "another"};
  EXPECT_THAT(api.post(workflows, workflow).headers, ElementsAre(warning_of("another"), warning_of("word")));
  workflow["metadata"]["finalizers"].push_back("third");
  EXPECT_THAT(api.merge(workflows + "/w", workflow).headers, ElementsAre(warning_of("third")));
}

TEST_F(Answers, ToABodyWithoutAKindSayWhatItIsWhereFieldsAreLookedAt) {
  for (const std::string& target : {workflows, workflows + "/w"}) {
    const auto method = target == workflows ? kube::Method::Post : kube::Method::Put;
    EXPECT_EQ(api.send(method, target, "null").message(),
              "the object provided is unrecognized (must be of type Workflow): Object 'Kind' is missing in 'null' "
              "(6e756c6c)");
    EXPECT_EQ(api.send(method, target + "?fieldValidation=Ignore", "null").message(),
              "Workflow in version \"v1alpha1\" cannot be handled as a Workflow: Object 'Kind' is missing in 'null'");
  }
}

TEST_F(Answers, NameOddFieldsOfABuiltInKindAsTheyAreWritten) {
  const std::string body =
      R"({"z":1,"metadata":{"z":1,"a":1,"name":"m","name":"n"},"data":{"k":"1","k":"2"},"z1":{},"a":[{"a":1}]})";
  EXPECT_EQ(api.send(kube::Method::Post, maps + "?fieldValidation=Strict", body).message(),
            R"(ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "z", )"
            R"(unknown field "metadata.z", unknown field "metadata.a", duplicate field "metadata.name", )"
            R"(duplicate field "data.k", unknown field "z1", unknown field "a")");
}

TEST_F(Answers, ToAPatchThatIsNotReadBeforeItIsApplied) {
  api.post(maps, map_named("a"));
  const auto message = [&](const std::string& type, const std::string& query, const std::string& body) {
    return api.send(kube::Method::Patch, maps + "/a" + query, body, "application/" + type + "+json").message();
  };
  const std::string ignore = "?fieldValidation=Ignore";
  EXPECT_EQ(message("merge-patch", "", "5"),
            "error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}");
  EXPECT_EQ(message("merge-patch", ignore, "5"), "Invalid JSON Patch");
  EXPECT_EQ(message("merge-patch", ignore, "{"), "Invalid JSON Patch");
  EXPECT_EQ(message("merge-patch", ignore, "null"), "Invalid JSON Patch");
  EXPECT_THAT(message("merge-patch", ignore, "[]"),
              ::testing::StartsWith(R"( "" is invalid: patch: Invalid value: "[]": couldn't get version/kind; )"));
  EXPECT_EQ(message("json-patch", "", "{"), "error decoding patch: the body is not JSON");
  EXPECT_EQ(message("json-patch", ignore, "{"), "the body is not JSON");
}

TEST_F(Answers, ToAPatchThatLeavesAKindOrVersionThatCantBeRead) {
  api.post(maps, map_named("a"));
  api.post(workflows, workflow_named("w"));
  for (const std::string& target : {maps + "/a", workflows + "/w"}) {
    const Reply refused = api.merge(target, {{"apiVersion", "a/b/c"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.message(), ::testing::EndsWith(": unexpected GroupVersion string: a/b/c"));
    EXPECT_THAT(api.merge(target, {{"kind", 5}}).message(),
                ::testing::EndsWith(": couldn't get version/kind; json parse error: json: cannot unmarshal number "
                                    "into Go struct field .kind of type string"));
  }
}

TEST_F(Answers, ToAnApplyRefuseItsNullsWhereOtherWritesDropThem) {
  Json workflow = workflow_named("w");
  workflow["spec"]["tasks"][0]["script"] = nullptr;
  EXPECT_EQ(api.post(workflows, workflow).status, 201);
  const Reply refused = api.send(kube::Method::Patch, workflows + "/x?fieldManager=m",
                                 R"({"apiVersion":"ork.dev/v1alpha1","kind":"Workflow","metadata":{"name":"x"},)"
                                 R"("spec":{"tasks":[{"name":"a","image":"i","script":null}]}})",
                                 "application/apply-patch+yaml");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body["details"]["causes"][0],
            Json({{"reason", "FieldValueTypeInvalid"},
                  {"message", "Invalid value: \"null\": spec.tasks[0].script in body must be of type string: \"null\""},
                  {"field", "spec.tasks[0].script"}}));
}

TEST_F(Answers, OfANamespaceWhoseDependentsMustNotBeOrphans) {
  for (const auto& [orphan, finalizer] : {std::pair{"true", "orphan"}, std::pair{"false", "foregroundDeletion"}}) {
    const std::string name = std::string("orphans-") + orphan;
    api.post("/api/v1/namespaces", map_named(name));
    const Reply deleted =
        api.remove("/api/v1/namespaces/" + name, std::string(R"({"orphanDependents":)") + orphan + "}");
    EXPECT_EQ(deleted.body["metadata"]["finalizers"], Json({finalizer}));
  }
}

TEST_F(Answers, NameANumberThatIsGoneAsZero) {
  const Json about = {{"kind", "Pod"}, {"namespace", "default"}, {"name", "a"}};
  api.post("/api/v1/namespaces/default/events",
           {{"metadata", {{"name", "e"}}}, {"involvedObject", about}, {"count", 2}, {"type", "Normal"}});
  const Reply refused = api.put("/apis/events.k8s.io/v1/namespaces/default/events/e",
                                {{"metadata", {{"name", "e"}}}, {"regarding", about}, {"type", "Normal"}});
  EXPECT_THAT(refused.message(), ::testing::HasSubstr("count: Invalid value: 0: field is immutable"));
}

TEST_F(Answers, OfAPodsStatusLeaveItsOwnersAlone) {
  const std::string pods = "/api/v1/namespaces/default/pods";
  const Json owner = {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", "m"}, {"uid", "u"}};
  const Json containers = Json::array({{{"name", "c"}, {"image", "i"}}});
  api.post(pods, {{"metadata", {{"name", "p"}, {"ownerReferences", {owner}}}}, {"spec", {{"containers", containers}}}});
  const Reply patched =
      api.merge(pods + "/p/status", {{"metadata", {{"ownerReferences", nullptr}}}, {"status", {{"phase", "Running"}}}});
  EXPECT_EQ(patched.body["status"]["phase"], "Running");
  EXPECT_EQ(patched.body["metadata"]["ownerReferences"], Json::array({owner}));
}

TEST_F(Answers, TellOfFieldsThatAreTwiceInAPatch) {
  api.post(maps, map_named("a"));
  const std::string body = R"({"metadata":{"labels":{"k":"1","k":"2"}},"z":1})";
  const auto message = [&](const std::string& type) {
    return api.send(kube::Method::Patch, maps + "/a?fieldValidation=Strict", body, type).message();
  };
  const std::string told = R"(: strict decoding error: duplicate field "metadata.labels.k", unknown field "z")";
  EXPECT_THAT(message("application/merge-patch+json"), ::testing::EndsWith(told));
  EXPECT_THAT(message("application/strategic-merge-patch+json"), ::testing::EndsWith(told));
  const Reply operations =
      api.send(kube::Method::Patch, maps + "/a", R"([{"op":"test","op":"add","path":"/metadata/labels","value":{}}])",
               "application/json-patch+json");
  EXPECT_EQ(operations.status, 200);
  EXPECT_THAT(operations.headers, ElementsAre(Pair("Warning", R"(299 - "json patch duplicate field \"[0].op\"")")));
}

TEST_F(Answers, ToABodyOfAnotherKindReadItAsThatFirst) {
  Json secret = map_named("s");
  secret.update({{"kind", "Secret"}, {"apiVersion", "v1"}, {"data", {{"a", "1"}}}});
  EXPECT_EQ(api.post(maps, secret).message(),
            "Secret in version \"v1\" cannot be handled as a ConfigMap: illegal base64 data at input byte 0");
  api.post(maps, {{"metadata", {{"name", "a"}}}, {"data", {{"a", "1"}}}});
  EXPECT_THAT(api.merge(maps + "/a", {{"kind", "Secret"}}).message(),
              ::testing::EndsWith(": illegal base64 data at input byte 0"));
}

TEST_F(Answers, ToACustomObjectOfAnotherKindTellOfItsMetadataOnly) {
  Json list = workflow_named("w");
  list["kind"] = "List";
  list["metadata"]["z"] = list["spec"]["z"] = 1;
  const Reply refused = api.post(workflows, list);
  EXPECT_EQ(refused.message(), "List.ork.dev \"w\" is invalid: kind: Invalid value: \"List\": must be Workflow");
  EXPECT_THAT(refused.headers, ElementsAre(Pair("Warning", R"(299 - "unknown field \"metadata.z\"")")));
  EXPECT_EQ(api.post(workflows + "?fieldValidation=Strict", list).message(),
            "List in version \"v1alpha1\" cannot be handled as a List: strict decoding error: unknown field "
            "\"metadata.z\"");
}

TEST_F(Answers, FindTheKindWhateverTheCaseOfItsField) {
  EXPECT_EQ(api.remove(maps + "/none", R"({"KIND":"Pod","apiversion":"v1"})").message(),
            "no kind \"Pod\" is registered for version \"v1\" in scheme \"pkg/runtime/scheme.go:110\"");
  EXPECT_EQ(api.send(kube::Method::Post, workflows, R"({"Kind":"Workflow"})").message(),
            "the object provided is unrecognized (must be of type Workflow): Object 'Kind' is missing in "
            "'{\"Kind\":\"Workflow\"}' ({\"Kind\":\"Workflow\"})");
}

TEST_F(Answers, OfTheFirstWriteToACustomObjectHaveANewVersion) {
  const Json created = api.post(workflows, workflow_named("w")).body;
  const Json first = api.put(workflows + "/w", created).body;
  EXPECT_NE(first["metadata"]["resourceVersion"], created["metadata"]["resourceVersion"]);
  EXPECT_EQ(api.put(workflows + "/w", first).body, first) << "from then on one that changes nothing is none";
}

}  // namespace
}  // namespace ork::embedded
