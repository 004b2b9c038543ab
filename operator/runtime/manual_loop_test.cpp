#include "operator/runtime/manual_loop.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace ork::runtime {
namespace {

TEST(ManualLoop, RunsTimersByTimeThenByTheOrderOfAsking) {
  ManualLoop loop;
  std::string order;
  const auto note = [&](const char* what) { return [&order, what] { order += what; }; };
  const auto c = loop.after(Duration{20}, note("c"));
  const auto a = loop.after(Duration{10}, note("a"));
  const auto b = loop.after(Duration{10}, note("b"));
  loop.post(note("p"));
  EXPECT_EQ(loop.advance(Duration{15}), 3U);
  EXPECT_EQ(order, "pab");
  loop.advance(Duration{5});
  EXPECT_EQ(order, "pabc");
}

TEST(ManualLoop, RunsEachTimerAtItsOwnTimeWithinOneAdvance) {
  ManualLoop loop;
  std::vector<std::int64_t> seen;
  std::unique_ptr<Timer> second;
  const auto first = loop.after(Duration{10}, [&] {
    seen.push_back(loop.now().since_zero.count());
    second = loop.after(Duration{10}, [&] { seen.push_back(loop.now().since_zero.count()); });
  });
  loop.advance(Duration{100});
  EXPECT_EQ(seen, (std::vector<std::int64_t>{10'000, 20'000}));
  EXPECT_EQ(loop.now().since_zero.count(), 100'000);
}

TEST(ManualLoop, DestroyingATimerCancelsItEvenFromWithinACallback) {
  ManualLoop loop;
  bool ran = false;
  auto doomed = loop.after(Duration{10}, [&] { ran = true; });
  const auto killer = loop.after(Duration{10} - Duration{1}, [&] { doomed.reset(); });
  loop.advance(Duration{100});
  EXPECT_FALSE(ran);
  EXPECT_EQ(loop.timers(), 0U);
}

TEST(ManualLoop, ATimerMayOutliveTheLoop) {
  std::unique_ptr<Timer> timer;
  {
    ManualLoop loop;
    timer = loop.after(Duration{10}, [] {});
  }
  timer.reset();
}

TEST(ManualLoop, GivesTheSameChanceForTheSameSeed) {
  ManualLoop a(7);
  ManualLoop b(7);
  ManualLoop c(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const double x = a.random();
    EXPECT_EQ(x, b.random());
    EXPECT_GE(x, 0.0);
    EXPECT_LT(x, 1.0);
    differs = differs || x != c.random();
  }
  EXPECT_TRUE(differs);
}

TEST(ManualLoop, WallClockFollowsVirtualTimeAndCanJump) {
  ManualLoop loop;
  const auto start = loop.wall_ms();
  loop.advance(Duration{1'500});
  EXPECT_EQ(loop.wall_ms(), start + 1'500);
  loop.set_wall_ms(42);
  loop.advance(Duration{8});
  EXPECT_EQ(loop.wall_ms(), 50);
}

TEST(ManualLoop, GoesToTheNextTimer) {
  ManualLoop loop;
  int ran = 0;
  const auto timer = loop.after(Duration{3'600'000}, [&] { ++ran; });
  EXPECT_EQ(loop.next_due()->since_zero.count(), 3'600'000'000);
  EXPECT_TRUE(loop.advance_to_next());
  EXPECT_EQ(ran, 1);
  EXPECT_FALSE(loop.advance_to_next());
}

TEST(ManualLoop, RunsLateWhatFellDueWhileThePauseLasted) {
  ManualLoop loop;
  std::string order;
  const auto b = loop.after(Duration{20}, [&] { order += "b" + std::to_string(loop.now().since_zero.count() / 1000); });
  const auto a = loop.after(Duration{10}, [&] { order += "a" + std::to_string(loop.now().since_zero.count() / 1000); });
  loop.pause(Duration{100});
  EXPECT_EQ(order, "");
  loop.run_until_idle();
  EXPECT_EQ(order, "a100b100");
}

TEST(ManualLoop, SaysSoWhenSomethingPostsItselfForEver) {
  ManualLoop loop;
  std::function<void()> spin = [&] { loop.post(spin); };
  spin();
  EXPECT_THROW(loop.run_until_idle(), std::runtime_error);
}

}  // namespace
}  // namespace ork::runtime
