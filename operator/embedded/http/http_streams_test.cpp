#include <algorithm>
#include <boost/asio/post.hpp>

#include "operator/embedded/api/paced_stream.hpp"
#include "operator/embedded/http/http_fixture.hpp"

namespace ork::embedded {
namespace {

using namespace std::chrono_literals;
using testing::good;
using testing::RawAnswer;
using testing::RawClient;
using testing::run_until;

// What a handler streams, told by the test.
struct Source {
  kube::StreamHandlers handlers;
  int opened = 0;
  int open = 0;
  int pauses = 0;
  int resumes = 0;
};

class Watch : public kube::Stream {
 public:
  explicit Watch(std::shared_ptr<Source> source) : source_(std::move(source)) {
    ++source_->opened;
    ++source_->open;
  }
  ~Watch() override { --source_->open; }

 private:
  std::shared_ptr<Source> source_;
};

class Log final : public PacedStream {
 public:
  explicit Log(std::shared_ptr<Source> source) : watch_(source), source_(std::move(source)) {}
  void pause() override { ++source_->pauses; }
  void resume() override { ++source_->resumes; }

 private:
  Watch watch_;
  std::shared_ptr<Source> source_;
};

const std::string watch_request = "GET /watch HTTP/1.1\r\n" + good + "\r\n";

class HttpStreamsTest : public testing::HttpTest {
 protected:
  // The handler streams `source` for /watch, and answers all else with "ok".
  template <typename StreamType = Watch>
  void open_source(HttpTimeouts timeouts = {}) {
    open(timeouts);
    handler.script = [this](const Call& call, Responder responder) {
      Answer answer;
      if (call.target == "/watch") {
        answer.open = [source = source](kube::StreamHandlers handlers) {
          source->handlers = std::move(handlers);
          return std::make_unique<StreamType>(source);
        };
      } else {
        answer.body = "ok";
      }
      handler.reply(std::move(responder), std::move(answer));
    };
  }
  bool opened() {
    return run_until(io, [&] { return source->opened == 1; });
  }
  bool closed() {
    return run_until(io, [&] { return source->open == 0; });
  }
  void data(std::string_view text) { source->handlers.on_data(text); }

  std::shared_ptr<Source> source = std::make_shared<Source>();
};

TEST_F(HttpStreamsTest, SendsTheHeaderBeforeThereIsAnyData) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  EXPECT_TRUE(client.until("Transfer-Encoding: chunked\r\n\r\n"));
  EXPECT_EQ(source->open, 1);
}

TEST_F(HttpStreamsTest, SendsDataAsItComes) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(client.until("\r\n\r\n"));
  data("{\"type\":\"ADDED\"}\n");
  EXPECT_TRUE(client.until("11\r\n{\"type\":\"ADDED\"}\n\r\n"));
  data("");  // an empty chunk would end it
  data("b");
  EXPECT_TRUE(client.until("1\r\nb\r\n"));
  EXPECT_EQ(client.taken(), "");
}

TEST_F(HttpStreamsTest, KeepsTheConnectionAfterAStreamThatEndedWell) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  data("a");
  source->handlers.on_end(std::nullopt);
  EXPECT_EQ(source->open, 0);
  const RawAnswer answer = client.answer();
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body, "a");
  EXPECT_EQ(client.ask("GET /next HTTP/1.1\r\n" + good + "\r\n").body, "ok");
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(HttpStreamsTest, CutsOffAStreamThatFailed) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  data("a");
  source->handlers.on_end(kube::Error{});
  const RawAnswer answer = client.answer();
  EXPECT_FALSE(answer.whole);
  EXPECT_EQ(answer.body, "a");
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpStreamsTest, ClosesTheStreamOfAClientThatGoesAway) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  client.close();
  EXPECT_TRUE(closed());
  EXPECT_EQ(server->connections(), 0u);
  data("nobody hears");
  source->handlers.on_end(std::nullopt);
}

TEST_F(HttpStreamsTest, AnswersWhatWasAskedMeanwhileOnceTheStreamHasEnded) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  client.send("GET /next HTTP/1.1\r\n" + good + "\r\n");
  data("a");
  ASSERT_TRUE(client.until("1\r\na\r\n"));
  EXPECT_EQ(handler.calls.size(), 1u);
  source->handlers.on_end(std::nullopt);
  EXPECT_TRUE(client.until("0\r\n\r\n"));
  EXPECT_EQ(client.answer().body, "ok");
}

TEST_F(HttpStreamsTest, StreamsToAnOldClientUntilTheConnectionEnds) {
  open_source();
  RawClient client = connect();
  client.send("GET /watch HTTP/1.0\r\nConnection: keep-alive\r\n" + good + "\r\n");
  ASSERT_TRUE(opened());
  data("a");
  data("b");
  source->handlers.on_end(std::nullopt);
  const RawAnswer answer = client.answer();
  EXPECT_EQ(answer.head.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(answer.body, "ab");
}

TEST_F(HttpStreamsTest, EndsTheWatchOfAReaderThatFallsBehindAndSendsItWhatWasKept) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(client.until("\r\n\r\n"));
  client.stop_reading();
  const std::string event = std::string(999'999, 'x') + "\n";
  std::size_t sent = 0;
  const std::size_t more_than_the_kernel_keeps = 100'000'000;
  while (source->open == 1 && sent < more_than_the_kernel_keeps) {
    data(event);
    sent += event.size();
    io.restart();
    io.poll();
  }
  ASSERT_EQ(source->open, 0);
  data("too late");
  client.go_on_reading();
  std::size_t received = 0;
  ASSERT_TRUE(run_until(io, [&] {
    const std::string piece = client.taken();
    received += piece.size();
    return piece.ends_with("\r\n0\r\n\r\n") || received > sent + 10'000;
  }));
  const std::size_t framing = sent / event.size() * std::string_view("f4240\r\n\r\n").size();
  EXPECT_EQ(received, sent + framing + std::string_view("0\r\n\r\n").size());
  EXPECT_EQ(client.ask("GET /next HTTP/1.1\r\n" + good + "\r\n").body, "ok");
}

TEST_F(HttpStreamsTest, GivesUpAReaderThatTakesNothingOfAnEndedStream) {
  open_source({.write = 20ms});
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(client.until("\r\n\r\n"));
  client.stop_reading();
  while (source->open == 1) {
    data(std::string(1'000'000, 'x'));
    io.restart();
    io.poll();
  }
  EXPECT_TRUE(run_until(io, [&] { return server->connections() == 0; }));
}

TEST_F(HttpStreamsTest, PausesALogForASlowReaderAndLosesNothing) {
  open_source<Log>();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(client.until("\r\n\r\n"));
  client.stop_reading();
  const std::string piece(100'000, 'x');
  int sent = 0;
  while (source->pauses == 0 && sent < 1000) {
    data(piece);
    ++sent;
    io.restart();
    io.poll();
  }
  ASSERT_EQ(source->pauses, 1);
  EXPECT_EQ(source->resumes, 0);
  EXPECT_EQ(source->open, 1);
  client.go_on_reading();
  ASSERT_TRUE(run_until(io, [&] { return source->resumes == 1; }));
  source->handlers.on_end(std::nullopt);
  std::size_t letters = 0;
  ASSERT_TRUE(run_until(io, [&] {
    const std::string some = client.taken();
    letters += static_cast<std::size_t>(std::count(some.begin(), some.end(), 'x'));
    return some.ends_with("\r\n0\r\n\r\n");
  }));
  EXPECT_EQ(letters, static_cast<std::size_t>(sent) * piece.size());
}

TEST_F(HttpStreamsTest, EndsStreamsWhenItStops) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  data("a");
  int stopped = 0;
  server->stop([&] { ++stopped; });
  EXPECT_EQ(source->open, 0);
  const RawAnswer answer = client.answer();
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body, "a");
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(run_until(io, [&] { return stopped == 1; }));
}

TEST_F(HttpStreamsTest, ClosesStreamsWhenItIsDestroyed) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  server.reset();
  EXPECT_EQ(source->open, 0);
  EXPECT_TRUE(run_until(io, [&] { return client.answer().status == 0; }));
}

TEST_F(HttpStreamsTest, MayEndFromWithinItsOwnData) {
  open_source();
  RawClient client = connect();
  client.send(watch_request);
  ASSERT_TRUE(opened());
  boost::asio::post(io, [&] {
    const kube::StreamHandlers handlers = source->handlers;
    handlers.on_data("last");
    handlers.on_end(std::nullopt);
    handlers.on_data("never");
  });
  EXPECT_EQ(client.answer().body, "last");
}

}  // namespace
}  // namespace ork::embedded
