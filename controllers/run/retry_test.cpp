#include "controllers/run/retry.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "controllers/run/limits.hpp"

namespace ork::run {
namespace {

api::Retry policy(int limit, double jitter = 0) {
  api::Retry out;
  out.limit = limit;
  out.backoff.jitter = jitter;
  return out;
}

TEST(Retry, GoesOnUntilTheBudgetIsUsedUp) {
  const api::Retry retry = policy(2);
  EXPECT_TRUE(decide_retry({.policy = retry, .program_failed = true, .program_retries = 1}).again);
  EXPECT_FALSE(decide_retry({.policy = retry, .program_failed = true, .program_retries = 2}).again);
}

TEST(Retry, IsNotGivenToWhoAskedForNone) {
  const api::Retry retry = policy(0);
  EXPECT_FALSE(decide_retry({.policy = retry, .program_failed = true}).again);
}

TEST(Retry, OfTheInfrastructureHasABudgetOfItsOwn) {
  const api::Retry retry = policy(0);
  EXPECT_TRUE(decide_retry({.policy = retry, .infrastructure_failed = true, .program_retries = 9}).again);
  EXPECT_TRUE(
      decide_retry(
          {.policy = retry, .infrastructure_failed = true, .infrastructure_retries = infrastructure_retries - 1})
          .again);
  EXPECT_FALSE(
      decide_retry({.policy = retry, .infrastructure_failed = true, .infrastructure_retries = infrastructure_retries})
          .again);
}

TEST(Retry, OfBothCostsBothAndWaitsTheLonger) {
  const api::Retry retry = policy(1);
  const RetryDecision both = decide_retry({.policy = retry, .program_failed = true, .infrastructure_failed = true});
  EXPECT_TRUE(both.again);
  EXPECT_EQ(both.delay_ms, 10'000);
  EXPECT_FALSE(
      decide_retry({.policy = retry, .program_failed = true, .infrastructure_failed = true, .program_retries = 1})
          .again);
  EXPECT_FALSE(decide_retry({.policy = retry,
                             .program_failed = true,
                             .infrastructure_failed = true,
                             .infrastructure_retries = infrastructure_retries})
                   .again);
}

TEST(Retry, WithMoreMemoryComesAtOnceAndCostsNothing) {
  const api::Retry retry = policy(0);
  const RetryDecision grown = decide_retry({.policy = retry, .memory_grows = true, .program_retries = 9});
  EXPECT_TRUE(grown.again);
  EXPECT_EQ(grown.delay_ms, 0);
  EXPECT_FALSE(decide_retry({.policy = retry, .program_failed = true, .memory_grows = true}).again)
      << "another index failed by itself, and may not be tried again";
  const RetryDecision both = decide_retry({.policy = retry, .memory_grows = true, .infrastructure_failed = true});
  EXPECT_TRUE(both.again);
  EXPECT_GE(both.delay_ms, 900);
}

TEST(Retry, OfNothingThatFailedDoesNotHappen) {
  const api::Retry retry = policy(9);
  EXPECT_FALSE(decide_retry({.policy = retry}).again);
}

TEST(Backoff, GrowsByItsFactorUpToItsCap) {
  api::Backoff backoff{.initial_ms = 1'000, .factor = 2, .max_ms = 10'000, .jitter = 0};
  const api::DurationMs expected[] = {1'000, 2'000, 4'000, 8'000, 10'000, 10'000};
  for (int n = 0; n < 6; ++n) EXPECT_EQ(backoff_delay(backoff, n, ""), expected[n]) << n;
  EXPECT_EQ(backoff_delay(backoff, 100, ""), 10'000);
  EXPECT_EQ(backoff_delay({.initial_ms = 1'000, .factor = 10, .max_ms = 10'000, .jitter = 0}, 1'000, ""), 10'000);
}

TEST(Backoff, StaysWithinItsJitterAndNeverAboveTheCap) {
  const api::Backoff backoff{.initial_ms = 1'000, .factor = 2, .max_ms = 1'900, .jitter = 0.5};
  std::set<api::DurationMs> seen;
  for (int i = 0; i < 1'000; ++i) {
    const api::DurationMs first = backoff_delay(backoff, 0, std::to_string(i));
    EXPECT_GE(first, 500);
    EXPECT_LE(first, 1'500);
    seen.insert(first);
    EXPECT_LE(backoff_delay(backoff, 1, std::to_string(i)), 1'900);
  }
  EXPECT_GT(seen.size(), 500u);  // runs that failed together don't come back together
}

TEST(Backoff, IsTheSameForTheSameSeed) {
  const api::Backoff backoff;
  EXPECT_EQ(backoff_delay(backoff, 3, "run/task/1"), backoff_delay(backoff, 3, "run/task/1"));
  EXPECT_NE(backoff_delay(backoff, 0, "run/task/1"), backoff_delay(backoff, 0, "run/task/2"));
}

TEST(Backoff, OfNothingIsNothing) {
  EXPECT_EQ(backoff_delay({.initial_ms = 0, .factor = 10, .max_ms = 1'000, .jitter = 1}, 1'000, "x"), 0);
}

}  // namespace
}  // namespace ork::run
