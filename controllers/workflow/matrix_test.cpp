#include "controllers/workflow/matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::Json;

// Each combination on a line; or "place: message".
std::string made_of(const char* lists) {
  const auto combinations = combinations_of(Json::parse(lists));
  if (!combinations) return combinations.error().place + ": " + combinations.error().message;
  std::string out;
  for (const Json& each : *combinations) out += each.dump() + "\n";
  return out;
}

TEST(Matrix, IsTheProductOfItsListsTheLastNameChangingFastest) {
  EXPECT_EQ(made_of(R"({"version": [3, "x"], "os": ["linux", "mac"]})"),
            R"({"os":"linux","version":3}
{"os":"linux","version":"x"}
{"os":"mac","version":3}
{"os":"mac","version":"x"}
)");
  EXPECT_EQ(made_of(R"({"os": ["linux"]})"), "{\"os\":\"linux\"}\n");
}

TEST(Matrix, OfAnEmptyListHasNoCombinations) {
  EXPECT_EQ(made_of(R"({"os": ["linux"], "version": []})"), "");
  EXPECT_EQ(made_of("{}"), "");
}

TEST(Matrix, LeavesOutWhatAgreesInAllFieldsThatAnEntryHas) {
  const std::string os_and_version = R"({"os": ["linux", "mac"], "version": [3, 4], "exclude": )";
  const auto without = [&](const char* exclude) { return made_of((os_and_version + exclude + "}").c_str()); };
  EXPECT_EQ(without(R"([{"os": "mac", "version": 3}])"),
            "{\"os\":\"linux\",\"version\":3}\n{\"os\":\"linux\",\"version\":4}\n{\"os\":\"mac\",\"version\":4}\n");
  EXPECT_EQ(without(R"([{"os": "mac"}])"), "{\"os\":\"linux\",\"version\":3}\n{\"os\":\"linux\",\"version\":4}\n");
  EXPECT_EQ(without(R"([{"os": "mac"}, {"version": 4}])"), "{\"os\":\"linux\",\"version\":3}\n");
  EXPECT_EQ(without(R"([{"os": "mac"}, {"os": "linux"}])"), "");
  EXPECT_EQ(without(R"([{"version": "3"}])").size(), 4 * 27U - 4) << "a text is no number";
}

// GitHub's own example, and what it says that comes of it.
TEST(Matrix, AddsWhatIsIncludedToAllThatAgreeWithIt) {
  EXPECT_EQ(made_of(R"({"fruit": ["apple", "pear"], "animal": ["cat", "dog"], "include": [
      {"color": "green"}, {"color": "pink", "animal": "cat"}, {"fruit": "apple", "shape": "circle"},
      {"fruit": "banana"}, {"fruit": "banana", "animal": "cat"}]})"),
            R"({"animal":"cat","color":"pink","fruit":"apple","shape":"circle"}
{"animal":"cat","color":"pink","fruit":"pear"}
{"animal":"dog","color":"green","fruit":"apple","shape":"circle"}
{"animal":"dog","color":"green","fruit":"pear"}
{"fruit":"banana"}
{"animal":"cat","fruit":"banana"}
)");
}

TEST(Matrix, IncludesAfterItHasLeftOut) {
  EXPECT_EQ(
      made_of(R"({"os": ["linux", "mac"], "exclude": [{"os": "mac"}], "include": [{"os": "mac", "slow": true}]})"),
      "{\"os\":\"linux\"}\n{\"os\":\"mac\",\"slow\":true}\n");
  EXPECT_EQ(made_of(R"({"include": [{"a": 1}, {"b": 2}]})"), "{\"a\":1}\n{\"b\":2}\n");
}

TEST(Matrix, TellsWhichEntryIsWrong) {
  EXPECT_EQ(made_of(R"({"os": ["linux"], "exclude": [{"os": "linux"}, {"oss": 1}]})"),
            ".exclude[1]: there is no list \"oss\" in the matrix; did you mean \"os\"?");
  EXPECT_EQ(made_of(R"({"os": ["linux"], "exclude": [3]})"),
            ".exclude[0]: is 3, but must name values, as in {os: linux, version: 3}");
  EXPECT_EQ(made_of(R"({"os": ["linux"], "include": [{}]})"),
            ".include[0]: is empty, but must name values, as in {os: linux, version: 3}");
  Json many = {{"os", {"linux"}}};
  many["include"] = Json::array_t(max_matrix_entries + 1, {{"a", 1}});
  EXPECT_EQ(combinations_of(many).error().message, "has 257 entries, but may have at most 256");
}

TEST(Matrix, IsNotMultipliedOutWhereItIsTooLarge) {
  Json lists;
  for (char name = 'a'; name < 'q'; ++name) lists[std::string(1, name)] = Json::array_t(1000, 1);  // 10^48
  EXPECT_EQ(combinations_of(lists).error().message,
            "makes more than 100000 combinations, which is the most, before any is left out");
  Json heavy = {{"a", Json::array_t(300, std::string(4000, 'x'))}, {"b", Json::array_t(300, 1)}};
  EXPECT_THAT(combinations_of(heavy).error().message, testing::StartsWith("makes combinations that take more than"));
  Json added = {{"a", Json::array_t(1000, 1)}};
  added["include"] = Json::array({{{"b", std::string(4000, 'x')}}});
  EXPECT_THAT(combinations_of(added).error().message, testing::StartsWith("makes combinations that take more than"));
}

}  // namespace
}  // namespace ork::workflow
