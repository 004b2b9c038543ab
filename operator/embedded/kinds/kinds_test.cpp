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

}  // namespace
}  // namespace ork::embedded
