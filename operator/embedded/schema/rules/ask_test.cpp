#include <gtest/gtest.h>

#include "operator/embedded/schema/rules/rule.hpp"
#include "operator/embedded/schema/rules/sample.hpp"
#include "operator/embedded/schema/test_texts.hpp"

namespace ork::embedded {
namespace {

using Texts = std::vector<std::string>;

Json ruled(const std::string& name, const Json& spec) {
  return {{"apiVersion", "golden.ork.dev/v1"}, {"kind", "Place"}, {"metadata", {{"name", name}}}, {"spec", spec}};
}

Texts created(const std::string& name, const std::string& spec) {
  Schema schema = *Schema::parse(Json::parse(rules::sample::ruled_schema), Json());
  Json object = ruled(name, Json::parse(spec));
  schema.apply_defaults(object);
  return texts_of(schema.validate(object, nullptr));
}

// The stored spec with some fields changed; null removes one.
Texts updated(const std::string& name, const std::string& changes) {
  Schema schema = *Schema::parse(Json::parse(rules::sample::ruled_schema), Json());
  Json old = ruled(name, Json::parse(rules::sample::ruled_spec)), object = old;
  const Json changed = Json::parse(changes);
  for (const auto& [field, value] : changed.items()) {
    if (value.is_null()) {
      object["spec"].erase(field);
    } else {
      object["spec"][field] = value;
    }
  }
  return texts_of(schema.validate(object, &old));
}

// clang-format off
TEST(Rules, ANewObjectIsAskedAsTheApiServerAsksIt) {
  EXPECT_EQ(created("b", R"~({})~"), (Texts{R"~(Invalid <nil>: Invalid value: "object": root)~"}));
  EXPECT_EQ(created("a", R"~({"a": "x"})~"), (Texts{}));
  EXPECT_EQ(created("a", R"~({"n": 5})~"), (Texts{R"~(Invalid spec: Invalid value: "object": new n)~"}));
  EXPECT_EQ(created("a", R"~({"n": 15})~"), (Texts{R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~"}));
  EXPECT_EQ(created("a", R"~({"n": 25})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: failed rule: !has(self.n) || self.n < 20)~"}));
  EXPECT_EQ(created("a", R"~({"n": 35})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: failed rule: !has(self.n) || self.n < 20)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~"}));
  EXPECT_EQ(created("a", R"~({"n": 45})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: failed rule: !has(self.n) || self.n < 20)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Required spec: Required value: r)~"}));
  EXPECT_EQ(created("a", R"~({"n": 55})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: failed rule: !has(self.n) || self.n < 20)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Required spec: Required value: r)~", 
            R"~(Duplicate spec: Duplicate value: "object")~"}));
  EXPECT_EQ(created("a", R"~({"x": "bad"})~"), (Texts{R"~(Invalid spec.deep.a.b[k]: Invalid value: "object": x)~"}));
  EXPECT_EQ(created("a", R"~({"deep": {"a.b": {"k": "no"}}})~"), (Texts{R"~(Invalid spec.deep.a.b[k]: Invalid value: "string": no no)~"}));
  EXPECT_EQ(created("a", R"~({"m": {"p": "no"}})~"), (Texts{R"~(Invalid spec.m[p]: Invalid value: "string": no no)~"}));
  EXPECT_EQ(created("a", R"~({"items": [{"k": "a", "v": -5}, {"k": "b", "v": 200}]})~"), (Texts{
            R"~(Invalid spec.items[0]: Invalid value: "object": v > 0)~", 
            R"~(Invalid spec.items[1].v: Invalid value: "integer": v < 100)~"}));
  EXPECT_EQ(created("a", R"~({"plain": [0, 1]})~"), (Texts{R"~(Invalid spec.plain[0]: Invalid value: "integer": plain > 0)~"}));
  EXPECT_EQ(created("a", R"~({"ios": "no"})~"), (Texts{R"~(Invalid spec.ios: Invalid value: "": ios)~"}));
  EXPECT_EQ(created("a", R"~({"null": null})~"), (Texts{}));
  EXPECT_EQ(created("a", R"~({"null": "no"})~"), (Texts{R"~(Invalid spec.null: Invalid value: "string": null)~"}));
  EXPECT_EQ(created("a", R"~({"n": "x"})~"), (Texts{
            R"~(TypeInvalid spec.n: Invalid value: "string": spec.n in body must be of type integer: "string")~", 
            R"~(Invalid <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation)~"}));
}

TEST(Rules, AnUpdateIsAskedAsTheApiServerAsksIt) {
  EXPECT_EQ(updated("abc", R"~({})~"), (Texts{}));
  EXPECT_EQ(updated("abc", R"~({"x": "y"})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": x: y)~"}));
  EXPECT_EQ(updated("bcd", R"~({})~"), (Texts{R"~(Invalid <nil>: Invalid value: "object": root)~"}));
  EXPECT_EQ(updated("abc", R"~({"a": "y"})~"), (Texts{
            R"~(Invalid spec.a: Invalid value: "object": a is fixed)~", 
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of y)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~"}));
  EXPECT_EQ(updated("abc", R"~({"a": null})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": no such key: a evaluating rule: a is fixed)~", 
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: failed rule: !has(self.n) || self.n < 20)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~"}));
  EXPECT_EQ(updated("abc", R"~({"n": 36})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~"}));
  EXPECT_EQ(updated("abc", R"~({"n": 34})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Invalid spec: Invalid value: "object": n grows)~"}));
  EXPECT_EQ(updated("abc", R"~({"n": 5})~"), (Texts{R"~(Invalid spec: Invalid value: "object": n grows)~"}));
  EXPECT_EQ(updated("abc", R"~({"items": [{"k": "c"}, {"k": "b", "v": 201}, {"k": "a", "v": -5}]})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Invalid spec.items[1].v: Invalid value: "integer": v < 100)~"}));
  EXPECT_EQ(updated("abc", R"~({"items": [{"k": "a", "v": -6}, {"k": "b", "v": 200}, {"k": "c", "v": 0}]})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Invalid spec.items[0]: Invalid value: "object": v > 0)~", 
            R"~(Invalid spec.items[0].v: Invalid value: "integer": v grows)~", 
            R"~(Invalid spec.items[2]: Invalid value: "object": v > 0)~"}));
  EXPECT_EQ(updated("abc", R"~({"plain": [0, 1, 2]})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Invalid spec.plain[0]: Invalid value: "integer": plain > 0)~"}));
  EXPECT_EQ(updated("abc", R"~({"m": {"p": "no", "q": "ko", "r": "new"}})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Invalid spec.m[q]: Invalid value: "string": m fixed)~"}));
  EXPECT_EQ(updated("abc", R"~({"ios": 5})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~"}));
  EXPECT_EQ(updated("abc", R"~({"deep": {"a.b": {"k": "no", "l": "no"}}})~"), (Texts{
            R"~(Invalid spec: Invalid value: "object": failed rule: !has(self.n) || self.n < 10)~", 
            R"~(Forbidden spec.n: Forbidden: n of x)~", 
            R"~(Invalid spec: Invalid value: "object": plain)~", 
            R"~(Invalid spec.deep.a.b[l]: Invalid value: "string": no no)~"}));
}

// clang-format on

}  // namespace
}  // namespace ork::embedded
