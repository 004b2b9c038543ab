#include "operator/replicas/calls_in_flight.hpp"

#include <gtest/gtest.h>

#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::replicas {
namespace {

using runtime::Duration;
using runtime::testing::FakeTransport;

class CallsInFlightTest : public ::testing::Test {
 protected:
  void send() {
    kube::Request request;
    request.path = "/api";
    calls.call(std::move(request), [this](const auto&) { ++answered; });
  }
  void ask() {
    calls.when_quiet([this] { answered_when_quiet.push_back(answered); });
  }

  runtime::ManualLoop loop;
  FakeTransport api{loop};
  CallsInFlight calls{api, loop};
  int answered = 0;
  std::vector<int> answered_when_quiet;
};

TEST_F(CallsInFlightTest, WithNothingOnItsWayItIsQuietAtTheLoopsNextTurn) {
  ask();
  EXPECT_TRUE(answered_when_quiet.empty());
  loop.run_until_idle();
  EXPECT_EQ(answered_when_quiet, std::vector<int>{0});
}

TEST_F(CallsInFlightTest, WaitsForWhatWasSentBeforeAndNotForWhatFollows) {
  send();
  send();
  ask();
  send();
  loop.run_until_idle();
  EXPECT_TRUE(answered_when_quiet.empty());
  api.reply(200);
  api.reply(500);
  loop.run_until_idle();
  EXPECT_EQ(answered_when_quiet, std::vector<int>{2});
}

TEST_F(CallsInFlightTest, ATimeOutIsAnAnswer) {
  send();
  ask();
  loop.advance(Duration{20'000});
  EXPECT_EQ(answered_when_quiet, std::vector<int>{1});
}

}  // namespace
}  // namespace ork::replicas
