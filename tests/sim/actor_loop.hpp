#pragma once

// An actor's sight of time: the world's, with chance of its own, a wall clock that may be wrong, and pauses in
// which the whole process stands still.

#include <deque>
#include <functional>
#include <memory>

#include "operator/runtime/manual_loop.hpp"
#include "tests/sim/chance.hpp"

namespace ork::sim {

class ActorLoop final : public runtime::Loop {
 public:
  // What one actor draws shifts no other's numbers.
  ActorLoop(runtime::ManualLoop& world, Chance chance) : world_(world), chance_(chance) {}

  runtime::Instant now() const override { return world_.now(); }
  std::int64_t wall_ms() const override { return world_.wall_ms() + wall_shift_ms_ + drift_ms(); }
  void post(std::function<void()> task) override;
  [[nodiscard]] std::unique_ptr<runtime::Timer> after(runtime::Duration delay, std::function<void()> task) override;
  double random() override { return chance_.unit(); }

  // Its wall clock is set; timers don't care.
  void shift_wall(std::int64_t by_ms) { wall_shift_ms_ += by_ms; }
  // From now on its wall clock gains so much each second.
  void set_wall_rate(std::int64_t ms_a_second);

  // SIGSTOP, and SIGCONT after `by`: what falls due, arrives or is sent meanwhile has its turn then, in that order.
  void pause(runtime::Duration by);
  bool paused() const { return resume_ != nullptr || catching_up_; }
  // At once, or when the pause is over. Whatever the task needs must know whether it is still alive.
  void deliver(std::function<void()> task);
  // The paused process is dead: nothing of what it missed will be dealt with.
  void forget_pause();

 private:
  class PausableTimer;
  void resume();
  std::int64_t drift_ms() const;

  runtime::ManualLoop& world_;
  Chance chance_;
  std::int64_t wall_shift_ms_ = 0;
  std::int64_t drift_ms_a_second_ = 0;
  runtime::Instant drifts_from_;
  std::unique_ptr<runtime::Timer> resume_;
  bool catching_up_ = false;
  std::deque<std::function<void()>> missed_;
};

}  // namespace ork::sim
