#pragma once

// For tests: a client that sends bytes as they are written here, and a handler that answers as a
// test says. Both run on the test's own io_context: one thread, no races.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "operator/embedded/http/http_server.hpp"

namespace ork::embedded::testing {

inline const std::string token = "a-token";
// What a good request says besides its first line.
inline const std::string good = "Host: localhost\r\nAuthorization: Bearer a-token\r\n";

// Runs the loop until `condition` holds; false when that takes unreasonably long.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& condition);

struct RawAnswer {
  int status = 0;      // 0: the connection ended, or nothing came
  std::string head;    // status line and headers, without the blank line
  std::string body;    // chunks joined
  bool whole = false;  // its length, or its last chunk, was there
};

class RawClient {
 public:
  RawClient(boost::asio::io_context& io, std::uint16_t port);

  // Sends without waiting: it goes out as the loop runs.
  void send(std::string bytes);
  // The next answer. `has_body` false: to HEAD.
  RawAnswer answer(bool has_body = true);
  RawAnswer ask(std::string bytes) {
    send(std::move(bytes));
    return answer();
  }
  // Waits until the text has come; what is in front of it, and it, are taken.
  bool until(std::string_view text);
  // Waits until the server has closed the connection, and nothing is left over.
  bool ended();
  // Takes what has come so far, however little.
  std::string taken() { return std::exchange(in_, {}); }
  // From here on nothing is read: the bytes fill the buffers between us.
  void stop_reading() { reading_ = false; }
  void go_on_reading();
  void close();

 private:
  void read();
  bool take_chunked(std::string& body);

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::socket socket_;
  std::string in_;
  std::shared_ptr<std::vector<char>> buffer_ = std::make_shared<std::vector<char>>(16384);
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a handler may run after our end
  std::shared_ptr<std::string> out_;
  bool reading_ = true;
  bool read_pending_ = false;
  bool eof_ = false;
};

class ScriptedHandler final : public Handler {
 public:
  explicit ScriptedHandler(boost::asio::io_context& io) : io_(io) {}
  // Asked for each request; by default all are answered with "ok".
  std::function<void(const Call&, Responder)> script;
  std::vector<Call> calls;

  void serve(Call call, Responder responder) override;
  // Answers from the loop, as a handler must.
  void reply(Responder responder, Answer answer);

 private:
  boost::asio::io_context& io_;
};

}  // namespace ork::embedded::testing
