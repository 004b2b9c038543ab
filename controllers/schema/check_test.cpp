#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/schema/limits.hpp"
#include "controllers/schema/test_schemas.hpp"

namespace ork::schema {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Case {
  const char* schema;
  const char* right;
  const char* not_right;
  const char* told;
};

TEST(Check, HoldsAValueAgainstEachKeyword) {
  const Case cases[] = {
      {R"({"type": "string"})", R"("a")", "3", ": is 3, but must be a string: put it in quotes"},
      {R"({"type": "integer"})", "3.0", R"("3")", ": is \"3\", but must be an integer: remove the quotes"},
      {R"({"type": "integer"})", "-3", "3.5", ": is 3.5, but must be an integer"},
      {R"({"type": "number"})", "3", "true", ": is true, but must be a number"},
      {R"({"type": "boolean"})", "false", "0", ": is 0, but must be a boolean"},
      {R"({"type": "array"})", "[]", "{}", ": is an object, but must be an array"},
      {R"({"type": "object"})", "{}", "[]", ": is a list, but must be an object"},
      {R"({"type": "object"})", "{}", "null", ": is null, but must be an object"},
      {R"({"enum": ["a", 2]})", "2.0", R"("b")", ": is \"b\", but must be one of: \"a\", 2"},
      {R"({"minLength": 2})", R"("äö")", R"("ä")", ": has 1 character, but must have at least 2"},
      {R"({"maxLength": 1})", R"("ä")", R"("ab")", ": has 2 characters, but may have at most 1"},
      {R"({"pattern": "^[a-z]+$"})", R"("ab")", R"("aB")", ": is \"aB\", but must match ^[a-z]+$"},
      {R"({"pattern": "b"})", R"("abc")", R"("ac")", ": is \"ac\", but must match b"},
      {R"({"minimum": 1, "maximum": 3})", "3", "4", ": is 4, but must be from 1 to 3"},
      {R"({"minimum": 1, "maximum": 3})", "1", "0.5", ": is 0.5, but must be from 1 to 3"},
      {R"({"minimum": 1})", "1", "0", ": is 0, but must be at least 1"},
      {R"({"maximum": 1.5})", "1.5", "2", ": is 2, but must be at most 1.5"},
      {R"({"exclusiveMinimum": 0})", "0.1", "0", ": is 0, but must be more than 0"},
      {R"({"exclusiveMaximum": 1})", "0.9", "1", ": is 1, but must be less than 1"},
      {R"({"maximum": 9007199254740993})", "9007199254740993", "9007199254740994",
       ": is 9007199254740994, but must be at most 9007199254740993"},
      {R"({"format": "date"})", R"("2024-02-29")", R"("2026-02-29")",
       ": is \"2026-02-29\", but must be a date such as 2026-01-31"},
      {R"({"format": "date-time"})", R"("2026-01-31T12:00:00+02:00")", R"("2026-01-31")",
       ": is \"2026-01-31\", but must be a date and time such as 2026-01-31T12:00:00Z"},
      {R"({"format": "duration"})", R"("1h30m")", R"("P1D")",
       ": is \"P1D\", but must be a duration such as 90s, 10m or 1h30m"},
      {R"({"format": "uri"})", R"("s3://b/a%20b?x=1#y")", R"("/tmp/a b")",
       ": is \"/tmp/a b\", but must be a URI such as https://example.com/a.csv"},
      {R"({"items": {"type": "integer"}})", "[1, 2]", R"([1, "x"])", "[1]: is \"x\", but must be an integer"},
      {R"({"minItems": 1})", "[0]", "[]", ": has 0 items, but must have at least 1"},
      {R"({"maxItems": 1})", "[0]", "[0, 1]", ": has 2 items, but may have at most 1"},
      {R"({"properties": {"n": {"type": "integer"}}})", R"({"n": 1, "more": true})", R"({"n": "1"})",
       ".n: is \"1\", but must be an integer: remove the quotes"},
      {R"({"properties": {"n": {}}, "required": ["n"]})", R"({"n": null})", R"({"m": 1})",
       ": the field \"n\" is missing"},
      {R"({"properties": {"size": {}}, "additionalProperties": false})", R"({"size": 1})", R"({"sise": 1})",
       ": there is no field \"sise\"; did you mean \"size\"?"},
      {R"({"type": "object", "additionalProperties": false})", "{}", R"({"a": 1})",
       ": there is no field \"a\": remove it"},
      {R"({"additionalProperties": {"type": "integer"}})", R"({"a b": 1})", R"({"a b": "x"})",
       "[\"a b\"]: is \"x\", but must be an integer"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(wrong(c.schema, c.right), IsEmpty()) << c.schema << " " << c.right;
    EXPECT_THAT(wrong(c.schema, c.not_right), ElementsAre(c.told)) << c.schema << " " << c.not_right;
  }
}

TEST(Check, TakesAnythingWhereNothingIsSaid) {
  for (const char* value : {"null", "3", "\"x\"", "[{}]", "{\"a\": [1]}"}) EXPECT_THAT(wrong("{}", value), IsEmpty());
}

TEST(Check, TellsAllThatIsWrongWithItsPlace) {
  EXPECT_THAT(wrong(R"({"properties": {"files": {"items": {"properties": {"size": {"type": "integer"}},
                      "required": ["size"]}}, "day": {"format": "date"}}, "required": ["day"]})",
                    R"({"files": [{"size": "big"}, {}, 3]})"),
              ElementsAre(": the field \"day\" is missing", ".files[0].size: is \"big\", but must be an integer",
                          ".files[1]: the field \"size\" is missing", ".files[2]: is 3, but must be an object"));
}

TEST(Check, StopsAtABound) {
  const std::string many = Json(std::vector<std::string>(1000, "x")).dump();
  EXPECT_EQ(wrong(R"({"items": {"type": "integer"}})", many).size(), max_value_problems);
}

TEST(Check, RefusesWhatIsTooDeep) {
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  EXPECT_THAT(wrong("{}", deep), ElementsAre(": is nested more than 128 deep: make it flatter"));
}

TEST(Check, HoldsOnlySoMuchTextAgainstPatterns) {
  const std::string texts = Json(std::vector<std::string>(3, std::string(100'000, 'a'))).dump();
  EXPECT_THAT(wrong(R"({"items": {"pattern": "^a*$"}})", texts),
              ElementsAre("[2]: is more text than is held against patterns: 262144 bytes in one value"));
}

TEST(Check, NeverRepeatsHostileTextRaw) {
  EXPECT_THAT(wrong(R"({"properties": {"a": {}}, "additionalProperties": false})", R"({"\u001b[2J": 1})"),
              ElementsAre(": there is no field \"\\x1b[2J\"; there is: a"));
  EXPECT_THAT(wrong(R"({"additionalProperties": {"type": "integer"}})", R"({"\u001b": 1.5})"),
              ElementsAre("[\"\\x1b\"]: is 1.5, but must be an integer"));
}

std::string completed_text(const char* schema, const char* value, std::size_t most = 1000) {
  const auto out = completed(Json::parse(value), *schema_of(schema), most);
  return out ? out->dump() : "too large";
}

TEST(Completed, FillsInDefaultsAtAnyDepth) {
  const char* schema = R"({"properties": {"size": {"type": "integer", "default": 3}, "parts": {"items":
    {"properties": {"name": {"default": "x"}}}}}})";
  EXPECT_EQ(completed_text(schema, "{}"), R"({"size":3})");
  EXPECT_EQ(completed_text(schema, R"({"size": 4, "parts": [{}, {"name": "y"}]})"),
            R"({"parts":[{"name":"x"},{"name":"y"}],"size":4})");
  EXPECT_EQ(completed_text(schema, "{}", 5), "too large");
}

TEST(Completed, FillsInTheDefaultsOfADefault) {
  EXPECT_EQ(completed_text(R"({"properties": {"a": {"default": {}, "properties": {"b": {"default": 1}}}}})", "{}"),
            R"({"a":{"b":1}})");
}

TEST(Completed, MakesAWholeNumberAnInteger) {
  EXPECT_EQ(completed_text(R"({"type": "integer"})", "3.0"), "3");
  EXPECT_EQ(completed_text(R"({"type": "number"})", "3.0"), "3.0");
  EXPECT_EQ(completed_text(R"({"additionalProperties": {"items": {"type": "integer"}}})", R"({"a": [1.0]})"),
            R"({"a":[1]})");
}

TEST(Completed, IsNotMissedByRequired) {
  EXPECT_THAT(wrong(R"({"properties": {"a": {"default": 1}}, "required": ["a"]})", "{}"), IsEmpty());
}

}  // namespace
}  // namespace ork::schema
