#include "operator/reconcile/status_pacer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "operator/runtime/manual_loop.hpp"

namespace ork::reconcile {
namespace {

using runtime::Duration;
using runtime::Instant;
using runtime::ManualLoop;

constexpr int burst = static_cast<int>(limits::status_burst / limits::status_least_cost);
// A second, while the server answers at once.
constexpr int rate = static_cast<int>(limits::status_share * 1'000.0 / limits::status_least_cost.count());

class StatusPacerTest : public ::testing::Test {
 protected:
  std::string run(int number) { return "a/run-" + std::to_string(number); }
  void spend_burst() {
    for (int i = 0; i < burst; ++i) ASSERT_TRUE(pacer.admit("a/early-" + std::to_string(i)));
  }

  ManualLoop loop;
  std::vector<std::string> turns;
  StatusPacer pacer{loop, [this](const std::string& key) { turns.push_back(key); }};
};

TEST_F(StatusPacerTest, LetsABurstThroughAtOnce) {
  spend_burst();
  EXPECT_FALSE(pacer.admit(run(0)));
}

TEST_F(StatusPacerTest, CallsThoseInLineInTheirOrderEachOnceAtTheRate) {
  spend_burst();
  for (int i = 0; i < 3 * rate; ++i) ASSERT_FALSE(pacer.admit(run(i)));
  loop.advance(Duration{1'000});
  ASSERT_EQ(turns.size(), static_cast<std::size_t>(rate));
  for (int i = 0; i < rate; ++i) {
    EXPECT_EQ(turns[static_cast<std::size_t>(i)], run(i));
    EXPECT_TRUE(pacer.admit(run(i)));
  }
  loop.advance(Duration{60'000});
  EXPECT_EQ(turns.size(), static_cast<std::size_t>(3 * rate));
  EXPECT_EQ(loop.timers(), 0U) << "an empty line needs no timer";
}

TEST_F(StatusPacerTest, CallsFewerTheLongerTheServerTakes) {
  spend_burst();
  for (int i = 0; i < 30; ++i) pacer.wrote(Duration{100});
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(pacer.admit(run(i)));
  loop.advance(Duration{10'000});
  EXPECT_NEAR(static_cast<double>(turns.size()), 10 * rate / 10.0, 1);
}

TEST_F(StatusPacerTest, GoesOnHoweverLongTheServerTakes) {
  spend_burst();
  for (int i = 0; i < 30; ++i) pacer.wrote(Duration{60'000});
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(pacer.admit(run(i)));
  loop.advance(Duration{60'000});
  EXPECT_GE(turns.size(), 25U);
}

TEST_F(StatusPacerTest, ARunThatAsksAgainKeepsItsPlace) {
  spend_burst();
  ASSERT_FALSE(pacer.admit(run(1)));
  ASSERT_FALSE(pacer.admit(run(2)));
  ASSERT_FALSE(pacer.admit(run(1)));
  EXPECT_EQ(pacer.waiting(), 2U);
  loop.advance(Duration{1'000});
  EXPECT_EQ(turns, (std::vector{run(1), run(2)}));
}

TEST_F(StatusPacerTest, NobodyOvertakesTheLine) {
  spend_burst();
  for (int i = 0; i < 2 * rate; ++i) ASSERT_FALSE(pacer.admit(run(i)));
  loop.advance(Duration{500});
  EXPECT_FALSE(pacer.admit("a/late"));
  loop.advance(Duration{60'000});
  EXPECT_EQ(turns.back(), "a/late");
}

TEST_F(StatusPacerTest, WhoGivesWayIsCalledAfterEachFourOthersTheLastToComeFirst) {
  spend_burst();
  ASSERT_FALSE(pacer.admit("a/came-first", true));
  ASSERT_FALSE(pacer.admit("a/came-last", true));
  for (int i = 1; i <= 9; ++i) ASSERT_FALSE(pacer.admit(run(i)));
  loop.advance(Duration{60'000});
  EXPECT_EQ(turns, (std::vector<std::string>{run(1), run(2), run(3), run(4), "a/came-last", run(5), run(6), run(7),
                                             run(8), "a/came-first", run(9)}));
}

// Overload: runs begin, and end, faster than a status can be stored for each.
TEST_F(StatusPacerTest, WhoGivesWayIsCalledThoughTheOthersComeFasterThanTheyCanBe) {
  spend_burst();
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(pacer.admit("a/waits-" + std::to_string(i), true));
  for (int i = 0; i < 40; ++i) {
    ASSERT_FALSE(pacer.admit(run(i)));
    loop.advance(Duration{1'000 / rate / 4});
    pacer.withdraw("a/waits-" + std::to_string(i));  // it begins
  }
  EXPECT_EQ(std::count(turns.begin(), turns.end(), "a/waits-99"), 1);
}

TEST_F(StatusPacerTest, WhoDoesNotGiveWayAnyMoreStandsWithTheOthers) {
  spend_burst();
  for (int i = 1; i <= 9; ++i) ASSERT_FALSE(pacer.admit(run(i), true));
  ASSERT_FALSE(pacer.admit(run(9)));
  loop.advance(Duration{60'000});
  EXPECT_EQ(turns.front(), run(9));
  EXPECT_EQ(turns.size(), 9U);
}

TEST_F(StatusPacerTest, WhoWithdrawsIsNotCalledAndHoldsUpNobody) {
  spend_burst();
  for (int i = 0; i < 1'000; ++i) ASSERT_FALSE(pacer.admit(run(i)));
  for (int i = 0; i < 999; ++i) pacer.withdraw(run(i));
  loop.advance(Duration{100});
  EXPECT_EQ(turns, std::vector{run(999)});
}

TEST_F(StatusPacerTest, ATurnThatIsNotUsedGoesToTheNext) {
  spend_burst();
  ASSERT_FALSE(pacer.admit(run(1)));
  loop.advance(Duration{1'000 / rate});
  ASSERT_EQ(turns, std::vector{run(1)});
  pacer.withdraw(run(1));
  EXPECT_TRUE(pacer.admit(run(2)));
  EXPECT_FALSE(pacer.admit(run(1))) << "its turn is gone";
}

TEST(StatusSpacing, GrowsWithTheTasksSoThatBytesPerTaskStayFlat) {
  const Instant written = Instant{} + Duration{10'000};
  EXPECT_EQ(spacing_left(written, std::nullopt, 5'000), Duration{0});
  EXPECT_EQ(spacing_left(written, written, 10), Duration{210});
  EXPECT_EQ(spacing_left(written + Duration{150}, written, 10), Duration{60});
  EXPECT_EQ(spacing_left(written, written, 5'000), Duration{5'200});
  EXPECT_EQ(spacing_left(written + Duration{9'000}, written, 5'000), Duration{0});
}

}  // namespace
}  // namespace ork::reconcile
