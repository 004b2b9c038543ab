#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "controllers/expr/expression.hpp"

namespace ork::expr {
namespace {

using Names = std::vector<std::string>;
using namespace std::string_literals;

References references_of(std::string_view text) {
  auto expression = parse(text);
  EXPECT_TRUE(expression.ok()) << text << ": " << (expression.ok() ? "" : expression.error().message);
  return expression.ok() ? expression->references() : References{};
}

TEST(Parse, FindsTheParamsAndTasksThatAPathRefersTo) {
  struct Case {
    std::string text;
    References references;
  };
  const Case cases[] = {
      {"params.day", {{"day"}, {}}},
      {"params.day.year[3]", {{"day"}, {}}},
      {"params[\"day\"]", {{"day"}, {}}},
      {"tasks.list.output", {{}, {"list"}}},
      {"tasks.list.output.files[0].name", {{}, {"list"}}},
      {"tasks[\"load-all\"].output[\"odd key\"]", {{}, {"load-all"}}},
      {"tasks['load-all'].output['it is']", {{}, {"load-all"}}},
      {"tasks.list[\"output\"]", {{}, {"list"}}},
      {"run.name", {{}, {}}},
      {" params \t.\n day [ 0 ] ", {{"day"}, {}}},
      {"params.true_", {{"true_"}, {}}},
      {"params[\"in\"]", {{"in"}, {}}},
      {R"(params["\u0061\x62\143\U00000064\"\\\n\?"])", {{"abcd\"\\\n?"}, {}}},
      {R"(params["\u00e9\u20ac\U0001F600"])", {{"é€\U0001F600"}, {}}},
      {"params[\"\"]", {{""}, {}}},
  };
  for (const Case& c : cases) EXPECT_EQ(references_of(c.text), c.references) << c.text;
}

TEST(Parse, KeepsTheTextAsWritten) { EXPECT_EQ(parse(" params.day ")->text(), " params.day "); }

TEST(Parse, SaysWhereItFailsAndWhatToWrite) {
  const std::string only = "only a path can be written here, such as params.day or tasks.list.output.files";
  struct Case {
    std::string text;
    std::size_t position;
    std::string message;
  };
  const Case cases[] = {
      {"", 0, "the expression is empty: write a path, such as params.day or tasks.list.output.files"},
      {"  ", 0, "the expression is empty: write a path, such as params.day or tasks.list.output.files"},
      {"day", 0, "a path starts with params, tasks or run, not with \"day\""},
      {" param.day", 1, "a path starts with params, tasks or run, not with \"param\""},
      {"\"text\"", 0, only},
      {"3", 0, only},
      {"\0"s, 0, only},
      {"params", 6, "params needs the name of a param, as in params.day"},
      {"params[0]", 6, "params needs the name of a param, as in params.day"},
      {"params.", 7, "a name must follow \".\""},
      {"params..day", 7, "a name must follow \".\""},
      {"params.day + 1", 11, only + ": remove \"+ 1\""},
      {"params.day-1", 7,
       "\"day-1\" is not an identifier, so it needs brackets: write params[\"day-1\"] instead of params.day-1"},
      {"size(params.day)", 0, "a path starts with params, tasks or run, not with \"size\""},
      {"params.day.size()", 15, only + ": remove \"()\""},
      {"tasks", 5, "tasks needs the name of a task, as in tasks.list.output"},
      {"tasks.list", 10, "tasks.list needs \".output\": a path reads what a task has written"},
      {"tasks.list[0]", 10, "tasks.list needs \".output\": a path reads what a task has written"},
      {"tasks.list.phase", 16, "a task has only \"output\", not \"phase\": write tasks.list.output"},
      {"tasks.load-all.output", 6,
       "\"load-all\" is not an identifier, so it needs brackets: write tasks[\"load-all\"] instead of tasks.load-all"},
      {"tasks.2nd.output", 6,
       "\"2nd\" is not an identifier, so it needs brackets: write tasks[\"2nd\"] instead of tasks.2nd"},
      {"tasks.list.output.in", 18, "\"in\" is a reserved word, so it needs brackets: write [\"in\"]"},
      {"tasks.list.output.0", 18,
       "\"0\" is not an identifier, so it needs brackets: write tasks.list.output[\"0\"] instead of "
       "tasks.list.output.0"},
      {"tasks.list.output[-1]", 18, "brackets take an index from 0 up, or a name in quotes"},
      {"tasks.list.output[x]", 18, "brackets take an index from 0 up, or a name in quotes"},
      {"tasks.list.output[]", 18, "brackets take an index from 0 up, or a name in quotes"},
      {"tasks.list.output[1", 19, "\"]\" is missing"},
      {"tasks.list.output[99999999999999999999]", 18, "the index is too large"},
      {"tasks[\"list", 6, "the string has no closing quote"},
      {"tasks[\"li\nst\"]", 6, "the string has no closing quote"},
      {"tasks[\"li\\qst\"]", 9, "\"\\\\q\" is no escape of a string; a backslash is written \"\\\\\""},
      {"tasks[\"\\", 7, "\"\\\\\" is no escape of a string; a backslash is written \"\\\\\""},
      {"tasks[\"\\u12\"]", 9, "an escape of 4 digits is cut short"},
      {"tasks[\"\\ud800\"]", 9, "no such character"},
      {"tasks[\"\\U00110000\"]", 9, "no such character"},
      {"run", 3, "run needs \".name\""},
      {"run.uid", 3, "a run has only \"name\", not \"uid\": write run.name"},
      {"run.name.x", 8, "run.name is a string: nothing can follow it"},
      {"run.name[0]", 8, "run.name is a string: nothing can follow it"},
      {"run.name + 1", 9, only + ": remove \"+ 1\""},
  };
  for (const Case& c : cases) {
    auto expression = parse(c.text);
    ASSERT_FALSE(expression.ok()) << c.text;
    EXPECT_EQ(expression.error().message, c.message) << c.text;
    EXPECT_EQ(expression.error().position, c.position) << c.text;
  }
}

TEST(Parse, BoundsTheLengthAndTheDepth) {
  const auto longer = parse("params." + std::string(max_expression_length, 'a'));
  ASSERT_FALSE(longer.ok());
  EXPECT_EQ(longer.error().message, "the expression is longer than 1024 bytes: make it shorter");

  std::string deep = "params.a";
  for (std::size_t i = 0; i < max_path_steps; ++i) deep += "[0]";
  EXPECT_TRUE(parse(deep).ok());
  const auto deeper = parse(deep + ".b");
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().message, "the path has more than 64 steps: make it shorter");
}

TEST(Parse, NeverRepeatsHostileTextRaw) {
  const auto expression = parse("params.day \x1b[2J\u202e");
  ASSERT_FALSE(expression.ok());
  EXPECT_THAT(expression.error().message, testing::HasSubstr("remove \"\\x1b[2J\\u202e\""));
}

RC_GTEST_PROP(ParseProperty, AnyBytesEitherParseOrFailAtAPlaceInThem, ()) {
  const auto tokens = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element("params"s, "tasks"s, "run"s, "."s, "["s, "]"s, "\""s, "'"s, "\\"s, "0"s, "9"s, "output"s,
                       "name"s, "-"s, " "s, "a"s, "\xff"s, "\0"s));
  std::string text;
  for (const auto& token : tokens) text += token;
  const auto expression = parse(text);
  if (expression.ok()) {
    RC_ASSERT(expression->text() == text);
  } else {
    RC_ASSERT(expression.error().position <= text.size());
    RC_ASSERT(!expression.error().message.empty());
  }
}

}  // namespace
}  // namespace ork::expr
