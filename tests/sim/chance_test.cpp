#include "tests/sim/chance.hpp"

#include <gtest/gtest.h>

namespace ork::sim {
namespace {

// The numbers of SplitMix64's reference implementation for this seed.
TEST(Chance, MixesAsSplitMix64Does) {
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected : {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                       4593380528125082431U, 16408922859458223821U}) {
    EXPECT_EQ(split_mix(state), expected);
  }
}

TEST(Chance, GivesAStreamThatDoesNotDependOnWhatWasDrawn) {
  Chance drawn(7);
  for (int i = 0; i < 100; ++i) (void)drawn.next();
  EXPECT_EQ(drawn.stream("operator").next(), Chance(7).stream("operator").next());
  EXPECT_NE(Chance(7).stream("operator").next(), Chance(7).stream("kubelet").next());
  EXPECT_NE(Chance(7).stream("operator").next(), Chance(8).stream("operator").next());
}

TEST(Chance, StaysWithinItsBoundsAndReachesThem) {
  Chance chance(1);
  bool low = false;
  bool high = false;
  for (int i = 0; i < 1'000; ++i) {
    const std::int64_t drawn = chance.between(-2, 2);
    ASSERT_GE(drawn, -2);
    ASSERT_LE(drawn, 2);
    low = low || drawn == -2;
    high = high || drawn == 2;
  }
  EXPECT_TRUE(low && high);
  EXPECT_EQ(chance.below(0), 0U);
  EXPECT_EQ(chance.below(1), 0U);
}

}  // namespace
}  // namespace ork::sim
