#include "controllers/dag/nearest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controllers/dag/limits.hpp"

namespace ork::dag {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  struct Case {
    const char* a;
    const char* b;
    int distance;
  };
  for (const Case& c : {Case{"", "", 0},
                        {"load", "load", 0},
                        {"load", "laod", 1},
                        {"load", "loads", 1},
                        {"load", "oad", 1},
                        {"load", "lead", 1},
                        {"load", "laods", 2},
                        {"ab", "ba", 1},
                        {"", "ab", 2},
                        {"ab", "", 2},
                        {"abcd", "badc", 2},
                        {"abcdef", "bcdefg", 2}}) {
    EXPECT_EQ(edit_distance(c.a, c.b, 2), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(edit_distance(c.b, c.a, 2), c.distance) << c.b << " " << c.a;
  }
}

TEST(EditDistance, StopsCountingOneAboveTheLimit) {
  EXPECT_EQ(edit_distance("abc", "xyz", 2), 3);
  EXPECT_EQ(edit_distance("abc", "xyz", 1), 2);
  EXPECT_EQ(edit_distance("abc", "abd", 0), 1);
  EXPECT_EQ(edit_distance("a", "abcdefgh", 2), 3);
}

TEST(EditDistance, NeverComparesNamesLongerThanAnyOfOurs) {
  const std::string longest(max_compared_name, 'a');
  EXPECT_EQ(edit_distance(longest, longest, 2), 0);
  EXPECT_EQ(edit_distance(longest + "a", longest + "a", 2), 3);
}

TEST(Nearest, IsTheCandidateWithTheFewestEdits) {
  const std::vector<std::string_view> names{"extract", "extracts", "load", "report"};
  EXPECT_EQ(nearest("extrcat", names), "extract");
  EXPECT_EQ(nearest("extracs", names), "extract");
  EXPECT_EQ(nearest("reprot", names), "report");
}

TEST(Nearest, IsTheFirstDeclaredOnATie) {
  const std::vector<std::string_view> names{"load-b", "load-a"};
  EXPECT_EQ(nearest("load-c", names), "load-b");
}

TEST(Nearest, IsNothingWhereHalfTheNameWouldHaveToChange) {
  const std::vector<std::string_view> names{"a", "b2", "abc", "quite-another"};
  EXPECT_EQ(nearest("b", names), "");
  EXPECT_EQ(nearest("c2", names), "");
  EXPECT_EQ(nearest("abd", names), "abc");
  EXPECT_EQ(nearest("xyz", names), "");
  EXPECT_EQ(nearest("", names), "");
}

TEST(Nearest, IsNothingAmongNoCandidates) { EXPECT_EQ(nearest("load", {}), ""); }

}  // namespace
}  // namespace ork::dag
