#include <gtest/gtest.h>

#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/sample_schema.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {
namespace {

using Texts = std::vector<std::string>;

Schema parsed(const Json& schema) { return *Schema::parse(schema, Json()); }

TEST(Prune, NamesWhatItRemovesAsTheApiServerDoes) {
  Json object = Json::parse(R"({"apiVersion": "golden.ork.dev/v1", "kind": "Sample", "bb": 1,
    "metadata": {"generateName": "a-", "anything": 1},
    "spec": {"name": "abc", "Aa": 2, "steps": [{"name": "a", "x": 1, "deep": {"y": [1]}}], "free": {"known": {"q": 1}}}})");
  EXPECT_EQ(parsed(Json::parse(sample_schema)).prune(object),
            (Texts{"bb", "spec.Aa", "spec.free.known.q", "spec.steps[0].deep.y", "spec.steps[0].x"}));
  EXPECT_EQ(object, Json::parse(R"({"apiVersion": "golden.ork.dev/v1", "kind": "Sample",
    "metadata": {"generateName": "a-", "anything": 1},
    "spec": {"name": "abc", "steps": [{"name": "a", "deep": {}}], "free": {"known": {}}}})"));
}

TEST(Prune, NamesUnknownFieldsOfMetadataFirst) {
  Json schema = {
      {"type", "object"},
      {"properties", {{"metadata", {{"type", "object"}, {"properties", {{"name", {{"type", "string"}}}}}}}}}};
  Json object = {{"metadata", {{"name", "a"}, {"zz", 1}}}, {"bb", 1}};
  EXPECT_EQ(parsed(schema).prune(object), (Texts{"metadata.zz", "bb"}));
  EXPECT_EQ(object, (Json{{"metadata", {{"name", "a"}}}}));
}

TEST(Prune, KeepsEverythingWhereUnknownFieldsArePreserved) {
  Json schema = {{"x-kubernetes-preserve-unknown-fields", true}};
  Json object = {{"a", {{"b", {1, {{"c", nullptr}}}}}}};
  Json before = object;
  EXPECT_EQ(parsed(schema).prune(object), Texts{});
  EXPECT_EQ(object, before);
}

TEST(Prune, EmptiesObjectsOfAListWithoutASchemaForItsItems) {
  Json object = {{"list", {1, {{"a", 1}}, {{{"b", 2}}}}}};
  Json schema = {{"properties", {{"list", {{"type", "array"}}}}}};
  EXPECT_EQ(parsed(schema).prune(object), (Texts{"list[1].a", "list[2][0].b"}));
  EXPECT_EQ(object, (Json{{"list", {1, Json::object(), {Json::object()}}}}));
}

TEST(Prune, LeavesWhatIsNoObjectAlone) {
  for (Json value : {Json(), Json(1), Json("x"), Json::array()}) {
    Json before = value;
    EXPECT_EQ(parsed(Json::parse(sample_schema)).prune(value), Texts{});
    EXPECT_EQ(value, before);
  }
}

TEST(Prune, DoesNotFollowAValueWithoutABottom) {
  Json tree = {{"type", "object"}, {"properties", {{"in", {{"$ref", "#/components/schemas/Tree"}}}}}};
  Schema schema = *Schema::parse(tree, {{"Tree", tree}});
  Json value = {{"unknown", 1}};
  for (std::size_t level = 0; level < 100 * limits::value_depth; ++level) {
    Json outer = Json::object();
    outer["in"] = std::move(value);
    value = std::move(outer);
  }
  EXPECT_EQ(schema.prune(value), Texts{});
  schema.apply_defaults(value);
  EXPECT_TRUE(schema.validate(value, nullptr).empty());
}

}  // namespace
}  // namespace ork::embedded
