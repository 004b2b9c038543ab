#pragma once

// Holds requests back until the time a server named in Retry-After. Pure.

#include <algorithm>
#include <chrono>

#include "operator/kube/limits.hpp"

namespace ork::kube {

class Gate {
 public:
  using Clock = std::chrono::steady_clock;

  // Never opens earlier than an earlier answer asked for.
  void close_for(std::chrono::milliseconds wait, Clock::time_point now) {
    opens_ = std::max(opens_, now + std::clamp(wait, std::chrono::milliseconds(0), limits::longest_gate));
  }
  bool closed(Clock::time_point now) const { return now < opens_; }
  Clock::time_point opens() const { return opens_; }

 private:
  Clock::time_point opens_{};
};

}  // namespace ork::kube
