#pragma once

// Whether an attempt that failed is followed by another, when, and out of which budget.

#include <cstdint>
#include <string_view>

#include "controllers/api/workflow.hpp"

namespace ork::run {

struct RetryInput {
  const api::Retry& policy;
  bool program_failed = false;         // something failed by the program's doing (or OOM, deadline)
  bool memory_grows = false;           // something ran out of memory, and the next attempt has more of it, by onOOM
  bool wanted = true;                  // by retry.when, of what the program has failed by
  bool infrastructure_failed = false;  // something failed by the infrastructure's
  int program_retries = 0;             // used so far
  int infrastructure_retries = 0;      // used so far
  std::string_view seed;               // decides the jitter: the same attempt, the same delay
};

// Who ran out of memory, and will have more, is tried again at once and at no cost: onOOM.max bounds that.
//
// In a fan-out both kinds can fail in one attempt; then the next attempt serves both, costs both
// budgets, and comes after the longer delay. Where either budget is used up there is no next one:
// an index that can't be retried fails the task, whatever becomes of the others.
struct RetryDecision {
  bool again = false;
  api::DurationMs delay_ms = 0;
};

RetryDecision decide_retry(const RetryInput& input);

// initial * factor^n, at most max, times a number in [1 - jitter, 1 + jitter] that is a function
// of `seed`. `n` counts from 0.
api::DurationMs backoff_delay(const api::Backoff& backoff, int n, std::string_view seed);

}  // namespace ork::run
