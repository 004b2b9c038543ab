#include <gtest/gtest.h>

#include "operator/embedded/fields/patch.hpp"

namespace ork::embedded {
namespace {

Json patched(const char* object, const char* patch) {
  auto result = merge_patch(Json::parse(object), Json::parse(patch));
  return result ? *result : Json(result.error().message);
}

// The examples of RFC 7386's appendix, as far as object and patch are maps.
TEST(MergePatch, FollowsTheRfc) {
  EXPECT_EQ(patched(R"({"a":"b"})", R"({"a":"c"})"), Json::parse(R"({"a":"c"})"));
  EXPECT_EQ(patched(R"({"a":"b"})", R"({"b":"c"})"), Json::parse(R"({"a":"b","b":"c"})"));
  EXPECT_EQ(patched(R"({"a":"b","b":"c"})", R"({"a":null})"), Json::parse(R"({"b":"c"})"));
  EXPECT_EQ(patched(R"({"a":["b"]})", R"({"a":"c"})"), Json::parse(R"({"a":"c"})"));
  EXPECT_EQ(patched(R"({"a":"c"})", R"({"a":["b"]})"), Json::parse(R"({"a":["b"]})"));
  EXPECT_EQ(patched(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})"), Json::parse(R"({"a":{"b":"d"}})"));
  EXPECT_EQ(patched(R"({"a":[{"b":"c"}]})", R"({"a":[1]})"), Json::parse(R"({"a":[1]})"));
  EXPECT_EQ(patched(R"({"e":null})", R"({"a":1})"), Json::parse(R"({"e":null,"a":1})"));
  EXPECT_EQ(patched("{}", R"({"a":{"bb":{"ccc":null}}})"), Json::parse(R"({"a":{"bb":{}}})"));
}

TEST(MergePatch, LeavesOutNullsOfNewMapsInListsToo) {
  EXPECT_EQ(patched("{}", R"({"l":[{"n":null,"a":1},null]})"), Json::parse(R"({"l":[{"a":1},null]})"));
  EXPECT_EQ(patched(R"({"l":{"x":1}})", R"({"l":[{"n":null}]})"), Json::parse(R"({"l":[{"n":null}]})"))
      << "but not where a list takes the place of a map";
}

TEST(MergePatch, RefusesWhatIsNoMap) {
  EXPECT_EQ(patched("{}", "null"), "Invalid JSON Patch");
  EXPECT_EQ(patched("{}", "true"),
            "error decoding patch: json: cannot unmarshal bool into Go value of type map[string]interface {}");
  EXPECT_EQ(patched("{}", "5"),
            "error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}");
}

TEST(MergePatch, RefusesWhatNestsWithoutEnd) {
  Json deep = 1;
  for (int i = 0; i < 10'000; ++i) deep = Json{{"a", std::move(deep)}};
  EXPECT_FALSE(merge_patch(Json::object(), deep));
}

}  // namespace
}  // namespace ork::embedded
