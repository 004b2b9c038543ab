#pragma once

// How often something may be told, all tellers together: limits::progress_per_second, and after a pause
// progress_at_once without waiting (the token bucket, with tokens counted in time).

#include <algorithm>
#include <chrono>

#include "operator/embedded/job_controller/limits.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

class ProgressPace {
 public:
  // How many there may be at `now`.
  std::size_t available(runtime::Instant now) const {
    return static_cast<std::size_t>(std::clamp<std::int64_t>((now.since_zero - paid_until(now)) / price, 0, most));
  }
  // False: not now.
  bool take(runtime::Instant now) {
    if (available(now) == 0) return false;
    paid_until_ = paid_until(now) + price;
    return true;
  }

 private:
  static constexpr std::int64_t most{limits::progress_at_once};
  static constexpr std::chrono::microseconds price{1'000'000 / limits::progress_per_second};

  // Time that nobody used is worth something for a while only.
  std::chrono::microseconds paid_until(runtime::Instant now) const {
    return std::max(paid_until_, now.since_zero - most * price);
  }

  std::chrono::microseconds paid_until_ = std::chrono::microseconds::min();
};

}  // namespace ork::embedded
