#pragma once

// A small HTTP server for those who watch over a process: Prometheus, the kubelet's probes, a person. GET alone, no
// names, no TLS, nothing but what `answer` says. It runs on the loop's thread, so an answer also shows that the loop
// turns.
//
// Bounded: connections, a request's bytes, the time that an exchange takes (limits.hpp).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::telemetry {

struct Asked {
  std::string_view path;    // "/metrics", without a query
  std::string_view accept;  // the header
};

struct Answered {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Host and port of "host:port", ":port" or "[::1]:port"; the host is an address or empty (all of the machine's).
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;  // 0: any that is free
};
Result<ListenAddress, std::string> parse_listen_address(std::string_view text);

class Listener {
 public:
  using Answer = std::function<Answered(const Asked&)>;

  // The error is a sentence. The io_context must outlive the listener.
  static Result<std::unique_ptr<Listener>, std::string> open(boost::asio::io_context& io, const ListenAddress& address,
                                                             Answer answer);
  // Closes every connection as it stands.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;

 private:
  struct Impl;
  explicit Listener(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace ork::telemetry
