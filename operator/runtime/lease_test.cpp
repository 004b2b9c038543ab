#include "operator/runtime/lease.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::runtime {
namespace {

using kube::Method;
using nlohmann::json;
using testing::FakeTransport;
using testing::status_error;

const std::string prefix = "/apis/coordination.k8s.io/v1/namespaces/ork-system/leases";

// The one lease as an API server keeps it: every write moves its version on, and a PUT counts only
// for the newest version.
class LeaseServer {
 public:
  void serve(FakeTransport& api) {
    api.on(Method::Get, prefix, [this](const auto&) { return get(); });
    api.on(Method::Post, prefix, [this](const kube::Request& r) { return create(r); });
    api.on(Method::Put, prefix, [this](const kube::Request& r) { return put(r); });
  }
  FakeTransport::Answer get() const {
    if (lease.is_null()) return Err(status_error(404));
    return kube::Response{200, lease.dump()};
  }
  FakeTransport::Answer create(const kube::Request& request) {
    if (!lease.is_null()) return Err(status_error(409, "AlreadyExists"));
    return write(request);
  }
  FakeTransport::Answer put(const kube::Request& request) {
    if (lease.is_null()) return Err(status_error(404));
    const auto body = json::parse(request.body);
    if (body["metadata"]["resourceVersion"] != lease["metadata"]["resourceVersion"]) return Err(status_error(409));
    return write(request);
  }
  FakeTransport::Answer write(const kube::Request& request) {
    lease = json::parse(request.body);
    touch();
    ++writes;
    return kube::Response{200, lease.dump()};
  }
  void touch() { lease["metadata"]["resourceVersion"] = std::to_string(++version); }
  void hold(const std::string& holder, int seconds = 15) {
    lease = {{"metadata", {{"name", "ork"}}},
             {"spec", {{"holderIdentity", holder}, {"leaseDurationSeconds", seconds}}}};
    touch();
  }
  std::string holder() const { return lease["spec"].value("holderIdentity", ""); }

  json lease;
  int version = 100;
  int writes = 0;
};

LeaseOptions options_of(std::string identity) {
  LeaseOptions options;
  options.ns = "ork-system";
  options.identity = std::move(identity);
  return options;
}

// A replica with its own clock and its own connection.
struct Replica {
  explicit Replica(LeaseServer& server, const std::string& identity, std::uint64_t seed = 1) : loop(seed) {
    server.serve(api);
    api.set_latency(Duration{5});
    LeaseHooks hooks;
    hooks.on_leading = [this] { log += "L"; };
    hooks.on_lost = [this](const std::string& why) {
      log += "x";
      last_reason = why;
    };
    hooks.on_trouble = [this](const std::string&) { ++troubles; };
    lease = std::make_unique<Lease>(api, loop, options_of(identity), hooks);
  }
  std::size_t writes() const { return api.count(Method::Put, prefix) + api.count(Method::Post, prefix); }

  ManualLoop loop;
  FakeTransport api{loop};
  std::string log;
  std::string last_reason;
  int troubles = 0;
  std::unique_ptr<Lease> lease;
};

class LeaseTest : public ::testing::Test {
 protected:
  LeaseServer server;
  Replica a{server, "a", 1};
};

// --- getting it ---

TEST_F(LeaseTest, CreatesTheLeaseWhereThereIsNone) {
  EXPECT_EQ(a.lease->state(), LeaseState::Idle);
  a.lease->start();
  EXPECT_EQ(a.lease->state(), LeaseState::Trying);
  a.loop.advance(Duration{100});
  EXPECT_EQ(a.lease->state(), LeaseState::Leading);
  EXPECT_TRUE(a.lease->leading());
  EXPECT_EQ(a.log, "L");
  EXPECT_EQ(server.holder(), "a");
}

TEST_F(LeaseTest, TakesALeaseThatNobodyHolds) {
  server.hold("");
  a.lease->start();
  a.loop.advance(Duration{100});
  EXPECT_TRUE(a.lease->leading());
}

TEST_F(LeaseTest, TakesAnothersLeaseOnlyWhenItHasNotChangedForItsWholeDuration) {
  server.hold("b");
  a.lease->start();
  for (int i = 0; i < 20; ++i) {  // b renews every 10 s
    a.loop.advance(Duration{10'000});
    server.touch();
  }
  EXPECT_EQ(a.lease->state(), LeaseState::Trying);
  EXPECT_EQ(a.lease->observed_holder(), "b");
  EXPECT_EQ(a.writes(), 0U);
  // The last renewal is seen at most 2.2 s later; from there 15 s must pass.
  a.loop.advance(Duration{15'000});
  EXPECT_FALSE(a.lease->leading());
  a.loop.advance(Duration{5'000});
  EXPECT_TRUE(a.lease->leading());
  EXPECT_EQ(server.lease["spec"]["leaseTransitions"], 1);
}

TEST_F(LeaseTest, GivesTheHolderTheDurationItWroteItself) {
  server.hold("b", 60);
  a.lease->start();
  a.loop.advance(Duration{59'000});
  EXPECT_FALSE(a.lease->leading());
  a.loop.advance(Duration{5'000});
  EXPECT_TRUE(a.lease->leading());
}

TEST_F(LeaseTest, NeverComparesWallClocks) {
  for (const char* renewed : {"1999-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z", "nonsense"}) {
    Replica replica(server, "r");
    server.hold("b");
    server.lease["spec"]["renewTime"] = renewed;
    replica.lease->start();
    replica.loop.advance(Duration{14'900});
    replica.loop.set_wall_ms(replica.loop.wall_ms() + 86'400'000);
    EXPECT_FALSE(replica.lease->leading()) << renewed;
    replica.loop.advance(Duration{5'000});
    EXPECT_TRUE(replica.lease->leading()) << renewed;
  }
}

TEST_F(LeaseTest, LooksEveryTwoSecondsAtAnothersLease) {
  server.hold("b");
  a.lease->start();
  for (int i = 0; i < 60; ++i) {
    server.touch();
    a.loop.advance(Duration{1'000});
  }
  EXPECT_LE(a.api.requests().size(), 31U);
  EXPECT_GE(a.api.requests().size(), 26U);
}

TEST_F(LeaseTest, AConflictMeansNotThisRound) {
  server.hold("");
  a.api.answer(Method::Put, prefix, 409);
  a.lease->start();
  a.loop.advance(Duration{1'999});
  EXPECT_EQ(a.lease->state(), LeaseState::Trying);
  EXPECT_EQ(a.lease->stats().conflicts, 1U);
  EXPECT_EQ(a.writes(), 1U);
  a.loop.advance(Duration{500});
  EXPECT_TRUE(a.lease->leading());
}

TEST_F(LeaseTest, OfTwoThatStartTogetherOneLeads) {
  Replica b(server, "b", 2);
  a.lease->start();
  b.lease->start();
  for (int i = 0; i < 60'000; i += 10) {
    a.loop.advance(Duration{10});
    b.loop.advance(Duration{10});
  }
  EXPECT_NE(a.lease->leading(), b.lease->leading());
  EXPECT_EQ(a.log + b.log, "L");
}

TEST_F(LeaseTest, KeepsTryingWhileTheServerIsAwayOrTalksNonsense) {
  a.api.answer(Method::Get, prefix, 503);
  a.api.answer(Method::Get, prefix, 403);
  a.api.answer(Method::Get, prefix, 200, "<html>");
  a.lease->start();
  a.loop.advance(Duration{10'000});
  EXPECT_TRUE(a.lease->leading());
  EXPECT_EQ(a.lease->stats().failures, 3U);
  EXPECT_EQ(a.troubles, 3);
}

// --- keeping it ---

TEST_F(LeaseTest, RenewsEveryFiveSecondsWithOneRequestEach) {
  a.lease->start();
  a.loop.advance(Duration{100});
  const auto before = a.api.requests().size();
  a.loop.advance(Duration{60'000});
  EXPECT_EQ(a.api.requests().size() - before, 12U);
  EXPECT_EQ(a.api.count(Method::Get, prefix), 1U);
  EXPECT_EQ(a.log, "L");
}

TEST_F(LeaseTest, IsValidTenSecondsFromWhenTheRenewalWasSentNotAnswered) {
  a.api.set_latency(Duration{1'000});
  a.lease->start();
  a.loop.advance(Duration{1'000});  // nothing is there
  const Instant sent = a.loop.now();
  a.loop.advance(Duration{1'000});  // created
  ASSERT_TRUE(a.lease->leading());
  EXPECT_EQ(a.lease->valid_until(), sent + Duration{10'000});
}

TEST_F(LeaseTest, StopsByItselfAtTheDeadlineWhenCutOff) {
  a.lease->start();
  a.loop.advance(Duration{12'000});
  a.api.set_cut(true);
  const Instant until = a.lease->valid_until();
  a.loop.advance(std::chrono::floor<Duration>(until - a.loop.now()) - Duration{1});
  EXPECT_TRUE(a.lease->leading());
  a.loop.advance(Duration{1});
  EXPECT_FALSE(a.lease->leading());
  EXPECT_EQ(a.lease->state(), LeaseState::Lost);
  EXPECT_EQ(a.lease->valid_until(), Instant{});
  EXPECT_EQ(a.log, "Lx");
  const auto requests = a.api.requests().size();
  a.api.set_cut(false);
  a.loop.advance(Duration{60'000});
  EXPECT_EQ(a.log, "Lx");
  EXPECT_EQ(a.api.requests().size(), requests);  // it does nothing until it is started again
  a.lease->start();
  a.loop.advance(Duration{100});
  EXPECT_EQ(a.log, "LxL");
}

TEST_F(LeaseTest, SurvivesAnOutageShorterThanTheDeadline) {
  a.lease->start();
  a.loop.advance(Duration{4'000});
  a.api.set_cut(true);
  a.loop.advance(Duration{4'500});
  a.api.set_cut(false);
  a.loop.advance(Duration{60'000});
  EXPECT_EQ(a.log, "L");
  EXPECT_TRUE(a.lease->leading());
}

TEST_F(LeaseTest, KeepsItWhileTheServerTakesFourSecondsForEachAnswer) {
  a.lease->start();
  a.loop.advance(Duration{4'000});
  a.api.set_latency(Duration{4'000});
  a.loop.advance(Duration{120'000});
  EXPECT_EQ(a.log, "L");
}

TEST_F(LeaseTest, ARenewalWhoseAnswerWasLostIsNoReasonToStop) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  a.api.on(Method::Put, prefix, [&](const kube::Request& r) -> FakeTransport::Answer {
    const bool applied = static_cast<bool>(server.put(r));
    if (applied && server.writes % 2 == 0) return Err(status_error(504));
    return applied ? server.get() : FakeTransport::Answer{Err(status_error(409))};
  });
  a.loop.advance(Duration{120'000});
  EXPECT_EQ(a.log, "L");
  EXPECT_GT(a.lease->stats().failures, 5U);
}

TEST_F(LeaseTest, AnotherHandOnTheLeaseIsNoReasonToStop) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  for (int i = 0; i < 20; ++i) {
    server.lease["metadata"]["annotations"]["note"] = std::to_string(i);
    server.touch();
    a.loop.advance(Duration{6'000});
  }
  EXPECT_EQ(a.log, "L");
  EXPECT_GT(a.lease->stats().conflicts, 10U);
  EXPECT_EQ(server.lease["metadata"]["annotations"]["note"], "19");
}

TEST_F(LeaseTest, StopsAtOnceWhenAnotherHoldsIt) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  server.hold("b");
  a.loop.advance(Duration{6'000});
  EXPECT_EQ(a.lease->state(), LeaseState::Lost);
  EXPECT_NE(a.last_reason.find("b"), std::string::npos);
  EXPECT_EQ(server.holder(), "b");
}

TEST_F(LeaseTest, MakesTheLeaseAnewWhenItWasDeleted) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  server.lease = nullptr;
  a.loop.advance(Duration{8'000});
  EXPECT_EQ(server.holder(), "a");
  EXPECT_EQ(a.log, "L");
}

TEST_F(LeaseTest, AfterAPauseItDoesNotLeadEvenBeforeAnyCallbackRan) {
  a.lease->start();
  a.loop.advance(Duration{4'990});
  a.loop.pause(Duration{30'000});
  EXPECT_FALSE(a.lease->leading());
  a.loop.run_until_idle();
  EXPECT_EQ(a.lease->state(), LeaseState::Lost);
  EXPECT_EQ(a.log, "Lx");
}

TEST_F(LeaseTest, AnAnswerFoundAfterAPauseDoesNotBringTheLeadershipBack) {
  a.lease->start();
  a.loop.advance(Duration{5'008});  // the second renewal is on its way
  ASSERT_EQ(a.writes(), 2U);
  a.loop.pause(Duration{9'000});
  EXPECT_FALSE(a.lease->leading());
  a.loop.advance(Duration{100});
  EXPECT_EQ(a.log, "Lx");
}

TEST_F(LeaseTest, AFirstAnswerThatComesTooLateDoesNotMakeALeader) {
  a.lease->start();
  a.loop.advance(Duration{8});  // the create is on its way
  a.loop.pause(Duration{11'000});
  a.loop.run_until_idle();
  EXPECT_FALSE(a.lease->leading());
  EXPECT_EQ(a.log, "");
  a.loop.advance(Duration{3'000});
  EXPECT_EQ(a.log, "L");
}

TEST_F(LeaseTest, AnswersAfterItsDestructionAreIgnored) {
  a.lease->start();
  a.lease.reset();
  a.loop.advance(Duration{60'000});
  EXPECT_EQ(a.log, "");
}

// --- giving it back ---

TEST_F(LeaseTest, ACleanEndLetsTheNextOneStartAtItsNextLook) {
  Replica b(server, "b", 2);
  a.lease->start();
  a.loop.advance(Duration{1'000});
  b.lease->start();
  b.loop.advance(Duration{1'000});
  bool done = false;
  a.lease->release([&] { done = true; });
  EXPECT_FALSE(a.lease->leading());
  EXPECT_EQ(a.lease->state(), LeaseState::Released);
  a.loop.advance(Duration{100});
  EXPECT_TRUE(done);
  EXPECT_EQ(server.holder(), "");
  b.loop.advance(Duration{2'300});
  EXPECT_TRUE(b.lease->leading());
  EXPECT_EQ(a.log, "L");  // given back, not lost
}

TEST_F(LeaseTest, GivesItBackThoughARenewalWasOnItsWay) {
  a.lease->start();
  a.loop.advance(Duration{5'008});
  ASSERT_EQ(a.writes(), 2U);
  bool done = false;
  a.lease->release([&] { done = true; });
  a.loop.advance(Duration{100});
  EXPECT_TRUE(done);
  EXPECT_EQ(server.holder(), "");
}

TEST_F(LeaseTest, TriesAgainWhenTheLeaseChangesWhileItIsGivenBack) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  a.api.answer(Method::Put, prefix, 409);
  bool done = false;
  a.lease->release([&] { done = true; });
  a.loop.advance(Duration{100});
  EXPECT_TRUE(done);
  EXPECT_EQ(server.holder(), "");
}

TEST_F(LeaseTest, DoesNotTakeAnothersLeaseAwayWhileGivingBack) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  server.hold("b");
  bool done = false;
  a.lease->release([&] { done = true; });
  a.loop.advance(Duration{100});
  EXPECT_TRUE(done);
  EXPECT_EQ(server.holder(), "b");
}

TEST_F(LeaseTest, SaysDoneInBoundedTimeWhenTheServerIsAway) {
  a.lease->start();
  a.loop.advance(Duration{1'000});
  a.api.set_cut(true);
  bool done = false;
  a.lease->release([&] { done = true; });
  a.loop.advance(Duration{2'100});
  EXPECT_TRUE(done);
}

TEST_F(LeaseTest, WhoDoesNotLeadHasNothingToGiveBack) {
  server.hold("b");
  a.lease->start();
  a.loop.advance(Duration{1'000});
  int done = 0;
  a.lease->release([&] { ++done; });
  EXPECT_EQ(done, 0);  // from the loop
  a.loop.advance(Duration{60'000});
  EXPECT_EQ(done, 1);
  EXPECT_EQ(a.writes(), 0U);
  EXPECT_EQ(server.holder(), "b");
}

// --- never two ---

// Real time passes in steps; each replica's clock runs at its own rate. Connections are cut, and
// whole processes paused, at random.
class Contest {
 public:
  Contest(double rate_a, double rate_b, std::uint64_t seed) : chance_(seed), rates_{rate_a, rate_b} {
    for (auto* replica : {&a_, &b_}) {
      replica->lease->start();
    }
  }

  void step(bool disturbed) {
    Replica* replicas[] = {&a_, &b_};
    for (int i = 0; i < 2; ++i) {
      owed_[i] += step_ms * rates_[i];
      const Duration due{static_cast<int>(owed_[i])};
      owed_[i] -= static_cast<double>(due.count());
      if (disturbed) disturb(*replicas[i], i);
      if (paused_steps_[i] > 0) {
        --paused_steps_[i];
        replicas[i]->loop.pause(due);
        continue;
      }
      replicas[i]->loop.advance(due);
      if (replicas[i]->lease->state() == LeaseState::Lost) replicas[i]->lease->start();
    }
    // A paused process does nothing; when it goes on, leading() is what it asks first.
    const bool a_leads = paused_steps_[0] == 0 && a_.lease->leading();
    const bool b_leads = paused_steps_[1] == 0 && b_.lease->leading();
    both_led_ = both_led_ || (a_leads && b_leads);
    changes_ += a_leads != a_led_ ? 1 : 0;
    a_led_ = a_leads;
  }

  bool both_led() const { return both_led_; }
  int changes() const { return changes_; }
  bool one_leads() const { return a_.lease->leading() != b_.lease->leading(); }
  void heal() {
    for (auto* replica : {&a_, &b_}) replica->api.set_cut(false);
    paused_steps_[0] = paused_steps_[1] = 0;
  }

  static constexpr double step_ms = 20;

 private:
  void disturb(Replica& replica, int i) {
    const double dice = chance_.random();
    if (dice < 0.0008) replica.api.set_cut(true);
    if (dice > 0.998) replica.api.set_cut(false);
    if (dice > 0.5 && dice < 0.5004) paused_steps_[i] = static_cast<int>(chance_.random() * 3'000);
    if (dice > 0.6 && dice < 0.61) replica.api.set_latency(Duration{static_cast<int>(chance_.random() * 2'500)});
  }

  LeaseServer server_;
  ManualLoop chance_;
  Replica a_{server_, "a", 11};
  Replica b_{server_, "b", 12};
  double rates_[2];
  double owed_[2] = {0, 0};
  int paused_steps_[2] = {0, 0};
  bool both_led_ = false;
  bool a_led_ = false;
  int changes_ = 0;
};

TEST(LeaseContest, TwoNeverLeadAtOnceThoughClocksRunAtDifferentRates) {
  const std::pair<double, double> rates[] = {{1, 1}, {1, 1.45}, {1.45, 1}, {0.7, 1}, {1, 0.7}, {0.5, 0.7}};
  int changes = 0;
  for (const auto& [rate_a, rate_b] : rates) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      Contest contest(rate_a, rate_b, seed);
      for (int step = 0; step < 30'000; ++step) contest.step(true);  // ten minutes
      contest.heal();
      for (int step = 0; step < 3'000; ++step) contest.step(false);
      EXPECT_FALSE(contest.both_led()) << rate_a << " and " << rate_b << ", seed " << seed;
      EXPECT_TRUE(contest.one_leads()) << rate_a << " and " << rate_b << ", seed " << seed;
      changes += contest.changes();
    }
  }
  EXPECT_GT(changes, 100);  // or the disturbances would have shown nothing
}

}  // namespace
}  // namespace ork::runtime
