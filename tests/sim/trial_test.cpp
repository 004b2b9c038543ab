#include "tests/sim/trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/crash_points.hpp"

namespace ork::sim {
namespace {

TEST(Trial, FindsNothingWithoutAFault) {
  FairEnds known;
  for (const Shape& shape : named_shapes()) {
    const Case what{.shape = shape, .restart_at_end = true};
    const Verdict verdict = judge_beside_fair_weather(what, known);
    EXPECT_TRUE(verdict.violations.empty()) << report(what, verdict);
  }
}

TEST(Trial, FindsNothingAtAnyWritePointOfAChain) {
  FairEnds known;
  const auto points = crash_points("chain");
  EXPECT_GE(points.size(), 4U * 8U) << "too few writes for this to prove anything";
  for (const CrashPoint& point : points) {
    const Case what = case_of(point);
    const Verdict verdict = judge_beside_fair_weather(what, known);
    EXPECT_TRUE(verdict.violations.empty()) << report(what, verdict);
    EXPECT_EQ(verdict.outcome.operators, 3U) << report(what, verdict);
  }
}

TEST(Trial, ShrinksToTheFaultThatMatters) {
  Case what;
  what.faults = random_faults(Chance(3), 8);
  const Fault wanted{"kubelet", Counted::Call, 77, Harm::ServerError};
  what.faults.insert(what.faults.begin() + 1, wanted);
  const auto fails = [&](const Case& other) {
    return std::find(other.faults.begin(), other.faults.end(), wanted) != other.faults.end();
  };
  EXPECT_EQ(shrink(what, fails), Faults{wanted});
}

}  // namespace
}  // namespace ork::sim
