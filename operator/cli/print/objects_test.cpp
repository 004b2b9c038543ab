#include "operator/cli/print/objects.hpp"

#include <gtest/gtest.h>

namespace ork::print {
namespace {

Json run(const char* name) {
  return {{"apiVersion", "ork.dev/v1alpha1"},
          {"kind", "WorkflowRun"},
          {"metadata", {{"name", name}, {"managedFields", Json::array({1})}}}};
}

TEST(Objects, ArePrintedWithoutManagedFields) {
  EXPECT_EQ(object(run("r"), Format::Json), R"({
    "apiVersion": "ork.dev/v1alpha1",
    "kind": "WorkflowRun",
    "metadata": {
        "name": "r"
    }
}
)");
  EXPECT_EQ(object(run("r"), Format::Yaml), "apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata:\n  name: r\n");
  EXPECT_EQ(object(run("r"), Format::Name), "workflowrun.ork.dev/r\n");
}

TEST(Objects, OfACoreKindHaveNoGroupInTheirNames) {
  EXPECT_EQ(object({{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", "c"}}}}, Format::Name),
            "configmap/c\n");
}

TEST(Objects, AreAListEvenWhereThereIsNone) {
  EXPECT_EQ(list({}, Format::Json), R"({
    "apiVersion": "v1",
    "items": [],
    "kind": "List",
    "metadata": {
        "resourceVersion": ""
    }
}
)");
  EXPECT_EQ(list({}, Format::Yaml), "apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: \"\"\n");
  EXPECT_EQ(list({}, Format::Name), "");
}

TEST(Objects, OfAListAreAsTheyAreAlone) {
  EXPECT_EQ(list({run("a"), run("b")}, Format::Name), "workflowrun.ork.dev/a\nworkflowrun.ork.dev/b\n");
  const Json parsed = Json::parse(list({run("a"), run("b")}, Format::Json));
  EXPECT_EQ(parsed["items"][1],
            (Json{{"apiVersion", "ork.dev/v1alpha1"}, {"kind", "WorkflowRun"}, {"metadata", {{"name", "b"}}}}));
}

TEST(Objects, MayBeAnything) {
  for (const Json& odd : {Json(), Json(1), Json("\xff"), Json::array(), Json{{"metadata", 1}}, Json{{"kind", 1}}}) {
    for (const Format format : {Format::Json, Format::Yaml, Format::Name}) {
      EXPECT_FALSE(object(odd, format).empty());
      EXPECT_FALSE(list({odd}, format).empty());
    }
  }
}

TEST(Format, IsOneOfFive) {
  EXPECT_EQ(parse_format(""), Format::Table);
  EXPECT_EQ(parse_format("wide"), Format::Wide);
  EXPECT_EQ(parse_format("json"), Format::Json);
  EXPECT_EQ(parse_format("yaml"), Format::Yaml);
  EXPECT_EQ(parse_format("name"), Format::Name);
  EXPECT_EQ(parse_format("jsn"), std::nullopt);
}

}  // namespace
}  // namespace ork::print
