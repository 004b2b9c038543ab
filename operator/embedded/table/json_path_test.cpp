#include "operator/embedded/table/json_path.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/table/limits.hpp"

namespace ork::embedded {
namespace {

const Json object = Json::parse(R"({
  "a": "text", "b": {"c": "d", "e": "f"}, "list": [1, 2, 3], "x.y": "dots", "none": null, "b-c": 7,
  "items": [{"type": "A", "v": "one", "n": 1, "f": 1.5, "yes": true},
            {"type": "B", "v": "two", "n": 2, "f": 2.5, "yes": false},
            {"type": "a)b", "n": -1},
            {"v": "untyped"}]})");

// What a path leads to, as JSON; "nothing" where it does not.
std::string at(std::string_view path) {
  const auto parsed = JsonPath::parse(path);
  if (!parsed) return parsed.error();
  const Json* found = parsed->first(object);
  return found != nullptr ? found->dump() : "nothing";
}

// All of these were asked of kube-apiserver 1.34 as columns of a CRD.
TEST(JsonPath, FollowsFields) {
  EXPECT_EQ(at(".a"), "\"text\"");
  EXPECT_EQ(at(".b.c"), "\"d\"");
  EXPECT_EQ(at(".b-c"), "7");
  EXPECT_EQ(at("$.b"), R"({"c":"d","e":"f"})");
  EXPECT_EQ(at(".none"), "null");
}

TEST(JsonPath, LeadsToNothingWhereAFieldIsMissing) {
  EXPECT_EQ(at(".missing"), "nothing");
  EXPECT_EQ(at(".missing.further"), "nothing");
  EXPECT_EQ(at(".a.further"), "nothing");
  EXPECT_EQ(at(".none.further"), "nothing");
  EXPECT_EQ(at("."), "nothing");
}

TEST(JsonPath, KnowsEscapedDots) {
  EXPECT_EQ(at(".x\\.y"), "\"dots\"");
  EXPECT_EQ(at("['x\\.y']"), "\"dots\"");
}

// A quoted name is read as what could have stood after a dot.
TEST(JsonPath, KnowsNamesInQuotes) {
  EXPECT_EQ(at("['a']"), "\"text\"");
  EXPECT_EQ(at("['b.c']"), "\"d\"");
  EXPECT_EQ(at(".items[0]['v']"), "\"one\"");
}

TEST(JsonPath, TakesItemsOfLists) {
  EXPECT_EQ(at(".list[0]"), "1");
  EXPECT_EQ(at(".list[-1]"), "3");
  EXPECT_EQ(at(".list[*]"), "1");
  EXPECT_EQ(at(".list[1:]"), "2");
  EXPECT_EQ(at(".list[-2:]"), "2");
  EXPECT_EQ(at(".list[0:2]"), "1");
  EXPECT_EQ(at(".list[::2]"), "1");
  EXPECT_EQ(at(".b.*"), "\"d\"");
}

TEST(JsonPath, LeadsToNothingBeyondAList) {
  EXPECT_EQ(at(".list[3]"), "nothing");
  EXPECT_EQ(at(".list[-4]"), "nothing");
  EXPECT_EQ(at(".list[2:1]"), "nothing");
  EXPECT_EQ(at(".list[1:1]"), "nothing");
  EXPECT_EQ(at(".list[::0]"), "nothing");
  EXPECT_EQ(at(".a[0]"), "nothing");
  EXPECT_EQ(at(".none[0]"), "nothing");
}

TEST(JsonPath, FiltersByTexts) {
  EXPECT_EQ(at(R"(.items[?(@.type=="B")].v)"), "\"two\"");
  EXPECT_EQ(at(R"(.items[?(@.type == "B")].v)"), "\"two\"");
  EXPECT_EQ(at(".items[?(@.type=='B')].v"), "\"two\"");
  EXPECT_EQ(at(R"(.items[?(@.type!="A")].v)"), "\"two\"");
  EXPECT_EQ(at(R"(.items[?(@.type=="none")].v)"), "nothing");
  EXPECT_EQ(at(R"(.items[?(@.type=="a)b")].n)"), "-1");
}

TEST(JsonPath, FiltersByNumbersAndTruths) {
  EXPECT_EQ(at(".items[?(@.n>1)].v"), "\"two\"");
  EXPECT_EQ(at(".items[?(@.n>=2)].v"), "\"two\"");
  EXPECT_EQ(at(".items[?(@.n<1)].n"), "-1");
  EXPECT_EQ(at(".items[?(@.n<=-1)].n"), "-1");
  EXPECT_EQ(at(".items[?(@.f==2.5)].v"), "\"two\"");
  EXPECT_EQ(at(".items[?(@.yes==false)].v"), "\"two\"");
}

TEST(JsonPath, FiltersByWhatIsThere) {
  EXPECT_EQ(at(".items[?(@.v)].type"), "\"A\"");
  EXPECT_EQ(at(".items[?(@.nothing)].type"), "nothing");
}

TEST(JsonPath, LeadsToNothingWhereTheTwoCanNotBeCompared) {
  EXPECT_EQ(at(R"(.items[?(@.n=="1")].v)"), "nothing");
  EXPECT_EQ(at(".items[?(@.n==1.0)].v"), "nothing");
  EXPECT_EQ(at(".items[?(@.yes>true)].v"), "nothing");
  EXPECT_EQ(at(R"(.b[?(@.c=="d")])"), "nothing");
}

TEST(JsonPath, SaysWhatIsNoPath) {
  EXPECT_EQ(at(".list[0,1]"), "the path .list[0,1] is a union, which columns can't print");
  EXPECT_EQ(at("..a"), "the path ..a descends recursively, which columns can't");
  EXPECT_EQ(at(".list[0"), "the path .list[0 has a [ without its ]");
  EXPECT_EQ(at(".list[]"), "the path .list[] has empty brackets");
  EXPECT_EQ(at(".list[a]"), "the path .list[a] has an index that is none");
  EXPECT_EQ(at(".list[99999999999999999999]"), "the path .list[99999999999999999999] has an index that is none");
  EXPECT_EQ(at("a"), "the path a must be made of .fields and [brackets]");
  EXPECT_EQ(at(".items[?(@.a==1]"), "the path .items[?(@.a==1] has a filter without its end");
  EXPECT_EQ(at(".items[?(@.a==~1)]"),
            "the path .items[?(@.a==~1)] has a filter that can't be read: the path ~1 compares with what is no value");
  EXPECT_EQ(at(".items[?(@.a===1)]"), "the path .items[?(@.a===1)] compares with ===");
}

TEST(JsonPath, HasABound) {
  std::string path;
  for (std::size_t i = 0; i <= table_limits::path_steps; ++i) path += ".a";
  EXPECT_TRUE(at(path).ends_with("has too many steps"));
  EXPECT_EQ(at(path.substr(2)), "nothing");
}

}  // namespace
}  // namespace ork::embedded
