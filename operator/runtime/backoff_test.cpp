#include "operator/runtime/backoff.hpp"

#include <gtest/gtest.h>

namespace ork::runtime {
namespace {

constexpr BackoffPolicy policy{Duration{800}, Duration{30'000}, 0.5};

TEST(BackoffDelay, DoublesFromTheBaseToTheCap) {
  const int expected[] = {800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
  for (int attempt = 0; attempt < 8; ++attempt) {
    EXPECT_EQ(backoff_delay(policy, attempt, 0.0).count(), expected[attempt]) << attempt;
  }
}

TEST(BackoffDelay, WaitsAtMostTheCapHoweverManyFailures) {
  for (const int attempt : {10, 100, 1'000'000, 2'147'483'647}) {
    for (const double random : {0.0, 0.5, 0.999999}) {
      const auto delay = backoff_delay(policy, attempt, random);
      EXPECT_LE(delay, Duration{30'000});
      EXPECT_GE(delay, Duration{15'000});
    }
  }
}

TEST(BackoffDelay, JitterTakesOffAtMostItsShare) {
  EXPECT_EQ(backoff_delay(policy, 0, 0.5).count(), 600);
  EXPECT_EQ(backoff_delay(policy, 0, 0.999999).count(), 400);
}

TEST(BackoffDelay, IsNeverZeroSoThatNothingSpins) {
  EXPECT_EQ(backoff_delay({Duration{1}, Duration{30'000}, 1.0}, 0, 0.9), Duration{1});
  EXPECT_EQ(backoff_delay({Duration{0}, Duration{0}, 0.5}, 5, 0.9), Duration{1});
}

TEST(Backoff, CountsFailuresInARow) {
  Backoff backoff(policy, Duration{120'000});
  Instant now{};
  EXPECT_EQ(backoff.next(now, 0).count(), 800);
  EXPECT_EQ(backoff.next(now, 0).count(), 1600);
  EXPECT_EQ(backoff.next(now, 0).count(), 3200);
  EXPECT_EQ(backoff.failures(), 3);
}

TEST(Backoff, ForgetsFailuresAfterTwoMinutesOfHealthAndNotBefore) {
  Backoff backoff(policy, Duration{120'000});
  Instant now{};
  for (int i = 0; i < 10; ++i) backoff.next(now, 0);
  // Health is counted from the end of the wait, or a long wait would count as health.
  now = now + Duration{30'000} + Duration{119'999};
  EXPECT_EQ(backoff.next(now, 0).count(), 30'000);
  now = now + Duration{30'000} + Duration{120'000};
  EXPECT_EQ(backoff.next(now, 0).count(), 800);
}

}  // namespace
}  // namespace ork::runtime
