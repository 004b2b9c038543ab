// How expressions are evaluated, as far as it is ork's own: bounds, messages, positions. That values are as the CEL
// specification has them is tried with its own conformance cases (tests/cel).

#include <gtest/gtest.h>

#include <string>

#include "controllers/expr/explain.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/expr/test_scope.hpp"

namespace ork::expr {
namespace {

struct Case {
  std::string text;
  std::string worth;
};

void expect_all(std::initializer_list<Case> cases, const Scope& scope) {
  for (const Case& c : cases) EXPECT_EQ(worth(c.text, scope), c.worth) << c.text;
}

JsonScope scope() {
  return JsonScope(Json::parse(R"({
    "params": {"day": "2026-01-01", "table": {"odd key": 7}, "one": [true]},
    "list": {"files": [{"name": "a.csv"}, {"name": "b.csv"}], "n": 2, "none": null},
    "empty": {}
  })"));
}

TEST(Evaluate, ReadsWhatTheScopeGives) {
  expect_all({{"params.day", "string \"2026-01-01\""},
              {"params.table[\"odd key\"]", "int 7"},
              {"list.none", "null_type null"},
              {"list.files[1].name", "string \"b.csv\""},
              {"list.files[0]", R"(map {"name":"a.csv"})"},
              {"list.files.map(f, f.name)", R"(list ["a.csv","b.csv"])"},
              {"size(list.files) == list.n && params.day < \"2027\"", "bool true"}},
             scope());
}

TEST(Evaluate, SaysWhatIsThereInsteadOfWhatWasAskedFor) {
  expect_all({{"other", "error: there is no variable \"other\""},
              {"list.file", "error: list has no field \"file\"; it has: \"files\", \"n\", \"none\""},
              {"empty.x", "error: empty has no field \"x\"; it has: none"},
              {"list.files[2]", "error: list.files has 2 items, so [2] is out of range"},
              {"params.one[1]", "error: params.one has 1 item, so [1] is out of range"},
              {"list.files.name", "error: list.files is a list: it takes an index such as [0], not the field \"name\""},
              {"list.files[0.5]", "error: list.files is a list: it takes a whole number as index, not [0.5]"},
              {"list[0]", "error: list has no key 0; it has: \"files\", \"n\", \"none\""},
              {"list.n.x", "error: list.n is an int, so it has no field \"x\""},
              {"list.none.x", "error: list.none is null, so it has no field \"x\""},
              {"params.day[0]", "error: params.day is a string, so it takes no index [0]"},
              {"{1: 2}[[]]", "error: a list can't be a key"}},
             scope());
}

TEST(Evaluate, SaysWhatAnOperatorOrAFunctionTakes) {
  expect_all(
      {{"1 + 2.0", "error: there is no an int + a double: convert one of them, as in double(x)"},
       {"'a' - 'b'", "error: there is no a string - a string"},
       {"1 && true", "error: && takes bools, and 1 is an int"},
       {"1 ? 2 : 3", "error: 1 is an int, and a condition is a bool"},
       {"siz([])", "error: there is no function \"siz\""},
       {"size(1)", "error: size takes no an int; there is: size(string), size(bytes), size(list(A)), size(map(A, B))"},
       {"'a'.contains(1)", "error: contains takes no a string, an int; there is: string.contains(string)"},
       {"[1].all(x, x)", "error: x is an int, and a condition is a bool"},
       {"1.all(x, true)", "error: all goes through a list or a map, and 1 is an int"},
       {"{1: 2, 1u: 3}", "error: the key 1 comes twice"},
       {"'('.matches('(')", "error: \"(\" is no regular expression: missing ): ("},
       {"timestamp('2026-01-01')", "error: \"2026-01-01\" is no timestamp such as 2026-01-31T12:00:00Z"},
       {"duration('1 day')", "error: \"1 day\" is no duration such as 90s or 1h30m"}},
      scope());
}

TEST(Evaluate, TellsWhichPartOfTheTextHasNoValue) {
  const auto error = evaluate(*parse("1 + (2 / 0) + 3"), JsonScope()).error();
  EXPECT_EQ(error.code, EvalErrc::DivideByZero);
  EXPECT_EQ(error.begin, 5u);
  EXPECT_EQ(error.end, 10u);
}

TEST(Evaluate, ListsOnlySomeOfManyFieldsAndEscapesThem) {
  Json many;
  for (int i = 0; i < 20; ++i) many["a"]["key" + std::to_string(10 + i)] = i;
  EXPECT_EQ(worth("a.x", JsonScope(many)),
            "error: a has no field \"x\"; it has: \"key10\", \"key11\", \"key12\", \"key13\", \"key14\", \"key15\", "
            "\"key16\", \"key17\" and 12 more");
  EXPECT_EQ(worth("a.x", JsonScope(Json{{"a", {{"\x1b[2J", 1}}}})),
            "error: a has no field \"x\"; it has: \"\\x1b[2J\"");
}

TEST(Evaluate, AnswersThatDecideMakeGoodWhatFailsBesideThem) {
  expect_all({{"1 / 0 > 0 && false", "bool false"},
              {"true || unknown(1)", "bool true"},
              {"[0, 1].exists(x, 1 / x > 0)", "bool true"},
              {"[0, 1].all(x, 1 / x > 0)", "error: division by zero"},
              {"1 / 0 > 0 && true", "error: division by zero"},
              {"optional.of(1).orValue(1 / 0)", "int 1"}},
             JsonScope());
}

TEST(Evaluate, AsksTheScopeForZonesThatAreNoOffsets) {
  expect_all(
      {{"timestamp('2026-01-01T20:00:00Z').getHours('Asia/Kathmandu')", "int 1"},
       {"timestamp('2026-01-01T20:00:00Z').getDate('+05:45')", "int 2"},
       {"timestamp('2026-01-01T20:00:00Z').getHours('Mars/Base')", "error: there is no time zone \"Mars/Base\""}},
      JsonScope());
}

TEST(Evaluate, IsBoundedInWorkAndSize) {
  const std::string costly = "error: this takes more work than an expression may take";
  const Json numbers = {{"l", std::vector<int>(3000, 1)}, {"s", std::string(4000, 'a')}};
  const JsonScope large(numbers);
  EXPECT_EQ(worth("l.all(a, l.all(b, a == b))", large), costly);
  EXPECT_EQ(worth("l.map(a, s)", large).substr(0, 5), "list ");
  EXPECT_EQ(worth("l.map(a, s + s)", large), costly);
  EXPECT_EQ(worth("lists.range(2000000)", large), costly);
  EXPECT_EQ(worth("l.map(a, l).flatten()", large), costly);
  EXPECT_EQ(worth("size(l + l)", large), "int 6000");
}

TEST(Evaluate, SpendsOfABudgetThatOthersSpendOfToo) {
  const auto expression = *parse("lists.range(1000).all(i, i >= 0)");
  Budget budget{.steps = 10'000};
  EXPECT_TRUE(evaluate(expression, JsonScope(), budget));
  const std::size_t left = budget.steps;
  EXPECT_LT(left, 9'000U);
  EXPECT_TRUE(evaluate(expression, JsonScope()));
  EXPECT_EQ(budget.steps, left) << "that one had a budget of its own";
  for (int i = 0; i < 10; ++i) (void)evaluate(expression, JsonScope(), budget);
  EXPECT_EQ(evaluate(expression, JsonScope(), budget).error().code, EvalErrc::TooCostly);
}

TEST(Explain, GivesWhatEachPartWasWorth) {
  const JsonScope values = scope();
  const auto expression = *parse("size(list.files) > 5 || params.day == 'x' && 1 / 0 > 1");
  const Explanation explanation = explain(expression, values);
  EXPECT_EQ(to_json(*explanation.answer), false);
  std::vector<std::string> lines;
  for (const Part& part : explanation.parts) {
    lines.push_back(std::string(part.level, ' ') + expression.text().substr(part.begin, part.end - part.begin) + " = " +
                    (part.value ? part.value->dump() : part.error) +
                    (part.times == 1 ? "" : " x" + std::to_string(part.times)));
  }
  const std::vector<std::string> expected = {
      "size(list.files) > 5 || params.day == 'x' && 1 / 0 > 1 = false",
      " size(list.files) > 5 = false",
      "  size(list.files) = 2",
      R"(   list.files = [{"name":"a.csv"},{"name":"b.csv"}])",
      R"(    list = {"files":[{"name":"a.csv"},{"name":"b.csv"}],"n":2,"none":null})",
      " params.day == 'x' && 1 / 0 > 1 = false",
      "  params.day == 'x' = false",
      "   params.day = \"2026-01-01\"",
      R"(    params = {"day":"2026-01-01","one":[true],"table":{"odd key":7}})",
      "  1 / 0 > 1 =  x0",
      "   1 / 0 =  x0"};
  EXPECT_EQ(lines, expected);
}

}  // namespace
}  // namespace ork::expr
