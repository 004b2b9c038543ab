#include "operator/runtime/asio_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <list>
#include <random>
#include <utility>

namespace ork::runtime {

namespace asio = boost::asio;

struct AsioLoop::Impl {
  asio::io_context context{1};  // one thread runs it
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::mt19937_64 random{std::random_device{}()};
  std::list<asio::signal_set> signals;
  std::function<void(std::string_view)> report;

  void await_signal(asio::signal_set& set, std::function<void()> handler) {
    set.async_wait([this, &set, handler = std::move(handler)](const boost::system::error_code& error, int) {
      if (error) return;
      await_signal(set, handler);
      handler();
    });
  }
};

namespace {

// The task outlives the Timer only inside the completion handler, which asks first whether the
// Timer is still there: an expired wait that is already queued can not be cancelled any more.
class AsioTimer final : public Timer {
 public:
  AsioTimer(asio::io_context& context, Duration delay, std::function<void()> task)
      : state_(std::make_shared<State>(context, std::move(task))) {
    state_->timer.expires_after(delay);
    state_->timer.async_wait([weak = std::weak_ptr<State>(state_)](const boost::system::error_code& error) {
      auto state = weak.lock();
      if (error || !state) return;
      auto due = std::move(state->task);
      state.reset();  // the task may destroy its own Timer
      due();
    });
  }

 private:
  struct State {
    State(asio::io_context& context, std::function<void()> t) : timer(context), task(std::move(t)) {}
    asio::steady_timer timer;
    std::function<void()> task;
  };
  std::shared_ptr<State> state_;
};

}  // namespace

AsioLoop::AsioLoop() : impl_(std::make_unique<Impl>()) {}
AsioLoop::~AsioLoop() = default;

Instant AsioLoop::now() const {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since)};
}

std::int64_t AsioLoop::wall_ms() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void AsioLoop::post(std::function<void()> task) { asio::post(impl_->context, std::move(task)); }

std::unique_ptr<Timer> AsioLoop::after(Duration delay, std::function<void()> task) {
  return std::make_unique<AsioTimer>(impl_->context, delay, std::move(task));
}

double AsioLoop::random() { return static_cast<double>(impl_->random() >> 11U) * 0x1.0p-53; }

void AsioLoop::run() {
  for (;;) {
    try {
      impl_->context.run();
      impl_->context.restart();
      return;
    } catch (const std::exception& error) {  // the root of every callback
      if (!impl_->report) throw;
      impl_->report(error.what());
    }
  }
}

void AsioLoop::stop() { impl_->context.stop(); }

void AsioLoop::on_signal(int signal_number, std::function<void()> handler) {
  auto& set = impl_->signals.emplace_back(impl_->context, signal_number);
  impl_->await_signal(set, std::move(handler));
}

void AsioLoop::on_exception(std::function<void(std::string_view what)> handler) { impl_->report = std::move(handler); }

boost::asio::io_context& AsioLoop::context() { return impl_->context; }

}  // namespace ork::runtime
