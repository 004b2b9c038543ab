#include "operator/replicas/shares.hpp"

#include <gtest/gtest.h>

#include "operator/replicas/test_group.hpp"

namespace ork::replicas {
namespace {

using kube::Method;
using testing::Duration;
using testing::json;
using testing::leases_path;
using testing::LeaseServer;
using testing::ManualLoop;
using testing::Replica;

class SharesTest : public ::testing::Test {
 protected:
  // Time passes for all of them, a few milliseconds at a time, and no bucket is held by two.
  void pass(int ms) {
    for (; ms > 0; ms -= 5) {
      for (Replica* replica : alive) replica->loop.advance(Duration{5});
      for (shard::Bucket bucket = 0; bucket < shard::bucket_count; ++bucket) {
        int holders = 0;
        for (const Replica* replica : alive) holders += replica->shares->holds(bucket) ? 1 : 0;
        ASSERT_LE(holders, 1) << "bucket " << bucket;
      }
    }
  }
  void start(Replica& replica, int ms = 200) {
    alive.push_back(&replica);
    replica.shares->start();
    pass(ms);
  }
  void kill(Replica& replica) {
    std::erase(alive, &replica);
    replica.shares.reset();
  }

  LeaseServer server;
  std::vector<Replica*> alive;
  Replica a{server, "a", 1}, b{server, "b", 2}, c{server, "c", 3};
};

TEST_F(SharesTest, TheFirstHoldsAllWithinOneTurn) {
  start(a, 50);
  EXPECT_EQ(a.shares->held(), 64U);
  EXPECT_EQ(a.gained, 64);
}

TEST_F(SharesTest, ASecondIsGivenHalfAndAThirdAThird) {
  start(a);
  start(b);
  EXPECT_EQ(a.shares->held(), 32U);
  EXPECT_EQ(b.shares->held(), 32U);
  EXPECT_EQ(a.left, 32);
  start(c);
  EXPECT_EQ(a.shares->held(), 22U);
  EXPECT_EQ(b.shares->held(), 21U);
  EXPECT_EQ(c.shares->held(), 21U);
  EXPECT_EQ(c.shares->members(), 3U);
}

TEST_F(SharesTest, TwoThatStartTogetherShare) {
  alive = {&a, &b};
  a.shares->start();
  b.shares->start();
  pass(2'000);
  EXPECT_EQ(a.shares->held(), 32U);
  EXPECT_EQ(b.shares->held(), 32U);
}

TEST_F(SharesTest, OnceSharedOnlyTheOwnLeasesAreWritten) {
  start(a);
  start(b, 2'000);
  const int before = server.writes();
  pass(16'000);
  EXPECT_EQ(server.writes() - before, 20);
}

TEST_F(SharesTest, WhatADeadOneHeldIsTakenOnceItsLeaseHasRunOutAndTheLeaseIsRemoved) {
  start(a);
  start(b, 2'000);
  kill(a);
  pass(3'200);
  EXPECT_EQ(b.shares->held(), 32U);
  pass(1'900);
  EXPECT_EQ(b.shares->held(), 64U);
  EXPECT_EQ(server.find("ork-a"), nullptr);
}

TEST_F(SharesTest, WhoLeavesIsFollowedAtOnce) {
  start(a);
  start(b, 2'000);
  bool done = false;
  a.shares->leave([&] { done = true; });
  EXPECT_FALSE(a.works_on_any());
  pass(50);
  EXPECT_TRUE(done);
  EXPECT_EQ(b.shares->held(), 64U);
}

TEST_F(SharesTest, WhoLeavesWaitsForWhatIsOnItsWayButNotForLong) {
  start(a);
  start(b, 2'000);
  a.quiet_after = [](const auto&) {};  // never
  bool done = false;
  a.shares->leave([&] { done = true; });
  pass(1'900);
  EXPECT_FALSE(done);
  EXPECT_EQ(b.shares->held(), 32U);
  pass(200);
  EXPECT_TRUE(done);
  EXPECT_EQ(b.shares->held(), 64U);
}

TEST_F(SharesTest, ABucketIsGivenOnlyOnceAllThatWasSentForItIsAnswered) {
  start(a);
  std::function<void()> quiet;
  a.quiet_after = [&](std::function<void()> then) { quiet = std::move(then); };
  start(b);
  EXPECT_EQ(a.shares->held(), 32U);  // nothing new begins
  EXPECT_EQ(a.left, 0);
  EXPECT_EQ(b.shares->held(), 0U);
  a.loop.post(quiet);
  pass(100);
  EXPECT_EQ(a.left, 32);
  EXPECT_EQ(b.shares->held(), 32U);
}

TEST_F(SharesTest, WhatWasToBeGivenIsKeptWhereNobodyIsLeftToTakeIt) {
  start(a);
  std::function<void()> quiet;
  a.quiet_after = [&](std::function<void()> then) { quiet = std::move(then); };
  start(b);
  ASSERT_EQ(a.shares->held(), 32U);
  b.shares->leave([] {});
  pass(100);
  EXPECT_EQ(a.shares->held(), 64U);
  EXPECT_EQ(a.gained, 96);  // what has happened to them meanwhile is looked at
  a.loop.post(quiet);
  pass(100);
  EXPECT_EQ(a.shares->held(), 64U);
}

TEST_F(SharesTest, AClaimWhoseAnswerIsLostHoldsOnceTheWatchShowsIt) {
  a.connection.api.set_latency(Duration{5});
  bool is_first = true;
  a.connection.api.on(Method::Post, leases_path, [&](const kube::Request& request) -> testing::FakeTransport::Answer {
    const auto answer = server.created(request);
    if (json::parse(request.body)["metadata"]["name"] == "ork" && std::exchange(is_first, false))
      return Err(runtime::testing::status_error(504));
    return answer;
  });
  start(a);
  EXPECT_EQ(a.shares->held(), 64U);
}

TEST_F(SharesTest, AClaimThatIsRefusedForAWhileIsNotMadeSoonerWhateverTheWatchShows) {
  start(a);
  kube::Error busy = runtime::testing::status_error(429);
  busy.retry_after = Duration{3'000};
  a.connection.api.answer(Method::Patch, leases_path + "/ork", busy);
  start(b);
  ASSERT_EQ(b.shares->held(), 0U);
  for (int i = 0; i < 10; ++i) {
    server.patch("ork", {{"metadata", {{"annotations", {{"note", i}}}}}});
    pass(200);
  }
  EXPECT_EQ(b.shares->held(), 0U);
  pass(1'500);
  EXPECT_EQ(b.shares->held(), 32U);
}

TEST_F(SharesTest, WhoIsCutOffStopsBeforeAnotherBegins) {
  start(a);
  start(b, 2'000);
  server.set_cut(a.connection, true);
  pass(10'000);  // pass() sees to it
  EXPECT_NE(a.lost, "");
  EXPECT_EQ(b.shares->held(), 64U);
  server.set_cut(a.connection, false);
  pass(1'000);
  EXPECT_FALSE(a.works_on_any());
}

TEST_F(SharesTest, AWatchThatIsFarBehindDoesNotLetALivingOneBeTakenForDead) {
  start(a);
  start(b, 2'000);
  // Requests get through, and nothing is shown any more.
  b.connection.is_cut = true;
  pass(20'000);
  EXPECT_EQ(a.lost, "");
  EXPECT_EQ(a.shares->held(), 32U);
  EXPECT_EQ(b.shares->held(), 32U);
}

TEST_F(SharesTest, SomebodyWhoEditsWhoHoldsWhatMovesWorkAndLosesNone) {
  start(a);
  start(b, 2'000);
  server.patch("ork", {{"metadata", {{"annotations", {{"ork.dev/buckets", "nonsense"}}}}}});
  pass(2'000);
  EXPECT_EQ(a.shares->held(), 32U);
  EXPECT_EQ(b.shares->held(), 32U);
}

TEST_F(SharesTest, WhoHoldsWhatIsWrittenAgainAsItWasWhereSomebodyRemovesIt) {
  start(a);
  start(b, 2'000);
  const auto before = server.holders();
  server.remove("ork");
  pass(2'000);
  EXPECT_EQ(a.left, 32);  // nothing but at the beginning
  EXPECT_EQ(a.shares->held() + b.shares->held(), 64U);
  start(c, 2'000);
  EXPECT_EQ(c.shares->held(), 21U);
}

TEST_F(SharesTest, WhoseOwnLeaseIsRemovedStopsAsSoonAsItSeesThat) {
  start(a);
  start(b, 2'000);
  server.remove("ork-a");
  pass(30);
  EXPECT_NE(a.lost, "");
  pass(200);
  EXPECT_EQ(b.shares->held(), 64U);
}

TEST_F(SharesTest, ALeaseThatAsksForHoursIsBelievedForAMinute) {
  start(a);
  start(b, 2'000);
  kill(a);
  server.patch("ork-a", {{"spec", {{"leaseDurationSeconds", 86'400}}}});
  pass(61'000);
  EXPECT_EQ(b.shares->held(), 64U);
}

// --- never two ---

// Real time passes in steps; each replica's clock runs at its own rate. Connections are cut, and whole processes
// paused, at random; who has lost its Lease is started again as another.
class Contest {
 public:
  Contest(std::vector<double> rates, std::uint64_t seed) : chance_(seed) {
    for (const double rate : rates) {
      places_.push_back({.rate = rate});
      start(places_.back());
    }
  }

  void step(bool disturbed) {
    for (Place& place : places_) {
      place.owed += step_ms * place.rate;
      const Duration due{static_cast<int>(place.owed)};
      place.owed -= static_cast<double>(due.count());
      if (disturbed) disturb(place);
      if (place.paused_steps > 0) {
        --place.paused_steps;
        place.replica->loop.pause(due);
        continue;
      }
      place.replica->loop.advance(due);
      if (!place.replica->lost.empty()) start(place);
    }
    count_holders();
  }
  void heal() {
    for (Place& place : places_) {
      server_.set_cut(place.replica->connection, false);
      place.replica->connection.api.set_latency(Duration{5});
      place.paused_steps = 0;
    }
  }
  bool two_held() const { return two_held_; }
  int starts() const { return starts_; }
  std::size_t held() const {
    std::size_t sum = 0;
    for (const Place& place : places_) sum += place.replica->shares->held();
    return sum;
  }

 private:
  static constexpr double step_ms = 20;
  struct Place {
    double rate;
    double owed = 0;
    int paused_steps = 0;
    Replica* replica = nullptr;
  };

  void start(Place& place) {
    ++starts_;
    const std::string identity = "r" + std::to_string(starts_);
    if (place.replica != nullptr) place.replica->shares.reset();
    replicas_.push_back(std::make_unique<Replica>(server_, identity, static_cast<std::uint64_t>(starts_)));
    place.replica = replicas_.back().get();
    place.replica->shares->start();
  }
  // A paused process does nothing; when it goes on, holds() is what it asks first.
  void count_holders() {
    for (shard::Bucket bucket = 0; bucket < shard::bucket_count; bucket += 7) {
      int holders = 0;
      for (const Place& place : places_) {
        if (place.paused_steps == 0 && place.replica->shares->holds(bucket)) ++holders;
      }
      two_held_ = two_held_ || holders > 1;
    }
  }
  void disturb(Place& place) {
    const double dice = chance_.random();
    if (dice < 0.0008) server_.set_cut(place.replica->connection, true);
    if (dice > 0.998) server_.set_cut(place.replica->connection, false);
    if (dice > 0.5 && dice < 0.5004) place.paused_steps = static_cast<int>(chance_.random() * 1'000);
    if (dice > 0.6 && dice < 0.61)
      place.replica->connection.api.set_latency(Duration{static_cast<int>(chance_.random() * 1'000)});
  }

  LeaseServer server_;
  ManualLoop chance_;
  std::vector<std::unique_ptr<Replica>> replicas_;  // those of before too: the server knows their connections
  std::vector<Place> places_;
  bool two_held_ = false;
  int starts_ = 0;
};

TEST(SharesContest, NoBucketIsHeldByTwoThoughClocksRunAtDifferentRates) {
  const std::vector<std::vector<double>> all_rates = {{1, 1}, {1, 1.45}, {1.45, 1, 1}, {0.7, 1}, {0.5, 0.7, 0.6}};
  int starts = 0;
  for (const auto& rates : all_rates) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      Contest contest(rates, seed);
      for (int step = 0; step < 9'000; ++step) contest.step(true);  // three minutes
      contest.heal();
      for (int step = 0; step < 2'000; ++step) contest.step(false);
      EXPECT_FALSE(contest.two_held()) << rates[0] << " and " << rates[1] << ", seed " << seed;
      EXPECT_EQ(contest.held(), 64U) << rates[0] << " and " << rates[1] << ", seed " << seed;
      starts += contest.starts();
    }
  }
  EXPECT_GT(starts, 40);  // or the disturbances would have shown nothing
}

}  // namespace
}  // namespace ork::replicas
