#pragma once

// A Loop under virtual time, for tests and the simulator. Nothing happens unless advance() or
// run_until_idle() is called; callbacks run ordered by time, then by the order in which they were
// asked for; chance comes from one seed. The same calls give the same order on every machine.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "operator/runtime/loop.hpp"

namespace ork::runtime {

class ManualLoop final : public Loop {
 public:
  explicit ManualLoop(std::uint64_t seed = 1);
  ~ManualLoop() override;
  ManualLoop(const ManualLoop&) = delete;
  ManualLoop& operator=(const ManualLoop&) = delete;

  Instant now() const override { return now_; }
  // Follows now(), unless set: then it goes on from there (clock jumps).
  std::int64_t wall_ms() const override;
  void post(std::function<void()> task) override;
  [[nodiscard]] std::unique_ptr<Timer> after(Duration delay, std::function<void()> task) override;
  double random() override;

  // Runs what is posted and what is due now, until nothing is; returns how many callbacks ran.
  // Throws std::runtime_error after limits::callbacks_per_instant callbacks: something spins.
  std::size_t run_until_idle();
  // Runs everything that falls due within `by`, each at its own time, and leaves now() there.
  std::size_t advance(Duration by);
  // Time passes while the process stands still (SIGSTOP, a frozen machine): what fell due meanwhile
  // runs late, with now() at the end of the pause, once the loop is run again.
  void pause(Duration by);
  // Goes to the next timer and runs what is due then; false if there is no timer.
  bool advance_to_next();

  std::optional<Instant> next_due() const;
  std::size_t timers() const;
  void set_wall_ms(std::int64_t wall_ms);

 private:
  class ManualTimer;
  struct Due {
    Instant at;
    std::uint64_t sequence = 0;
    friend auto operator<=>(const Due&, const Due&) = default;
  };
  // Shared with the timers, which may outlive the loop.
  using Timers = std::map<Due, std::function<void()>>;

  bool run_one();

  Instant now_{};
  std::int64_t wall_offset_ms_;
  std::uint64_t sequence_ = 0;
  std::deque<std::function<void()>> posted_;
  std::shared_ptr<Timers> timers_;
  std::mt19937_64 random_;
};

}  // namespace ork::runtime
