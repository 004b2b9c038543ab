// What each harm looks like to the caller, and to the server.

#include "tests/sim/faulty_transport.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "operator/runtime/fake_transport.hpp"

namespace ork::sim {
namespace {

using kube::Errc;
using kube::Method;
using runtime::Duration;

class FaultyTransportTest : public ::testing::Test {
 protected:
  void with(Harm harm, std::int64_t wait = 0, Counted counted = Counted::Call) {
    weather = std::make_unique<Weather>(
        Weather{FaultTable({{"operator", counted, 1, harm, wait, 0}}), trace, later, [this] { ++compactions; }});
    transport = std::make_unique<FaultyTransport>(server, actor, "operator", line, *weather,
                                                  [this](const Fault&) { ++crashes; });
    server.on(Method::Put, "/x", [this](const auto&) {
      ++carried_out;
      return kube::Response{200, "done"};
    });
  }
  // The answer's code, "" while there is none, after that time.
  std::string put(Duration after = Duration{0}) {
    said.clear();
    transport->call({.method = Method::Put, .path = "/x", .timeout = Duration{15'000}}, [this](const auto& answer) {
      said = answer ? answer->body : std::string(kube::to_string(answer.error().code));
    });
    loop.advance(after);
    return said;
  }

  runtime::ManualLoop loop;
  ActorLoop actor{loop, Chance(1)};
  runtime::testing::FakeTransport server{loop};
  Trace trace;
  Later later{loop};
  Line line;
  std::unique_ptr<Weather> weather;
  std::unique_ptr<FaultyTransport> transport;
  std::string said;
  int carried_out = 0;
  int crashes = 0;
  int compactions = 0;
};

TEST_F(FaultyTransportTest, StrikesTheRequestItNamesAndNoOther) {
  with(Harm::ServerError);
  EXPECT_EQ(put(), kube::to_string(Errc::Server));
  EXPECT_EQ(carried_out, 0);
  EXPECT_EQ(put(), "done");
  EXPECT_EQ(carried_out, 1);
  ASSERT_EQ(trace.events().size(), 1U);
  EXPECT_EQ(trace.events()[0].note, "operator call 1 server-error wait=0 back=0 (PUT /x)");
}

TEST_F(FaultyTransportTest, LosesTheAnswerToAWriteThatWasCarriedOut) {
  with(Harm::LostAnswer);
  EXPECT_EQ(put(Duration{14'999}), "");
  EXPECT_EQ(carried_out, 1);
  loop.advance(Duration{1});
  EXPECT_EQ(said, kube::to_string(Errc::Timeout));
}

TEST_F(FaultyTransportTest, CarriesAWriteOutAfterItsCallerHasGivenUp) {
  with(Harm::LateWrite, 2'000);
  EXPECT_EQ(put(Duration{15'000}), kube::to_string(Errc::Timeout));
  EXPECT_EQ(carried_out, 0);
  loop.advance(Duration{2'000});
  EXPECT_EQ(carried_out, 1);
}

TEST_F(FaultyTransportTest, LetsAWallClockRunFastOrSlowFromThenOn) {
  for (const auto& [harm, gained] : {std::pair(Harm::ClockFast, 1'000), std::pair(Harm::ClockSlow, -1'000)}) {
    with(harm, 10);
    line = {};
    EXPECT_EQ(put(), "done");
    const std::int64_t before = actor.wall_ms() - loop.wall_ms();
    loop.advance(Duration{100'000});
    EXPECT_EQ(actor.wall_ms() - loop.wall_ms() - before, gained);
  }
}

TEST_F(FaultyTransportTest, CutsTheProcessOffBeforeOrAfterItsWrite) {
  with(Harm::CrashBeforeSend);
  EXPECT_EQ(put(Duration{60'000}), "");
  EXPECT_EQ(carried_out, 0);
  EXPECT_EQ(crashes, 1);
  EXPECT_EQ(put(Duration{60'000}), "") << "a dead process sends nothing";
  EXPECT_EQ(carried_out, 0);
}

TEST_F(FaultyTransportTest, CarriesOutWhatADeadProcessHadSent) {
  with(Harm::CrashUnanswered, 500);
  EXPECT_EQ(put(Duration{499}), "");
  EXPECT_EQ(carried_out, 0);
  loop.advance(Duration{1});
  EXPECT_EQ(carried_out, 1);
  EXPECT_EQ(said, "");
}

TEST_F(FaultyTransportTest, LetsAProcessDieOfItsAnswer) {
  with(Harm::CrashAfterAnswer);
  EXPECT_EQ(put(), "done");
  EXPECT_EQ(crashes, 1);
  EXPECT_TRUE(transport->is_cut());
}

TEST_F(FaultyTransportTest, NothingStrikesOnceTheStormIsOver) {
  with(Harm::CrashBeforeSend);
  weather->over = true;
  EXPECT_EQ(put(), "done");
}

TEST_F(FaultyTransportTest, SendsWhatAPauseHasHeldBackOnceItIsOver) {
  with(Harm::Pause, 20'000);
  EXPECT_EQ(put(Duration{19'999}), "");
  EXPECT_EQ(carried_out, 0);
  loop.advance(Duration{1});
  EXPECT_EQ(said, "done");
}

TEST_F(FaultyTransportTest, LetsAPausedProcessHearOfItsAnswersAfterwards) {
  with(Harm::Pause, 1);
  EXPECT_EQ(put(Duration{1}), "done");
  said.clear();
  transport->call({.method = Method::Put, .path = "/x"}, [this](const auto&) { said += "answer "; });
  const auto timer = actor.after(Duration{5}, [this] { said += "timer "; });
  actor.pause(Duration{50});
  actor.post([this] { said += "post "; });
  loop.advance(Duration{49});
  EXPECT_EQ(said, "");
  EXPECT_EQ(carried_out, 2);
  loop.advance(Duration{1});
  EXPECT_EQ(said, "post answer timer ");
}

TEST_F(FaultyTransportTest, LetsNothingBeHeardByWhoeverDiesInAPause) {
  with(Harm::Pause, 50);
  put();
  transport.reset();
  loop.advance(Duration{50});
  EXPECT_EQ(carried_out, 0);
}

TEST_F(FaultyTransportTest, CutsAnAnswerInTheMiddle) {
  with(Harm::HalfAnswer);
  EXPECT_EQ(put(), "do");
  EXPECT_EQ(carried_out, 1);
}

TEST_F(FaultyTransportTest, SetsTheWallClockAndNoTimer) {
  const std::int64_t before = actor.wall_ms();
  with(Harm::ClockBack, 3'600'000);
  EXPECT_EQ(put(), "done");
  EXPECT_EQ(actor.wall_ms(), before - 3'600'000);
  EXPECT_EQ(actor.now(), loop.now());
}

class FaultyStreamTest : public FaultyTransportTest {
 protected:
  void open(Harm harm, std::int64_t wait) {
    with(harm, wait, Counted::Stream);
    stream = transport->open_stream(
        {.path = "/w", .idle_timeout = Duration{120'000}},
        {[this](std::string_view bytes) { heard += bytes; },
         [this](const auto& error) { end = error ? std::string(kube::to_string(error->code)) : "clean"; }});
    loop.run_until_idle();
  }
  void event(const std::string& text) {
    server.last_stream().line(text);
    loop.run_until_idle();
  }
  std::unique_ptr<kube::Stream> stream;
  std::string heard;
  std::string end;
};

TEST_F(FaultyStreamTest, FreezesUntilTheReaderGivesUp) {
  open(Harm::StreamFreeze, 1);
  event("a");
  event("b");
  EXPECT_EQ(heard, "a\n");
  loop.advance(Duration{119'999});
  EXPECT_EQ(end, "");
  loop.advance(Duration{1});
  EXPECT_EQ(end, kube::to_string(Errc::Timeout));
}

TEST_F(FaultyStreamTest, EndsCleanlyOrBreaksAfterAnEvent) {
  open(Harm::StreamEnd, 1);
  event("a");
  EXPECT_EQ(heard + end, "a\nclean");
  line = {};
  heard.clear();
  open(Harm::StreamBroken, 1);
  event("a");
  EXPECT_EQ(heard + end, "a\n" + std::string(kube::to_string(Errc::Interrupted)));
}

TEST_F(FaultyStreamTest, SaysThatItsVersionIsTooOld) {
  open(Harm::StreamGone, 0);
  loop.advance(Duration{1'000});
  EXPECT_NE(heard.find(R"("code":410)"), std::string::npos);
  EXPECT_EQ(end, "clean");
  EXPECT_EQ(compactions, 1);
}

TEST_F(FaultyStreamTest, DelaysWithoutChangingTheOrder) {
  open(Harm::StreamDelay, 50);
  event("a");
  loop.advance(Duration{10});
  event("b");
  EXPECT_EQ(heard, "");
  loop.advance(Duration{40});
  EXPECT_EQ(heard, "a\n");
  loop.advance(Duration{10});
  EXPECT_EQ(heard, "a\nb\n");
}

TEST_F(FaultyStreamTest, EndsInTheMiddleOfAnEvent) {
  open(Harm::StreamHalf, 1);
  event("first");
  event("second");
  EXPECT_EQ(heard + "|" + end, "first\nsec|clean");
}

TEST_F(FaultyStreamTest, LeavesOutWhatIsMootByTheTimeItIsRead) {
  const auto line_of = [](const char* type, const char* uid, int version) {
    return nlohmann::json{{"type", type}, {"object", {{"metadata", {{"uid", uid}, {"resourceVersion", version}}}}}}
        .dump();
  };
  open(Harm::StreamMerge, 100);
  event(line_of("ADDED", "a", 1));
  event(line_of("ADDED", "b", 2));
  event(line_of("MODIFIED", "a", 3));
  event(line_of("DELETED", "b", 4));
  event(line_of("DELETED", "c", 5));
  EXPECT_EQ(heard, "");
  loop.advance(Duration{100});
  EXPECT_EQ(heard,
            line_of("MODIFIED", "a", 3) + "\n" + line_of("DELETED", "b", 4) + "\n" + line_of("DELETED", "c", 5) + "\n");
}

TEST_F(FaultyStreamTest, IsReadAfterThePauseOfItsReader) {
  open(Harm::StreamRepeat, 0);
  actor.pause(Duration{50});
  event("a");
  EXPECT_EQ(heard, "");
  loop.advance(Duration{50});
  EXPECT_EQ(heard, "a\na\n");
}

TEST_F(FaultyStreamTest, IsSilentOnceItIsClosed) {
  open(Harm::StreamDelay, 50);
  event("a");
  stream.reset();
  loop.advance(Duration{100});
  EXPECT_EQ(heard + end, "");
}

}  // namespace
}  // namespace ork::sim
