#include "operator/runtime/asio_loop.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <string>

namespace ork::runtime {
namespace {

TEST(AsioLoop, RunsPostedTasksInOrderAfterTheCurrentCallback) {
  AsioLoop loop;
  std::string order;
  loop.post([&] {
    loop.post([&] { order += "b"; });
    loop.post([&] {
      order += "c";
      loop.stop();
    });
    order += "a";
  });
  loop.run();
  EXPECT_EQ(order, "abc");
}

TEST(AsioLoop, RunsTimersInOrderOfTimeAndNeverEarly) {
  AsioLoop loop;
  std::string order;
  const Instant start = loop.now();
  const auto late = loop.after(Duration{20}, [&] {
    order += "b";
    EXPECT_GE(loop.now() - start, Duration{20});
    loop.stop();
  });
  const auto early = loop.after(Duration{1}, [&] { order += "a"; });
  loop.run();
  EXPECT_EQ(order, "ab");
}

TEST(AsioLoop, ADestroyedTimerIsNotCalledEvenIfItWasDueAlready) {
  AsioLoop loop;
  bool ran = false;
  std::unique_ptr<Timer> doomed;
  const auto killer = loop.after(Duration{0}, [&] { doomed.reset(); });
  doomed = loop.after(Duration{0}, [&] { ran = true; });
  const auto end = loop.after(Duration{10}, [&] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(ran);
}

TEST(AsioLoop, ATimersTaskMayDestroyItsOwnTimer) {
  AsioLoop loop;
  std::string kept = "not yet";
  std::unique_ptr<Timer> timer;
  timer = loop.after(Duration{0}, [&, text = std::string(100, 'x')] {
    timer.reset();
    kept = text;
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(kept, std::string(100, 'x'));
}

TEST(AsioLoop, HandsSignalsToTheirHandlersEachTime) {
  AsioLoop loop;
  int seen = 0;
  loop.on_signal(SIGUSR1, [&] {
    if (++seen == 2) return loop.stop();
    loop.post([] { std::raise(SIGUSR1); });
  });
  loop.post([] { std::raise(SIGUSR1); });
  loop.run();
  EXPECT_EQ(seen, 2);
}

TEST(AsioLoop, ReportsAnExceptionAndGoesOn) {
  AsioLoop loop;
  std::string reported;
  loop.on_exception([&](std::string_view what) { reported = what; });
  loop.post([] { throw std::runtime_error("bad object"); });
  bool went_on = false;
  loop.post([&] {
    went_on = true;
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(reported, "bad object");
  EXPECT_TRUE(went_on);
}

TEST(AsioLoop, LetsAnExceptionPassWhereNobodyWantsIt) {
  AsioLoop loop;
  loop.post([] { throw std::runtime_error("bad object"); });
  EXPECT_THROW(loop.run(), std::runtime_error);
}

TEST(AsioLoop, RandomIsWithinZeroAndOne) {
  AsioLoop loop;
  for (int i = 0; i < 1000; ++i) {
    const double x = loop.random();
    EXPECT_GE(x, 0.0);
    EXPECT_LT(x, 1.0);
  }
}

}  // namespace
}  // namespace ork::runtime
