#include "controllers/dag/cycles.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ork::dag {
namespace {

using Path = std::vector<int>;

// edges[i]: what node i depends on.
std::vector<Path> cycles_of(const std::vector<std::vector<int>>& edges, std::size_t max = 20) {
  Rows up, down;
  for (const auto& row : edges) {
    up.items.insert(up.items.end(), row.begin(), row.end());
    up.start.push_back(static_cast<int>(up.items.size()));
  }
  for (int node = 0; node < up.size(); ++node) {
    for (int other = 0; other < up.size(); ++other) {
      for (const int dependency : up[other]) {
        if (dependency == node) down.items.push_back(other);
      }
    }
    down.start.push_back(static_cast<int>(down.items.size()));
  }
  return find_cycles(up, down, max);
}

TEST(FindCycles, FindsNothingInAGraphWithoutCycles) { EXPECT_TRUE(cycles_of({{}, {0}, {0}, {1, 2}}).empty()); }

TEST(FindCycles, ReportsEachNodeAfterTheOneItDependsOnAndEndsWhereItBegan) {
  EXPECT_EQ(cycles_of({{2}, {0}, {1}}), (std::vector<Path>{{0, 1, 2, 0}}));
  EXPECT_EQ(cycles_of({{1}, {2}, {0}}), (std::vector<Path>{{0, 2, 1, 0}}));
}

TEST(FindCycles, LeavesOutWhatIsOnlyBehindOrBeforeACycle) {
  // 0 -> 1 <-> 2 -> 3
  EXPECT_EQ(cycles_of({{}, {0, 2}, {1}, {2}}), (std::vector<Path>{{1, 2, 1}}));
}

TEST(FindCycles, PrefersTheShortestCycleOfAKnot) {
  // 0 -> 1 -> 2 -> 3 -> 0, and 2 -> 3 -> 2 within it
  EXPECT_EQ(cycles_of({{3}, {0}, {1, 3}, {2}}), (std::vector<Path>{{2, 3, 2}}));
}

TEST(FindCycles, ReportsOneCycleForEachKnotInOrderOfTheirFirstNode) {
  EXPECT_EQ(cycles_of({{3}, {2}, {1}, {0}}), (std::vector<Path>{{0, 3, 0}, {1, 2, 1}}));
  EXPECT_EQ(cycles_of({{3}, {2}, {1}, {0}}, 1), (std::vector<Path>{{0, 3, 0}}));
}

TEST(FindCycles, FollowsAChainOfAHundredThousandWithoutRecursion) {
  Rows up, down;
  const int n = 100'000;
  for (int i = 0; i < n; ++i) {
    up.items.push_back((i + n - 1) % n);
    up.start.push_back(i + 1);
    down.items.push_back((i + 1) % n);
    down.start.push_back(i + 1);
  }
  const auto cycles = find_cycles(up, down, 20);
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0].size(), static_cast<std::size_t>(n) + 1);
  EXPECT_EQ(cycles[0].front(), 0);
  EXPECT_EQ(cycles[0][1], 1);
  EXPECT_EQ(cycles[0].back(), 0);
}

}  // namespace
}  // namespace ork::dag
