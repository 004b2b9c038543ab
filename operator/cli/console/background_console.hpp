#pragma once

// Writes on a thread of its own, for a process whose work must not wait for its reader: a terminal that
// was stopped with Ctrl-S, a pager that is full.

#include <cstddef>
#include <memory>
#include <thread>

#include "operator/cli/console/console.hpp"

namespace ork::cli {

class BackgroundConsole final : public Console {
 public:
  // What waits to be written at most, of both channels: a few thousand lines. What is written beyond is
  // left out, and the reader is told how many lines that were.
  static constexpr std::size_t max_waiting_bytes = 256U << 10U;
  // Given to a reader when the process ends.
  static constexpr std::chrono::milliseconds last_patience{500};

  // `console` must outlive this, and bear being written to by another thread.
  explicit BackgroundConsole(Console& console);
  // Waits until all is written, or last_patience has passed.
  ~BackgroundConsole() override;
  BackgroundConsole(const BackgroundConsole&) = delete;
  BackgroundConsole& operator=(const BackgroundConsole&) = delete;

  void write(Channel channel, std::string_view text) override;
  show::Screen screen(Channel channel) const override { return console_.screen(channel); }
  bool can_paint(Channel channel) const override { return console_.can_paint(channel); }

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state, Console& console);

  Console& console_;
  std::shared_ptr<State> state_;
  std::thread writer_;
};

}  // namespace ork::cli
