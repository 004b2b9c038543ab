#pragma once

// What each actor of the world has for itself: its door to the API, and what it has set on its way.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "operator/embedded/api/call.hpp"
#include "operator/embedded/store/store.hpp"
#include "operator/runtime/loop.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

// The API server, as one actor comes to it: what it writes is put down as its own.
class Door final : public embedded::Handler {
 public:
  Door(embedded::Handler& api, embedded::Store& store, TracedJournal& journal, std::string actor)
      : api_(api), store_(store), journal_(journal), actor_(std::move(actor)) {}
  void serve(embedded::Call call, embedded::Responder responder) override {
    const std::uint64_t before = store_.version();
    api_.serve(std::move(call), std::move(responder));
    journal_.wrote(before, store_.version(), actor_);
  }

 private:
  embedded::Handler& api_;
  embedded::Store& store_;
  TracedJournal& journal_;
  std::string actor_;
};

// Things that happen later whoever is still there: a request that a dead process has sent arrives.
class Later {
 public:
  explicit Later(runtime::Loop& loop) : loop_(loop) {}
  void in(runtime::Duration delay, std::function<void()> what) {
    const std::uint64_t id = ++last_;
    timers_[id] = loop_.after(delay, [this, id, what = std::move(what)] {
      const auto own = timers_.extract(id);
      what();
    });
  }

 private:
  runtime::Loop& loop_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::unique_ptr<runtime::Timer>> timers_;
};

}  // namespace ork::sim
