#include "operator/telemetry/listener.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class ListenerTest : public ::testing::Test {
 protected:
  ListenerTest() {
    auto opened = Listener::open(io, {"127.0.0.1", 0}, [this](const Asked& asked) {
      paths.emplace_back(asked.path);
      accepts.emplace_back(asked.accept);
      if (asked.path != "/healthz") return Answered{.status = 404, .body = "nothing is here\n"};
      return Answered{.body = "ok\n"};
    });
    EXPECT_TRUE(opened) << opened.error();
    listener = std::move(*opened);
  }

  std::unique_ptr<tcp::socket> connect() {
    auto socket = std::make_unique<tcp::socket>(io);
    socket->connect({asio::ip::make_address("127.0.0.1"), listener->port()});
    return socket;
  }

  // All that comes back until the other end closes.
  std::string say(const std::string& text) {
    const auto socket = connect();
    asio::write(*socket, asio::buffer(text));
    std::string out;
    bool ended = false;
    asio::async_read(*socket, asio::dynamic_buffer(out), [&](const auto&, std::size_t) { ended = true; });
    run_until([&] { return ended; });
    return out;
  }

  void run_until(const std::function<bool()>& done) {
    while (!done() && io.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    EXPECT_TRUE(done());
  }

  asio::io_context io;
  std::vector<std::string> paths;
  std::vector<std::string> accepts;
  std::unique_ptr<Listener> listener;
};

TEST_F(ListenerTest, AnswersWhatItIsAskedWithoutTheQuery) {
  const std::string answer =
      say("GET /healthz?verbose=1 HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nok\n")) << answer;
  EXPECT_EQ(paths, std::vector<std::string>{"/healthz"});
  EXPECT_EQ(accepts, std::vector<std::string>{"text/plain"});
}

TEST_F(ListenerTest, KeepsAConnectionForTheNextRequest) {
  const std::string answer =
      say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /else HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("200 OK"), std::string::npos) << answer;
  EXPECT_NE(answer.find("404 Not Found"), std::string::npos) << answer;
}

TEST_F(ListenerTest, TakesNothingButGet) {
  const std::string answer =
      say("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 405")) << answer;
  EXPECT_TRUE(paths.empty());
}

TEST_F(ListenerTest, ClosesOnWhatIsTooLargeOrNoHttp) {
  EXPECT_EQ(say("GET / HTTP/1.1\r\nX: " + std::string(2 * limits::request_bytes, 'x') + "\r\n\r\n"), "");
  EXPECT_EQ(say("what?\r\n\r\n"), "");
  EXPECT_TRUE(paths.empty());
}

TEST_F(ListenerTest, HoldsNoMoreConnectionsThanItsBound) {
  std::vector<std::unique_ptr<tcp::socket>> held;
  for (std::size_t i = 0; i < limits::connections; ++i) held.push_back(connect());
  run_until([&] { return listener->connections() == limits::connections; });
  EXPECT_EQ(say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), "");
  held.clear();
  run_until([&] { return listener->connections() == 0; });
  EXPECT_NE(say("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "");
}

TEST_F(ListenerTest, ClosesItsConnectionsWithItself) {
  const auto socket = connect();
  run_until([&] { return listener->connections() == 1; });
  listener.reset();
  bool ended = false;
  std::string out;
  asio::async_read(*socket, asio::dynamic_buffer(out), [&](const auto&, std::size_t) { ended = true; });
  run_until([&] { return ended; });
  EXPECT_EQ(out, "");
}

TEST_F(ListenerTest, ThatAPortIsTakenIsASentence) {
  const auto second = Listener::open(io, {"127.0.0.1", listener->port()}, [](const Asked&) { return Answered(); });
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("can't listen on 127.0.0.1:"), std::string::npos) << second.error();
}

TEST(ListenAddress, IsAPortWithOrWithoutAnAddress) {
  EXPECT_EQ(parse_listen_address(":8080")->host, "");
  EXPECT_EQ(parse_listen_address(":8080")->port, 8080);
  EXPECT_EQ(parse_listen_address("127.0.0.1:0")->host, "127.0.0.1");
  EXPECT_EQ(parse_listen_address("[::1]:9")->host, "::1");
  for (const char* wrong : {"", "8080", ":", ":x", ":70000", "somewhere:80", ":80 "}) {
    EXPECT_FALSE(parse_listen_address(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace ork::telemetry
