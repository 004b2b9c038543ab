#pragma once

// The cluster as a verb works with it: one request after the other, and waiting for what the loop brings. Behind an
// interface, so that a verb can be tried with a scripted API server under virtual time.

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "controllers/result/result.hpp"
#include "operator/cli/cluster/failure.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::cli {

using Json = nlohmann::json;

class Session {
 public:
  virtual ~Session() = default;
  virtual kube::Transport& transport() = 0;
  virtual runtime::Loop& loop() = 0;
  // Runs callbacks until one of them calls stop().
  virtual void run() = 0;
  virtual void stop() = 0;
  // From now on SIGINT and SIGTERM call `handler` (on the loop) instead of ending the process; a second one ends it
  // all the same. The last handler counts.
  virtual void on_interrupt(std::function<void()> handler) = 0;
};

// An answer with its object; `created` where the server says so (201).
struct Answered {
  Json object;
  bool created = false;
};

// Sends the request and runs the loop until it is answered.
Result<Answered, Failure> ask(Session& session, kube::Request request);

// A body as JSON, not nested deeper than limits::answer_depth.
Result<Json, Failure> parse_answer(const std::string& body);

}  // namespace ork::cli
