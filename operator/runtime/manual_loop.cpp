#include "operator/runtime/manual_loop.hpp"

#include <algorithm>
#include <stdexcept>

#include "operator/runtime/limits.hpp"

namespace ork::runtime {

namespace {
// 2026-01-01T00:00:00Z: any date will do, as long as it is the same in each run.
constexpr std::int64_t first_wall_ms = 1'767'225'600'000;

std::int64_t whole_ms(Instant at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.since_zero).count();
}
}  // namespace

class ManualLoop::ManualTimer final : public Timer {
 public:
  ManualTimer(std::weak_ptr<Timers> timers, Due due) : timers_(std::move(timers)), due_(due) {}
  ~ManualTimer() override {
    if (auto timers = timers_.lock()) timers->erase(due_);
  }
  ManualTimer(const ManualTimer&) = delete;
  ManualTimer& operator=(const ManualTimer&) = delete;

 private:
  std::weak_ptr<Timers> timers_;
  Due due_;
};

ManualLoop::ManualLoop(std::uint64_t seed)
    : wall_offset_ms_(first_wall_ms), timers_(std::make_shared<Timers>()), random_(seed) {}

ManualLoop::~ManualLoop() = default;

std::int64_t ManualLoop::wall_ms() const { return wall_offset_ms_ + whole_ms(now_); }

void ManualLoop::set_wall_ms(std::int64_t wall_ms) { wall_offset_ms_ = wall_ms - whole_ms(now_); }

void ManualLoop::post(std::function<void()> task) { posted_.push_back(std::move(task)); }

std::unique_ptr<Timer> ManualLoop::after(Duration delay, std::function<void()> task) {
  const Due due{now_ + std::max(delay, Duration{0}), ++sequence_};
  timers_->emplace(due, std::move(task));
  return std::make_unique<ManualTimer>(timers_, due);
}

double ManualLoop::random() {
  // Not std::uniform_real_distribution: its sequence differs between standard libraries.
  return static_cast<double>(random_() >> 11U) * 0x1.0p-53;
}

bool ManualLoop::run_one() {
  if (!posted_.empty()) {
    auto task = std::move(posted_.front());
    posted_.pop_front();
    task();
    return true;
  }
  const auto first = timers_->begin();
  if (first == timers_->end() || first->first.at > now_) return false;
  auto task = std::move(first->second);
  timers_->erase(first);
  task();
  return true;
}

std::size_t ManualLoop::run_until_idle() {
  std::size_t ran = 0;
  while (run_one()) {
    if (++ran >= limits::callbacks_per_instant) {
      throw std::runtime_error("ManualLoop: callbacks keep coming at one instant; something posts itself for ever");
    }
  }
  return ran;
}

std::size_t ManualLoop::advance(Duration by) {
  const Instant end = now_ + by;
  std::size_t ran = run_until_idle();
  while (!timers_->empty() && timers_->begin()->first.at <= end) {
    now_ = std::max(now_, timers_->begin()->first.at);
    ran += run_until_idle();
  }
  now_ = end;
  return ran;
}

void ManualLoop::pause(Duration by) { now_ = now_ + by; }

bool ManualLoop::advance_to_next() {
  run_until_idle();
  if (timers_->empty()) return false;
  now_ = std::max(now_, timers_->begin()->first.at);
  run_until_idle();
  return true;
}

std::optional<Instant> ManualLoop::next_due() const {
  if (timers_->empty()) return std::nullopt;
  return timers_->begin()->first.at;
}

std::size_t ManualLoop::timers() const { return timers_->size(); }

}  // namespace ork::runtime
