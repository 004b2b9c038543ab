#pragma once

// What an observer (telemetry, the bench) learns about each request once it is over.

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "operator/kube/error.hpp"
#include "operator/kube/request.hpp"

namespace ork::kube {

struct CallInfo {
  Method method = Method::Get;
  // The API server's own word: get, list, watch, create, update, patch, delete, deletecollection.
  std::string_view verb;
  std::string_view resource;     // the plural, "jobs"; empty where the path names none
  std::string_view subresource;  // "status", mostly empty
  int status = 0;                // 0: no answer
  std::optional<Errc> error;     // empty: the request succeeded
  // From call() or open_stream() to the end, waiting for a turn included.
  std::chrono::microseconds duration{0};
  // True for every sending after the first: a 401 and then the same with renewed credentials count
  // as two requests, as they do for the server.
  bool repeated = false;
};

// Called once for each request that was sent or failed, on the loop, before its handler. The views
// are valid during the call only. Must be cheap and must not touch the transport.
using CallObserver = std::function<void(const CallInfo&)>;

// Fills method, verb, resource and subresource from the request's path; the views point into it.
CallInfo call_info(const Request& request, bool stream);

}  // namespace ork::kube
