#include <gtest/gtest.h>

#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/sample_schema.hpp"
#include "operator/embedded/schema/schema.hpp"
#include "operator/embedded/schema/test_texts.hpp"

namespace ork::embedded {
namespace {

Schema sample() { return *Schema::parse(Json::parse(sample_schema), Json()); }

// Pruned, defaulted and validated, as a POST does it: "ok" and the spec that is stored, or the causes.
std::vector<std::string> created(const std::string& spec) {
  Schema schema = sample();
  Json object = {{"apiVersion", "golden.ork.dev/v1"}, {"kind", "Sample"}, {"metadata", {{"name", "a"}}}};
  if (spec != "null") object["spec"] = Json::parse(spec);
  schema.prune(object);
  schema.apply_defaults(object);
  std::vector<std::string> texts = texts_of(schema.validate(object, nullptr));
  return texts.empty() ? std::vector<std::string>{"ok " + go_text::json(object["spec"])} : texts;
}

// clang-format off
TEST(SchemaStructure, AnswersACreateAsTheApiServerDoes) {
  struct Case { const char* spec; std::vector<std::string> answer; };
  const std::vector<Case> cases = {
      {R"~(null)~", {R"~(Required spec: Required value)~"}},
      {R"~({})~", {R"~(Required spec.name: Required value)~"}},
      {R"~([])~", {R"~(TypeInvalid spec: Invalid value: "array": spec in body must be of type object: "array")~"}},
      {R"~("x")~", {R"~(TypeInvalid spec: Invalid value: "string": spec in body must be of type object: "string")~"}},
      {R"~({"name":5})~", {R"~(TypeInvalid spec.name: Invalid value: "integer": spec.name in body must be of type string: "integer")~"}},
      {R"~({"name":""})~", {R"~(Invalid spec.name: Invalid value: "": spec.name in body should be at least 2 chars long)~"}},
      {R"~({"name":"abcdef"})~", {R"~(TooLong spec.name: Too long: may not be more than 5 bytes)~"}},
      {R"~({"name":"ABC"})~", {R"~(Invalid spec.name: Invalid value: "ABC": spec.name in body should match '^[a-z]+$')~"}},
      {R"~({"name":null})~", {R"~(Required spec.name: Required value)~"}},
      {R"~({"name":"abc","kind":"Huge","level":3})~", {R"~(NotSupported spec.kind: Unsupported value: "Huge": supported values: "Big", "Small")~", R"~(NotSupported spec.level: Unsupported value: 3: supported values: "1", "2")~"}},
      {R"~({"name":"abc","level":"1"})~", {R"~(TypeInvalid spec.level: Invalid value: "string": spec.level in body must be of type integer: "string")~", R"~(NotSupported spec.level: Unsupported value: "1": supported values: "1", "2")~"}},
      {R"~({"name":"abc","count":0})~", {R"~(Invalid spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1)~"}},
      {R"~({"name":"abc","count":11})~", {R"~(Invalid spec.count: Invalid value: 11: spec.count in body should be less than or equal to 10)~"}},
      {R"~({"name":"abc","count":1.5})~", {R"~(TypeInvalid spec.count: Invalid value: "number": spec.count in body must be of type integer: "number")~"}},
      {R"~({"name":"abc","count":2.0})~", {R"~(ok {"count":2,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","count":"2"})~", {R"~(TypeInvalid spec.count: Invalid value: "string": spec.count in body must be of type integer: "string")~"}},
      {R"~({"name":"abc","count":null})~", {R"~(ok {"count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","count":1e+30})~", {R"~(TypeInvalid spec.count: Invalid value: "number": spec.count in body must be of type integer: "number")~", R"~(Invalid spec.count: Invalid value: 1e+30: spec.count in body should be less than or equal to 10)~"}},
      {R"~({"name":"abc","ratio":0})~", {R"~(Invalid spec.ratio: Invalid value: 0: factor MultipleOf declared for spec.ratio must be positive: 0)~", R"~(Invalid spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0)~"}},
      {R"~({"name":"abc","ratio":1.5})~", {R"~(Invalid spec.ratio: Invalid value: 1.5: spec.ratio in body should be less than 1.5)~"}},
      {R"~({"name":"abc","ratio":0.3})~", {R"~(Invalid spec.ratio: Invalid value: 0.3: spec.ratio in body should be a multiple of 0.25)~"}},
      {R"~({"name":"abc","ratio":1})~", {R"~(Invalid spec.ratio: Invalid value: 0: factor MultipleOf declared for spec.ratio must be positive: 0)~", R"~(Invalid spec.ratio: Invalid value: 1: spec.ratio in body should be less than 1)~"}},
      {R"~({"name":"abc","ratio":true})~", {R"~(TypeInvalid spec.ratio: Invalid value: "boolean": spec.ratio in body must be of type number: "boolean")~"}},
      {R"~({"name":"abc","step":4})~", {R"~(Invalid spec.step: Invalid value: 4: spec.step in body should be a multiple of 3)~"}},
      {R"~({"name":"abc","flag":"true"})~", {R"~(TypeInvalid spec.flag: Invalid value: "string": spec.flag in body must be of type boolean: "string")~"}},
      {R"~({"name":"abc","flag":null})~", {R"~(ok {"count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","maybe":null})~", {R"~(ok {"count":3,"maybe":null,"name":"abc"})~"}},
      {R"~({"name":"abc","at":"x"})~", {R"~(TypeInvalid spec.at: Invalid value: "x": spec.at in body must be of type date-time: "x")~"}},
      {R"~({"name":"abc","at":5})~", {R"~(TypeInvalid spec.at: Invalid value: "int64": spec.at in body must be of type date-time: "int64")~"}},
      {R"~({"name":"abc","at":["x"]})~", {R"~(ok {"at":["x"],"count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","at":"2020-01-01T00:00:00Z"})~", {R"~(ok {"at":"2020-01-01T00:00:00Z","count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","at":true})~", {R"~(TypeInvalid spec.at: Invalid value: "": spec.at in body must be of type date-time: "")~"}},
      {R"~({"name":"abc","at":{"a":1}})~", {R"~(TypeInvalid spec.at: Invalid value: "": spec.at in body must be of type date-time: "")~"}},
      {R"~({"name":"abc","every":"3 days"})~", {R"~(ok {"count":3,"every":"3 days","maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","every":"1h2m"})~", {R"~(ok {"count":3,"every":"1h2m","maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","every":"x"})~", {R"~(TypeInvalid spec.every: Invalid value: "x": spec.every in body must be of type duration: "x")~"}},
      {R"~({"name":"abc","day":"2020-02-30"})~", {R"~(TypeInvalid spec.day: Invalid value: "2020-02-30": spec.day in body must be of type date: "2020-02-30")~"}},
      {R"~({"name":"abc","data":"abc"})~", {R"~(TypeInvalid spec.data: Invalid value: "abc": spec.data in body must be of type byte: "abc")~"}},
      {R"~({"name":"abc","data":""})~", {R"~(TypeInvalid spec.data: Invalid value: "": spec.data in body must be of type byte: "")~"}},
      {R"~({"name":"abc","amount":true})~", {R"~(TypeInvalid spec.amount: Invalid value: "boolean": spec.amount in body must be of type integer,string: "boolean")~", R"~(Invalid <nil>: Invalid value: "": "spec.amount" must validate at least one schema (anyOf))~", R"~(TypeInvalid spec.amount: Invalid value: "boolean": spec.amount in body must be of type integer: "boolean")~"}},
      {R"~({"name":"abc","amount":"x"})~", {R"~(Invalid spec.amount: Invalid value: "x": spec.amount in body should match '^[0-9]+m?$')~"}},
      {R"~({"name":"abc","amount":5})~", {R"~(ok {"amount":5,"count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","amount":"5m"})~", {R"~(ok {"amount":"5m","count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","amount":1.5})~", {R"~(TypeInvalid spec.amount: Invalid value: "number": spec.amount in body must be of type integer,string: "number")~", R"~(Invalid <nil>: Invalid value: "": "spec.amount" must validate at least one schema (anyOf))~", R"~(TypeInvalid spec.amount: Invalid value: "number": spec.amount in body must be of type integer: "number")~"}},
      {R"~({"name":"abc","amount":-5})~", {R"~(ok {"amount":-5,"count":3,"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","tags":[]})~", {R"~(Invalid spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items)~"}},
      {R"~({"name":"abc","tags":["a","b","a","a"]})~", {R"~(TooMany spec.tags: Too many: 4: must have at most 3 items)~", R"~(Duplicate spec.tags[2]: Duplicate value: "a")~"}},
      {R"~({"name":"abc","tags":["abcd",5,null]})~", {R"~(TooLong spec.tags[0]: Too long: may not be more than 3 bytes)~", R"~(TypeInvalid spec.tags[1]: Invalid value: "integer": spec.tags[1] in body must be of type string: "integer")~", R"~(TypeInvalid spec.tags[2]: Invalid value: "null": spec.tags[2] in body must be of type string: "null")~"}},
      {R"~({"name":"abc","tags":"a"})~", {R"~(TypeInvalid spec.tags: Invalid value: "string": spec.tags in body must be of type array: "string")~"}},
      {R"~({"name":"abc","nums":[1,null,"x"]})~", {R"~(TypeInvalid spec.nums[1]: Invalid value: "null": spec.nums[1] in body must be of type integer: "null")~", R"~(TypeInvalid spec.nums[2]: Invalid value: "string": spec.nums[2] in body must be of type integer: "string")~"}},
      {R"~({"name":"abc","ports":[{"port":1},{"port":1,"protocol":"TCP"},{"port":1,"protocol":"UDP"}]})~", {R"~(Duplicate spec.ports[1]: Duplicate value: {"port":1,"protocol":"TCP"})~"}},
      {R"~({"name":"abc","ports":[{"protocol":"TCP"},"x",null]})~", {R"~(Required spec.ports[0].port: Required value)~", R"~(TypeInvalid spec.ports[1]: Invalid value: "string": spec.ports[1] in body must be of type object: "string")~", R"~(TypeInvalid spec.ports[2]: Invalid value: "null": spec.ports[2] in body must be of type object: "null")~", R"~(Invalid spec.ports[1]: Invalid value: "x": must be an object for an array of list-type map)~"}},
      {R"~({"name":"abc","ports":[5]})~", {R"~(TypeInvalid spec.ports[0]: Invalid value: "integer": spec.ports[0] in body must be of type object: "integer")~", R"~(Invalid spec.ports[0]: Invalid value: 5: must be an object for an array of list-type map)~"}},
      {R"~({"name":"abc","steps":[{"name":"a"},{"name":"a"},{"name":"a","deep":{}}]})~", {R"~(Duplicate spec.steps[1]: Duplicate value: {"name":"a"})~"}},
      {R"~({"name":"abc","steps":[{"name":"a","deep":{"size":1}},{"name":"b","deep":null}]})~", {R"~(ok {"count":3,"maybe":"x","name":"abc","steps":[{"deep":{"size":1},"name":"a"},{"deep":{"size":7},"name":"b"}]})~"}},
      {R"~({"name":"abc","steps":[{},{}]})~", {R"~(Required spec.steps[0].name: Required value)~", R"~(Required spec.steps[1].name: Required value)~", R"~(Duplicate spec.steps[1]: Duplicate value: {})~"}},
      {R"~({"name":"abc","labels":{}})~", {R"~(Invalid spec.labels: Invalid value: 0: spec.labels in body should have at least 1 properties)~"}},
      {R"~({"name":"abc","labels":{"a":"1","b":"2","c":"3"}})~", {R"~(TooMany spec.labels: Too many: 3: must have at most 2 items)~"}},
      {R"~({"name":"abc","labels":{"a":"long!"}})~", {R"~(TooLong spec.labels.a: Too long: may not be more than 3 bytes)~"}},
      {R"~({"name":"abc","labels":{"a.b":"long!"}})~", {R"~(TooLong spec.labels.a.b: Too long: may not be more than 3 bytes)~"}},
      {R"~({"name":"abc","labels":{"a":null}})~", {R"~(Invalid spec.labels: Invalid value: 0: spec.labels in body should have at least 1 properties)~"}},
      {R"~({"name":"abc","zzz":1,"free":{"b":2,"known":{"a":1,"b":2}},"any":{"x":[{"y":1}]}})~", {R"~(ok {"any":{"x":[{"y":1}]},"count":3,"free":{"b":2,"known":{"a":1}},"maybe":"x","name":"abc"})~"}},
      {R"~({"name":"abc","one":{}})~", {R"~(Invalid <nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found none valid)~", R"~(Required spec.one.a: Required value)~"}},
      {R"~({"name":"abc","one":{"a":"","b":""}})~", {R"~(Invalid <nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives)~"}},
      {R"~({"name":"abc","one":{"a":5}})~", {R"~(TypeInvalid spec.one.a: Invalid value: "integer": spec.one.a in body must be of type string: "integer")~"}},
      {R"~({"name":"abc","all":"a"})~", {R"~(Invalid spec.all: Invalid value: "a": spec.all in body should be at least 3 chars long)~", R"~(Invalid spec.all: Invalid value: "a": spec.all in body should match '^x')~", R"~(Invalid <nil>: Invalid value: "": "spec.all" must validate all the schemas (allOf). None validated)~"}},
      {R"~({"name":"abc","all":"xa"})~", {R"~(Invalid spec.all: Invalid value: "xa": spec.all in body should be at least 3 chars long)~", R"~(Invalid <nil>: Invalid value: "": "spec.all" must validate all the schemas (allOf))~"}},
      {R"~({"name":"abc","all":"xxx"})~", {R"~(Invalid <nil>: Invalid value: "": "spec.all" must not validate the schema (not))~"}},
      {R"~({"name":"<&>\u2028\u00e9\u200b\"\\","kind":null})~", {R"~(TooLong spec.name: Too long: may not be more than 5 bytes)~"}},
      {R"~({"name":"abc","nums":{"<a>":1.5}})~", {R"~(TypeInvalid spec.nums: Invalid value: "object": spec.nums in body must be of type array: "object")~"}},
      {R"~({"name":"abc","count":{"<a>":1.5}})~", {R"~(TypeInvalid spec.count: Invalid value: "object": spec.count in body must be of type integer: "object")~"}},
      {R"~({"name":{"z":1}})~", {R"~(TypeInvalid spec.name: Invalid value: "object": spec.name in body must be of type string: "object")~"}},  };
  for (const Case& one : cases) EXPECT_EQ(created(one.spec), one.answer) << one.spec;
}
// clang-format on

// What is stored was written while its schema was laxer.
const char* const stored = R"~({"apiVersion": "golden.ork.dev/v1", "kind": "Sample", "metadata": {"name": "old"},
  "spec": {"name": "ABC", "kind": "Huge", "nums": ["x", 1], "tags": ["a", "a"], "amount": true, "count": 3,
           "steps": [{"name": "a", "deep": {"size": "x"}}, {"name": "b", "deep": {"size": 7}}],
           "labels": {"a": "long!", "b": "x"}, "ports": [{"port": 1, "protocol": "TCP", "note": "too long"}]},
  "status": {"phase": "Ugly", "list": [{"k": "a"}, {"k": "a"}]}})~";

// The causes of an update that changes one field.
std::vector<std::string> updated(const std::string& pointer, const std::string& value, Part part = Part::Whole) {
  Schema schema = sample();
  Json old = Json::parse(stored), object = old;
  object[Json::json_pointer(pointer)] = Json::parse(value);
  schema.prune(object);
  schema.apply_defaults(object);
  return texts_of(schema.validate(object, &old, part));
}

using Texts = std::vector<std::string>;

TEST(SchemaStructure, LetsThroughWhatWasWrongBeforeAndDidNotChange) {
  EXPECT_EQ(updated("/metadata/labels", R"({"a": "b"})"), Texts{});
  EXPECT_EQ(updated("/spec/count", "4"), Texts{});
  EXPECT_EQ(updated("/spec/labels/b", R"("y")"), Texts{});
  EXPECT_EQ(updated("/spec/tags", R"(["a", "a", "b"])"), Texts{});
}

TEST(SchemaStructure, RefusesWhatIsWrongInAChangedValue) {
  EXPECT_EQ(updated("/spec/count", "40"),
            Texts{"Invalid spec.count: Invalid value: 40: spec.count in body should be less than or equal to 10"});
  EXPECT_EQ(updated("/spec/name", R"("ABD")"),
            Texts{R"(Invalid spec.name: Invalid value: "ABD": spec.name in body should match '^[a-z]+$')"});
  EXPECT_EQ(updated("/spec/labels/a", R"("longer")"),
            Texts{"TooLong spec.labels.a: Too long: may not be more than 3 bytes"});
}

TEST(SchemaStructure, ComparesItemsOfAMapListByTheirKeysAndOtherListsAsAWhole) {
  EXPECT_EQ(updated("/spec/steps", R"([{"name": "b"}, {"name": "a", "deep": {"size": "x"}}])"), Texts{});
  EXPECT_EQ(updated("/spec/ports", R"([{"port": 1, "protocol": "TCP", "note": "too long"}, {"port": 2}])"), Texts{});
  EXPECT_EQ(updated("/spec/steps/0/deep/size", R"("y")"),
            Texts{"TypeInvalid spec.steps[0].deep.size: Invalid value: \"string\": "
                  "spec.steps[0].deep.size in body must be of type integer: \"string\""});
  EXPECT_EQ(updated("/spec/nums", R"(["x", 1, 2])"), Texts{"TypeInvalid spec.nums[0]: Invalid value: \"string\": "
                                                           "spec.nums[0] in body must be of type integer: \"string\""});
}

TEST(SchemaStructure, AWriteOfTheStatusIsAskedForItsStatusOnly) {
  EXPECT_EQ(updated("/status/phase", R"("Good")", Part::Status), Texts{});
  EXPECT_EQ(updated("/spec/count", "40", Part::Status), Texts{});
  EXPECT_EQ(updated("/status/phase", R"("Worse")", Part::Status),
            Texts{R"(NotSupported status.phase: Unsupported value: "Worse": supported values: "Good", "Bad")"});
  EXPECT_EQ(updated("/status", R"("x")", Part::Status),
            Texts{R"(TypeInvalid status: Invalid value: "string":  in body must be of type object: "string")"});
  EXPECT_EQ(updated("/status/list", "[{}]", Part::Status), Texts{"Required status.list[0].k: Required value"});
  // It held duplicates before.
  EXPECT_EQ(updated("/status/list", R"([{"k": "b"}, {"k": "b"}])", Part::Status), Texts{});
}

}  // namespace
}  // namespace ork::embedded
