#include "operator/cli/cluster/log_follower.hpp"

#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/cluster/test_pods.hpp"
#include "operator/cli/cluster/test_session.hpp"

namespace ork::cli {
namespace {

using kube::Method;
using runtime::testing::FakeStream;

const std::string pods_path = "/api/v1/namespaces/a/pods";

std::string list_of(const Json& items) {
  return Json{{"metadata", {{"resourceVersion", "5"}}}, {"items", items}}.dump();
}

class LogFollowerTest : public ::testing::Test {
 protected:
  LogFollowerTest() {
    // Streams of logs are scripted by Pod; that of the watch is kept.
    session.api.on_stream(pods_path + "?watch", [&](FakeStream& stream) { watch = &stream; });
  }
  void begin(const Json& there, LogFilter filter = {}, std::optional<std::int64_t> tail = std::nullopt) {
    session.api.answer(Method::Get, pods_path + "?limit=500", 200, list_of(there));
    follower = std::make_unique<LogFollower>(
        session, "a", "u", std::move(filter), tail,
        LogFollowerHooks{
            .on_line = [&](const LogSource& source,
                           std::string_view line) { lines.push_back(source.pod + ": " + std::string(line)); },
            .on_trouble = [&](const std::string& sentence) { troubles.push_back(sentence); },
            .on_done =
                [&](std::optional<Failure> ended) {
                  done = true;
                  failure = std::move(ended);
                }});
    follower->start();
    session.time.run_until_idle();
  }
  // The log stream of a Pod, the newest one.
  std::shared_ptr<FakeStream> log(const std::string& pod) {
    const std::string path = pods_path + "/" + pod + "/log";
    for (auto it = session.api.streams().rbegin(); it != session.api.streams().rend(); ++it) {
      if ((*it)->request().path.starts_with(path)) return *it;
    }
    return nullptr;
  }
  void event(const char* type, const Json& object) {
    Json versioned = object;
    versioned["metadata"]["resourceVersion"] = std::to_string(++version);
    watch->line(Json{{"type", type}, {"object", versioned}}.dump());
    session.time.run_until_idle();
  }
  void end_run(const Json& there) {
    session.api.answer(Method::Get, pods_path + "?limit=500", 200, list_of(there));
    follower->run_ended();
    session.time.run_until_idle();
  }

  TestSession session;
  FakeStream* watch = nullptr;
  int version = 100;
  std::unique_ptr<LogFollower> follower;
  std::vector<std::string> lines, troubles;
  bool done = false;
  std::optional<Failure> failure;
};

TEST_F(LogFollowerTest, FollowsAPodOnceItHasStartedAndItsRetryAfterIt) {
  begin(Json::array({pod("p1", "load", 1, waiting(), "Pending")}));
  EXPECT_EQ(log("p1"), nullptr);
  event("MODIFIED", pod("p1", "load", 1, running()));
  EXPECT_EQ(log("p1")->request().path, pods_path + "/p1/log?container=main&follow=true");
  log("p1")->data("one\ntw");
  log("p1")->data("o\nlast");
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: one", "p1: two"}));
  event("MODIFIED", pod("p1", "load", 1, terminated(), "Failed"));
  log("p1")->end();
  event("ADDED", pod("p2", "load", 2, running()));
  log("p2")->data("again\n");
  event("MODIFIED", pod("p2", "load", 2, terminated(), "Succeeded"));
  end_run({pod("p1", "load", 1, terminated(), "Failed"), pod("p2", "load", 2, terminated(), "Succeeded")});
  EXPECT_FALSE(done) << "the log of p2 has not ended";
  log("p2")->end();
  session.time.run_until_idle();
  EXPECT_TRUE(done);
  EXPECT_FALSE(failure.has_value());
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: one", "p1: two", "p1: last", "p2: again"}));
}

TEST_F(LogFollowerTest, TellsTheLastPodEvenIfItsNewsComeAfterTheRunsEnd) {
  begin(Json::array());
  end_run(Json::array({pod("p1", "load", 1, terminated(), "Succeeded")}));
  log("p1")->data("late\n");
  EXPECT_FALSE(done);
  log("p1")->end();
  session.time.run_until_idle();
  EXPECT_TRUE(done);
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: late"}));
}

TEST_F(LogFollowerTest, ListsTheLastPodsPageByPage) {
  begin(Json::array());
  Json first = Json::parse(list_of(Json::array({pod("p1", "a", 1, terminated())})));
  first["metadata"]["continue"] = "next";
  session.api.answer(Method::Get, pods_path + "?limit=500", 200, first.dump());
  end_run(Json::array({pod("p2", "b", 1, terminated())}));
  EXPECT_NE(log("p1"), nullptr);
  EXPECT_NE(log("p2"), nullptr);
  EXPECT_FALSE(done);
}

TEST_F(LogFollowerTest, WaitsForAProgramThatIsSilent) {
  begin(Json::array({pod("p1", "load", 1, running())}));
  session.time.advance(std::chrono::hours(1));
  ASSERT_TRUE(log("p1")->is_open());
  log("p1")->data("at last\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: at last"}));
}

TEST_F(LogFollowerTest, GoesOnWhereABrokenStreamWas) {
  begin(Json::array({pod("p1", "load", 1, running())}));
  log("p1")->data("one\ntw");
  log("p1")->end(runtime::testing::status_error(500));
  session.time.advance(limits::log_retry_most);
  log("p1")->data("one\ntwo\nthree\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: one", "p1: two", "p1: three"}));
  EXPECT_TRUE(troubles.empty());
}

TEST_F(LogFollowerTest, SaysThatLinesMayBeMissingWhereItBeganInTheMiddle) {
  begin(Json::array({pod("p1", "load", 1, running())}), {}, 3);
  EXPECT_EQ(log("p1")->request().path, pods_path + "/p1/log?container=main&follow=true&tailLines=3");
  log("p1")->data("one\n");
  log("p1")->end(runtime::testing::status_error(500));
  session.time.advance(limits::log_retry_most);
  EXPECT_EQ(log("p1")->request().path, pods_path + "/p1/log?container=main&follow=true&tailLines=0");
  EXPECT_EQ(troubles, (std::vector<std::string>{"the log of Pod p1 broke off; a few lines of it may be missing"}));
}

TEST_F(LogFollowerTest, AsksAgainWhereTheContainerIsNotThereYet) {
  session.api.refuse_stream(pods_path + "/p1/log", runtime::testing::status_error(400));
  begin(Json::array({pod("p1", "load", 1, running())}));
  session.time.advance(limits::log_retry_most);
  log("p1")->data("there\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: there"}));
}

TEST_F(LogFollowerTest, TellsWhatIsOverInItsOrderBeforeWhatGoesOn) {
  begin({pod("p3", "c", 1, running("2026-11-21T03:32:00Z")), pod("p2", "b", 1, terminated("2026-11-21T03:32:05Z")),
         pod("p1", "a", 1, terminated("2026-11-21T03:32:01Z"))});
  EXPECT_NE(log("p1"), nullptr);
  EXPECT_TRUE(log("p2") == nullptr && log("p3") == nullptr);
  log("p1")->data("first\n");
  log("p1")->end();
  session.time.run_until_idle();
  EXPECT_TRUE(log("p2") != nullptr && log("p3") == nullptr);
  log("p2")->end();
  session.time.run_until_idle();
  log("p3")->data("last\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: first", "p3: last"}));
}

// A stream that ends while the Pod seems to run has seldom been cut: its end is only not known yet.
TEST_F(LogFollowerTest, AsksAgainForALogThatEndedWhileItsPodRuns) {
  begin(Json::array({pod("p1", "load", 1, running()), pod("p2", "load", 1, running())}));
  log("p1")->data("one\n");
  log("p1")->end();
  log("p2")->end();
  event("MODIFIED", pod("p2", "load", 1, terminated(), "Succeeded"));
  const auto before = session.api.streams().size();
  session.time.advance(limits::log_grace);
  EXPECT_EQ(session.api.streams().size(), before + 1) << "only that of p1 is opened again";
  log("p1")->data("one\ntwo\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"p1: one", "p1: two"}));
}

TEST_F(LogFollowerTest, EndsWhereLogsMayNotBeRead) {
  session.api.refuse_stream(pods_path + "/p1/log", runtime::testing::status_error(403));
  begin(Json::array({pod("p1", "load", 1, running())}));
  EXPECT_TRUE(done);
  EXPECT_EQ(failure->code, ExitCode::Refused);
}

TEST_F(LogFollowerTest, WaitsForNoLogThatNeverWas) {
  begin({pod("p1", "load", 1, waiting(), "Pending"), pod("p2", "load", 1, nullptr, "Failed"),
         pod("p3", "load", 1, running())});
  session.api.refuse_stream(pods_path + "/p3/log", runtime::testing::status_error(404));
  log("p3")->end(runtime::testing::status_error(404));
  event("DELETED", pod("p1", "load", 1, waiting(), "Pending"));
  end_run(Json::array());
  EXPECT_TRUE(done);
  EXPECT_TRUE(lines.empty());
}

TEST_F(LogFollowerTest, GivesUpALogThatIsGoneWithItsNode) {
  begin(Json::array({pod("p1", "load", 1, running())}));
  event("MODIFIED", pod("p1", "load", 1, terminated(), "Failed"));
  end_run(Json::array({pod("p1", "load", 1, terminated(), "Failed")}));
  for (int i = 0; i < limits::log_tries; ++i) {
    log("p1")->end(runtime::testing::status_error(500));
    session.time.advance(limits::log_retry_most);
  }
  EXPECT_TRUE(done);
  EXPECT_EQ(troubles.size(), 1U);
}

TEST_F(LogFollowerTest, FollowsABoundedNumberAtATime) {
  const std::size_t count = limits::log_streams + 10;
  const auto pods = [&](const Json& state) {
    Json many = Json::array();
    for (std::size_t i = 0; i < count; ++i) many.push_back(pod("p" + std::to_string(i), "load", 1, state));
    return many;
  };
  begin(pods(running()));
  EXPECT_EQ(session.api.open_streams(), limits::log_streams + 1) << "and the watch";
  end_run(pods(terminated()));
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_FALSE(done);
    const auto& streams = session.api.streams();
    const auto open =
        std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.get() != watch && s->is_open(); });
    ASSERT_NE(open, streams.end());
    (*open)->data("x\n");
    (*open)->end();
    session.time.run_until_idle();
  }
  EXPECT_TRUE(done);
  EXPECT_EQ(lines.size(), count);
}

TEST_F(LogFollowerTest, TakesOnlyWhatTheFilterNames) {
  Json one = pod("p1", "load", 1, running()), two = pod("p2", "load", 1, running());
  one["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"] = "0";
  two["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"] = "1";
  begin({one, two}, {.task = "load", .attempt = 1, .index = 1});
  EXPECT_EQ(log("p1"), nullptr);
  EXPECT_NE(log("p2"), nullptr);
  EXPECT_NE(session.api.requests()[0].request.path.find("ork.dev%2Ftask%3Dload%2Cork.dev%2Fattempt%3D1"),
            std::string::npos);
}

TEST(PrintLogs, PrintsOneLogAfterTheOtherInTheOrderOfTheirStart) {
  TestSession session;
  session.api.answer(Method::Get, pods_path, 200,
                     list_of({pod("p2", "b", 1, terminated("2026-11-21T03:32:05Z"), "Succeeded"),
                              pod("p1", "a", 1, terminated("2026-11-21T03:32:01Z"), "Succeeded"),
                              pod("p3", "c", 1, waiting(), "Pending")}));
  session.api.on_stream(pods_path + "/", [](FakeStream& stream) {
    stream.data("of " + stream.request().path.substr(pods_path.size() + 1, 2) + "\nend");
    stream.end();
  });
  std::vector<std::string> lines, troubles;
  const auto printed = print_logs(
      session, "a", "u", {}, 7,
      [&](const LogSource& s, std::string_view line) { lines.push_back(s.task + ": " + std::string(line)); },
      [&](const std::string& sentence) { troubles.push_back(sentence); });
  EXPECT_TRUE(printed.ok());
  EXPECT_EQ(lines, (std::vector<std::string>{"a: of p1", "a: end", "b: of p2", "b: end"}));
  EXPECT_EQ(troubles, (std::vector<std::string>{"Pod p3 has not started: it has no log yet"}));
  EXPECT_EQ(session.api.streams()[0]->request().path, pods_path + "/p1/log?container=main&tailLines=7");
}

TEST(PrintLogs, SaysWhereThereIsNoPod) {
  TestSession session;
  session.api.answer(Method::Get, pods_path, 200, list_of(Json::array()));
  std::vector<std::string> troubles;
  const auto printed = print_logs(
      session, "a", "u", {}, std::nullopt, [](const LogSource&, std::string_view) {},
      [&](const std::string& sentence) { troubles.push_back(sentence); });
  EXPECT_TRUE(printed.ok());
  EXPECT_EQ(troubles.size(), 1U);
}

TEST(PrintLogs, EndsWhereLogsMayNotBeRead) {
  TestSession session;
  session.api.answer(Method::Get, pods_path, 200, list_of(Json::array({pod("p1", "a", 1, terminated(), "Succeeded")})));
  session.api.refuse_stream(pods_path + "/", runtime::testing::status_error(403));
  const auto ignore_line = [](const LogSource&, std::string_view) {};
  const auto printed = print_logs(session, "a", "u", {}, std::nullopt, ignore_line, [](const std::string&) {});
  EXPECT_EQ(printed.error().code, ExitCode::Refused);
}

}  // namespace
}  // namespace ork::cli
