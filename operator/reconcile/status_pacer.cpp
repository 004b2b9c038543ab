#include "operator/reconcile/status_pacer.hpp"

#include <algorithm>
#include <cmath>

namespace ork::reconcile {

using runtime::Duration;
using runtime::Instant;

Duration StatusPacer::delay(Instant now, const StatusRequest& request) {
  if (request.final) return Duration{0};
  Duration wait{0};
  if (request.last_write) {
    const Duration spacing = limits::status_spacing + limits::status_spacing_per_task * static_cast<int>(request.tasks);
    const auto since = std::chrono::duration_cast<Duration>(now - *request.last_write);
    wait = std::max(Duration{0}, spacing - since);
  }
  refill(now);
  if (tokens_ >= 1) return wait;
  const double missing = (1 - tokens_) / limits::status_writes_per_second;
  return std::max(wait, Duration{static_cast<long>(std::ceil(missing * 1000))});
}

void StatusPacer::wrote(Instant now, const StatusRequest& request) {
  refill(now);
  if (!request.final) tokens_ -= 1;
}

void StatusPacer::refill(Instant now) {
  const double seconds = static_cast<double>((now - refilled_).count()) / 1e6;
  tokens_ = std::min(limits::status_write_burst, tokens_ + seconds * limits::status_writes_per_second);
  refilled_ = now;
}

}  // namespace ork::reconcile
