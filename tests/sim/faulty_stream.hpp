#pragma once

// A watch that one fault has struck.

#include <functional>
#include <memory>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "tests/sim/fault.hpp"

namespace ork::sim {

class FaultyStream final : public kube::Stream {
 public:
  // `compact`: forgets the server's history, for a reader that is told 410.
  FaultyStream(kube::Transport& inner, runtime::Loop& loop, const Fault& fault, std::function<void()> compact,
               kube::Request request, kube::StreamHandlers handlers);
  ~FaultyStream() override;
  FaultyStream(const FaultyStream&) = delete;
  FaultyStream& operator=(const FaultyStream&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ork::sim
