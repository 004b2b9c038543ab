#include "controllers/expr/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ork::expr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Type fields_of(std::map<std::string, Type, std::less<>> types, bool others) {
  Type out = map_of(type_of_kind(Type::Is::String), {});
  out.fields = std::make_shared<const Type::Fields>(Type::Fields{std::move(types), others});
  return out;
}

class TestTypes : public Types {
 public:
  std::optional<Type> variable(std::string_view name) const override {
    if (name == "any") return Type{};
    if (name != "params") return std::nullopt;
    return fields_of({{"day", type_of_kind(Type::Is::String)},
                      {"least", type_of_kind(Type::Is::Int)},
                      {"files", list_of(type_of_kind(Type::Is::String))},
                      {"open", fields_of({{"a", type_of_kind(Type::Is::Int)}}, true)}},
                     false);
  }
};

std::string type_of_text(std::string_view text) {
  const Checked checked = check(*parse(text), TestTypes());
  return checked.errors.empty() ? text_of(checked.type) : "error: " + told(checked.errors[0]);
}

std::vector<std::string> errors_of(std::string_view text) {
  std::vector<std::string> out;
  for (const TypeError& error : check(*parse(text), TestTypes()).errors) {
    out.push_back(std::to_string(error.begin) + "-" + std::to_string(error.end) + " " + told(error));
  }
  return out;
}

TEST(Check, InfersTheTypeOfTheWhole) {
  const std::pair<const char*, const char*> cases[] = {
      {"1 + 2", "int"},
      {"params.day + 'x'", "string"},
      {"params.files", "list(string)"},
      {"params.files[0]", "string"},
      {"params.files.map(f, size(f))", "list(int)"},
      {"params.files.filter(f, f != '')", "list(string)"},
      {"{'a': [1]}", "map(string, list(int))"},
      {"[1, 'a']", "list(dyn)"},
      {"true ? 1 : 2", "int"},
      {"params.?day", "optional(string)"},
      {"params.?day.orValue('x')", "string"},
      {"optional.of(params.least)", "optional(int)"},
      {"timestamp('2026-01-01T00:00:00Z') - duration('1s')", "timestamp"},
      {"any.what.ever[0]", "dyn"},
      {"any + 1", "dyn"},
      {"params.open.b", "dyn"},
      {"cel.bind(x, params.least, x * x)", "int"},
      {"params.files.transformMap(i, f, i)", "map(int, int)"},
      {"size(any) > params.least", "bool"},
      {"has(params.day)", "bool"},
  };
  for (const auto& [text, type] : cases) EXPECT_EQ(type_of_text(text), type) << text;
}

TEST(Check, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(errors_of("params.dya == 'x'"),
              ElementsAre("0-10 params has no field \"dya\"; it has: \"day\", \"files\", \"least\", \"open\""));
  EXPECT_THAT(errors_of("params.least + params.day"),
              ElementsAre("0-25 there is no int + string: convert one of them, as in string(x) or int(x)"));
  EXPECT_THAT(errors_of("params.least * 1.5"),
              ElementsAre("0-18 there is no int * double: convert one of them, as in double(x)"));
  EXPECT_THAT(errors_of("params.day.size() > '3'"),
              ElementsAre("0-23 there is no int > string: convert one of them, as in string(x) or int(x)"));
  EXPECT_THAT(errors_of("params.least == 'x'"),
              ElementsAre("0-19 there is no int == string: convert one of them, as in string(x) or int(x)"));
  EXPECT_THAT(errors_of("params.day && true"), ElementsAre("0-10 && takes a bool, and this is string"));
  EXPECT_THAT(errors_of("params.day.x"), ElementsAre("0-12 params.day is string, so it has no field \"x\""));
  EXPECT_THAT(errors_of("params.files['a']"),
              ElementsAre("0-17 params.files is list(string): it takes an int as index, not string"));
  EXPECT_THAT(errors_of("params.day.map(x, x)"), ElementsAre("0-10 map goes through a list or a map, not string"));
  EXPECT_THAT(errors_of("params.day.startswith('2')"),
              ElementsAre("0-26 there is no function \"startswith\"; did you mean \"startsWith\"?"));
  EXPECT_THAT(errors_of("params.day.matches(1)"),
              ElementsAre("0-21 matches takes no (string, int); there is: string.matches(string)"));
  EXPECT_THAT(errors_of("startsWith(params.day)"),
              ElementsAre("0-22 there is no function \"startsWith\"; there is: string.startsWith(string)"));
}

TEST(Check, TellsEachErrorOnceAndAllOfThem) {
  EXPECT_THAT(errors_of("(params.dya + 1) * 2 > 3"), testing::SizeIs(1));
  EXPECT_THAT(errors_of("nope(1) || !params.day"),
              ElementsAre("0-7 there is no function \"nope\"", "11-22 ! can't be asked of string"));
}

TEST(Check, TakesWhatItDoesNotKnowForRight) {
  EXPECT_THAT(errors_of("unknown.x > 1 && any.y || any < 'a'"), IsEmpty());
  EXPECT_THAT(errors_of("null == params.day"), IsEmpty());
  EXPECT_THAT(errors_of("1 == 1.0 && 1u < 2"), IsEmpty());
}

}  // namespace
}  // namespace ork::expr
