#include "tests/sim/workers.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace ork::sim {
namespace {

const auto no_progress = [](const WorkDone&) {};

TEST(Workers, CarryOutEachItemOnce) {
  const WorkDone done =
      carry_out({.first = 5,
                 .count = 10,
                 .workers = 3,
                 .do_one = [](std::uint64_t item, Tally& tally) { ++tally.counts[std::to_string(item)]; }},
                no_progress);
  EXPECT_EQ(done.items, 10U);
  ASSERT_EQ(done.tally.counts.size(), 10U);
  for (const auto& [item, times] : done.tally.counts) EXPECT_EQ(times, 1U) << item;
  EXPECT_TRUE(done.tally.counts.contains("5") && done.tally.counts.contains("14"));
}

TEST(Workers, StopOnceEnoughHasFailed) {
  std::size_t told = 0;
  const WorkDone done = carry_out({.count = 1'000,
                                   .workers = 1,
                                   .failures_kept = 3,
                                   .do_one = [](std::uint64_t, Tally& tally) { tally.failures.emplace_back("bad"); }},
                                  [&told](const WorkDone& so_far) { told = so_far.tally.failures.size(); });
  EXPECT_EQ(told, 3U);
  EXPECT_EQ(done.items, 3U);
  EXPECT_EQ(done.tally.failures, (std::vector<std::string>{"bad", "bad", "bad"}));
}

TEST(Workers, TellOfAProcessThatDied) {
  const WorkDone done = carry_out({.count = 4,
                                   .workers = 1,
                                   .do_one =
                                       [](std::uint64_t item, Tally&) {
                                         if (item == 2) std::_Exit(7);
                                       }},
                                  no_progress);
  EXPECT_EQ(done.items, 2U);
  EXPECT_EQ(done.tally.failures, std::vector<std::string>{"the process ended in the midst of item 2\n"});
}

}  // namespace
}  // namespace ork::sim
