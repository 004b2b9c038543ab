#pragma once

// A request as it reaches the API server, and what it answers: whole, or as a stream. HTTP (http/)
// and the operator in the same process (in_process_transport.hpp) both speak this.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operator/kube/request.hpp"
#include "operator/kube/transport.hpp"

namespace ork::embedded {

struct Call {
  kube::Method method = kube::Method::Get;
  std::string target;  // path and query as sent, percent-encoded: "/api/v1/pods?limit=500"
  std::string body;
  std::string content_type;  // the header's value, parameters included
  std::string accept;
  std::string user_agent;
  // A method that is none of kube::Method ("HEAD", "OPTIONS", "BREW"); `method` is Get then.
  std::string other_method = {};
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;  // further ones: Warning, Retry-After
  std::string body;
  // Set: the body comes in parts, from here, until on_end. Opened at most once; handlers are called
  // from the loop, never from within. Destroying the stream closes it.
  std::function<std::unique_ptr<kube::Stream>(kube::StreamHandlers)> open;
};

// Called once, from the loop, never from within serve(): after what the call wrote is in the journal.
using Responder = std::function<void(Answer)>;

class Handler {
 public:
  virtual ~Handler() = default;
  virtual void serve(Call call, Responder responder) = 0;
};

}  // namespace ork::embedded
