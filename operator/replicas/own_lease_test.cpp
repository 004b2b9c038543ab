#include "operator/replicas/own_lease.hpp"

#include <gtest/gtest.h>

#include "operator/replicas/test_group.hpp"

namespace ork::replicas {
namespace {

using kube::Method;
using runtime::Instant;
using runtime::testing::status_error;
using testing::Connection;
using testing::Duration;
using testing::FakeTransport;
using testing::leases_path;
using testing::LeaseServer;
using testing::ManualLoop;
using State = OwnLease::State;

class OwnLeaseTest : public ::testing::Test {
 protected:
  OwnLeaseTest() {
    server.serve(connection);
    lease = std::make_unique<OwnLease>(connection.api, loop, Member{"ork-system", "ork", "a", {}}, LeaseTimes{},
                                       OwnLease::Hooks{.on_joined = [this] { log += "J"; },
                                                       .on_lost =
                                                           [this](const std::string& why) {
                                                             log += "x";
                                                             reason = why;
                                                           },
                                                       .on_trouble = [this](const std::string&) { ++troubles; }});
  }
  void join() {
    lease->join();
    loop.advance(Duration{10});
    ASSERT_EQ(lease->state(), State::Member);
  }
  std::size_t writes() const {
    return connection.api.count(Method::Post, leases_path) + connection.api.count(Method::Patch, leases_path);
  }

  ManualLoop loop;
  Connection connection{loop};
  FakeTransport& api = connection.api;
  LeaseServer server;
  std::string log, reason;
  int troubles = 0;
  std::unique_ptr<OwnLease> lease;
};

TEST_F(OwnLeaseTest, IsMadeOnceAndRenewedWithOneRequestEach) {
  join();
  EXPECT_TRUE(lease->is_valid());
  EXPECT_EQ(log, "J");
  ASSERT_NE(server.find("ork-a"), nullptr);
  loop.advance(Duration{16'000});
  EXPECT_EQ(api.count(Method::Post, leases_path), 1U);
  EXPECT_EQ(api.count(Method::Patch, leases_path), 10U);
  EXPECT_EQ(api.count(Method::Get, leases_path), 0U);
}

TEST_F(OwnLeaseTest, KeepsTryingWhileTheServerIsAway) {
  api.answer(Method::Post, leases_path, 503);
  api.answer(Method::Post, leases_path, 403);
  lease->join();
  loop.advance(Duration{2'000});
  EXPECT_TRUE(lease->is_valid());
  EXPECT_EQ(troubles, 2);
}

TEST_F(OwnLeaseTest, IsOneOfThemThoughTheAnswerToItsMakingWasLost) {
  bool is_first = true;
  api.on(Method::Post, leases_path, [&](const kube::Request& request) -> FakeTransport::Answer {
    const auto answer = server.created(request);
    if (std::exchange(is_first, false)) return Err(status_error(504));
    return answer;
  });
  lease->join();
  loop.advance(Duration{1'000});
  EXPECT_TRUE(lease->is_valid());
  EXPECT_EQ(api.count(Method::Post, leases_path), 2U);
}

TEST_F(OwnLeaseTest, CountsFromWhenARenewalWasSentNotAnswered) {
  api.set_latency(Duration{1'000});
  lease->join();
  loop.advance(Duration{1'000});
  ASSERT_EQ(lease->state(), State::Member);
  server.set_cut(connection, true);
  loop.advance(Duration{2'299});
  EXPECT_TRUE(lease->is_valid());
  loop.advance(Duration{1});
  EXPECT_FALSE(lease->is_valid());
}

TEST_F(OwnLeaseTest, StopsByItselfAtTheDeadlineWhenCutOffAndDoesNothingMore) {
  join();
  server.set_cut(connection, true);
  loop.advance(Duration{3'400});
  EXPECT_EQ(lease->state(), State::Lost);
  const auto requests = api.requests().size();
  server.set_cut(connection, false);
  loop.advance(Duration{60'000});
  EXPECT_EQ(api.requests().size(), requests);
  EXPECT_EQ(log, "Jx");
}

TEST_F(OwnLeaseTest, SurvivesAnOutageShorterThanTheDeadline) {
  join();
  loop.advance(Duration{1'500});
  server.set_cut(connection, true);
  loop.advance(Duration{1'500});
  server.set_cut(connection, false);
  loop.advance(Duration{60'000});
  EXPECT_EQ(log, "J");
}

TEST_F(OwnLeaseTest, IsKeptWhileTheServerTakesOneAndAHalfSecondsForEachAnswer) {
  join();
  api.set_latency(Duration{1'500});
  loop.advance(Duration{120'000});
  EXPECT_EQ(log, "J");
}

TEST_F(OwnLeaseTest, IsKeptWhileEverySecondRenewalFails) {
  join();
  for (int i = 0; i < 40; ++i) {
    api.answer(Method::Patch, leases_path, 504);
    loop.advance(Duration{1'600});
  }
  EXPECT_EQ(log, "J");
  EXPECT_GT(troubles, 20);
}

TEST_F(OwnLeaseTest, AnotherHandOnItIsNoReasonToStop) {
  join();
  server.patch("ork-a", {{"metadata", {{"annotations", {{"note", "by hand"}}}}}});
  loop.advance(Duration{10'000});
  EXPECT_EQ(log, "J");
  EXPECT_EQ((*server.find("ork-a"))["metadata"]["annotations"]["note"], "by hand");
}

TEST_F(OwnLeaseTest, IsLostWhereSomebodyHasRemovedItAndIsNotMadeAgain) {
  join();
  server.remove("ork-a");
  loop.advance(Duration{10'000});
  EXPECT_EQ(lease->state(), State::Lost);
  EXPECT_NE(reason.find("removed"), std::string::npos);
  EXPECT_EQ(server.find("ork-a"), nullptr);
}

TEST_F(OwnLeaseTest, AfterAPauseItIsNotValidEvenBeforeAnyCallbackRan) {
  join();
  loop.pause(Duration{4'000});
  EXPECT_FALSE(lease->is_valid());
  loop.run_until_idle();
  EXPECT_EQ(log, "Jx");
}

TEST_F(OwnLeaseTest, AnAnswerFoundAfterAPauseDoesNotBringItBack) {
  join();
  loop.advance(Duration{1'592});  // a renewal is on its way
  loop.pause(Duration{4'000});
  loop.advance(Duration{100});
  EXPECT_EQ(log, "Jx");
}

TEST_F(OwnLeaseTest, AFirstAnswerThatComesTooLateIsAskedForAgain) {
  lease->join();
  loop.pause(Duration{4'000});
  loop.run_until_idle();
  EXPECT_FALSE(lease->is_valid());
  loop.advance(Duration{100});
  EXPECT_TRUE(lease->is_valid());
  EXPECT_EQ(log, "J");
}

TEST_F(OwnLeaseTest, AnswersAfterItsDestructionAreIgnored) {
  lease->join();
  lease.reset();
  loop.advance(Duration{60'000});
  EXPECT_EQ(log, "");
}

TEST_F(OwnLeaseTest, ACleanEndRemovesIt) {
  join();
  int done = 0;
  lease->leave([&] { ++done; });
  EXPECT_FALSE(lease->is_valid());
  loop.advance(Duration{60'000});
  EXPECT_EQ(done, 1);
  EXPECT_EQ(server.find("ork-a"), nullptr);
  EXPECT_EQ(log, "J");  // left, not lost
}

TEST_F(OwnLeaseTest, SaysDoneInBoundedTimeWhenTheServerIsAway) {
  join();
  server.set_cut(connection, true);
  bool done = false;
  lease->leave([&] { done = true; });
  loop.advance(Duration{2'100});
  EXPECT_TRUE(done);
}

TEST_F(OwnLeaseTest, WhoHasNeverJoinedHasNothingToRemove) {
  int done = 0;
  lease->leave([&] { ++done; });
  EXPECT_EQ(done, 0);  // from the loop
  loop.advance(Duration{60'000});
  EXPECT_EQ(done, 1);
  EXPECT_TRUE(api.requests().empty());
}

}  // namespace
}  // namespace ork::replicas
