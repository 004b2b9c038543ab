#pragma once

// A TLS server (HTTP/1.1) on the loopback interface that answers as a test says, and fails as a
// test says. It runs on the test's own io_context: one thread, no races.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "operator/kube/test_certificates.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::kube::testing {

struct Seen {
  std::string method;
  std::string target;
  std::string body;
  std::string authorization;
  std::string accept;
  std::string content_type;
  std::string host;
};

struct Reply {
  enum class How {
    Whole,      // status, headers, body
    HalfBody,   // a part of the body it has announced, then the connection ends
    Reset,      // reads the request, then resets the connection
    Never,      // reads the request and keeps still
    Chunks,     // the chunks, then a clean end
    ChunksCut,  // the chunks, then the connection ends without a last chunk
    ChunksOpen  // the chunks, then nothing more, for ever
  };
  int status = 200;
  std::string body;
  How how = How::Whole;
  std::vector<std::string> chunks;
  std::vector<std::pair<std::string, std::string>> headers;
};

class TestServer {
 public:
  // Called for each request; `n` counts from 0.
  using Script = std::function<Reply(const Seen&, std::size_t n)>;

  TestServer(boost::asio::io_context& io, Script script);
  TestServer(boost::asio::io_context& io, const Certificate& authority, Script script);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::uint16_t port() const;
  std::string url() const;  // "https://127.0.0.1:<port>"
  const Certificate& authority() const;
  const std::vector<Seen>& seen() const;
  std::size_t connections() const;       // accepted so far
  std::size_t peak_connections() const;  // open at one time
  std::size_t open_connections() const;
  // Ends all that are open, as a server does that tidies up or restarts.
  void close_connections();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ork::kube::testing
