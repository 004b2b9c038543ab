#pragma once

// A way to the API server that knows which of its calls are still without an answer. Streams pass as they are.

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::replicas {

class CallsInFlight final : public kube::Transport {
 public:
  CallsInFlight(kube::Transport& transport, runtime::Loop& loop) : transport_(transport), loop_(loop) {}

  // Calls back from the loop, once, when all that was sent before now has been answered. Every call has a time-out, so
  // that moment comes.
  void when_quiet(std::function<void()> then);

  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override {
    return transport_.open_stream(std::move(request), std::move(handlers));
  }

 private:
  void tell_who_waits();

  kube::Transport& transport_;
  runtime::Loop& loop_;
  std::uint64_t last_ = 0;  // calls are numbered as they are sent
  std::set<std::uint64_t> unanswered_;
  std::vector<std::pair<std::uint64_t, std::function<void()>>> waiting_;  // for all up to that number
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::replicas
