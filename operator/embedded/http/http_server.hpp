#pragma once

// The API on loopback: HTTP/1.1, with TLS where there is an identity to show. It knows nothing of
// what is asked: it checks who asks, hands a Call to the handler and writes its Answer, whole or as
// a stream. One thread: all of it runs on the io_context that is given.
//
//   HttpOptions options{.token = access.token, .identity = access.identity};
//   auto server = HttpServer::open(io, handler, options);
//   write_kubeconfig(path, {(*server)->url(), access.token, access.identity.certificate});
//
// - Connections are kept; requests that were sent ahead are answered one after the other.
// - A stream (Answer::open) is written in chunks. Its reader going away destroys it, and so does
//   a reader that falls behind by http_limits::stream_bytes: what was there is still sent, then the
//   stream ends as if the server had ended it, and a watch resumes. A PacedStream is paused instead.
// - What is no HTTP, who has no token, what is too large: a Status, as from kube-apiserver.
// - /healthz, /livez, /readyz and /version need no token, as in a real cluster.
// - TLS is not for secrecy here: kubectl sends a token over https only.
// - Answers are not compressed: on loopback, reading and writing 1 MB takes less than packing it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "controllers/result/result.hpp"
#include "operator/embedded/api/call.hpp"
#include "operator/embedded/http/access.hpp"
#include "operator/embedded/http/limits.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::embedded {

// How long is waited for whom; for tests.
struct HttpTimeouts {
  http_limits::milliseconds idle = http_limits::idle;      // for a next request
  http_limits::milliseconds head = http_limits::head;      // for the rest of a header, and for the handshake
  http_limits::milliseconds body = http_limits::body;      // for the whole body
  http_limits::milliseconds answer = http_limits::answer;  // for the handler; then 504
  http_limits::milliseconds write = http_limits::write;    // for the client to take what is written
  http_limits::milliseconds stop = http_limits::stop;      // see HttpServer::stop
};

struct HttpOptions {
  std::string address = "127.0.0.1";  // 127.0.0.0/8 or ::1
  std::uint16_t port = 0;             // 0: any that is free
  std::string token;                  // never empty
  std::optional<TlsIdentity> identity;
  HttpTimeouts timeouts;
};

class HttpServer {
 public:
  // Listens, and accepts as soon as the io_context runs. The error is a sentence: an address that is
  // not loopback, a port that is taken, no token, a certificate that OpenSSL refuses. The io_context
  // and the handler must outlive the server.
  static Result<std::unique_ptr<HttpServer>, std::string> open(boost::asio::io_context& io, Handler& handler,
                                                               HttpOptions options);
  // Closes every connection as it stands. Responders that are called later find nobody.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::string url() const;  // "https://127.0.0.1:41234"
  std::size_t connections() const;

  // Accepts no more, ends streams and idle connections, and closes each other one after its answer.
  // `done` is called once, from the loop, when none is left: within timeouts.stop.
  void stop(std::function<void()> done);

 private:
  struct Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace ork::embedded
