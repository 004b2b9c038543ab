#include "tests/sim/faulty_stream.hpp"

#include <algorithm>
#include <map>

#include "operator/kube/answer.hpp"
#include "tests/sim/limits.hpp"
#include "tests/sim/moot_events.hpp"

namespace ork::sim {

using runtime::Duration;

namespace {

constexpr const char* gone_line =
    R"({"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
    R"("message":"too old resource version","reason":"Expired","code":410}})"
    "\n";

}  // namespace

// Shared with what is on its way; whoever holds it while a handler runs may see it closed meanwhile.
struct FaultyStream::State : std::enable_shared_from_this<State> {
  State(runtime::Loop& the_loop, const Fault& the_fault, std::function<void()> the_compact, kube::Request the_request,
        kube::StreamHandlers the_handlers)
      : loop(the_loop),
        fault(the_fault),
        compact(std::move(the_compact)),
        request(std::move(the_request)),
        handlers(std::move(the_handlers)) {}

  void deliver(std::string_view bytes) {
    if (!ended) handlers.on_data(bytes);
  }

  void end(std::optional<kube::Error> error) {
    if (ended) return;
    ended = true;
    inner.reset();
    handlers.on_end(std::move(error));
  }

  void in(Duration delay, std::function<void(State&)> what) {
    const std::uint64_t id = ++last_timer;
    timers[id] = loop.after(delay, [weak = weak_from_this(), id, what = std::move(what)] {
      const auto state = weak.lock();
      if (state == nullptr) return;
      const auto own = state->timers.extract(id);
      what(*state);
    });
  }

  void interrupt() {
    if (struck) return;
    struck = true;
    inner.reset();
    switch (fault.harm) {
      case Harm::StreamFreeze:
        if (request.idle_timeout.count() > 0) {
          in(request.idle_timeout, [](State& state) {
            state.end(kube::error_about(state.request, kube::Errc::Timeout, "has been silent for too long"));
          });
        }
        return;
      case Harm::StreamBroken:
        return in(Duration{0}, [](State& state) {
          state.end(kube::error_about(state.request, kube::Errc::Interrupted, "was cut off"));
        });
      case Harm::StreamGone:
        // Silent first, so that there is something that its reader can not hear of any more.
        return in(limits::gone_after, [](State& state) {
          const auto alive = state.weak_from_this();
          state.compact();
          state.deliver(gone_line);
          if (!alive.expired()) state.end(std::nullopt);
        });
      case Harm::RefuseStream:
        return in(Duration{0},
                  [](State& state) { state.end(kube::error_from_answer(state.request, 500, std::nullopt, "")); });
      default: return in(Duration{0}, [](State& state) { state.end(std::nullopt); });
    }
  }

  void merge(std::string_view bytes) {
    if (merged.empty()) {
      in(Duration{fault.wait}, [](State& state) { state.deliver(state.merged.take()); });
    }
    merged.add(bytes);
  }

  void on_data(std::string_view bytes) {
    if (fault.harm == Harm::StreamMerge) return merge(bytes);
    if (fault.harm == Harm::StreamDelay) {
      return in(Duration{fault.wait}, [text = std::string(bytes)](State& state) { state.deliver(text); });
    }
    if (struck) return;
    if (fault.harm == Harm::StreamHalf && seen + std::count(bytes.begin(), bytes.end(), '\n') > fault.wait) {
      const auto half = shared_from_this();
      deliver(bytes.substr(0, bytes.size() / 2));
      return interrupt();
    }
    const auto self = shared_from_this();
    if (fault.harm == Harm::StreamRepeat) return deliver_twice(bytes);
    deliver(bytes);
    seen += std::count(bytes.begin(), bytes.end(), '\n');
    if (seen >= fault.wait && fault.harm != Harm::StreamHalf) interrupt();
  }

  // Event by event: no server goes back further.
  void deliver_twice(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
      deliver(bytes.substr(0, end));
      deliver(bytes.substr(0, end));
      bytes.remove_prefix(end);
    }
  }

  void on_end(const std::optional<kube::Error>& error) {
    const bool late = fault.harm == Harm::StreamDelay || fault.harm == Harm::StreamMerge;
    if (!late) return struck ? void() : end(error);
    in(Duration{fault.wait}, [error](State& state) { state.end(error); });
  }

  runtime::Loop& loop;
  Fault fault;
  std::function<void()> compact;
  kube::Request request;
  kube::StreamHandlers handlers;
  std::unique_ptr<kube::Stream> inner;
  std::int64_t seen = 0;
  MootEvents merged;
  bool struck = false;
  bool ended = false;
  std::uint64_t last_timer = 0;
  std::map<std::uint64_t, std::unique_ptr<runtime::Timer>> timers;
};

FaultyStream::FaultyStream(kube::Transport& inner, runtime::Loop& loop, const Fault& fault,
                           std::function<void()> compact, kube::Request request, kube::StreamHandlers handlers)
    : state_(std::make_shared<State>(loop, fault, std::move(compact), request, std::move(handlers))) {
  const bool from_the_start = fault.harm == Harm::RefuseStream ||
                              (fault.wait == 0 && fault.harm != Harm::StreamDelay && fault.harm != Harm::StreamRepeat &&
                               fault.harm != Harm::StreamHalf && fault.harm != Harm::StreamMerge);
  if (from_the_start) {
    state_->interrupt();
    return;
  }
  const std::weak_ptr weak = state_;
  state_->inner = inner.open_stream(std::move(request), {.on_data =
                                                             [weak](std::string_view bytes) {
                                                               if (auto state = weak.lock()) state->on_data(bytes);
                                                             },
                                                         .on_end =
                                                             [weak](const auto& error) {
                                                               if (auto state = weak.lock()) state->on_end(error);
                                                             }});
}

// Whoever holds the state because a handler runs must not call another one.
FaultyStream::~FaultyStream() {
  state_->ended = true;
  state_->struck = true;
  state_->inner.reset();
}

}  // namespace ork::sim
