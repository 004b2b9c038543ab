#include <gtest/gtest.h>

#include "operator/embedded/fields/limits.hpp"
#include "operator/embedded/fields/patch.hpp"

namespace ork::embedded {
namespace {

Json patched(const char* object, const char* operations) {
  auto result = json_patch(Json::parse(object), Json::parse(operations));
  return result ? *result : Json(result.error().detail.empty() ? result.error().message : result.error().detail);
}

TEST(JsonPatch, AddsRemovesReplacesMovesCopiesAndTests) {
  EXPECT_EQ(patched(R"({"a":1,"l":[1,2]})", R"([{"op":"test","path":"/a","value":1},{"op":"add","path":"/b","value":{}},
    {"op":"copy","from":"/a","path":"/b/c"},{"op":"move","from":"/a","path":"/d"},{"op":"replace","path":"/l/0","value":9},
    {"op":"add","path":"/l/-","value":3},{"op":"add","path":"/l/0","value":0},{"op":"remove","path":"/l/2"}])"),
            Json::parse(R"({"b":{"c":1},"d":1,"l":[0,9,3]})"));
}

TEST(JsonPatch, UnescapesNames) {
  EXPECT_EQ(patched(R"({"a/b":1,"m~n":2,"x~1y":3})", R"([{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/m~0n"},
    {"op":"remove","path":"/x~01y"}])"),
            Json::object());
}

TEST(JsonPatch, CountsNegativeIndexesFromTheEnd) {
  EXPECT_EQ(
      patched(R"({"l":[1,2,3]})", R"([{"op":"remove","path":"/l/-1"},{"op":"replace","path":"/l/-2","value":0}])"),
      Json::parse(R"({"l":[0,2]})"));
}

TEST(JsonPatch, ReplacesTheWholeDocumentByAMapOrAList) {
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"replace","path":"","value":{"b":2}}])"), Json::parse(R"({"b":2})"));
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"replace","path":"","value":"text"}])"), Json::parse(R"({"a":1})"));
}

TEST(JsonPatch, AnEmptyNameIsAName) {
  EXPECT_EQ(patched(R"({"":{"":1}})", R"([{"op":"replace","path":"//","value":2}])"), Json::parse(R"({"":{"":2}})"));
}

TEST(JsonPatch, SaysToALogWhatDoesNotApply) {
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"remove","path":"/b"}])"),
            "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value");
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"add","path":"/a/b/c","value":1}])"),
            "add operation does not apply: doc is missing path: /a/b/c: missing value");
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"test","path":"/a","value":2}])"), "testing value /a failed: test failed");
  EXPECT_EQ(patched(R"({"l":[]})", R"([{"op":"add","path":"/l/1","value":2}])"),
            "error in add for path: '/l/1': Unable to access invalid index: 1: invalid index referenced");
  EXPECT_EQ(patched(R"({})", R"([{"op":"what","path":"/a"}])"), "Unexpected kind: what");
}

TEST(JsonPatch, AnswersWithOneSentenceWhateverDoesNotApply) {
  auto result = json_patch(Json::object(), Json::parse(R"([{"op":"remove","path":"/b"}])"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status, 422);
  EXPECT_EQ(result.error().message, "the server rejected our request due to an error in our request");
}

TEST(JsonPatch, TakesAtMostTenThousandOperations) {
  Json operations = Json::array();
  for (std::size_t i = 0; i < limits::patch_operations; ++i) {
    operations.push_back({{"op", "add"}, {"path", "/a"}, {"value", i}});
  }
  auto enough = json_patch(Json::object(), operations);
  ASSERT_TRUE(enough);
  EXPECT_EQ(*enough, Json({{"a", 9'999}}));
  operations.push_back({{"op", "remove"}, {"path", "/a"}});
  auto many = json_patch(Json::object(), operations);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().status, 413);
  EXPECT_EQ(many.error().message, "The allowed maximum operations in a JSON patch is 10000, got 10001");
}

TEST(JsonPatch, CopiesNoMoreThanThreeMegabytes) {
  Json operations = Json::array({{{"op", "add"}, {"path", "/a"}, {"value", {{"x", std::string(1'000, 'x')}}}}});
  for (int i = 0; i < 60; ++i)
    operations.push_back({{"op", "copy"}, {"from", "/a"}, {"path", "/a/" + std::to_string(i)}});
  auto result = json_patch(Json::object(), operations);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status, 422);
  EXPECT_TRUE(result.error().detail.starts_with("Unable to complete the copy")) << result.error().detail;
}

TEST(JsonPatch, BearsOddOperations) {
  for (const char* operations :
       {"5", "null", "[]", "[null]", "[[]]", R"([{"op":null,"path":null}])",
        R"([{"op":"add","path":"/l/+0","value":1},{"op":"add","path":"/l/+-0","value":1}])",
        R"([{"op":"move","from":"/a","path":"/a/b"}])", R"([{"op":"test","path":""}])",
        R"([{"op":"copy","from":"/l/5","path":"/x"}])", R"([{"op":"replace","path":"/l/-","value":1}])"}) {
    (void)json_patch(Json::parse(R"({"a":{},"l":[1]})"), Json::parse(operations));
  }
  EXPECT_EQ(patched("{}", "null"), Json::object());
}

}  // namespace
}  // namespace ork::embedded
