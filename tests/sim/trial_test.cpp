#include "tests/sim/trial.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ork::sim
