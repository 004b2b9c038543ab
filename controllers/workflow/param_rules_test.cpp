// Rules about the declared params, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems_of_params(const char* params) {
  return problems_of(api::Json{{"params", api::Json::parse(params)}, {"tasks", {{{"name", "a"}, {"image", "i"}}}}});
}

TEST(ParamRules, TakeDefaultsOfEachType) {
  EXPECT_THAT(problems_of_params(R"([{"name": "a", "default": "x"}, {"name": "b", "type": "integer", "default": 3},
    {"name": "c", "type": "integer", "default": 3.0}, {"name": "d", "type": "number", "default": 0.5},
    {"name": "e", "type": "boolean", "default": false}, {"name": "f", "type": "array", "default": []},
    {"name": "g", "type": "object", "default": {}}, {"name": "h", "type": "integer", "enum": [1, 2], "default": 2}])"),
              IsEmpty());
}

TEST(ParamRules, RefuseANameThatIsNoIdentifierOrIsTaken) {
  EXPECT_THAT(problems_of_params(R"([{"name": "the-day"}, {"name": "a"}, {"name": "b"}, {"name": "a"}])"),
              ElementsAre("spec.params[0].name: \"the-day\" must be at most 63 letters, digits and '_', and not begin "
                          "with a digit",
                          "spec.params[3].name: \"a\" is the name of spec.params[1] already: rename one of them"));
}

TEST(ParamRules, RefuseATypeThatThereIsNot) {
  EXPECT_THAT(problems_of_params(R"([{"name": "a", "type": "int", "default": 3}])"),
              ElementsAre("spec.params[0].type: there is no type \"int\": it must be string, integer, number, boolean, "
                          "array or object"));
}

TEST(ParamRules, RefuseValuesOfAnotherType) {
  EXPECT_THAT(problems_of_params(R"([{"name": "a", "default": 3}, {"name": "b", "type": "integer", "default": "3"},
    {"name": "c", "type": "integer", "default": 3.5}, {"name": "d", "type": "boolean", "default": "true"},
    {"name": "e", "type": "array", "default": {"a": 1}}, {"name": "f", "type": "object", "default": [1]},
    {"name": "g", "type": "number", "enum": [1, "2"]}])"),
              ElementsAre("spec.params[0].default: is 3, but must be a string: put it in quotes",
                          "spec.params[1].default: is \"3\", but must be an integer: remove the quotes",
                          "spec.params[2].default: is 3.5, but must be an integer",
                          "spec.params[3].default: is \"true\", but must be a boolean: remove the quotes",
                          "spec.params[4].default: is an object, but must be an array",
                          "spec.params[5].default: is a list, but must be an object",
                          "spec.params[6].enum[1]: is \"2\", but must be a number: remove the quotes"));
}

TEST(ParamRules, RefuseADefaultThatIsNotOneOfTheEnum) {
  EXPECT_THAT(problems_of_params(R"([{"name": "a", "enum": ["x", "y"], "default": "z"},
    {"name": "b", "type": "integer", "enum": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "default": 11}])"),
              ElementsAre("spec.params[0].default: is \"z\", but must be one of: \"x\", \"y\"",
                          "spec.params[1].default: is 11, but must be one of: 1, 2, 3, 4, 5, 6, 7, 8 and 2 more"));
}

}  // namespace
}  // namespace ork::workflow
