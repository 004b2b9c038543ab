#pragma once

// The seam between us and an API server: a call is one request and one answer, a stream is one
// request and lines until it ends. The real one is CurlTransport; the embedded cluster and the
// simulator bring their own. Everything runs on one thread, the one that runs the event loop.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/kube/error.hpp"
#include "operator/kube/request.hpp"

namespace ork::kube {

struct Response {
  int status = 0;
  std::string body;
};

using ResponseHandler = std::function<void(Result<Response, Error>)>;

struct StreamHandlers {
  // Raw bytes as they arrive, cut anywhere; splitting lines is the reader's work.
  std::function<void(std::string_view)> on_data;
  // Called exactly once, unless the Stream is destroyed first. nullopt: the server ended the
  // stream cleanly, which means nothing about completeness.
  std::function<void(std::optional<Error>)> on_end;
};

// An open stream. Destroying it closes it; no handler is called afterwards. Destroying it from
// within one of its own handlers is allowed.
class Stream {
 public:
  virtual ~Stream() = default;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // The handler is called exactly once, from the loop, never from within call(). Only a 2xx is a
  // Response; every other answer is an Error.
  virtual void call(Request request, ResponseHandler handler) = 0;
  // Its handlers are called from the loop, never from within open_stream().
  virtual std::unique_ptr<Stream> open_stream(Request request, StreamHandlers handlers) = 0;
};

}  // namespace ork::kube
