#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/test_scope.hpp"

namespace ork::expr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Parse, KeepsTheTextAsWritten) { EXPECT_EQ(parse(" params.day ")->text(), " params.day "); }

TEST(Parse, FindsTheParamsAndTasksThatAnExpressionRefersTo) {
  struct Case {
    std::string text;
    References references;
  };
  const Case cases[] = {
      {"params.day", {{"day"}, {}}},
      {"params[\"odd name\"] + params.day", {{"day", "odd name"}, {}}},
      {"tasks.list.output.files[0].name", {{}, {"list"}}},
      {"tasks[\"load-all\"].output > tasks.list.output", {{}, {"list", "load-all"}}},
      {"tasks.`load-all`.output", {{}, {"load-all"}}},
      {"has(tasks.list.output) && has(params.day)", {{"day"}, {"list"}}},
      {"tasks.?list.?output.orValue(params.?day.orValue(1))", {{"day"}, {"list"}}},
      {"tasks.list.output.filter(f, f.size > params.least)", {{"least"}, {"list"}}},
      {"run.name", {{}, {}}},
      {"[1].exists(params, params.day > 1)", {{}, {}}},
      {"cel.bind(tasks, params.day, tasks.list.output)", {{"day"}, {}}},
      {"params[params.which]", {{"which"}, {}}},
  };
  for (const Case& c : cases) {
    const auto expression = parse(c.text);
    ASSERT_TRUE(expression.ok()) << c.text << ": " << expression.error().message;
    EXPECT_EQ(expression->references(), c.references) << c.text;
  }
}

TEST(Parse, TellsWhereEachVariableStands) {
  const auto mentions = parse("tasks.list.output.n > params.least[0]")->mentions();
  EXPECT_THAT(mentions, ElementsAre(Mention{"tasks", "list", "output", 0, 17}, Mention{"params", "least", {}, 22, 37}));
  EXPECT_THAT(parse("[1, 2].all(x, x > 0)")->mentions(), IsEmpty());
  EXPECT_THAT(parse("size(tasks)")->mentions(), ElementsAre(Mention{"tasks", {}, {}, 5, 10}));
}

TEST(Parse, SaysWhereItFailsAndWhatIsMissing) {
  struct Case {
    std::string text;
    std::size_t position;
    std::string message;
  };
  const Case cases[] = {
      {"", 0, "the expression is empty"},
      {"  ", 0, "the expression is empty"},
      {"1 +", 3, "the expression ends where a value is missing"},
      {"1 2", 2, "\"2\" stands where an operator or the end should"},
      {"params..day", 7, "\".\" stands where the name of a field should"},
      {"params.", 7, "the expression ends where the name of a field is missing"},
      {"a = b", 2, "\"=\" means nothing here: equality is written =="},
      {"a & b", 2, "\"&\" means nothing here: write &&"},
      {"(1 + 2", 6, "the expression ends where \")\" is missing"},
      {"[1, 2", 5, "the expression ends where \",\" or \"]\" is missing"},
      {"{1 2}", 3, "\"2\" stands where \":\" between a key and its value should"},
      {"f(1 2)", 4, "\"2\" stands where \",\" or \")\" should"},
      {"a ? b", 5, "the expression ends where \":\" of a conditional is missing"},
      {"'abc", 0, "the string has no closing quote"},
      {"'a\nb'", 0, "the string has no closing quote"},
      {R"("a\qb")", 2, "\"\\\\q\" is no escape of a string; a backslash is written \"\\\\\""},
      {R"("\ud800")", 1, "there is no such character"},
      {R"("\x4")", 1, "an escape of 2 digits is cut short"},
      {"9223372036854775808", 0, "the number 9223372036854775808 is too large: at most 9223372036854775807"},
      {"18446744073709551616u", 0, "the number 18446744073709551616u is too large: at most 18446744073709551615u"},
      {"-1u", 0, "a uint can't be negative"},
      {"for + 1", 0, "\"for\" is a reserved word: it can't be a name"},
      {"has(1)", 0, "has takes a field, as in has(params.day)"},
      {"[1].map(1, 2)", 8, "map needs a name here, which it gives to each element"},
      {"[1].all(i, i, true)", 11, "\"i\" is the name of both the key and the value"},
      {"\xff", 0, "the expression is no UTF-8"},
  };
  for (const Case& c : cases) {
    const auto expression = parse(c.text);
    ASSERT_FALSE(expression.ok()) << c.text;
    EXPECT_EQ(expression.error().message, c.message) << c.text;
    EXPECT_EQ(expression.error().position, c.position) << c.text;
  }
}

TEST(Parse, IsBoundedInDepthAndLength) {
  const auto repeated = [](const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string levels = "the expression has more than " + std::to_string(max_depth) + " levels";
  EXPECT_EQ(parse(repeated("(", 1000) + "1" + repeated(")", 1000)).error().message, levels);
  EXPECT_EQ(parse(repeated("[", 1000) + repeated("]", 1000)).error().message, levels);
  EXPECT_EQ(parse("1" + repeated("+1", 1000)).error().message, levels);
  EXPECT_EQ(parse("a" + repeated(".a", 1000)).error().message, levels);
  EXPECT_EQ(parse(repeated("!", 1000) + "true").error().message, levels);
  EXPECT_EQ(parse(repeated("true?1:", 500) + "1").error().message, levels);
  EXPECT_TRUE(parse("true" + repeated("&&true", 600)).ok());
  EXPECT_EQ(parse(repeated(" ", max_expression_length + 1)).error().message,
            "the expression is longer than 4096 bytes");
}

RC_GTEST_PROP(Parse, TakesAnyBytesWithoutHarm, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab.[](){}?:,!-+*/%=<>&|'\"\\0x9u \n`r")));
  const auto expression = parse(text);
  if (!expression) RC_ASSERT(expression.error().position <= text.size());
  if (expression) (void)evaluate(*expression, JsonScope());
}

}  // namespace
}  // namespace ork::expr
