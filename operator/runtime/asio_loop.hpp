#pragma once

// The Loop of the real process: a Boost.Asio io_context run by one thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "operator/runtime/loop.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::runtime {

class AsioLoop final : public Loop {
 public:
  AsioLoop();
  // Drops pending callbacks without running them. Timers, and so all that uses the loop, go first.
  ~AsioLoop() override;
  AsioLoop(const AsioLoop&) = delete;
  AsioLoop& operator=(const AsioLoop&) = delete;

  Instant now() const override;
  std::int64_t wall_ms() const override;
  void post(std::function<void()> task) override;
  [[nodiscard]] std::unique_ptr<Timer> after(Duration delay, std::function<void()> task) override;
  double random() override;

  // Runs callbacks on the calling thread until stop(); having nothing to do does not end it.
  void run();
  // Makes run() return after the current callback. May be called from any thread.
  void stop();

  // Calls `handler` on the loop each time the signal arrives, instead of what it would do by itself.
  void on_signal(int signal_number, std::function<void()> handler);

  // Where an exception goes that a callback let out: the loop reports it and goes on, because one
  // hostile object must not end the process. Without a handler run() lets it pass.
  void on_exception(std::function<void(std::string_view what)> handler);

  // For code that does I/O by Asio (operator/kube).
  boost::asio::io_context& context();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ork::runtime
