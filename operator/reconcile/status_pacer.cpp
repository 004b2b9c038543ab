#include "operator/reconcile/status_pacer.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

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
    if (gives_way || !ticket->second.gives_way) return false;
    withdraw(key);
  }
  refill();
  if (tickets_.empty() && budget_ >= cost_) {
    budget_ -= cost_;
    return true;
  }
  const Ticket ticket{++tickets_given_, gives_way};
  line_of(ticket).emplace(ticket.number, key);
  tickets_.emplace(key, ticket);
  arm();
  return false;
}

void StatusPacer::withdraw(const std::string& key) {
  if (called_.erase(key) > 0) budget_ += cost_;
  const auto ticket = tickets_.find(key);
  if (ticket == tickets_.end()) return;
  line_of(ticket->second).erase(ticket->second.number);
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
  if (timer_ != nullptr || tickets_.empty()) return;
  const double missing_ms = std::max(0.0, cost_ - budget_) / limits::status_share;
  timer_ = loop_.after(Duration{static_cast<long>(std::ceil(missing_ms))}, [this] { call_next(); });
}

std::string StatusPacer::take_next() {
  const bool gives_way = line_.empty() || (!giving_way_.empty() && let_by_ >= limits::lets_by);
  let_by_ = gives_way ? 0 : let_by_ + 1;
  auto next = gives_way ? giving_way_.extract(std::prev(giving_way_.end())) : line_.extract(line_.begin());
  tickets_.erase(next.mapped());
  return std::move(next.mapped());
}

void StatusPacer::call_next() {
  timer_.reset();
  refill();
  while (!tickets_.empty() && budget_ >= cost_) {
    budget_ -= cost_;
    const std::string key = take_next();
    called_.insert(key);
    on_turn_(key);
  }
  arm();
}

}  // namespace ork::reconcile
