#pragma once

// When a changed status may be stored: at once while things are quiet, seldom when they are busy.
// The Jobs are the truth until then, so waiting costs nothing but freshness.

#include <cstddef>
#include <optional>

#include "operator/reconcile/limits.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

struct StatusRequest {
  std::optional<runtime::Instant> last_write;  // of this run
  std::size_t tasks = 0;
  bool final = false;  // the last write of the run
};

class StatusPacer {
 public:
  // How long to wait from `now` on; 0: write now, and then call wrote().
  runtime::Duration delay(runtime::Instant now, const StatusRequest& request);
  void wrote(runtime::Instant now, const StatusRequest& request);

 private:
  void refill(runtime::Instant now);

  // A bucket of tokens, shared by all runs.
  double tokens_ = limits::status_write_burst;
  runtime::Instant refilled_{};
};

}  // namespace ork::reconcile
