#include "tests/sim/world.hpp"

#include <gtest/gtest.h>

namespace ork::sim {
namespace {

TEST(World, TakesAShapeToItsEndWithoutAFault) {
  for (const Shape& shape : named_shapes()) {
    const Outcome outcome = run_world({.shape = shape});
    EXPECT_EQ(outcome.broke, "") << shape.name;
    EXPECT_TRUE(outcome.all_ended) << shape.name << "\n" << outcome.trace.tail(20);
    for (const auto& [run, end] : outcome.ends) {
      EXPECT_TRUE(end == "gone" || shape.ends.contains(end)) << shape.name << ": " << end;
    }
  }
}

TEST(World, GivesTheSameTraceForTheSameSeed) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Chance chance(seed);
    const Case what{.seed = seed,
                    .shape = random_shape(chance.stream("shape")),
                    .faults = random_faults(chance.stream("faults"), 6)};
    const Outcome one = run_world(what);
    const Outcome other = run_world(what);
    EXPECT_EQ(one.trace.text(), other.trace.text()) << seed;
    EXPECT_EQ(one.trace.hash(), other.trace.hash()) << seed;
  }
}

}  // namespace
}  // namespace ork::sim
