#include "operator/reconcile/status_pacer.hpp"

#include <algorithm>
#include <cmath>

namespace ork::reconcile {

using runtime::Duration;
using runtime::Instant;

Duration spacing_left(Instant now, std::optional<Instant> last_write, std::size_t tasks) {
  if (!last_write) return Duration{0};
  const Duration spacing = limits::status_spacing + limits::status_spacing_per_task * static_cast<int>(tasks);
  const auto since = std::chrono::duration_cast<Duration>(now - *last_write);
  return std::max(Duration{0}, spacing - since);
}

StatusPacer::StatusPacer(runtime::Loop& loop, std::function<void(const std::string& key)> on_turn)
    : loop_(loop), on_turn_(std::move(on_turn)), refilled_(loop.now()) {}

bool StatusPacer::admit(const std::string& key) {
  if (called_.erase(key) > 0) return true;
  if (tickets_.contains(key)) return false;
  refill();
  if (line_.empty() && tokens_ >= 1) {
    tokens_ -= 1;
    return true;
  }
  line_.emplace(++tickets_given_, key);
  tickets_.emplace(key, tickets_given_);
  arm();
  return false;
}

void StatusPacer::withdraw(const std::string& key) {
  if (called_.erase(key) > 0) tokens_ += 1;
  const auto ticket = tickets_.find(key);
  if (ticket == tickets_.end()) return;
  line_.erase(ticket->second);
  tickets_.erase(ticket);
}

void StatusPacer::refill() {
  const Instant now = loop_.now();
  const double seconds = static_cast<double>((now - refilled_).count()) / 1e6;
  tokens_ = std::min(limits::status_write_burst, tokens_ + seconds * limits::status_writes_per_second);
  refilled_ = now;
}

void StatusPacer::arm() {
  if (timer_ != nullptr || line_.empty()) return;
  const double missing = std::max(0.0, 1 - tokens_) / limits::status_writes_per_second;
  timer_ = loop_.after(Duration{static_cast<long>(std::ceil(missing * 1000))}, [this] { call_next(); });
}

void StatusPacer::call_next() {
  timer_.reset();
  refill();
  while (!line_.empty() && tokens_ >= 1) {
    tokens_ -= 1;
    const auto first = line_.begin();
    const std::string key = std::move(first->second);
    line_.erase(first);
    tickets_.erase(key);
    called_.insert(key);
    on_turn_(key);
  }
  arm();
}

}  // namespace ork::reconcile
