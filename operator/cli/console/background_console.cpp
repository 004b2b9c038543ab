#include "operator/cli/console/background_console.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace ork::cli {

struct BackgroundConsole::State {
  struct Piece {
    Channel channel = Channel::Out;
    std::string text;
  };

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Piece> waiting;
  std::size_t bytes = 0;
  std::size_t left_out = 0;  // lines
  bool writing = false;
  bool ending = false;

  bool has_work() const { return !waiting.empty() || left_out > 0; }
  bool idle() const { return !has_work() && !writing; }
  void add(Channel channel, std::string text) {
    bytes += text.size();
    waiting.push_back({channel, std::move(text)});
  }
  // What was left out is said once there is room again, which is when all that waited is written.
  Piece take() {
    if (waiting.empty()) {
      const std::string lines = std::to_string(std::exchange(left_out, 0));
      add(Channel::Err, "(" + lines + " lines left out: they were not read in time)\n");
    }
    Piece piece = std::move(waiting.front());
    waiting.pop_front();
    return piece;
  }
};

BackgroundConsole::BackgroundConsole(Console& console)
    : console_(console),
      state_(std::make_shared<State>()),
      writer_([state = state_, &console] { run(state, console); }) {}

BackgroundConsole::~BackgroundConsole() {
  std::unique_lock lock(state_->mutex);
  const bool written = state_->changed.wait_for(lock, last_patience, [this] { return state_->idle(); });
  state_->ending = true;
  state_->changed.notify_all();
  lock.unlock();
  // One that is stuck in a write touches nothing but the state from here on, which it shares.
  written ? writer_.join() : writer_.detach();
}

void BackgroundConsole::write(Channel channel, std::string_view text) {
  const std::lock_guard lock(state_->mutex);
  State& state = *state_;
  if (state.left_out > 0 || state.bytes + text.size() > max_waiting_bytes) {
    state.left_out += static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, std::count(text.begin(), text.end(), '\n')));
    return;
  }
  state.add(channel, std::string(text));
  state.changed.notify_all();
}

void BackgroundConsole::run(const std::shared_ptr<State>& state, Console& console) {
  std::unique_lock lock(state->mutex);
  while (true) {
    state->changed.wait(lock, [&] { return state->ending || state->has_work(); });
    if (state->ending) return;
    const State::Piece piece = state->take();
    state->writing = true;
    lock.unlock();
    console.write(piece.channel, piece.text);
    lock.lock();
    state->writing = false;
    state->bytes -= piece.text.size();
    state->changed.notify_all();
  }
}

}  // namespace ork::cli
