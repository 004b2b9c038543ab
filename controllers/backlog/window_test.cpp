#include "controllers/backlog/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ork::backlog {
namespace {

// Places one task in `least_ms` while few are under way, and never more than `rate` a second.
struct Cluster {
  double least_ms = 50;
  double rate = 100;

  api::DurationMs took(std::size_t under_way) const {
    return static_cast<api::DurationMs>(std::max(least_ms, 1000.0 * static_cast<double>(under_way) / rate));
  }
};

class WindowTest : public ::testing::Test {
 protected:
  // As many runs as anybody can begin, for so long; or what there is to do is this.
  void go_on(const Cluster& cluster, api::DurationMs for_ms, std::size_t to_do = 1'000'000) {
    const api::TimeMs until = now + for_ms;
    while (now < until) {
      const std::size_t under_way = std::min(to_do, window.size());
      const api::DurationMs took = cluster.took(under_way);
      for (std::size_t i = 0; i < under_way; ++i) window.placed(took, now, to_do > window.size());
      now += took;
    }
  }

  api::TimeMs now = 1'000'000;
  Window window{200};
};

TEST_F(WindowTest, FindsWhatTheClusterTakesWithoutMakingItWait) {
  const Cluster cluster{.least_ms = 50, .rate = 100};
  go_on(cluster, 20'000, 2);
  go_on(cluster, 60'000);
  // Twice the least and a little, at that rate: 12.
  EXPECT_GE(window.size(), 9U);
  EXPECT_LE(window.size(), 14U);
}

TEST_F(WindowTest, GrowsWithTheCluster) {
  const Cluster large{.least_ms = 50, .rate = 1'000};
  go_on(large, 60'000);
  EXPECT_GE(window.size(), 90U);
}

TEST_F(WindowTest, NeverGrowsBeyondTheMost) {
  go_on({.least_ms = 10, .rate = 1e9}, 60'000);
  EXPECT_EQ(window.size(), 200U);
}

TEST_F(WindowTest, DoesNotGrowWhileItHoldsNobody) {
  go_on({.least_ms = 50, .rate = 1'000}, 60'000, 3);
  EXPECT_EQ(window.size(), first_window);
}

TEST_F(WindowTest, ShrinksToTheLeastWhereEverythingIsSlowAllOfASudden) {
  go_on({.least_ms = 50, .rate = 100}, 60'000);
  go_on({.least_ms = 1'000, .rate = 5}, 60'000);
  EXPECT_EQ(window.size(), least_window);
}

TEST_F(WindowTest, RecoversOnceTheClusterDoes) {
  go_on({.least_ms = 50, .rate = 100}, 60'000);
  go_on({.least_ms = 1'000, .rate = 5}, 60'000);
  go_on({.least_ms = 50, .rate = 100}, 60'000);
  EXPECT_GE(window.size(), 9U);
}

// Images, nodes and the network change: what was quick once is not waited for for ever.
TEST_F(WindowTest, TakesForLeastWhatHasBeenForTenMinutes) {
  go_on({.least_ms = 20, .rate = 1'000}, 60'000);
  const Cluster farther{.least_ms = 200, .rate = 1'000};
  go_on(farther, 60'000);
  EXPECT_EQ(window.size(), least_window);
  go_on(farther, 11 * 60'000);
  EXPECT_GE(window.size(), 100U);
}

TEST(Window, OfOneIsOne) {
  Window window(1);
  for (int i = 0; i < 100; ++i) window.placed(10, 1'000 + i, true);
  EXPECT_EQ(window.size(), 1U);
}

}  // namespace
}  // namespace ork::backlog
