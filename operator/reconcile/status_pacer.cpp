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

bool StatusPacer::admit(const std::string& key, bool gives_way) {
  if (called_.erase(key) > 0) return true;
  if (const auto ticket = tickets_.find(key); ticket != tickets_.end()) {
    const bool gave_way = ticket->second.second;
    if (gives_way || !gave_way) return false;
    withdraw(key);
  }
  refill();
  if (line_.empty() && budget_ >= cost_) {
    budget_ -= cost_;
    return true;
  }
  std::uint64_t& last = gives_way ? given_to_last_who_gives_way_ : tickets_given_;
  last = gives_way ? std::max(last, tickets_given_) + limits::lets_by : last + 1;
  line_.emplace(Ticket{last, gives_way}, key);
  tickets_.emplace(key, Ticket{last, gives_way});
  arm();
  return false;
}

void StatusPacer::withdraw(const std::string& key) {
  if (called_.erase(key) > 0) budget_ += cost_;
  const auto ticket = tickets_.find(key);
  if (ticket == tickets_.end()) return;
  line_.erase(ticket->second);
  tickets_.erase(ticket);
}

void StatusPacer::wrote(Duration took) {
  const Duration bounded = std::clamp(took, limits::status_least_cost, limits::status_most_cost);
  cost_ += (static_cast<double>(bounded.count()) - cost_) / 4;
}

void StatusPacer::refill() {
  const Instant now = loop_.now();
  const double elapsed_ms = static_cast<double>((now - refilled_).count()) / 1e3;
  budget_ = std::min(static_cast<double>(limits::status_burst.count()), budget_ + elapsed_ms * limits::status_share);
  refilled_ = now;
}

void StatusPacer::arm() {
  if (timer_ != nullptr || line_.empty()) return;
  const double missing_ms = std::max(0.0, cost_ - budget_) / limits::status_share;
  timer_ = loop_.after(Duration{static_cast<long>(std::ceil(missing_ms))}, [this] { call_next(); });
}

void StatusPacer::call_next() {
  timer_.reset();
  refill();
  while (!line_.empty() && budget_ >= cost_) {
    budget_ -= cost_;
    const auto first = line_.begin();
    const std::string key = std::move(first->second);
    // Whoever comes now comes behind it, though it has let nobody by.
    tickets_given_ = std::max(tickets_given_, first->first.first);
    line_.erase(first);
    tickets_.erase(key);
    called_.insert(key);
    on_turn_(key);
  }
  arm();
}

}  // namespace ork::reconcile
