#include "tests/sim/actor_loop.hpp"

namespace ork::sim {

// Fired within a pause, it may still be given up before its turn comes.
class ActorLoop::PausableTimer final : public runtime::Timer {
 public:
  PausableTimer(ActorLoop& loop, runtime::Duration delay, std::function<void()> task)
      : task_(std::make_shared<std::function<void()>>(std::move(task))) {
    timer_ = loop.world_.after(delay, [&loop, task = std::weak_ptr(task_)] {
      loop.deliver([task] {
        // Its owner may destroy this timer while the task runs.
        if (const auto alive = task.lock()) (*alive)();
      });
    });
  }

 private:
  std::shared_ptr<std::function<void()>> task_;
  std::unique_ptr<runtime::Timer> timer_;
};

void ActorLoop::post(std::function<void()> task) {
  world_.post([this, task = std::move(task)]() mutable { deliver(std::move(task)); });
}

std::unique_ptr<runtime::Timer> ActorLoop::after(runtime::Duration delay, std::function<void()> task) {
  return std::make_unique<PausableTimer>(*this, delay, std::move(task));
}

void ActorLoop::set_wall_rate(std::int64_t ms_a_second) {
  wall_shift_ms_ += drift_ms();
  drifts_from_ = now();
  drift_ms_a_second_ = ms_a_second;
}

std::int64_t ActorLoop::drift_ms() const {
  const auto since = std::chrono::duration_cast<runtime::Duration>(now() - drifts_from_);
  return since.count() * drift_ms_a_second_ / 1'000;
}

void ActorLoop::pause(runtime::Duration by) {
  if (resume_ == nullptr) resume_ = world_.after(by, [this] { resume(); });
}

void ActorLoop::deliver(std::function<void()> task) {
  if (!paused()) return task();
  missed_.push_back(std::move(task));
}

void ActorLoop::forget_pause() {
  resume_.reset();
  catching_up_ = false;
  missed_.clear();
}

void ActorLoop::resume() {
  const auto own = std::move(resume_);
  catching_up_ = true;
  while (!missed_.empty() && resume_ == nullptr) {
    const auto task = std::move(missed_.front());
    missed_.pop_front();
    task();
  }
  catching_up_ = false;
}

}  // namespace ork::sim
