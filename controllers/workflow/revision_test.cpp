#include "controllers/workflow/revision.hpp"

#include <gtest/gtest.h>

#include <string>

#include "controllers/api/revision.hpp"

namespace ork::workflow {
namespace {

using api::Json;

TEST(RevisionName, IsTheSameEverywhereAndForever) {
  // Computed apart from this code: FNV-1a of "etl\n\n{\"tasks\":[]}".
  EXPECT_EQ(revision_name("etl", Json::parse(R"({"tasks": []})")), "etl-98rmbjbhzm");
}

TEST(RevisionName, DependsOnTheSpecAndNotOnTheOrderOfItsFields) {
  const auto name = revision_name("etl", Json::parse(R"({"a": 1, "b": 2})"));
  EXPECT_EQ(revision_name("etl", Json::parse(R"({"b": 2, "a": 1})")), name);
  EXPECT_NE(revision_name("etl", Json::parse(R"({"a": 1, "b": 3})")), name);
  EXPECT_NE(revision_name("etl", Json::parse(R"({"a": 1, "b": 2})"), 1), name);
}

TEST(RevisionName, IsADnsLabelHoweverLongTheWorkflowsName) {
  const auto name = revision_name(std::string(63, 'w'), Json::object());
  EXPECT_EQ(name.size(), 63u);
  EXPECT_EQ(name.substr(0, 53), std::string(52, 'w') + "-");
  const auto dashed = revision_name(std::string(40, 'w') + std::string(20, '-') + "end", Json::object());
  EXPECT_EQ(dashed.size(), 51u);
}

TEST(RevisionName, DiffersForWorkflowsWhoseNamesAreCutToTheSame) {
  EXPECT_NE(revision_name(std::string(60, 'w') + "a", Json::object()),
            revision_name(std::string(60, 'w') + "b", Json::object()));
}

TEST(RevisionName, TakesTextThatIsNotUtf8) { EXPECT_EQ(revision_name("etl", Json("\xff")).size(), 14u); }

TEST(Revision, HoldsTheSpecAndIsFoundByLabelButOwnedByNobody) {
  api::Workflow workflow;
  workflow.meta.ns = "default";
  workflow.meta.name = "etl";
  workflow.meta.uid = "u-1";
  workflow.spec = Json::parse(R"({"tasks": [{"name": "a", "image": "i"}]})");
  const Json body = build_revision(workflow, "etl-abc", 4);
  EXPECT_EQ(body, Json::parse(R"({
    "apiVersion": "apps/v1", "kind": "ControllerRevision",
    "metadata": {"name": "etl-abc", "namespace": "default",
                 "labels": {"app.kubernetes.io/managed-by": "ork", "ork.dev/workflow": "etl"}},
    "revision": 4, "data": {"tasks": [{"name": "a", "image": "i"}]}})"));
}

TEST(Revision, ReadsBackAsItWasBuilt) {
  api::Workflow workflow;
  workflow.meta.ns = "default";
  workflow.meta.name = "etl";
  workflow.spec = Json::parse(R"({"tasks": []})");
  Json body = build_revision(workflow, "etl-abc", 4);
  body["metadata"]["uid"] = "u-2";  // as the API server adds
  const auto revision = api::decode_revision(body);
  ASSERT_TRUE(revision.ok()) << revision.error().sentence();
  EXPECT_EQ(revision->meta.name, "etl-abc");
  EXPECT_EQ(revision->workflow, "etl");
  EXPECT_EQ(revision->revision, 4);
  EXPECT_EQ(*revision->spec, workflow.spec);
}

}  // namespace
}  // namespace ork::workflow
