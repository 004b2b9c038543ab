#include "operator/runtime/work_queue.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "operator/runtime/limits.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::runtime {
namespace {

class WorkQueueTest : public ::testing::Test {
 protected:
  struct Start {
    std::string key;
    std::int64_t at_ms;
    friend bool operator==(const Start&, const Start&) = default;
  };

  void make(QueueOptions options = {}) {
    queue = std::make_unique<WorkQueue>(
        loop,
        [this](const std::string& key) {
          starts.push_back({key, now_ms()});
          if (on_start) on_start(key);
        },
        options);
  }
  void SetUp() override { make(); }
  std::int64_t now_ms() const { return loop.now().since_zero.count() / 1000; }
  std::string keys() const {
    std::string joined;
    for (const auto& start : starts) joined += start.key;
    return joined;
  }

  ManualLoop loop;
  std::function<void(const std::string&)> on_start;
  std::vector<Start> starts;
  std::unique_ptr<WorkQueue> queue;
};

TEST_F(WorkQueueTest, WorksOnAKeyOnceHoweverOftenItWasAdded) {
  for (int i = 0; i < 100; ++i) queue->add("a");
  EXPECT_EQ(keys(), "");  // never within add()
  EXPECT_EQ(queue->depth(), 1U);
  loop.run_until_idle();
  EXPECT_EQ(keys(), "a");
  EXPECT_EQ(queue->stats().adds, 100U);
  EXPECT_EQ(queue->stats().dedups, 99U);
}

TEST_F(WorkQueueTest, IsFirstComeFirstServed) {
  for (const char* key : {"c", "a", "b", "a", "c"}) queue->add(key);
  loop.run_until_idle();
  EXPECT_EQ(keys(), "cab");
}

TEST_F(WorkQueueTest, NeverWorksOnTheSameKeyTwiceAtOnce) {
  queue->add("a");
  loop.run_until_idle();
  for (int i = 0; i < 5; ++i) queue->add("a");
  loop.advance(Duration{60'000});
  EXPECT_EQ(keys(), "a");
  queue->done("a");
  loop.run_until_idle();
  EXPECT_EQ(keys(), "aa");  // once more, for all five
  queue->done("a");
  loop.advance(Duration{60'000});
  EXPECT_EQ(keys(), "aa");
}

TEST_F(WorkQueueTest, KeepsTheBoundOfWorkInFlight) {
  make({.max_in_flight = 2});
  for (const char* key : {"a", "b", "c", "d"}) queue->add(key);
  loop.run_until_idle();
  EXPECT_EQ(keys(), "ab");
  EXPECT_EQ(queue->in_flight(), 2U);
  EXPECT_EQ(queue->depth(), 2U);
  queue->done("b");
  loop.run_until_idle();
  EXPECT_EQ(keys(), "abc");
  queue->done("a");
  queue->done("c");
  loop.run_until_idle();
  EXPECT_EQ(keys(), "abcd");
}

TEST_F(WorkQueueTest, WorkMayEndWithinItsOwnStart) {
  make({.max_in_flight = 1});
  on_start = [&](const std::string& key) { queue->done(key); };
  for (const char* key : {"a", "b", "c"}) queue->add(key);
  loop.run_until_idle();
  EXPECT_EQ(keys(), "abc");
  EXPECT_EQ(queue->in_flight(), 0U);
}

TEST_F(WorkQueueTest, AKeyThatAddsItselfLeavesRoomForOthers) {
  int left = 50;
  on_start = [&](const std::string& key) {
    if (key == "a" && --left > 0) queue->add("a");
    if (key == "a" && left == 40) queue->add("b");
    queue->done(key);
  };
  queue->add("a");
  loop.run_until_idle();
  EXPECT_LT(keys().find('b'), 13U);
  EXPECT_EQ(starts.size(), 51U);
}

TEST_F(WorkQueueTest, KeepsTheEarliestOfSeveralWakeUps) {
  queue->add_after("a", Duration{5'000});
  queue->add_after("a", Duration{1'000});
  queue->add_after("a", Duration{9'000});
  loop.advance(Duration{60'000});
  EXPECT_EQ(starts, (std::vector<Start>{{"a", 1'000}}));
}

TEST_F(WorkQueueTest, StartingAKeyDropsItsPendingWakeUp) {
  on_start = [&](const std::string& key) { queue->done(key); };
  queue->add_after("a", Duration{1'000});
  queue->add("a");
  loop.advance(Duration{60'000});
  EXPECT_EQ(starts.size(), 1U);
  EXPECT_EQ(queue->delayed(), 0U);
}

TEST_F(WorkQueueTest, AWakeUpAskedForWhileWorkingComesAfterwards) {
  queue->add("a");
  loop.run_until_idle();
  queue->add_after("a", Duration{1'000});
  loop.advance(Duration{3'000});
  EXPECT_EQ(starts.size(), 1U);  // due, but still worked on
  queue->done("a");
  loop.run_until_idle();
  EXPECT_EQ(starts.size(), 2U);
}

TEST_F(WorkQueueTest, SpacesTheStartsOfAKey) {
  on_start = [&](const std::string& key) {
    queue->set_spacing(key, Duration{200});
    queue->done(key);
  };
  for (int ms = 0; ms < 999; ++ms) {  // an event each millisecond
    queue->add("a");
    loop.advance(Duration{1});
  }
  const std::vector<Start> expected{{"a", 0}, {"a", 200}, {"a", 400}, {"a", 600}, {"a", 800}};
  EXPECT_EQ(starts, expected);
  loop.advance(Duration{1'000});
  EXPECT_EQ(starts.back().at_ms, 1'000);  // the last event is not lost
}

TEST_F(WorkQueueTest, AKeyThatWasQuietStartsAtOnceDespiteItsSpacing) {
  on_start = [&](const std::string& key) {
    queue->set_spacing(key, Duration{200});
    queue->done(key);
  };
  queue->add("a");
  loop.advance(Duration{500});
  queue->add("a");
  loop.run_until_idle();
  EXPECT_EQ(starts.back().at_ms, 500);
}

TEST_F(WorkQueueTest, SpacingHoldsForWakeUpsAndWorkAddedWhileWorking) {
  queue->set_spacing("a", Duration{200});
  queue->add("a");
  loop.run_until_idle();
  queue->add("a");
  loop.advance(Duration{50});
  queue->done("a");
  queue->add_after("a", Duration{10});
  loop.advance(Duration{149});
  EXPECT_EQ(starts.size(), 1U);
  loop.advance(Duration{1});
  EXPECT_EQ(starts.size(), 2U);
}

TEST_F(WorkQueueTest, BacksOffDoublingUpToTheCap) {
  on_start = [&](const std::string& key) {
    queue->retry(key);
    queue->done(key);
  };
  queue->add("a");
  loop.advance(Duration{600'000});
  std::int64_t most = 5;
  for (std::size_t i = 1; i < starts.size(); ++i) {
    const auto gap = starts[i].at_ms - starts[i - 1].at_ms;
    EXPECT_LE(gap, most) << i;
    EXPECT_GE(gap, most / 2) << i;
    most = std::min<std::int64_t>(2 * most, 30'000);
  }
  EXPECT_GT(starts.size(), 13U + 600 / 30 - 3);
  EXPECT_EQ(queue->stats().retries, starts.size());
}

TEST_F(WorkQueueTest, ForgetMakesTheNextFailureTheFirstAgain) {
  bool fails = true;
  on_start = [&](const std::string& key) {
    if (fails) {
      queue->retry(key);
    } else {
      queue->forget(key);
    }
    queue->done(key);
  };
  queue->add("a");
  loop.advance(Duration{20'000});
  fails = false;
  loop.advance(Duration{60'000});
  fails = true;
  const auto before = starts.size();
  queue->add("a");
  loop.advance(Duration{5});
  EXPECT_EQ(starts.size(), before + 2);  // at once, and again within 5 ms
}

TEST_F(WorkQueueTest, NothingOvertakesTheServersWish) {
  queue->add("a");
  loop.run_until_idle();
  queue->retry("a", Duration{7'000});
  queue->done("a");
  for (int i = 0; i < 6'999; ++i) {
    queue->add("a");
    loop.advance(Duration{1});
  }
  EXPECT_EQ(starts.size(), 1U);
  loop.advance(Duration{1});
  EXPECT_EQ(starts.size(), 2U);
}

TEST_F(WorkQueueTest, AnEventOvertakesTheBackoff) {
  for (int i = 0; i < 14; ++i) queue->retry("a");  // the backoff is at its cap
  queue->add("a");
  loop.run_until_idle();
  EXPECT_EQ(starts.size(), 1U);
}

TEST_F(WorkQueueTest, ARetryWithNothingElseComesBackByItself) {
  queue->add("a");
  loop.run_until_idle();
  queue->retry("a", Duration{100});
  queue->done("a");
  loop.advance(Duration{100});
  EXPECT_EQ(starts.size(), 2U);
}

TEST_F(WorkQueueTest, WorkThatThrowsIsRetriedAndStopsNoOther) {
  on_start = [&](const std::string& key) {
    if (key == "bad" && starts.size() < 4) throw std::runtime_error("hostile object");
    queue->done(key);
  };
  for (const char* key : {"a", "bad", "b"}) queue->add(key);
  EXPECT_THROW(loop.run_until_idle(), std::runtime_error);
  loop.advance(Duration{10});
  EXPECT_EQ(keys(), "abadbbad");
  EXPECT_EQ(queue->in_flight(), 0U);
}

TEST_F(WorkQueueTest, DoneForAKeyThatIsNotWorkedOnChangesNothing) {
  queue->done("a");
  queue->add("a");
  queue->done("a");
  EXPECT_EQ(queue->in_flight(), 0U);
  loop.run_until_idle();
  queue->done("a");
  queue->done("a");
  EXPECT_EQ(queue->in_flight(), 0U);
}

TEST_F(WorkQueueTest, DoesNotRememberKeysForEver) {
  on_start = [&](const std::string& key) {
    queue->set_spacing(key, Duration{200});
    queue->forget(key);
    queue->done(key);
  };
  std::size_t most = 0;
  for (int i = 0; i < 20'000; ++i) {
    queue->add("key-" + std::to_string(i));
    loop.advance(Duration{1});
    most = std::max(most, queue->known_keys());
  }
  EXPECT_EQ(starts.size(), 20'000U);
  EXPECT_LT(most, 1'000U);
}

TEST_F(WorkQueueTest, ForgetsFailuresOfKeysNobodyAddsAgain) {
  for (int i = 0; i < 2'000; ++i) {
    const auto key = "key-" + std::to_string(i);
    queue->add(key);
    loop.run_until_idle();
    queue->retry(key);
    queue->done(key);
    loop.run_until_idle();
  }
  on_start = [&](const std::string& key) { queue->done(key); };  // ends without forget()
  for (int i = 0; i < 300; ++i) {
    loop.advance(limits::failures_kept);
    queue->add("other-" + std::to_string(i));
    loop.run_until_idle();
  }
  EXPECT_LT(queue->known_keys(), 1'000U);
}

TEST_F(WorkQueueTest, TellsTheLongestWait) {
  make({.max_in_flight = 1});
  queue->add("a");
  queue->add("b");
  loop.advance(Duration{1'234});
  queue->done("a");
  loop.run_until_idle();
  EXPECT_EQ(queue->stats().longest_wait, Duration{1'234});
}

TEST_F(WorkQueueTest, CanBeDestroyedWithWorkPending) {
  queue->add("a");
  queue->add_after("b", Duration{10});
  queue.reset();
  loop.advance(Duration{100});
  EXPECT_EQ(keys(), "");
}

TEST_F(WorkQueueTest, LosesNoAddUnderRandomUse) {
  make({.max_in_flight = 3});
  // For each key, the last add must be followed by a start.
  std::map<std::string, std::int64_t> last_add;
  std::map<std::string, std::int64_t> last_start;
  std::vector<std::string> running;
  std::int64_t order = 0;
  on_start = [&](const std::string& key) {
    EXPECT_EQ(std::count(running.begin(), running.end(), key), 0);
    running.push_back(key);
    EXPECT_LE(running.size(), 3U);
    last_start[key] = ++order;
  };
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(loop.random() * static_cast<double>(n)); };
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = "k" + std::to_string(pick(12));
    switch (pick(5)) {
      case 0:
      case 1:
        last_add[key] = ++order;
        queue->add(key);
        break;
      case 2: queue->set_spacing(key, Duration{static_cast<int>(pick(20))}); break;
      case 3: loop.advance(Duration{static_cast<int>(pick(8))}); break;
      default:
        if (running.empty()) break;
        const std::string ended = running[pick(running.size())];
        std::erase(running, ended);
        if (pick(4) == 0) queue->retry(ended);
        if (pick(4) == 0) queue->forget(ended);
        queue->done(ended);
    }
  }
  for (int i = 0; i < 100; ++i) {
    while (!running.empty()) {
      const std::string ended = running.back();
      running.pop_back();
      queue->forget(ended);
      queue->done(ended);
    }
    loop.advance(Duration{40'000});
  }
  for (const auto& [key, at] : last_add) EXPECT_GT(last_start[key], at) << key;
  EXPECT_EQ(queue->in_flight(), 0U);
}

}  // namespace
}  // namespace ork::runtime
