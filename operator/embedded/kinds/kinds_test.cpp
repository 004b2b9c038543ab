#include <gtest/gtest.h>

#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

const Kinds& kinds() {
  static const std::shared_ptr<const Kinds> loaded = [] {
    auto kinds = Kinds::load();
    EXPECT_TRUE(kinds.ok()) << (kinds.ok() ? "" : kinds.error());
    return *kinds;
  }();
  return *loaded;
}

TEST(Kinds, ServesTheBuiltInKindsAndOurs) {
  std::vector<std::string> names;
  for (const auto& kind : kinds().all()) names.push_back(kind->group_version() + " " + kind->plural);
  EXPECT_EQ(names, (std::vector<std::string>{"v1 namespaces", "v1 pods", "v1 configmaps", "v1 secrets", "v1 events",
                                             "events.k8s.io/v1 events", "apps/v1 controllerrevisions", "batch/v1 jobs",
                                             "coordination.k8s.io/v1 leases",
                                             "apiextensions.k8s.io/v1 customresourcedefinitions",
                                             "ork.dev/v1alpha1 workflows", "ork.dev/v1alpha1 workflowruns"}));
}

TEST(Kinds, FindsAKindByItsPluralAndByItsName) {
  const Kind* job = kinds().find("batch", "v1", "jobs");
  ASSERT_NE(job, nullptr);
  EXPECT_EQ(job->kind, "Job");
  EXPECT_EQ(kinds().find_kind("batch/v1", "Job"), job);
  EXPECT_EQ(kinds().find_kind("v1", "Event")->definition, "io.k8s.api.core.v1.Event");
  EXPECT_EQ(kinds().find("batch", "v2", "jobs"), nullptr);
  EXPECT_EQ(kinds().find("", "v1", "services"), nullptr);
  EXPECT_EQ(kinds().find_kind("batch/v1", "CronJob"), nullptr);
}

TEST(Kinds, EventsOfBothGroupsAreTheSameObjects) {
  EXPECT_EQ(kinds().find("events.k8s.io", "v1", "events")->stored_as, kinds().find("", "v1", "events"));
}

TEST(Kinds, AKindOfACrdHasItsNamesColumnsAndFields) {
  const Kind& run = *kinds().find("ork.dev", "v1alpha1", "workflowruns");
  EXPECT_TRUE(run.custom && run.namespaced && run.has_status && run.has_generation);
  EXPECT_EQ(run.singular, "workflowrun");
  EXPECT_EQ(run.list_kind, "WorkflowRunList");
  EXPECT_EQ(run.short_names, std::vector<std::string>{"wfr"});
  EXPECT_EQ(run.categories, std::vector<std::string>{"ork"});
  EXPECT_EQ(run.selectable_fields, (std::vector<std::string>{"status.phase", "status.workflow"}));
  EXPECT_EQ(run.definition, "dev.ork.v1alpha1.WorkflowRun");
  std::vector<std::string> columns;
  for (const PrinterColumn& column : run.columns) {
    columns.push_back(column.name + " " + column.type + " " + column.json_path + " " + std::to_string(column.priority));
  }
  EXPECT_EQ(columns[0], "Workflow string .status.workflow 0");
  EXPECT_EQ(columns[2], "Reason string .status.conditions[?(@.type==\"Succeeded\")].reason 0");
  EXPECT_EQ(columns[6], "Message string .status.message 1");
}

TEST(Kinds, KeepWhatServerSideApplyAndPatchesNeed) {
  const SchemaNode& spec = *kinds().find("", "v1", "pods")->schema->root().property("spec");
  const SchemaNode& containers = *spec.property("containers");
  EXPECT_EQ(containers.list_type, ListType::Map);
  EXPECT_EQ(containers.list_map_keys, std::vector<std::string>{"name"});
  EXPECT_EQ(containers.patch_merge_key, "name");
  const SchemaNode& ports = *containers.items->property("ports");
  EXPECT_EQ(ports.list_map_keys, (std::vector<std::string>{"containerPort", "protocol"}));
  EXPECT_EQ(ports.items->property("protocol")->default_value, Json("TCP"));
  EXPECT_EQ(spec.property("volumes")->patch_strategy, (std::vector<std::string>{"merge", "retainKeys"}));
  EXPECT_EQ(spec.property("nodeSelector")->map_type, MapType::Atomic);
}

TEST(Kinds, CustomKindsHaveTheMetadataOfAllObjects) {
  const SchemaNode& metadata = *kinds().find("ork.dev", "v1alpha1", "workflows")->schema->root().property("metadata");
  EXPECT_EQ(metadata.property("finalizers")->list_type, ListType::Set);
  EXPECT_EQ(metadata.property("ownerReferences")->list_map_keys, std::vector<std::string>{"uid"});
}

TEST(Kinds, ServedDocumentsHoldNoFactsOfOurs) {
  for (const char* fact : {"x-go", "x-proto"}) {
    EXPECT_EQ(kinds().definitions().dump().find(fact), std::string::npos);
    for (const auto& kind : kinds().all()) EXPECT_EQ(kind->openapi.dump().find(fact), std::string::npos) << kind->kind;
  }
}

TEST(Kinds, AreDescribedInOurOwnWords) {
  const Json& spec = kinds().definitions()["io.k8s.api.batch.v1.JobSpec"];
  EXPECT_EQ(spec["properties"]["parallelism"]["description"], "How many Pods run at a time, at most.");
  EXPECT_EQ(kinds().find("", "v1", "secrets")->openapi["description"],
            "A Secret holds bytes that not everybody should see.");
}

TEST(Kinds, EveryReferenceOfTheServedDocumentsHasItsDefinition) {
  Json all = kinds().definitions();
  for (const auto& kind : kinds().all()) all[kind->definition] = kind->openapi;
  std::string text = all.dump();
  const std::string mark = "\"$ref\":\"#/components/schemas/";
  std::size_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1), ++count) {
    std::size_t begin = at + mark.size();
    std::string name = text.substr(begin, text.find('"', begin) - begin);
    EXPECT_TRUE(kinds().definitions().contains(name)) << name;
  }
  EXPECT_GT(count, 300u);
}

TEST(Kinds, KnowTheMessagesThatAreNoKinds) {
  EXPECT_NE(kinds().message("authorization.k8s.io/v1", "SelfSubjectAccessReview"), nullptr);
  EXPECT_NE(kinds().message("v1", "Binding"), nullptr);
  EXPECT_EQ(kinds().message("v1", "SelfSubjectAccessReview"), nullptr);
  EXPECT_EQ(kinds().message("v1", "Pod"), nullptr);
  EXPECT_NE(kinds().message("batch/v1", "DeleteOptions"), nullptr) << "a DeleteOptions is one of any group";
}

TEST(Kinds, EveryFieldOfABuiltInKindHasItsPlaceInProtobufButForItsType) {
  for (const auto& kind : kinds().all()) {
    if (kind->custom || kind->kind == "CustomResourceDefinition") continue;
    for (const Property& property : kind->schema->root().properties) {
      bool is_type = property.name == "apiVersion" || property.name == "kind";
      EXPECT_EQ(property.proto.number == 0, is_type) << kind->kind << " " << property.name;
    }
  }
}

TEST(Kinds, ShowsItsCrdsAsEstablished) {
  ASSERT_EQ(kinds().crds().size(), 2u);
  const Json& crd = kinds().crds()[0];
  EXPECT_EQ(crd["metadata"]["name"], "workflows.ork.dev");
  EXPECT_EQ(crd["status"]["storedVersions"], Json::array({"v1alpha1"}));
  EXPECT_EQ(crd["status"]["conditions"][1]["type"], "Established");
  EXPECT_EQ(crd["status"]["acceptedNames"]["shortNames"], Json::array({"owf"}));
}

TEST(Pods, HaveAddressesThatAreSome) {
  const auto all = *Kinds::load();
  const Kind& pods = *all->find("", "v1", "pods");
  Json old = {{"metadata", {{"name", "p"}, {"namespace", "n"}, {"resourceVersion", "1"}}}, {"status", Json::object()}};
  Json pod = old;
  pod["status"]["podIP"] = "10.0.0.1";
  ASSERT_TRUE(pods.decode(pod));
  EXPECT_EQ(pod["status"]["podIPs"], Json::array({{{"ip", "10.0.0.1"}}})) << "the one is the first of the others";
  pod["status"] = {{"podIPs", {{{"ip", "10.0.0.1"}}, {{"ip", "x"}}}}};
  const auto problems = pods.problems(pod, &old, Part::Status);
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems.back().field, "status.podIPs[1]");
  EXPECT_EQ(problems.back().message,
            "Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
}

TEST(Warnings, AreForNamesThatNoHostCanHave) {
  const auto all = *Kinds::load();
  const Kind& jobs = *all->find("batch", "v1", "jobs");
  const Json job = {{"metadata", {{"name", "a.b"}}}};
  EXPECT_EQ(jobs.warnings(job),
            std::vector<std::string>{"metadata.name: this is used in Pod names and hostnames, which can result in "
                                     "surprising behavior; a DNS label is recommended: [must not contain dots]"});
  const Json stored = {{"metadata", {{"name", "a.b"}, {"resourceVersion", "1"}}}};
  EXPECT_TRUE(jobs.warnings(stored).empty()) << "only once";
}

TEST(Warnings, AreForACertificateThatIsNone) {
  const auto all = *Kinds::load();
  const Kind& secrets = *all->find("", "v1", "secrets");
  const Json secret = {{"type", "kubernetes.io/tls"}, {"data", {{"tls.crt", "AA=="}, {"tls.key", "AA=="}}}};
  EXPECT_EQ(secrets.warnings(secret),
            std::vector<std::string>{"tls: failed to find any PEM data in certificate input"});
}

}  // namespace
}  // namespace ork::embedded
