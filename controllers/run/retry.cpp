#include "controllers/run/retry.hpp"

#include <algorithm>
#include <cmath>

#include "controllers/run/limits.hpp"

namespace ork::run {
namespace {

// FNV-1a of the seed, then the finaliser of MurmurHash3 (Appleby, public domain) to spread it; in [0, 1).
double unit_interval(std::string_view seed) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : seed) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  hash ^= hash >> 33;
  return static_cast<double>(hash >> 11) * 0x1.0p-53;
}

constexpr api::Backoff infrastructure_backoff{infrastructure_backoff_initial_ms, 2.0, infrastructure_backoff_max_ms,
                                              0.1};

}  // namespace

api::DurationMs backoff_delay(const api::Backoff& backoff, int n, std::string_view seed) {
  const double cap = static_cast<double>(backoff.max_ms);
  // Kept finite, for 0 times infinity is no number; nothing is below the cap for that many doublings.
  const double growth = std::pow(backoff.factor, std::min(n, 100));
  const double base = std::min(cap, static_cast<double>(backoff.initial_ms) * growth);
  const double spread = 1.0 + backoff.jitter * (2.0 * unit_interval(seed) - 1.0);
  return static_cast<api::DurationMs>(std::min(cap, base * spread));
}

RetryDecision decide_retry(const RetryInput& input) {
  RetryDecision out{input.memory_grows, 0};
  if (input.program_failed) {
    if (!input.wanted || input.program_retries >= input.policy.limit) return {};
    out = {true, backoff_delay(input.policy.backoff, input.program_retries, input.seed)};
  }
  if (input.infrastructure_failed) {
    if (input.infrastructure_retries >= infrastructure_retries) return {};
    const auto delay_ms = backoff_delay(infrastructure_backoff, input.infrastructure_retries, input.seed);
    out = {true, std::max(out.delay_ms, delay_ms)};
  }
  return out;
}

}  // namespace ork::run
