#include "controllers/workflow/params.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controllers/schema/parse.hpp"
#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using testing::ElementsAre;

CompiledParam param(std::string name, const char* type, const Json& default_value = nullptr,
                    const std::vector<Json>& one_of = {}) {
  std::vector<schema::Problem> problems;
  Json schema = {{"type", type}, {"default", default_value}};
  if (!one_of.empty()) schema["enum"] = one_of;
  return {std::move(name), schema::parse(schema, {}, {}, problems)};
}

std::vector<std::string> refused(const std::vector<CompiledParam>& params, const Json& given) {
  const auto values = resolve_params(params, given);
  return values ? std::vector<std::string>{} : lines(values.error());
}

TEST(ResolveParams, TakesWhatIsGivenAndTheDefaultOfTheRest) {
  const std::vector<CompiledParam> params{param("day", "string", "monday"), param("n", "integer"),
                                          param("x", "array", Json::array())};
  const auto values = resolve_params(params, {{"n", 3}});
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(*values, Json::parse(R"({"day": "monday", "n": 3, "x": []})"));
}

TEST(ResolveParams, TakesNullForNothingGiven) {
  const std::vector<CompiledParam> params{param("day", "string", "monday")};
  EXPECT_EQ(*resolve_params(params, nullptr), Json::parse(R"({"day": "monday"})"));
  EXPECT_EQ(*resolve_params({}, nullptr), Json::object());
}

TEST(ResolveParams, RefusesWhatIsMissing) {
  EXPECT_THAT(refused({param("day", "string"), param("n", "integer", 1)}, Json::object()),
              ElementsAre("spec.params: the param \"day\" is missing, and has no default"));
}

TEST(ResolveParams, RefusesWhatIsUnknownAndNamesTheNearest) {
  EXPECT_THAT(refused({param("day", "string", "x")}, {{"dya", "y"}, {"zzz", 1}}),
              ElementsAre("spec.params: the workflow has no param \"dya\"; did you mean \"day\"?",
                          "spec.params: the workflow has no param \"zzz\": remove it"));
}

TEST(ResolveParams, RefusesAValueOfAnotherTypeAndCoercesNone) {
  EXPECT_THAT(
      refused({param("a", "string"), param("b", "integer"), param("c", "number"), param("d", "boolean"),
               param("e", "array"), param("f", "object"), param("g", "integer"), param("h", "string")},
              {{"a", 3},
               {"b", "3"},
               {"c", "1.5"},
               {"d", 1},
               {"e", Json::object()},
               {"f", Json::array()},
               {"g", 1e300},
               {"h", nullptr}}),
      ElementsAre("spec.params.a: is 3, but must be a string: put it in quotes",
                  "spec.params.b: is \"3\", but must be an integer: remove the quotes",
                  "spec.params.c: is \"1.5\", but must be a number: remove the quotes",
                  "spec.params.d: is 1, but must be a boolean", "spec.params.e: is an object, but must be an array",
                  "spec.params.f: is a list, but must be an object", "spec.params.g: is 1e+300, but must be an integer",
                  "spec.params.h: is null, but must be a string"));
}

TEST(ResolveParams, TakesAWholeNumberForAnIntegerAndMakesItOne) {
  const auto values = resolve_params(
      std::vector{param("a", "integer"), param("b", "number"), param("c", "integer", 4.0)}, {{"a", 3.0}, {"b", 3.0}});
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(values->dump(), R"({"a":3,"b":3.0,"c":4})");
}

TEST(ResolveParams, RefusesAValueThatIsNotOneOfTheEnum) {
  EXPECT_THAT(refused({param("a", "string", nullptr, {"x", "y"})}, {{"a", "z"}}),
              ElementsAre("spec.params.a: is \"z\", but must be one of: \"x\", \"y\""));
  EXPECT_THAT(refused({param("a", "integer", nullptr, {1, 2})}, {{"a", 2.0}}), ElementsAre());
}

TEST(ResolveParams, RefusesWhatIsNoObjectOrTooDeep) {
  EXPECT_THAT(refused({}, 3), ElementsAre("spec.params: must be an object that gives each param's value by its name"));
  const std::size_t depth = 100'000;
  Json given = Json::object();
  given["a"] = Json::parse(std::string(depth, '[') + std::string(depth, ']'));
  EXPECT_THAT(refused({param("a", "array")}, given),
              ElementsAre("spec.params.a: is nested more than 128 deep: make it flatter"));
}

TEST(ResolveParams, NeverRepeatsHostileNamesRaw) {
  EXPECT_THAT(refused({}, {{"\x1b[2J\u202e", 1}}),
              ElementsAre("spec.params: the workflow has no param \"\\x1b[2J\\u202e\": remove it"));
}

std::vector<CompiledParam> files_param(const char* text) {
  std::vector<schema::Problem> problems;
  std::vector<CompiledParam> out{{"files", schema::parse(Json::parse(text), {}, {}, problems)}};
  return out;
}

TEST(ResolveParams, SaysWhereInsideAValueItIsWrong) {
  const auto params =
      files_param(R"({"items": {"properties": {"size": {"minimum": 1}, "name": {}}, "required": ["name"]}})");
  EXPECT_THAT(refused(params, Json::parse(R"({"files": [{"name": "a"}, {"size": 0}]})")),
              ElementsAre("spec.params.files[1]: the field \"name\" is missing",
                          "spec.params.files[1].size: is 0, but must be at least 1"));
}

TEST(ResolveParams, NeverShowsWhatIsGivenForASecretOne) {
  auto params = files_param(R"({"type": "object", "required": ["secretKeyRef"]})");
  params[0].secret = true;
  EXPECT_THAT(refused(params, {{"files", "hunter2"}}),
              ElementsAre("spec.params.files: must be a reference to a Secret, as in {secretKeyRef: {name: db, key: "
                          "password}}"));
}

TEST(ResolveParams, FillsInTheDefaultsOfFields) {
  const auto params = files_param(R"({"properties": {"size": {"default": 3}}, "default": {}})");
  EXPECT_EQ(resolve_params(params, nullptr)->dump(), R"({"files":{"size":3}})");
  EXPECT_EQ(resolve_params(params, Json::parse(R"({"files": {"name": "a"}})"))->dump(),
            R"({"files":{"name":"a","size":3}})");
}

TEST(ResolveParams, RefusesMoreDefaultsThanThereIsRoomFor) {
  const std::string large(60'000, 'x');
  const auto params = files_param((R"({"items": {"properties": {"text": {"default": ")" + large + R"("}}}})").c_str());
  EXPECT_TRUE(resolve_params(params, Json::parse(R"({"files": [{}]})")).ok());
  EXPECT_THAT(
      refused(params, Json::parse(R"({"files": [{}, {}]})")),
      ElementsAre("spec.params.files: would grow by more than 65536 bytes, were the defaults of its fields filled "
                  "in: give fewer items, or smaller defaults"));
}

}  // namespace
}  // namespace ork::workflow
