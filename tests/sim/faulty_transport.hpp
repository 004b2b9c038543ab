#pragma once

// Between one process and the API: each request passes, unless the table of faults has something for
// it. Cut, it is what a killed process leaves: nothing it sends arrives, it hears of nothing any more,
// and what is on its way goes on.

#include <functional>
#include <memory>
#include <string>

#include "operator/kube/transport.hpp"
#include "tests/sim/actor.hpp"
#include "tests/sim/actor_loop.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/request_log.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

// One actor's line to the API, over all its processes.
struct Line {
  std::uint32_t calls = 0;
  std::uint32_t writes = 0;
  std::uint32_t streams = 0;
  // Where it is not 0, each request and each answer takes up to so long, each watch the same for all of its
  // events: kinds get out of step, and requests overtake each other.
  std::int64_t latency_ms = 0;
  Chance chance{0};
  RequestLog* log = nullptr;  // where its calls are put down
};

// What all transports of one world share.
struct Weather {
  FaultTable faults;
  Trace& trace;
  Later& later;
  std::function<void()> compact;
  bool over = false;  // nothing strikes any more
  // Harms that strike something else than the request that they name: a node, an object.
  std::function<void(const Fault&, const kube::Request&)> around = {};
};

class FaultyTransport final : public kube::Transport {
 public:
  // `on_crash` is called from within a request or its answer, with the transport cut. All must outlive
  // this, `inner` also what is on its way.
  FaultyTransport(kube::Transport& inner, ActorLoop& loop, std::string actor, Line& line, Weather& weather,
                  std::function<void(const Fault&)> on_crash = {});

  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;
  void cut() { alive_.reset(); }
  bool is_cut() const { return alive_ == nullptr; }

 private:
  std::optional<Fault> strikes(const kube::Request& request);
  void send(const std::optional<Fault>& fault, kube::Request request, kube::ResponseHandler handler);
  void strike(const Fault& fault, kube::Request request, kube::ResponseHandler handler);
  void crash(const Fault& fault, kube::Request request, kube::ResponseHandler handler);
  kube::ResponseHandler heard(kube::ResponseHandler handler);
  void pass(kube::Request request, kube::ResponseHandler handler);
  runtime::Duration latency();
  void pass_later(runtime::Duration wait, kube::Request request, kube::ResponseHandler handler);
  void fail_later(runtime::Duration wait, kube::Error error, kube::ResponseHandler handler);
  void refuse(int status, const char* reason, std::int64_t retry_after_ms, const kube::Request& request,
              kube::ResponseHandler handler);
  void put_down(const Fault& fault, const kube::Request& request);
  kube::ResponseHandler logged(const kube::Request& request, kube::ResponseHandler handler);

  kube::Transport& inner_;
  ActorLoop& loop_;
  std::string actor_;
  Line& line_;
  Weather& weather_;
  std::function<void(const Fault&)> on_crash_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::uint32_t process_ = 0;
};

}  // namespace ork::sim
