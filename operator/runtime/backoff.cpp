#include "operator/runtime/backoff.hpp"

#include <algorithm>

namespace ork::runtime {

Duration backoff_delay(const BackoffPolicy& policy, int attempt, double random) {
  auto delay = std::min(policy.base, policy.cap);
  for (int i = 0; i < attempt && delay < policy.cap; ++i) delay = std::min(delay * 2, policy.cap);
  const double kept = 1.0 - policy.jitter * random;
  const auto jittered = Duration{static_cast<Duration::rep>(static_cast<double>(delay.count()) * kept)};
  return std::max(jittered, Duration{1});
}

Duration Backoff::next(Instant now, double random) {
  if (failures_ > 0 && now - retry_at_ >= healthy_after_) failures_ = 0;
  const auto delay = backoff_delay(policy_, failures_, random);
  ++failures_;
  retry_at_ = now + delay;
  return delay;
}

}  // namespace ork::runtime
