#include "operator/embedded/schema/rules/evaluate.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/schema/rules/limits.hpp"
#include "operator/embedded/schema/rules/sample.hpp"

namespace ork::embedded::rules {
namespace {

// "holds", "fails", or what went wrong.
std::string asked(const std::string& rule) {
  Schema schema = *Schema::parse(Json::parse(sample::schema), Json());
  Json object = Json::parse(sample::object);
  auto program = parse(rule);
  if (!program) return "refused: " + program.error();
  Value value = evaluate(*program, value_of(object, schema.root()), nullptr).value;
  if (const Failure* failure = value.get<Failure>()) return failure->message;
  const bool* holds = value.get<bool>();
  return holds == nullptr ? "no answer" : *holds ? "holds" : "fails";
}

struct Case {
  std::string rule;
  std::string answer = "holds";
};

void expect(const std::vector<Case>& cases) {
  for (const Case& one : cases) EXPECT_EQ(asked(one.rule), one.answer) << one.rule;
}

// clang-format off
TEST(RuleExpression, AnswersAsTheApiServerDoes) {
  expect({
      {R"~(size(self.s) == 3)~"},
      {R"~(size(self.u) == 3)~"},
      {R"~(self.s.size() == 3)~"},
      {R"~(self.s.matches('^[a-z]+$'))~"},
      {R"~(self.s.matches('b'))~"},
      {R"~(self.s.startsWith('ab') && self.s.endsWith('bc') && self.s.contains('b'))~"},
      {R"~(self.s.contains(''))~"},
      {R"~(self.s == 'abc' && self.s != "abd" && self.s < 'abd' && 'abd' >= self.s)~"},
      {R"~(self.s + 'd' == 'abcd')~"},
      {R"~(self.s in ['abc', 'x'])~"},
      {R"~(!(self.s in ['x']))~"},
      {R"~(self.s == r'a\b')~", R"~(fails)~"},
      {R"~(self.t == 'a\\b\n\'"\x41\u00e9\101')~"},
      {R"~(self.t == '''a\\b
'"Aé''' + "A")~"},
      {R"~(size('é世') == 2)~"},
      {R"~(self.n + 2 * 3 == 11)~"},
      {R"~((self.n + 2) * 3 == 21)~"},
      {R"~(self.n - 10 == -5)~"},
      {R"~(self.n / 2 == 2 && self.n % 3 == 2 && -self.n / 2 == -2)~"},
      {R"~(self.n / 0 == 1)~", R"~(division by zero)~"},
      {R"~(self.n % 0 == 1)~", R"~(modulus by zero)~"},
      {R"~(self.n / (self.n - 5) == 1 || true)~"},
      {R"~(true || self.n / 0 == 1)~"},
      {R"~(self.n / 0 == 1 || self.n == 5)~"},
      {R"~(self.n / 0 == 1 && self.n == 6)~", R"~(fails)~"},
      {R"~(self.n / 0 == 1 && self.n == 5)~", R"~(division by zero)~"},
      {R"~(self.n > 3 ? self.s == 'abc' : self.s == 'x')~"},
      {R"~(self.big + 1 > 0)~", R"~(integer overflow)~"},
      {R"~(self.big * 2 > 0)~", R"~(integer overflow)~"},
      {R"~(-9223372036854775808 < self.n)~"},
      {R"~(self.big == 9223372036854775807)~"},
      {R"~(0x10 == 16)~"},
      {R"~(self.n == 5 && self.d == 1.5)~"},
      {R"~(self.d > 1 && self.d < 2 && self.n > 4.5)~"},
      {R"~(self.d * 2.0 == 3.0)~"},
      {R"~(self.d / 0.0 > 1000000.0)~"},
      {R"~(double(self.n) == 5.0 && int(self.d) == 1 && string(self.n) == '5')~"},
      {R"~(int(self.s) == 1)~", R"~(type conversion error from 'string' to 'int')~"},
      {R"~(int('12') == 12)~"},
      {R"~(double('1.5') == self.d)~"},
      {R"~(string(self.d) == '1.5')~"},
      {R"~(string(true) == 'true')~"},
      {R"~(string(duration('90s')) == '90s')~"},
      {R"~(string(duration('1.5s')) == '1.5s')~"},
      {R"~(has(self.s) && !has(self.missing))~"},
      {R"~(self.missing == 'x')~", R"~(no such key: missing)~"},
      {R"~(has(self.o.a) && self.o.a == 1)~"},
      {R"~(has(self.m.x) && self.m['x'] == 'y' && self.m.x == 'y')~"},
      {R"~(self.m['nope'] == 'y')~", R"~(no such key: nope)~"},
      {R"~(self.m.nope == 'y')~", R"~(no such key: nope)~"},
      {R"~('x' in self.m && !('nope' in self.m))~"},
      {R"~(self.m.all(k, k.startsWith('x')))~"},
      {R"~(self.m.exists(k, self.m[k] == 'y'))~"},
      {R"~(self.m == {'x': 'y'})~"},
      {R"~(size(self.m) == 1)~"},
      {R"~(self.l == [1, 2, 3])~"},
      {R"~(self.l == [1, 2, 4])~", R"~(fails)~"},
      {R"~(self.l[0] == 1 && self.l[2] == 3)~"},
      {R"~(self.l[3] == 1)~", R"~(index out of bounds: 3)~"},
      {R"~(self.l[-1] == 1)~", R"~(index out of bounds: -1)~"},
      {R"~(self.l.all(x, x > 0))~"},
      {R"~(self.l.all(x, x > 1))~", R"~(fails)~"},
      {R"~(self.l.all(x, x / (x - 2) < 100))~", R"~(division by zero)~"},
      {R"~(self.l.all(x, x / (x - 2) > 100))~", R"~(fails)~"},
      {R"~(self.l.exists(x, x == 2))~"},
      {R"~(self.l.exists(x, 1 / (x - 1) == 1))~"},
      {R"~(self.l.exists(x, 1 / (x - 1) == 100))~", R"~(division by zero)~"},
      {R"~(self.l.exists_one(x, x > 2))~"},
      {R"~(self.l.exists_one(x, x > 1))~", R"~(fails)~"},
      {R"~(self.l.exists_one(x, 1 / (x - 1) > 5))~", R"~(division by zero)~"},
      {R"~(self.l.map(x, x * 2) == [2, 4, 6])~"},
      {R"~(self.l.map(x, x > 1, x * 2) == [4, 6])~"},
      {R"~(self.l.map(x, 1 / (x - 1)) == [1])~", R"~(division by zero)~"},
      {R"~(self.l.filter(x, x > 1) == [2, 3])~"},
      {R"~(self.l.filter(x, x > 1).size() == 2)~"},
      {R"~(self.l + [4] == [1, 2, 3, 4])~"},
      {R"~(self.l.all(x, self.l.exists(y, y == x)))~"},
      {R"~([1, 2] in [[1, 2], [3]])~"},
      {R"~(self.set == ['b', 'a'])~"},
      {R"~(self.items.all(i, has(i.v) || i.k == 'b'))~"},
      {R"~(self.items.filter(i, i.k == 'a')[0].v == 1)~"},
      {R"~(self.items.map(i, i.k) == ['a', 'b'])~"},
      {R"~(self.ios == 5)~"},
      {R"~(self.ios == 'x')~", R"~(fails)~"},
      {R"~(self.ios2 == '5m' && self.ios2 != 5)~"},
      {R"~(self.ios + 1 == 6)~"},
      {R"~(self.ios2.startsWith('5'))~"},
      {R"~(self.ios.startsWith('5'))~", R"~(no such overload)~"},
      {R"~(duration(self.dur) > duration('1h') && duration(self.dur) < duration('2h'))~"},
      {R"~(duration('1h') + duration('30m') == duration('90m') && duration('1h') - duration('30m') == duration('1800s'))~"},
      {R"~(duration(self.s) > duration('1h'))~", R"~(type conversion error from 'string' to 'google.protobuf.Duration')~"},
      {R"~(duration('1.5h') == duration('1h30m') && duration('-1h') < duration('0s'))~"},
      {R"~(self.durf == duration('90s'))~"},
      {R"~(has(self.maybe))~", R"~(fails)~"},
      {R"~(self.__namespace__ == 'ns' && self.a__dash__b == 'dash' && self.a__dot__b == 'dot')~"},
      {R"~(null == null && [] == [] && {} == {})~"},
      {R"~(1 == 1 && 1u == 1u && 1u + 2u == 3u && 1u < 2u)~"},
      {R"~(2u - 3u == 1u)~", R"~(unsigned integer overflow)~"},
      {R"~(1.0 == 1.0 && 1e3 == 1000.0 && 1.5e-1 == 0.15 && .5 == 0.5)~"},
      {R"~(self.deep.exists(d, d.__in__.exists(e, e == 'z')))~"},
  });
}
// clang-format on

// What Kubernetes' type checker keeps out of a CRD, or has no sample for, but evaluation must survive.
TEST(RuleExpression, ComparesListsOfTypeMapAndSetInAnyOrder) {
  expect({{"self.items == self.items2"},
          {"self.keep == self.keep2"},
          {"self.keep == self.keep3", "fails"},
          {"self.set == ['b', 'c']", "fails"},
          {"self.items == self.l", "fails"},
          {"self.s == self.n", "fails"},
          {"self.l == self.m", "fails"}});
}

TEST(RuleExpression, AValueOfTheWrongTypeIsAnErrorNotAnAnswer) {
  expect({{"self.s && true", "no such overload"},
          {"!self.s", "no such overload"},
          {"self.n ? true : false", "no such overload"},
          {"self.s.all(x, true)", "no such overload"},
          {"self.n.a == 1", "no such overload"},
          {"has(self.n.a)", "no such overload"},
          {"self.s[0] == 'a'", "no such overload"},
          {"self.l['a'] == 1", "unsupported index: a"},
          {"size(self.n) == 1", "no such overload"},
          {"self.s < 5", "no such overload"},
          {"self.l.exists(x, x)", "no such overload"},
          {"self.l.filter(x, x) == []", "no such overload"},
          {"duration(5) == duration('5s')", "no such overload"},
          {"'a' in self.s", "no such overload"},
          {"self.keep.a == 1", "no such key: a"},
          {"oldSelf == self", "no such attribute(s): oldSelf"},
          {"self.n", "no answer"}});
}

TEST(RuleExpression, WhatItDoesNotKnowIsRefused) {
  expect({{"", "refused: the expression ends too early (at 0)"},
          {"self.", "refused: the expression ends too early (at 5)"},
          {"self == ", "refused: the expression ends too early (at 8)"},
          {"other == 1", "refused: undeclared reference to 'other' (at 6)"},
          {"x == 1 || self.l.all(x, true)", "refused: undeclared reference to 'x' (at 2)"},
          {"self.l.all(x, true) && x == 1", "refused: undeclared reference to 'x' (at 25)"},
          {"timestamp(self.s) == self.s", "refused: there is no function timestamp here with 1 arguments (at 18)"},
          {"self.s.split(',').size() == 1", "refused: there is no function split here with 2 arguments (at 17)"},
          {"has(self)", "refused: has() takes one field (at 9)"},
          {"'abc", "refused: a string without an end (at 0)"},
          {R"('\q' == self.s)", "refused: a string with an escape that is not one (at 0)"},
          {"self.s.matches('(')", "refused: pattern '(': missing ): ( (at 19)"},
          {"99999999999999999999 == 1", "refused: '99999999999999999999' is no number here (at 0)"},
          {"1 == 1 2", "refused: unexpected '2' (at 7)"},
          {"self = 1", "refused: unexpected '=' (at 5)"},
          {"self.l.all(true)", "refused: unexpected ')' (at 15)"},
          {"#", "refused: a character that is not expected here (at 0)"}});
}

TEST(RuleExpression, ADeepExpressionIsRefusedWhateverMakesItDeep) {
  std::string deep = "refused: the expression nests too deeply";
  auto many = [](const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  EXPECT_TRUE(asked(many("(", 1000) + "1" + many(")", 1000)).starts_with(deep));
  EXPECT_TRUE(asked(many("!", 1000) + "true").starts_with(deep));
  EXPECT_TRUE(asked(many("- ", 1000) + "self.n").starts_with(deep));
  EXPECT_TRUE(asked("1" + many(" + 1", 1000)).starts_with(deep));
  EXPECT_TRUE(asked("self" + many(".a", 1000)).starts_with(deep));
  EXPECT_TRUE(asked(many("[", 1000) + many("]", 1000)).starts_with(deep));
  EXPECT_TRUE(asked(many("true ? true : ", 1000) + "true").starts_with(deep));
  EXPECT_EQ(asked("true" + many(" && true", 1000)), "holds");
  EXPECT_EQ(asked(std::string(limits::rule_length + 1, ' ')), "refused: the expression is too long");
}

TEST(RuleExpression, EvaluationStopsWhenItCostsTooMuch) {
  Json object = {{"l", Json::array()}};
  for (int i = 0; i < 2000; ++i) object["l"].push_back(i);
  Schema schema = *Schema::parse(
      {{"type", "object"}, {"properties", {{"l", {{"type", "array"}, {"items", {{"type", "integer"}}}}}}}}, Json());
  auto program = parse("self.l.all(x, self.l.exists(y, y == x))");
  auto result = evaluate(*program, value_of(object, schema.root()), nullptr);
  ASSERT_TRUE(result.value.failed());
  EXPECT_EQ(result.value.get<Failure>()->message, "operation cancelled: actual cost limit exceeded");
  EXPECT_LT(result.cost, limits::rule_cost + 100);
}

}  // namespace
}  // namespace ork::embedded::rules
