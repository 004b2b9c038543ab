#include <gtest/gtest.h>

#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

Schema parsed(const Json& document, const Json& definitions = Json::object()) {
  auto schema = Schema::parse(document, definitions);
  EXPECT_TRUE(schema.ok()) << (schema.ok() ? "" : schema.error());
  return schema.ok() ? *schema : *Schema::parse(Json::object(), Json());
}

std::string error_of(const Json& document, const Json& definitions = Json::object()) {
  auto schema = Schema::parse(document, definitions);
  return schema.ok() ? "no error" : schema.error();
}

TEST(SchemaParse, AnEmptySchemaIsAnything) {
  Schema schema = parsed(Json::object());
  EXPECT_EQ(schema.root().type, ValueType::Any);
  EXPECT_EQ(schema.root().field("a"), nullptr);
}

TEST(SchemaParse, FindsFieldsByNameAndTheOthersByAdditionalProperties) {
  Schema schema = parsed({{"type", "object"},
                          {"properties", {{"b", {{"type", "string"}}}, {"a", {{"type", "integer"}}}}},
                          {"additionalProperties", {{"type", "boolean"}}}});
  EXPECT_EQ(schema.root().property("a")->type, ValueType::Integer);
  EXPECT_EQ(schema.root().property("b")->type, ValueType::String);
  EXPECT_EQ(schema.root().property("c"), nullptr);
  EXPECT_EQ(schema.root().field("c")->type, ValueType::Boolean);
}

TEST(SchemaParse, AReferenceTakesItsDefinitionAndTheWordsBesideIt) {
  Json definitions = {{"io.Ports", {{"type", "array"}, {"items", {{"type", "integer"}}}}}};
  Json ports = {{"allOf", {{{"$ref", "#/components/schemas/io.Ports"}}}},
                {"default", Json::array()},
                {"x-kubernetes-list-type", "set"}};
  Schema schema = parsed(
      {{"type", "object"}, {"properties", {{"ports", ports}, {"plain", {{"$ref", "#/components/schemas/io.Ports"}}}}}},
      definitions);
  const SchemaNode& worded = *schema.root().property("ports");
  EXPECT_EQ(worded.type, ValueType::Array);
  EXPECT_EQ(worded.items->type, ValueType::Integer);
  EXPECT_EQ(worded.list_type, ListType::Set);
  EXPECT_EQ(worded.default_value, Json::array());
  const SchemaNode& plain = *schema.root().property("plain");
  EXPECT_EQ(plain.list_type, ListType::Atomic);
  EXPECT_FALSE(plain.default_value.has_value());
}

TEST(SchemaParse, ADefinitionMayHoldItself) {
  Json tree = {{"type", "object"},
               {"properties",
                {{"name", {{"type", "string"}}},
                 {"only", {{"allOf", {{{"$ref", "#/components/schemas/Tree"}}}}, {"default", Json::object()}}},
                 {"children", {{"type", "array"}, {"items", {{"$ref", "#/components/schemas/Tree"}}}}}}}};
  Schema schema = parsed({{"$ref", "#/components/schemas/Tree"}}, {{"Tree", tree}});
  const SchemaNode* node = &schema.root();
  for (int level = 0; level < 100; ++level) node = node->property("children")->items->property("only");
  EXPECT_EQ(node->property("name")->type, ValueType::String);
  EXPECT_EQ(node->default_value, Json::object());
}

TEST(SchemaParse, KeepsWhatKubernetesAddsToOpenApi) {
  Schema schema = parsed({{"type", "array"},
                          {"items", {{"type", "object"}, {"x-kubernetes-map-type", "atomic"}}},
                          {"x-kubernetes-list-type", "map"},
                          {"x-kubernetes-list-map-keys", {"port", "protocol"}},
                          {"x-kubernetes-patch-strategy", "merge,retainKeys"},
                          {"x-kubernetes-patch-merge-key", "port"}});
  const SchemaNode& root = schema.root();
  EXPECT_EQ(root.list_type, ListType::Map);
  EXPECT_EQ(root.list_map_keys, (std::vector<std::string>{"port", "protocol"}));
  EXPECT_EQ(root.patch_strategy, (std::vector<std::string>{"merge", "retainKeys"}));
  EXPECT_EQ(root.patch_merge_key, "port");
  EXPECT_EQ(root.items->map_type, MapType::Atomic);
}

TEST(SchemaParse, KnowsWhereProtobufHasAField) {
  Schema schema = parsed({{"properties",
                           {{"a", {{"x-proto", "3 string"}}},
                            {"b", {{"x-proto", "20 []int32"}}},
                            {"c", {{"x-proto", "1 map quantity"}}},
                            {"d", {{"x-proto", "2.1 int-or-string"}}},
                            {"e", Json::object()}}}});
  auto proto = [&](const char* name) { return schema.root().property_entry(name)->proto; };
  auto all = [](const ProtoField& f) { return std::tuple(f.type, f.shape, f.number, f.inside); };
  EXPECT_EQ(all(proto("a")), std::tuple(ProtoType::String, ProtoShape::One, 3u, 0u));
  EXPECT_EQ(all(proto("b")), std::tuple(ProtoType::Int32, ProtoShape::List, 20u, 0u));
  EXPECT_EQ(all(proto("c")), std::tuple(ProtoType::Quantity, ProtoShape::Map, 1u, 0u));
  EXPECT_EQ(all(proto("d")), std::tuple(ProtoType::IntOrString, ProtoShape::One, 1u, 2u));
  EXPECT_EQ(all(proto("e")), std::tuple(ProtoType::None, ProtoShape::One, 0u, 0u));
}

TEST(SchemaParse, RefusesAFactOfProtobufThatItCannotRead) {
  for (const Json& fact : std::vector<Json>{"", "3", "string", "0 string", "-1 string", "3x string", ".3 string",
                                            "3. string", "3 text", "3 [][]string", "3 string ", 3}) {
    EXPECT_EQ(error_of({{"properties", {{"a", {{"x-proto", fact}}}}}}), "schema: x-proto of a is not \"NUMBER TYPE\"")
        << fact;
  }
}

TEST(SchemaParse, SaysWhereASchemaIsWrong) {
  auto in_a = [](const Json& inner) { return Json{{"properties", {{"a", {{"items", inner}}}}}}; };
  EXPECT_EQ(error_of(Json::array()), "schema: is not an object");
  EXPECT_EQ(error_of(in_a(1)), "schema at a[]: is not an object");
  EXPECT_EQ(error_of(in_a({{"type", "text"}})),
            "schema at a[]: has \"type\", which is not known here or has a value of the wrong type");
  EXPECT_EQ(error_of(in_a({{"minLength", "1"}})),
            "schema at a[]: has \"minLength\", which is not known here or has a value of the wrong type");
  EXPECT_EQ(error_of(in_a({{"patternProperties", Json::object()}})),
            "schema at a[]: has \"patternProperties\", which is not known here or has a value of the wrong type");
  EXPECT_EQ(error_of(in_a({{"pattern", "("}})), "schema at a[]: pattern \"(\": missing ): (");
  EXPECT_EQ(error_of(in_a({{"$ref", "#/components/schemas/B"}})),
            "schema at a[]: refers to unknown #/components/schemas/B");
}

TEST(SchemaParse, RefusesASchemaWithoutABottom) {
  Json schema = {{"type", "string"}};
  for (std::size_t level = 0; level <= limits::schema_depth; ++level) schema = {{"items", schema}};
  EXPECT_NE(error_of(schema).find("nests too deeply"), std::string::npos);
}

}  // namespace
}  // namespace ork::embedded
