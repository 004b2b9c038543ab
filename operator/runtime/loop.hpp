#pragma once

// Time, order and chance, behind one interface: the operator asks no clock and no random device of
// its own, so the simulator can run it under virtual time and one seed. Single-threaded: every
// callback runs on the loop's thread, one after the other.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace ork::runtime {

using Duration = std::chrono::milliseconds;

// Monotonic, for durations and timers. Its zero means nothing.
struct Instant {
  std::chrono::microseconds since_zero{0};
  friend auto operator<=>(const Instant&, const Instant&) = default;
  friend Instant operator+(Instant a, Duration d) { return {a.since_zero + d}; }
  friend std::chrono::microseconds operator-(Instant a, Instant b) { return a.since_zero - b.since_zero; }
};

// Owns a pending timer: destroying it (or cancel()) means the callback is not called any more.
class Timer {
 public:
  virtual ~Timer() = default;
};

class Loop {
 public:
  virtual ~Loop() = default;
  virtual Instant now() const = 0;
  // Wall clock, milliseconds since the Unix epoch, UTC: only for what is written into objects.
  virtual std::int64_t wall_ms() const = 0;
  // Runs `task` after the current callback has returned, in order of posting.
  virtual void post(std::function<void()> task) = 0;
  [[nodiscard]] virtual std::unique_ptr<Timer> after(Duration delay, std::function<void()> task) = 0;
  // Uniform in [0, 1): jitter only, never a decision.
  virtual double random() = 0;
};

}  // namespace ork::runtime
