#pragma once

// How long to wait before trying again. Pure: chance and time come from the caller.

#include "operator/runtime/loop.hpp"

namespace ork::runtime {

struct BackoffPolicy {
  Duration base{800};
  Duration cap{30'000};
  // The share of the delay that chance may take off: 0.5 means between half of it and all of it.
  // Chance only shortens, so that the cap holds.
  double jitter = 0.5;
};

// client-go's reflector: a server that restarts is not asked by everyone in the same second.
inline constexpr BackoffPolicy watch_backoff{Duration{800}, Duration{30'000}, 0.5};
// client-go's queue begins at 5 ms as well, but ends at 1,000 s, which looks like a hang.
inline constexpr BackoffPolicy queue_backoff{Duration{5}, Duration{30'000}, 0.5};

// The delay before attempt number `attempt` (0: the first retry): base * 2^attempt, at most cap,
// less jitter. `random` is uniform in [0, 1). At least 1 ms, so that nothing ever spins.
Duration backoff_delay(const BackoffPolicy& policy, int attempt, double random);

// Counts failures in a row; they are forgotten when none happened for `healthy_after`.
class Backoff {
 public:
  Backoff(BackoffPolicy policy, Duration healthy_after) : policy_(policy), healthy_after_(healthy_after) {}
  // Records a failure at `now` and returns how long to wait.
  Duration next(Instant now, double random);
  void reset() { failures_ = 0; }
  int failures() const { return failures_; }

 private:
  BackoffPolicy policy_;
  Duration healthy_after_;
  int failures_ = 0;
  Instant retry_at_{};  // when the last delay given ends: health is counted from there
};

}  // namespace ork::runtime
