// Rules about types, params and outputs, as compile() reports them.

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

TEST(ParamRules, RefuseKeywordsThatMeanNothing) {
  EXPECT_THAT(problems_of_params(R"([{"name": "a", "patern": "x"}, {"name": "b", "type": "integer", "pattern": "x"},
    {"name": "c", "type": "object", "properties": {"size": {"type": "int"}}}])"),
              ElementsAre("spec.params[0]: there is no field \"patern\"; did you mean \"pattern\"?",
                          "spec.params[1].pattern: means nothing for type: integer, for it is about a string: remove "
                          "it, or change the type",
                          "spec.params[2].properties.size.type: there is no type \"int\": it must be string, integer, "
                          "number, boolean, array or object"));
}

TEST(TypeRules, LetParamsAndOutputsReferToTypes) {
  EXPECT_THAT(problems_of(R"({"types": {"File": {"properties": {"size": {"type": "integer"}}}},
    "params": [{"name": "a", "type": "File", "default": {"size": 3}}, {"name": "b", "type": "Fil"}],
    "tasks": [{"name": "t", "image": "i", "output": {"items": {"type": "File"}}},
              {"name": "u", "image": "i", "output": {"type": "Files"}}]})"),
              ElementsAre("spec.params[1].type: there is no type \"Fil\"; did you mean \"File\"?",
                          "spec.tasks[1].output.type: there is no type \"Files\"; did you mean \"File\"?"));
}

TEST(TypeRules, SayWhereATypeIsWrong) {
  EXPECT_THAT(
      problems_of(R"({"types": {"File": {"properties": {"size": {"minimum": "1"}}}, "a-b": {}},
    "tasks": [{"name": "t", "image": "i"}]})"),
      ElementsAre("spec.types.File.properties.size.minimum: is \"1\", but must be a number: remove the quotes",
                  "spec.types[\"a-b\"]: a type's name must be at most 63 letters, digits and '_', and not begin "
                  "with a digit"));
  EXPECT_THAT(problems_of(R"({"types": [], "tasks": [{"name": "t", "image": "i"}]})"),
              ElementsAre("spec.types: is a list, but must be an object: a schema for each name"));
}

TEST(OutputRules, RefuseWhatIsNoSchema) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "output": "string"})"),
              ElementsAre("spec.tasks[0].output: is \"string\", but must be a schema such as {type: string}"));
}

TEST(SecretRules, TakeAReferenceAndShowNothingElse) {
  EXPECT_THAT(problems_of_params(R"([{"name": "a", "secret": true, "description": "d"}, {"name": "b", "secret": true,
    "default": {"secretKeyRef": {"name": "db", "key": "password"}}}, {"name": "c", "secret": false, "type": "integer"}, {"name": "d", "secret": true, "type": "string"}])"),
              IsEmpty());
  EXPECT_THAT(
      problems_of_params(R"([{"name": "a", "secret": "yes"}, {"name": "b", "secret": true, "minLength": 3},
    {"name": "c", "secret": true, "default": "hunter2"},
    {"name": "d", "secret": true, "default": {"secretKeyRef": {"name": "hunter2 ", "key": "k"}}}])"),
      ElementsAre(
          "spec.params[0].secret: is \"yes\", but must be a boolean",
          "spec.params[1].minLength: can't stand beside secret: true, for nothing is known of the value: remove "
          "one of them",
          "spec.params[2].default: must be a reference to a Secret, as in {secretKeyRef: {name: db, key: "
          "password}}",
          "spec.params[3].default: must be a reference to a Secret, as in {secretKeyRef: {name: db, key: "
          "password}}"));
}

TEST(SecretRules, LetNoExpressionReadOne) {
  const auto problems_of_secret_input = [](const char* expression) {
    return problems_of(api::Json{{"params", {{{"name", "pw"}, {"secret", true}}}},
                                 {"tasks", {{{"name", "a"}, {"image", "i"}, {"inputs", {{"x", expression}}}}}}});
  };
  EXPECT_THAT(problems_of_secret_input("params.pw"), IsEmpty());
  EXPECT_THAT(problems_of_secret_input("params[\"pw\"]"), IsEmpty());
  for (const char* expression :
       {"params.pw.secretKeyRef.name", "string(params.pw)", "[params.pw]", "params.pw == params.pw"}) {
    const auto problems = problems_of_secret_input(expression);
    ASSERT_FALSE(problems.empty()) << expression;
    EXPECT_THAT(problems[0], testing::HasSubstr("the param \"pw\" is secret, so no expression can read it"));
  }
}

TEST(RunOutputRules, RefuseAnExpressionOfWhatIsNotThere) {
  const auto problems_of_output = [](const char* expression) {
    return problems_of(api::Json{{"output", expression}, {"tasks", {{{"name", "list"}, {"image", "i"}}}}});
  };
  EXPECT_THAT(problems_of_output("tasks.list.output.rows"), IsEmpty());
  EXPECT_THAT(problems_of_output("tasks.lst.output"),
              ElementsAre("spec.output: there is no task \"lst\"; did you mean \"list\"?"));
  EXPECT_THAT(problems_of_output("params.day"),
              ElementsAre("spec.output: there is no param \"day\": declare it in params, or refer to another"));
  EXPECT_THAT(problems_of_output("1 +").size(), 1);
  EXPECT_THAT(problems_of_output("tasks.list.phase + 1"),
              ElementsAre("spec.output: at character 1 of \"tasks.list.phase + 1\": there is no string + int: convert "
                          "one of them, as in string(x) or int(x)"));
}

std::vector<std::string> problems_of_input(const std::string& expression) {
  api::Json spec = api::Json::parse(R"({"types": {"File": {"properties": {"name": {"type": "string"},
    "size": {"type": "integer"}}}}, "params": [{"name": "file", "type": "File"}], "defaults": {"image": "i"},
    "tasks": [{"name": "list", "output": {"properties": {"files": {"items": {"type": "File"}}}}},
              {"name": "split", "count": 3, "output": {"type": "File"}}, {"name": "load"}]})");
  spec["tasks"][2]["inputs"]["x"] = expression;
  return problems_of(spec);
}

TEST(ExpressionTypes, FollowTheSchemas) {
  for (const char* right :
       {"params.file.name + \"x\"", "params.file.size + 1", "tasks.list.output.files[0].name.size()",
        "tasks.list.output.files.map(f, f.size + 1)", "tasks.split.output[0].size * 2", "tasks.list.phase",
        "has(tasks.list.output.note)", "tasks.list.output.?note.orValue(1)"}) {
    EXPECT_THAT(problems_of_input(right), IsEmpty()) << right;
  }
  const auto at = [](int character, const std::string& text, const std::string& message) {
    return "spec.tasks[2].inputs.x: at character " + std::to_string(character) + " of \"" + text + "\": " + message;
  };
  EXPECT_THAT(problems_of_input("params.file.nmae"),
              ElementsAre(at(1, "params.file.nmae", "params.file has no field \"nmae\"; did you mean \"name\"?")));
  EXPECT_THAT(problems_of_input("params.file.day"),
              ElementsAre(at(1, "params.file.day", "params.file has no field \"day\"; it has: \"name\", \"size\"")));
  EXPECT_THAT(
      problems_of_input("params.file.size + 1.5"),
      ElementsAre(at(1, "params.file.size + 1.5", "there is no int + double: convert one of them, as in double(x)")));
  EXPECT_THAT(problems_of_input("tasks.list.output.files[0].nam"),
              ElementsAre(at(1, "tasks.list.output.files[0].nam",
                             "tasks.list.output.files[0] has no field \"nam\"; did you mean \"name\"?")));
  EXPECT_THAT(
      problems_of_input("tasks.list.output.file"),
      ElementsAre(at(1, "tasks.list.output.file", "tasks.list.output has no field \"file\"; did you mean \"files\"?")));
  EXPECT_THAT(problems_of_input("tasks.split.output.size"),
              ElementsAre(at(1, "tasks.split.output.size",
                             "tasks.split.output is list(map(string, dyn)), so it has no field \"size\"")));
}

}  // namespace
}  // namespace ork::workflow
