#include "operator/embedded/table/documents.hpp"

#include <algorithm>
#include <functional>

#include "operator/embedded/table/table_fixture.hpp"

namespace ork::embedded {
namespace {

using testing::kinds;

constexpr const char* kubectl_accepts =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

Json document(std::string_view path, std::string_view accept = "application/json") {
  const auto found = document_at(path, accept, kinds());
  return found ? Json::parse(found->body) : Json("nothing");
}

// The item of a list with this value.
Json item(const Json& list, const char* field, const char* value) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Json& each) { return each[field] == value; });
  return found == list.end() ? Json("nothing") : *found;
}

// Word for word what kube-apiserver 1.34 answers, here and below.
TEST(Discovery, TellsTheVersionsOfTheCoreGroup) {
  EXPECT_EQ(document("/api"),
            Json::parse(R"({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})"));
}

TEST(Discovery, RanksGroupsAsKubernetesDoesAndOursLast) {
  const Json list = document("/apis");
  EXPECT_EQ(list["kind"], "APIGroupList");
  EXPECT_EQ(list["apiVersion"], "v1");
  std::vector<std::string> names;
  for (const Json& group : list["groups"]) names.push_back(group["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
                                             "batch", "apiextensions.k8s.io", "coordination.k8s.io", "ork.dev"}));
  EXPECT_EQ(list["groups"][0], Json::parse(R"({"name": "apps", "versions": [{"groupVersion": "apps/v1",
      "version": "v1"}], "preferredVersion": {"groupVersion": "apps/v1", "version": "v1"}})"));
}

TEST(Discovery, TellsOneGroup) {
  const Json batch = Json::parse(R"({"kind": "APIGroup", "apiVersion": "v1", "name": "batch",
      "versions": [{"groupVersion": "batch/v1", "version": "v1"}],
      "preferredVersion": {"groupVersion": "batch/v1", "version": "v1"}})");
  EXPECT_EQ(document("/apis/batch"), batch);
  EXPECT_EQ(document("/apis/batch/"), batch);
}

TEST(Discovery, TellsTheResourcesOfAGroup) {
  EXPECT_EQ(document("/apis/batch/v1"), Json::parse(R"({"kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": "batch/v1", "resources": [
        {"name": "jobs", "singularName": "job", "namespaced": true, "kind": "Job",
         "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
         "categories": ["all"], "storageVersionHash": "mudhfqk/qZY="},
        {"name": "jobs/status", "singularName": "", "namespaced": true, "kind": "Job",
         "verbs": ["get", "patch", "update"]}]})"));
  EXPECT_EQ(document("/apis/ork.dev/v1alpha1"), Json::parse(R"({"kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": "ork.dev/v1alpha1", "resources": [
        {"name": "workflows", "singularName": "workflow", "namespaced": true, "kind": "Workflow",
         "verbs": ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
         "shortNames": ["owf"], "categories": ["ork"], "storageVersionHash": "FuOyfMvpPjo="},
        {"name": "workflows/status", "singularName": "", "namespaced": true, "kind": "Workflow",
         "verbs": ["get", "patch", "update"]},
        {"name": "workflowruns", "singularName": "workflowrun", "namespaced": true, "kind": "WorkflowRun",
         "verbs": ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
         "shortNames": ["wfr"], "categories": ["ork"], "storageVersionHash": "EkU/1HJaqLQ="},
        {"name": "workflowruns/status", "singularName": "", "namespaced": true, "kind": "WorkflowRun",
         "verbs": ["get", "patch", "update"]}]})"));
}

TEST(Discovery, TellsTheSubresourcesOfPodsAndNamespaces) {
  const Json core = document("/api/v1");
  EXPECT_FALSE(core.contains("apiVersion"));
  std::vector<std::string> names;
  for (const Json& resource : core["resources"]) names.push_back(resource["name"]);
  EXPECT_EQ(names,
            (std::vector<std::string>{"configmaps", "events", "namespaces", "namespaces/finalize", "namespaces/status",
                                      "pods", "pods/binding", "pods/log", "pods/status", "secrets"}));
  EXPECT_EQ(item(core["resources"], "name", "pods/binding"), Json::parse(R"({"name": "pods/binding",
      "singularName": "", "namespaced": true, "kind": "Binding", "verbs": ["create"]})"));
  EXPECT_EQ(item(core["resources"], "name", "pods/log"), Json::parse(R"({"name": "pods/log", "singularName": "",
      "namespaced": true, "kind": "Pod", "verbs": ["get"]})"));
  EXPECT_EQ(item(core["resources"], "name", "namespaces/finalize"), Json::parse(R"({"name": "namespaces/finalize",
      "singularName": "", "namespaced": false, "kind": "Namespace", "verbs": ["update"]})"));
}

TEST(Discovery, TellsWhereEachKindIsStored) {
  const auto hash = [](const char* path, const char* name) {
    return item(document(path)["resources"], "name", name)["storageVersionHash"];
  };
  EXPECT_EQ(hash("/api/v1", "pods"), "xPOwRZ+Yhw8=");
  EXPECT_EQ(hash("/api/v1", "events"), "r2yiGXH7wu8=");
  EXPECT_EQ(hash("/apis/events.k8s.io/v1", "events"), "r2yiGXH7wu8=");
  EXPECT_EQ(hash("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions"), "jfWCUB31mvA=");
  EXPECT_EQ(hash("/apis/coordination.k8s.io/v1", "leases"), "gqkMMb/YqFM=");
}

TEST(Discovery, OfReviewsSaysThatTheyCanOnlyBeCreated) {
  EXPECT_EQ(document("/apis/authorization.k8s.io/v1")["resources"][0],
            Json::parse(R"({"name": "selfsubjectaccessreviews", "singularName": "selfsubjectaccessreview",
                            "namespaced": false, "kind": "SelfSubjectAccessReview", "verbs": ["create"]})"));
}

TEST(AggregatedDiscovery, IsAnsweredToWhoAsksForIt) {
  const auto answer = document_at("/apis", kubectl_accepts, kinds());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->content_type, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  const auto type = [](const char* accept) { return document_at("/apis", accept, kinds())->content_type; };
  EXPECT_EQ(type(" application/json ; as=APIGroupDiscoveryList; v=v2; g=apidiscovery.k8s.io"), answer->content_type);
  EXPECT_EQ(type("application/json,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"),
            "application/json");
  EXPECT_EQ(type("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"), "application/json");
  EXPECT_EQ(type(""), "application/json");
  EXPECT_EQ(type("*/*"), "application/json");
}

TEST(AggregatedDiscovery, TellsTheCoreGroupWithItsSubresources) {
  const Json list = document("/api", kubectl_accepts);
  EXPECT_EQ(list["kind"], "APIGroupDiscoveryList");
  EXPECT_EQ(list["apiVersion"], "apidiscovery.k8s.io/v2");
  EXPECT_EQ(list["metadata"], Json::object());
  ASSERT_EQ(list["items"].size(), 1u);
  EXPECT_EQ(list["items"][0]["metadata"], Json::object());
  const Json& version = list["items"][0]["versions"][0];
  EXPECT_EQ(version["version"], "v1");
  EXPECT_EQ(version["freshness"], "Current");
  EXPECT_EQ(item(version["resources"], "resource", "pods"), Json::parse(R"({"resource": "pods",
      "responseKind": {"group": "", "version": "", "kind": "Pod"}, "scope": "Namespaced", "singularResource": "pod",
      "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      "shortNames": ["po"], "categories": ["all"], "subresources": [
        {"subresource": "binding", "responseKind": {"group": "", "version": "", "kind": "Binding"}, "verbs": ["create"]},
        {"subresource": "log", "responseKind": {"group": "", "version": "", "kind": "Pod"}, "verbs": ["get"]},
        {"subresource": "status", "responseKind": {"group": "", "version": "", "kind": "Pod"},
         "verbs": ["get", "patch", "update"]}]})"));
  EXPECT_EQ(item(version["resources"], "resource", "namespaces")["scope"], "Cluster");
}

TEST(AggregatedDiscovery, TellsOurKindsWithGroupAndVersion) {
  const Json list = document("/apis", kubectl_accepts);
  const Json& ours = list["items"].back();
  EXPECT_EQ(ours["metadata"], Json::parse(R"({"name": "ork.dev"})"));
  EXPECT_EQ(ours["versions"][0]["resources"][0], Json::parse(R"({"resource": "workflowruns",
      "responseKind": {"group": "ork.dev", "version": "v1alpha1", "kind": "WorkflowRun"}, "scope": "Namespaced",
      "singularResource": "workflowrun",
      "verbs": ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
      "shortNames": ["wfr"], "categories": ["ork"], "subresources": [{"subresource": "status",
        "responseKind": {"group": "ork.dev", "version": "v1alpha1", "kind": "WorkflowRun"},
        "verbs": ["get", "patch", "update"]}]})"));
}

TEST(Documents, AreNotAtOtherPaths) {
  for (const char* path : {"/apis/none", "/apis/batch/v2", "/api/v2", "/apis/batch/v1/jobs", "/apix", "/api//",
                           "/apis//", "/openapi/v3/", "/openapi/v3/apis/none/v1", "/openapi/v3/api", "/metrics", ""}) {
    EXPECT_EQ(document(path), "nothing") << path;
  }
}

TEST(Documents, OfOpenApi2AreEmpty) {
  EXPECT_EQ(document("/openapi/v2")["paths"], Json::object());
  const auto kinds = *Kinds::load();
  const auto answered =
      document_at("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf", *kinds);
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->body, "") << "a message in which nothing is set";
}

TEST(Documents, TellTheVersionOfTheServer) {
  const Json version = document("/version");
  EXPECT_EQ(version["major"], "1");
  EXPECT_EQ(version["minor"], "34");
  EXPECT_EQ(version["gitVersion"], "v1.34.4+ork");
}

TEST(Documents, TellThePathsOfTheRoot) {
  const Json paths = document("/")["paths"];
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
  for (const Json& path : paths) {
    const std::string text = path.get<std::string>();
    const bool health = text.ends_with("z");  // answered elsewhere
    EXPECT_EQ(document_at(text, "", kinds()).has_value(), !health) << text;
  }
}

TEST(OpenApi, SaysWhereEachDocumentIs) {
  const Json paths = document("/openapi/v3")["paths"];
  std::vector<std::string> names;
  for (const auto& [name, entry] : paths.items()) {
    names.push_back(name);
    const std::string url = entry["serverRelativeURL"];
    EXPECT_TRUE(url.starts_with("/openapi/v3/" + name + "?hash=")) << url;
    EXPECT_EQ(url.size() - url.find('=') - 1, 128u) << url;
    EXPECT_EQ(document("/openapi/v3/" + name)["openapi"], "3.0.0") << name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"api/v1", "apis/apiextensions.k8s.io/v1", "apis/apps/v1", "apis/batch/v1",
                                             "apis/coordination.k8s.io/v1", "apis/events.k8s.io/v1",
                                             "apis/ork.dev/v1alpha1"}));
  EXPECT_EQ(document("/openapi/v3")["paths"], paths);
  EXPECT_NE(paths["api/v1"], paths["apis/apps/v1"]);
}

TEST(OpenApi, HoldsEverySchemaThatItRefersTo) {
  const Json paths = document("/openapi/v3")["paths"];
  for (const auto& [name, entry] : paths.items()) {
    const Json openapi = document("/openapi/v3/" + name);
    const Json& schemas = openapi["components"]["schemas"];
    std::size_t references = 0;
    const std::function<void(const Json&)> check = [&](const Json& node) {
      if (node.is_object() && node.contains("$ref") && node["$ref"].is_string()) {
        const std::string target = node["$ref"];
        ++references;
        EXPECT_TRUE(schemas.contains(target.substr(std::string("#/components/schemas/").size()))) << target;
      }
      if (node.is_structured()) {
        for (const Json& inner : node) check(inner);
      }
    };
    check(openapi);
    EXPECT_GT(references, 20u) << name;
  }
}

// kubectl explain finds a kind by the paths of its resource, client-side validation by PATCH.
TEST(OpenApi, TellsKindAndActionOfEachOperation) {
  const Json paths = document("/openapi/v3/apis/ork.dev/v1alpha1")["paths"];
  std::vector<std::string> names;
  for (const auto& [path, _] : paths.items()) names.push_back(path);
  const std::string base = "/apis/ork.dev/v1alpha1/namespaces/{namespace}/";
  EXPECT_EQ(names, (std::vector<std::string>{
                       base + "workflowruns", base + "workflowruns/{name}", base + "workflowruns/{name}/status",
                       base + "workflows", base + "workflows/{name}", base + "workflows/{name}/status",
                       "/apis/ork.dev/v1alpha1/workflowruns", "/apis/ork.dev/v1alpha1/workflows"}));
  std::vector<std::string> actions;
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) {
      if (method == "parameters") continue;
      EXPECT_EQ(operation["x-kubernetes-group-version-kind"]["group"], "ork.dev");
      if (path.find("workflowruns") == std::string::npos) continue;
      actions.push_back(method + " " + operation["x-kubernetes-action"].get<std::string>() + " " +
                        operation["operationId"].get<std::string>());
    }
  }
  // The ids are kube-apiserver's.
  EXPECT_EQ(
      actions,
      (std::vector<std::string>{
          "delete deletecollection deleteOrkDevV1alpha1CollectionNamespacedWorkflowRun",
          "get list listOrkDevV1alpha1NamespacedWorkflowRun", "post post createOrkDevV1alpha1NamespacedWorkflowRun",
          "delete delete deleteOrkDevV1alpha1NamespacedWorkflowRun", "get get readOrkDevV1alpha1NamespacedWorkflowRun",
          "patch patch patchOrkDevV1alpha1NamespacedWorkflowRun", "put put replaceOrkDevV1alpha1NamespacedWorkflowRun",
          "get get readOrkDevV1alpha1NamespacedWorkflowRunStatus",
          "patch patch patchOrkDevV1alpha1NamespacedWorkflowRunStatus",
          "put put replaceOrkDevV1alpha1NamespacedWorkflowRunStatus",
          "get list listOrkDevV1alpha1WorkflowRunForAllNamespaces"}));
}

TEST(OpenApi, SaysThatPatchesTakeFieldValidation) {
  for (const auto& kind : kinds().all()) {
    if (std::find(kind->verbs.begin(), kind->verbs.end(), "patch") == kind->verbs.end()) continue;
    const std::string root = kind->group.empty() ? "/api/v1" : "/apis/" + kind->group_version();
    const std::string path = root + (kind->namespaced ? "/namespaces/{namespace}/" : "/") + kind->plural + "/{name}";
    const Json patch = document("/openapi/v3" + root)["paths"][path]["patch"];
    EXPECT_EQ(item(patch["parameters"], "name", "fieldValidation")["in"], "query") << path;
    EXPECT_EQ(item(patch["parameters"], "name", "dryRun")["in"], "query") << path;
    EXPECT_EQ(patch["requestBody"]["content"].contains("application/strategic-merge-patch+json"), !kind->custom);
  }
}

TEST(OpenApi, HasOnlyTheOperationsThatTheVerbsAllow) {
  const Json paths = document("/openapi/v3/apis/apiextensions.k8s.io/v1")["paths"];
  ASSERT_EQ(paths.size(), 2u);
  const std::string base = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  EXPECT_EQ(paths[base].size(), 2u);  // get, parameters
  EXPECT_EQ(paths[base + "/{name}"].size(), 2u);
}

TEST(OpenApi, NamesSchemasByTheirKind) {
  const Json schemas = document("/openapi/v3/apis/ork.dev/v1alpha1")["components"]["schemas"];
  EXPECT_EQ(schemas["dev.ork.v1alpha1.Workflow"]["x-kubernetes-group-version-kind"],
            Json::parse(R"([{"group": "ork.dev", "version": "v1alpha1", "kind": "Workflow"}])"));
  EXPECT_EQ(schemas["dev.ork.v1alpha1.WorkflowList"]["x-kubernetes-group-version-kind"],
            Json::parse(R"([{"group": "ork.dev", "version": "v1alpha1", "kind": "WorkflowList"}])"));
  EXPECT_EQ(schemas["dev.ork.v1alpha1.WorkflowList"]["properties"]["items"],
            Json::parse(R"({"type": "array", "items": {"$ref": "#/components/schemas/dev.ork.v1alpha1.Workflow"}})"));
}

TEST(OpenApi, SaysWhichFieldsOfACustomKindCanBeSelectedBy) {
  const Json schemas = document("/openapi/v3/apis/ork.dev/v1alpha1")["components"]["schemas"];
  const Json fields = Json::parse(R"([{"fieldPath": "status.phase"}, {"fieldPath": "status.workflow"}])");
  EXPECT_EQ(schemas["dev.ork.v1alpha1.WorkflowRun"]["x-kubernetes-selectable-fields"], fields);
  EXPECT_EQ(schemas["dev.ork.v1alpha1.WorkflowRunList"]["x-kubernetes-selectable-fields"], fields);
  EXPECT_FALSE(schemas["dev.ork.v1alpha1.Workflow"].contains("x-kubernetes-selectable-fields"));
}

TEST(AccessReview, AllowsEverything) {
  const Json body = Json::parse(R"({"spec": {"resourceAttributes": {"verb": "create", "resource": "pods"}}})");
  EXPECT_EQ(access_review("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews?x=y", body),
            Json::parse(R"({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {},
                "spec": {"resourceAttributes": {"verb": "create", "resource": "pods"}}, "status": {"allowed": true}})"));
  const auto rules = access_review("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", Json());
  ASSERT_TRUE(rules);
  EXPECT_EQ((*rules)["status"], Json::parse(R"({"resourceRules": [{"verbs": ["*"], "apiGroups": ["*"],
      "resources": ["*"]}], "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}], "incomplete": false})"));
}

TEST(AccessReview, SaysWhoIsAsking) {
  const auto review = access_review("/apis/authentication.k8s.io/v1/selfsubjectreviews", Json());
  ASSERT_TRUE(review);
  EXPECT_EQ((*review)["status"]["userInfo"],
            Json::parse(R"({"username": "ork-dev", "groups": ["system:masters", "system:authenticated"]})"));
}

TEST(AccessReview, IsNothingElse) {
  EXPECT_FALSE(access_review("/apis/authorization.k8s.io/v1/subjectaccessreviews", Json()));
  EXPECT_FALSE(access_review("/apis/authorization.k8s.io/v1", Json()));
}

}  // namespace
}  // namespace ork::embedded
