#include "operator/runtime/fake_transport.hpp"

#include <gtest/gtest.h>

#include "operator/runtime/manual_loop.hpp"

namespace ork::runtime::testing {
namespace {

using kube::Errc;
using kube::Method;

class FakeTransportTest : public ::testing::Test {
 protected:
  void call(Method method, std::string path) {
    kube::Request request;
    request.method = method;
    request.path = std::move(path);
    request.timeout = Duration{15'000};
    api.call(request, [this](auto answer) {
      log += answer ? "ok:" + answer->body + " " : "error:" + std::string{kube::to_string(answer.error().code)} + " ";
    });
  }
  std::unique_ptr<kube::Stream> open(Duration idle = Duration{0}) {
    kube::Request request;
    request.path = "/watch";
    request.idle_timeout = idle;
    return api.open_stream(request, {[this](std::string_view bytes) { log += bytes; },
                                     [this](auto error) { log += error ? kube::to_string(error->code) : "end"; }});
  }

  ManualLoop loop;
  FakeTransport api{loop};
  std::string log;
};

TEST_F(FakeTransportTest, AnswersFromTheLoopAndNeverWithinTheCall) {
  api.answer(Method::Get, "/a", 200, "body");
  call(Method::Get, "/a");
  EXPECT_EQ(log, "");
  loop.run_until_idle();
  EXPECT_EQ(log, "ok:body ");
}

TEST_F(FakeTransportTest, UsesUpAnswersInOrderBeforeItsStandingRules) {
  api.on(Method::Get, "/a", [](const kube::Request& r) { return kube::Response{200, r.path}; });
  api.answer(Method::Get, "/a", 200, "1");
  api.answer(Method::Get, "/a", 409, "AlreadyExists");
  for (int i = 0; i < 3; ++i) call(Method::Get, "/a/x");
  loop.run_until_idle();
  EXPECT_EQ(log, "ok:1 error:AlreadyExists ok:/a/x ");
  EXPECT_EQ(api.count(Method::Get, "/a"), 3U);
}

TEST_F(FakeTransportTest, ACallWithoutARuleWaitsForAReplyOrItsTimeout) {
  call(Method::Put, "/a");
  call(Method::Put, "/b");
  loop.advance(Duration{14'999});
  EXPECT_EQ(api.pending().size(), 2U);
  EXPECT_TRUE(api.reply(200, "late"));
  loop.advance(Duration{10'000});
  EXPECT_EQ(log, "ok:late error:Timeout ");
  EXPECT_FALSE(api.reply(200));
}

TEST_F(FakeTransportTest, WhileCutNothingIsAnswered) {
  api.on(Method::Get, "/", [](const auto&) { return kube::Response{200, "x"}; });
  api.set_cut(true);
  call(Method::Get, "/a");
  loop.advance(Duration{15'000});
  api.set_cut(false);
  call(Method::Get, "/a");
  loop.run_until_idle();
  EXPECT_EQ(log, "error:Timeout ok:x ");
}

TEST_F(FakeTransportTest, AStreamSaysNothingAfterItsEndOrItsClosing) {
  auto reader = open();
  api.last_stream().line("a");
  api.last_stream().end();
  api.last_stream().line("b");
  api.last_stream().end();
  reader = open();
  reader.reset();
  EXPECT_FALSE(api.last_stream().is_open());
  api.last_stream().line("c");
  api.last_stream().end();
  EXPECT_EQ(log, "a\nend");
}

TEST_F(FakeTransportTest, ASilentStreamEndsWithTimeoutAndDataPutsThatOff) {
  const auto reader = open(Duration{1'000});
  loop.advance(Duration{900});
  api.last_stream().data("a");
  loop.advance(Duration{999});
  EXPECT_EQ(log, "a");
  loop.advance(Duration{1});
  EXPECT_EQ(log, "aTimeout");
}

TEST_F(FakeTransportTest, RefusesStreamsFromTheLoop) {
  api.refuse_stream("/watch", status_error(410));
  const auto reader = open();
  EXPECT_EQ(log, "");
  loop.run_until_idle();
  EXPECT_EQ(log, "Gone");
}

}  // namespace
}  // namespace ork::runtime::testing
