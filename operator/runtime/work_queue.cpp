#include "operator/runtime/work_queue.hpp"

#include <algorithm>
#include <exception>

#include "operator/runtime/limits.hpp"

namespace ork::runtime {

WorkQueue::WorkQueue(Loop& loop, Process process, QueueOptions options)
    : loop_(loop), process_(std::move(process)), options_(options), sweep_at_(limits::idle_keys) {}

WorkQueue::~WorkQueue() = default;

void WorkQueue::add(std::string_view key) {
  ++stats_.adds;
  want(node_of(key), loop_.now());
}

void WorkQueue::add_after(std::string_view key, Duration delay) {
  ++stats_.adds;
  want(node_of(key), loop_.now() + std::max(delay, Duration{0}));
}

void WorkQueue::set_spacing(std::string_view key, Duration spacing) { node_of(key).second.spacing = spacing; }

void WorkQueue::retry(std::string_view key, std::optional<Duration> at_least) {
  ++stats_.retries;
  Node& node = node_of(key);
  Item& item = node.second;
  const Instant now = loop_.now();
  if (at_least) item.not_before = std::max(item.not_before, now + *at_least);
  want(node, now + backoff_delay(options_.backoff, item.failures++, loop_.random()));
}

void WorkQueue::forget(std::string_view key) {
  if (const auto it = items_.find(key); it != items_.end()) it->second.failures = 0;
}

void WorkQueue::done(std::string_view key) {
  const auto it = items_.find(key);
  if (it == items_.end() || !it->second.running) return;
  Item& item = it->second;
  item.running = false;
  item.ended = loop_.now();
  --in_flight_;
  if (std::exchange(item.again, false)) want(*it, loop_.now());
  if (!ready_.empty()) post_pump();
  if (items_.size() >= sweep_at_) sweep_idle();
}

WorkQueue::Node& WorkQueue::node_of(std::string_view key) {
  if (const auto it = items_.find(key); it != items_.end()) return *it;
  return *items_.emplace(std::string{key}, Item{}).first;
}

Instant WorkQueue::allowed_at(const Item& item) const {
  if (!item.last_start) return item.not_before;
  return std::max(item.not_before, *item.last_start + item.spacing);
}

void WorkQueue::want(Node& node, Instant at) {
  Item& item = node.second;
  at = std::max(at, allowed_at(item));
  if (item.ready || item.again || (item.due && *item.due <= at)) {
    ++stats_.dedups;
    return;
  }
  if (at > loop_.now()) return delay_until(node, at);
  if (item.running) {
    item.again = true;
  } else {
    make_ready(node);
  }
}

void WorkQueue::make_ready(Node& node) {
  drop_delay(node);
  node.second.ready = true;
  node.second.ready_since = loop_.now();
  ready_.push_back(&node);
  post_pump();
}

void WorkQueue::delay_until(Node& node, Instant at) {
  drop_delay(node);
  node.second.due = at;
  node.second.due_sequence = ++sequence_;
  delayed_.emplace(std::pair{at, sequence_}, &node);
  arm();
}

void WorkQueue::drop_delay(Node& node) {
  if (!node.second.due) return;
  delayed_.erase({*node.second.due, node.second.due_sequence});
  node.second.due.reset();
}

// One timer serves all keys. It may be early, when what it was armed for has been dropped since.
void WorkQueue::arm() {
  if (delayed_.empty()) {
    timer_.reset();
    armed_for_.reset();
    return;
  }
  const Instant first = delayed_.begin()->first.first;
  if (armed_for_ && *armed_for_ <= first) return;
  armed_for_ = first;
  timer_ = loop_.after(std::chrono::ceil<Duration>(first - loop_.now()), [this] { on_due(); });
}

void WorkQueue::on_due() {
  timer_.reset();
  armed_for_.reset();
  const Instant now = loop_.now();
  while (!delayed_.empty() && delayed_.begin()->first.first <= now) {
    Node& node = *delayed_.begin()->second;
    drop_delay(node);
    want(node, now);
  }
  arm();
}

void WorkQueue::post_pump() {
  if (pump_posted_) return;
  pump_posted_ = true;
  loop_.post([this, alive = std::weak_ptr<int>(alive_)] {
    if (!alive.expired()) pump();
  });
}

void WorkQueue::pump() {
  pump_posted_ = false;
  // Only what is ready now: keys that become ready meanwhile wait for the next turn of the loop,
  // so that I/O gets its turn too.
  for (auto left = ready_.size(); left > 0 && in_flight_ < options_.max_in_flight; --left) {
    Node& node = *ready_.front();
    ready_.pop_front();
    start(node);
  }
  if (!ready_.empty() && in_flight_ < options_.max_in_flight) post_pump();
}

void WorkQueue::start(Node& node) {
  Item& item = node.second;
  const Instant now = loop_.now();
  item.ready = false;
  item.running = true;
  item.last_start = now;
  drop_delay(node);
  ++in_flight_;
  ++stats_.starts;
  stats_.longest_wait = std::max(stats_.longest_wait, std::chrono::floor<Duration>(now - item.ready_since));
  const std::string key = node.first;  // the node may be swept once the key is done
  try {
    process_(key);
  } catch (const std::exception&) {
    on_exception(key);
    throw;
  }
}

void WorkQueue::on_exception(const std::string& key) {
  if (const auto it = items_.find(key); it != items_.end() && it->second.running) {
    retry(key);
    done(key);
  }
  if (!ready_.empty()) post_pump();  // pump() ends here
}

bool WorkQueue::is_idle(const Item& item) const {
  const Instant now = loop_.now();
  if (item.ready || item.running || item.due || allowed_at(item) > now) return false;
  return item.failures == 0 || now - item.ended >= limits::failures_kept;
}

void WorkQueue::sweep_idle() {
  std::erase_if(items_, [this](const Node& node) { return is_idle(node.second); });
  sweep_at_ = std::max(limits::idle_keys, 2 * items_.size());
}

}  // namespace ork::runtime
