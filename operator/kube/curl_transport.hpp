#pragma once

// The real Transport: libcurl on Asio, HTTP/2 over TLS.
//
//   auto config = ork::kube::find_config();
//   ork::kube::CurlTransport transport(io, *config);
//   transport.call(get_request(jobs, "a", "b"), [](Result<Response, Error> answer) { ... });
//
// Calls and streams have connections of their own, so that long watches never take the places of
// short calls. A 429 or 503 with Retry-After holds back every later request of this transport until
// then; it is never sent again by itself. The one repetition is after a 401, with renewed
// credentials.
//
// curl sends a request once more by itself where a kept connection turns out to have been closed
// before a single byte of an answer. Every write of ours bears that: creates have a name, replaces a
// resourceVersion, deletes a uid.
//
// Handlers run on the io_context, never within call() or open_stream(), and may do anything,
// including destroying the transport. None is called after its destruction: whoever destroys it
// gives up all that is in flight. The io_context must outlive it.

#include <memory>

#include "operator/kube/call_info.hpp"
#include "operator/kube/client_config.hpp"
#include "operator/kube/limits.hpp"
#include "operator/kube/transport.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::kube {

class Credentials;
class Lane;

struct TransportOptions {
  std::size_t calls_in_flight = limits::calls_in_flight;
  std::size_t calls_queued = limits::calls_queued;
  std::size_t streams_open = limits::streams_open;
  long connections = limits::connections;  // of calls, and as many of streams
  // With a server that speaks HTTP/1.1 only: how many calls, and streams, each on its connection.
  std::size_t http1_calls = limits::http1_calls;
  std::size_t http1_streams = limits::http1_streams;
  CallObserver observer;  // may be empty
};

class CurlTransport final : public Transport {
 public:
  using Options = TransportOptions;

  CurlTransport(boost::asio::io_context& io, ClientConfig config, Options options = Options());
  CurlTransport(boost::asio::io_context& io, std::shared_ptr<Credentials> credentials, Options options);
  ~CurlTransport() override;

  void call(Request request, ResponseHandler handler) override;
  std::unique_ptr<Stream> open_stream(Request request, StreamHandlers handlers) override;

  // Another transport to the same cluster with the same credentials, but its own connection, queue
  // and gate: a lease's renewals wait neither for a thousand creates nor for their Retry-After.
  std::unique_ptr<CurlTransport> sibling(Options options) const;

 private:
  boost::asio::io_context& io_;
  std::shared_ptr<Credentials> credentials_;
  std::shared_ptr<Lane> calls_;
  std::shared_ptr<Lane> streams_;
};

}  // namespace ork::kube
