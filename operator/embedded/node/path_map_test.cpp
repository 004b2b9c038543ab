#include "operator/embedded/node/path_map.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

PathMap with(const std::string& outside = "/real") {
  PathMap map;
  map.add("/in", outside);
  map.add("/in/deep", "/other");
  map.add("/dev/termination-log", "/private/end");
  return map;
}

TEST(PathMap, ReplacesAPathAndWhatLiesBelowIt) {
  EXPECT_EQ(with().path("/in"), "/real");
  EXPECT_EQ(with().path("/in/"), "/real/");
  EXPECT_EQ(with().path("/in/a/b"), "/real/a/b");
  EXPECT_EQ(with().path("/in/deep/x"), "/other/x") << "the longest mount holds";
  EXPECT_EQ(with().path("/inner"), "/inner");
  EXPECT_EQ(with().path("in"), "in");
  EXPECT_EQ(with().path("x/in"), "x/in");
  EXPECT_EQ(with().path(""), "");
}

TEST(PathMap, ReplacesPathsWithinAScript) {
  struct Case {
    std::string script;
    std::string expected;
  };
  for (const auto& [script, expected] : {
           Case{"cat /in/a", "cat /real/a"},
           Case{"cat /in/a>/in/b", "cat /real/a>/real/b"},
           Case{"echo \"$(cat /in/a), read\" > /dev/termination-log", "echo \"$(cat /real/a), read\" > /private/end"},
           Case{"--config=/in/c", "--config=/real/c"},
           Case{"A:/in:/in/deep", "A:/real:/other"},
           Case{"cd /in && ls", "cd /real && ls"},
           Case{"ls /inner /bin/in /in.d x/in ${X}/in $X/in $(pwd)/in //in",
                "ls /inner /bin/in /in.d x/in ${X}/in $X/in $(pwd)/in //in"},
           Case{"/in", "/real"},
           Case{"", ""},
           Case{"no path", "no path"},
       }) {
    EXPECT_EQ(with().text(script), expected) << script;
  }
}

TEST(PathMap, DoesNotBreakAScriptByAPathWithBlanks) {
  const PathMap map = with("/my files/in");
  EXPECT_EQ(map.text("/in/a"), "/my files/in/a") << "a whole word is taken as it is";
  EXPECT_EQ(map.text("cat /in/a"), "cat /in/a");
  EXPECT_EQ(map.path("/in/a"), "/my files/in/a");
}

TEST(PathMap, TakesNeitherTheRootNorARelativePath) {
  PathMap map;
  map.add("/", "/real");
  map.add("in", "/real");
  map.add("", "/real");
  EXPECT_TRUE(map.empty());
  map.add("/in/", "/real");
  EXPECT_EQ(map.path("/in/x"), "/real/x");
}

TEST(PathMap, TheFirstOfTwoMountsAtOnePathHolds) {
  PathMap map;
  map.add("/in", "/first");
  map.add("/in", "/second");
  EXPECT_EQ(map.path("/in"), "/first");
}

}  // namespace
}  // namespace ork::embedded
