#include "controllers/workflow/params.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using testing::ElementsAre;

api::Param param(std::string name, std::string type, std::optional<Json> default_value = std::nullopt,
                 std::vector<Json> one_of = {}) {
  api::Param out;
  out.name = std::move(name);
  out.type = std::move(type);
  out.default_value = std::move(default_value);
  out.one_of = std::move(one_of);
  return out;
}

std::vector<std::string> refused(const std::vector<api::Param>& params, const Json& given) {
  const auto values = resolve_params(params, given);
  return values ? std::vector<std::string>{} : lines(values.error());
}

TEST(ResolveParams, TakesWhatIsGivenAndTheDefaultOfTheRest) {
  const std::vector<api::Param> params{param("day", "string", "monday"), param("n", "integer"),
                                       param("x", "array", Json::array())};
  const auto values = resolve_params(params, {{"n", 3}});
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(*values, Json::parse(R"({"day": "monday", "n": 3, "x": []})"));
}

TEST(ResolveParams, TakesNullForNothingGiven) {
  const std::vector<api::Param> params{param("day", "string", "monday")};
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
  EXPECT_THAT(refused({param("a", "string", std::nullopt, {"x", "y"})}, {{"a", "z"}}),
              ElementsAre("spec.params.a: is \"z\", but must be one of: \"x\", \"y\""));
  EXPECT_THAT(refused({param("a", "integer", std::nullopt, {1, 2})}, {{"a", 2.0}}), ElementsAre());
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

TEST(Types, HoldNoValueWhereTheyDoNotExist) { EXPECT_FALSE(is_of_type("x", "text")); }

}  // namespace
}  // namespace ork::workflow
