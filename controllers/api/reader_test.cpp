#include "controllers/api/reader.hpp"

#include <gtest/gtest.h>

namespace ork::api {
namespace {

using nlohmann::json;

TEST(Reader, TakesAnAbsentOrNullFieldAsNotSet) {
  const json object = {{"a", nullptr}};
  Reader reader(object, "spec");
  for (const char* field : {"a", "b"}) {
    EXPECT_EQ(reader.string(field), std::nullopt);
    EXPECT_EQ(reader.integer(field), std::nullopt);
    EXPECT_EQ(reader.number(field), std::nullopt);
    EXPECT_EQ(reader.boolean(field), std::nullopt);
    EXPECT_EQ(reader.duration(field), std::nullopt);
    EXPECT_EQ(reader.time(field), 0);
    EXPECT_TRUE(reader.strings(field).empty());
    EXPECT_TRUE(reader.object(field).is_null());
    EXPECT_TRUE(reader.array(field).is_null());
  }
  EXPECT_FALSE(reader.error());
}

TEST(Reader, NamesTheFirstFieldThatIsWrong) {
  const json object = {{"a", 1}, {"b", true}};
  Reader reader(object, "spec.tasks[3]");
  EXPECT_EQ(reader.string("a"), std::nullopt);
  EXPECT_EQ(reader.string("b"), std::nullopt);
  ASSERT_TRUE(reader.error());
  EXPECT_EQ(reader.error()->code, DecodeErrc::WrongType);
  EXPECT_EQ(reader.error()->sentence(), "spec.tasks[3].a is number, but must be a string");
}

TEST(Reader, TakesWholeNumbersHoweverTheyAreWritten) {
  const json object = json::parse(
      R"({"int": 3, "float": 3.0, "negative": -3, "least": -9223372036854775808, "most": 9223372036854775807})");
  Reader reader(object, "");
  EXPECT_EQ(reader.integer("int"), 3);
  EXPECT_EQ(reader.integer("float"), 3);
  EXPECT_EQ(reader.integer("negative"), -3);
  EXPECT_EQ(reader.integer("least"), INT64_MIN);
  EXPECT_EQ(reader.integer("most"), INT64_MAX);
  EXPECT_FALSE(reader.error());
}

TEST(Reader, RefusesNumbersThatAreNoIntegers) {
  for (const char* text : {"3.5", "1e300", "-1e300", "18446744073709551615", "9223372036854775808", "\"3\"", "[]"}) {
    const json object = {{"n", json::parse(text)}};
    Reader reader(object, "");
    EXPECT_EQ(reader.integer("n"), std::nullopt) << text;
    ASSERT_TRUE(reader.error()) << text;
    EXPECT_EQ(reader.error()->path, "n") << text;
  }
}

TEST(Reader, HoldsSmallNumbersToTheirBounds) {
  const json object = {{"fits", 1000}, {"least", -1}, {"large", 4294967297}};
  Reader reader(object, "");
  EXPECT_EQ(reader.bounded("fits", 0, 1000), 1000);
  EXPECT_EQ(reader.bounded("absent", 0, 1000), std::nullopt);
  EXPECT_FALSE(reader.error());
  EXPECT_EQ(reader.bounded("large", 0, 1000), std::nullopt);
  ASSERT_TRUE(reader.error());
  EXPECT_EQ(reader.error()->sentence(), "large is 4294967297, but must be from 0 to 1000");
  Reader again(object, "");
  EXPECT_EQ(again.bounded("least", 0, 1000), std::nullopt);
  EXPECT_TRUE(again.error());
}

TEST(Reader, SaysHowADurationAndATimeAreWritten) {
  const json object = {{"timeout", "soon"}, {"startTime", "today"}};
  Reader reader(object, "spec");
  EXPECT_EQ(reader.duration("timeout"), std::nullopt);
  EXPECT_EQ(reader.error()->sentence(), "spec.timeout is no duration: write it like 90s, 10m or 1h30m");
  Reader again(object, "status");
  EXPECT_EQ(again.time("startTime"), 0);
  EXPECT_EQ(again.error()->code, DecodeErrc::BadValue);
  EXPECT_EQ(again.error()->path, "status.startTime");
}

TEST(Reader, NamesTheItemOfAListThatIsWrong) {
  const json object = {{"args", {"a", 2, "c"}}};
  Reader reader(object, "spec");
  EXPECT_EQ(reader.strings("args"), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(reader.error()->path, "spec.args[1]");
}

TEST(Reader, OfSomethingThatIsNoObjectHasNothingButAnError) {
  const json list = json::array();
  Reader reader(list, "spec");
  EXPECT_EQ(reader.string("a"), std::nullopt);
  EXPECT_EQ(reader.find("a"), nullptr);
  EXPECT_EQ(reader.error()->sentence(), "spec is array, but must be an object");
}

TEST(Reader, TakesOverTheErrorOfAnInnerOne) {
  const json outer = json::object(), inner = {{"a", 1}};
  Reader reader(outer, ""), one(inner, "one"), two(inner, "two");
  (void)one.string("a");
  (void)two.string("a");
  reader.absorb(Reader(inner, "fine"));
  EXPECT_FALSE(reader.error());
  reader.absorb(one);
  reader.absorb(two);
  EXPECT_EQ(reader.error()->path, "one.a");
}

}  // namespace
}  // namespace ork::api
