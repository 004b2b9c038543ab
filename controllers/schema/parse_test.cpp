#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/schema/limits.hpp"
#include "controllers/schema/test_schemas.hpp"

namespace ork::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Parse, RefusesWhatMeansNothing) {
  const std::pair<const char*, const char*> cases[] = {
      {"3", ": is 3, but must be a schema such as {type: string}"},
      {R"({"type": "int"})",
       ".type: there is no type \"int\": it must be string, integer, number, boolean, array or object"},
      {R"({"type": ["string", "null"]})", ".type: is a list, but must be the name of one type, as in type: string"},
      {R"({"patern": "a"})", ": there is no field \"patern\"; did you mean \"pattern\"?"},
      {R"({"zzzzz": "a"})", ": there is no field \"zzzzz\"; remove it, or move it to where it belongs"},
      {R"({"$ref": "#/types/File"})",
       ": there is no field \"$ref\": name the type under spec.types, and write type: NAME"},
      {R"({"description": 3})", ".description: is 3, but must be a string: put it in quotes"},
      {R"({"pattern": "("})", ".pattern: is no regular expression of RE2: missing ): ("},
      {R"({"pattern": 3})", ".pattern: is 3, but must be a string: put it in quotes"},
      {R"({"format": "dat"})", ".format: there is no format \"dat\"; did you mean \"date\"?"},
      {R"({"format": "ipv4"})", ".format: there is no format \"ipv4\"; there is: date, date-time, duration, uri"},
      {R"({"minLength": -1})", ".minLength: is -1, but must be a whole number from 0 to 1000000000"},
      {R"({"minLength": 1.5})", ".minLength: is 1.5, but must be a whole number from 0 to 1000000000"},
      {R"({"minLength": 3, "maxLength": 2})", ".minLength: is more than maxLength, so that no value is allowed"},
      {R"({"minItems": 3, "maxItems": 2})", ".minItems: is more than maxItems, so that no value is allowed"},
      {R"({"minimum": "3"})", ".minimum: is \"3\", but must be a number: remove the quotes"},
      {R"({"minimum": 3, "maximum": 2})", ".minimum: is more than maximum, so that no value is allowed"},
      {R"({"exclusiveMinimum": true})", ".exclusiveMinimum: is true, but must be a number"},
      {R"({"type": "integer", "pattern": "a"})",
       ".pattern: means nothing for type: integer, for it is about a string: remove it, or change the type"},
      {R"({"type": "string", "items": {}})",
       ".items: means nothing for type: string, for it is about an array: remove it, or change the type"},
      {R"({"items": {"type": "text"}})",
       ".items.type: there is no type \"text\": it must be string, integer, number, boolean, array or object"},
      {R"({"items": [{}]})", ".items: is a list, but must be a schema such as {type: string}"},
      {R"({"properties": ["a"]})", ".properties: is a list, but must be an object: a schema for each name"},
      {R"({"properties": {"a-b": {"minimum": "x"}}})", ".properties[\"a-b\"].minimum: is \"x\", but must be a number"},
      {R"({"properties": {"size": {}}, "required": ["sise"]})",
       ".required[0]: there is no property \"sise\"; did you mean \"size\"?"},
      {R"({"properties": {"size": {}}, "required": "size"})",
       ".required: is \"size\", but must be a list of names of properties"},
      {R"({"properties": {"size": {}}, "required": [3]})",
       ".required[0]: is 3, but must be a string: put it in quotes"},
      {R"({"additionalProperties": 3})", ".additionalProperties: is 3, but must be a schema such as {type: string}"},
      {R"({"enum": []})", ".enum: is empty, so that no value is allowed: name some, or remove it"},
      {R"({"enum": "a"})", ".enum: is \"a\", but must be a list of values"},
      {R"({"type": "integer", "enum": [1, "2"]})", ".enum[1]: is \"2\", but must be an integer: remove the quotes"},
      {R"({"enum": ["a"], "default": "b"})", ".default: is \"b\", but must be one of: \"a\""},
      {R"({"properties": {"n": {"type": "integer"}}, "default": {"n": "x"}})",
       ".default.n: is \"x\", but must be an integer"},
  };
  for (const auto& [schema, told] : cases) EXPECT_THAT(problems_of(schema), ElementsAre(told)) << schema;
}

TEST(Parse, TellsAllProblemsOfASchema) {
  EXPECT_THAT(problems_of(R"({"properties": {"a": {"type": "int"}, "b": {"format": "x"}}, "required": ["c"]})").size(),
              3);
}

TEST(Parse, TakesTheTypeFromTheKeywordsWhereItIsLeftOut) {
  const std::pair<const char*, Type> cases[] = {
      {"{}", Type::Any},
      {R"({"enum": ["a"]})", Type::Any},
      {R"({"pattern": "a"})", Type::String},
      {R"({"minimum": 1})", Type::Number},
      {R"({"maxItems": 1})", Type::Array},
      {R"({"properties": {}})", Type::Object},
  };
  for (const auto& [schema, type] : cases) EXPECT_EQ(schema_of(schema)->type, type) << schema;
}

TEST(Parse, LeavesFieldsToWhoElseKnowsThem) {
  const std::string_view also[] = {"name"};
  std::vector<Problem> problems;
  const SchemaPtr schema = parse(Json::parse(R"({"name": "a", "nme": 1})"), {}, {Type::String, also}, problems);
  EXPECT_EQ(schema->type, Type::String);
  EXPECT_THAT(lines(problems), ElementsAre(": there is no field \"nme\"; did you mean \"name\"?"));
}

TEST(Types, ReferToEachOtherInAnyOrder) {
  const SchemaPtr schema =
      schema_of(R"({"items": {"type": "File"}})",
                R"({"File": {"properties": {"size": {"type": "Size"}}}, "Size": {"type": "integer", "minimum": 0}})");
  ASSERT_NE(schema, nullptr);
  EXPECT_THAT(lines(check(Json::parse(R"([{"size": -1}])"), *schema)),
              ElementsAre("[0].size: is -1, but must be at least 0"));
}

TEST(Types, MayBeGivenADefaultAndAnEnumWhereTheyAreUsed) {
  const SchemaPtr schema = schema_of(R"({"type": "Size", "default": 3, "enum": [3, 4]})",
                                     R"({"Size": {"type": "integer", "default": 1, "minimum": 0}})");
  ASSERT_NE(schema, nullptr);
  EXPECT_EQ(schema->default_value, Json(3));
  EXPECT_THAT(lines(check(Json(5), *schema)), ElementsAre(": is 5, but must be one of: 3, 4"));
  EXPECT_THAT(problems_of(R"({"type": "Size", "default": -3})", R"({"Size": {"type": "integer", "minimum": 0}})"),
              ElementsAre(".default: is -3, but must be at least 0"));
  EXPECT_THAT(problems_of(R"({"type": "Size", "minimum": 3})", R"({"Size": {"type": "integer"}})"),
              ElementsAre(".minimum: can't stand beside type: Size, which has a schema of its own: write it there, or "
                          "write the whole type here"));
}

TEST(Types, HaveNamesOfTheirOwn) {
  EXPECT_THAT(
      problems_of("{}", R"({"string": {}, "my type": {}})"),
      ElementsAre("[\"my type\"]: a type's name must be at most 63 letters, digits and '_', and not begin with a "
                  "digit",
                  ".string: is a type of JSON already: give it another name"));
}

TEST(Types, ThatAreNotThereAreToldWithTheNearest) {
  EXPECT_THAT(problems_of(R"({"type": "Fil"})", R"({"File": {}})"),
              ElementsAre(".type: there is no type \"Fil\"; did you mean \"File\"?"));
  EXPECT_THAT(
      problems_of(R"({"type": "text"})", R"({"File": {}})"),
      ElementsAre(".type: there is no type \"text\": it must be string, integer, number, boolean, array or object, "
                  "or one of spec.types"));
}

TEST(Types, WithAProblemTellItOnce) {
  EXPECT_THAT(problems_of(R"({"items": {"type": "File"}})", R"({"File": {"type": "fil"}, "B": {"type": "File"}})"),
              ElementsAre(".File.type: there is no type \"fil\": it must be string, integer, number, boolean, array or "
                          "object, or one of spec.types"));
}

TEST(Types, CantContainThemselves) {
  EXPECT_THAT(
      problems_of("{}", R"({"Node": {"items": {"type": "Tree"}}, "Tree": {"properties": {"a": {"type": "Node"}}}})"),
      ElementsAre(".Tree.properties.a.type: makes the type \"Node\" a part of itself: Node -> Tree -> Node; write "
                  "type: object or type: array at one of them"));
}

TEST(Types, AreBoundedInDepthAndNumber) {
  Json types = Json::object();
  types["T0"] = {{"type", "integer"}};
  for (int i = 1; i < 60; ++i) {
    types["T" + std::to_string(i)] = {{"items", {{"type", "T" + std::to_string(i - 1)}}}};
  }
  const auto deep = problems_of("{}", types.dump());
  ASSERT_FALSE(deep.empty());
  EXPECT_THAT(deep[0], testing::HasSubstr("more than 32 deep"));
  for (int i = 60; i < 70; ++i) types["T" + std::to_string(i)] = {{"type", "integer"}};
  EXPECT_THAT(problems_of("{}", types.dump()), ElementsAre(": has 70 entries, but may have at most 64"));
}

// Each twice as large as the one before, when written out.
TEST(Types, ThatAreUsedOftenAreShared) {
  Json types = {{"T0", {{"type", "integer"}}}};
  for (int i = 1; i < 30; ++i) {
    const Json before = {{"type", "T" + std::to_string(i - 1)}};
    types["T" + std::to_string(i)] = {{"properties", {{"a", before}, {"b", before}}}};
  }
  EXPECT_THAT(problems_of(R"({"type": "T29"})", types.dump()), IsEmpty());
}

TEST(InExpressions, ATypeIsWhatItsSchemaSays) {
  const std::pair<const char*, const char*> cases[] = {
      {"{}", "dyn"},
      {R"({"type": "string"})", "string"},
      {R"({"type": "number"})", "dyn"},
      {R"({"items": {"type": "integer"}})", "list(int)"},
      {R"({"type": "object"})", "map(string, dyn)"},
      {R"({"additionalProperties": {"type": "boolean"}})", "map(string, bool)"},
  };
  for (const auto& [schema, type] : cases) EXPECT_EQ(expr::text_of(schema_of(schema)->in_expressions), type) << schema;
  EXPECT_EQ(schema_of(R"({"type": "object"})")->in_expressions.fields, nullptr);
  const auto fields = schema_of(R"({"properties": {"a": {"type": "string"}}})")->in_expressions.fields;
  ASSERT_NE(fields, nullptr);
  EXPECT_EQ(expr::text_of(fields->types.at("a")), "string");
  EXPECT_FALSE(fields->others);
  EXPECT_TRUE(schema_of(R"({"properties": {}, "additionalProperties": {"type": "string"}})")->in_expressions.fields ==
              nullptr);
  EXPECT_TRUE(schema_of(R"({"properties": {"a": {}}, "additionalProperties": true})")->in_expressions.fields->others);
}

}  // namespace
}  // namespace ork::schema
