#pragma once

// What each actor of the world has for itself: its sight of time and chance, and its door to the API.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "operator/embedded/api/call.hpp"
#include "operator/embedded/store/store.hpp"
#include "operator/runtime/manual_loop.hpp"
#include "tests/sim/chance.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

// The world's loop, with chance of its own: what one actor draws shifts no other's numbers.
class ActorLoop final : public runtime::Loop {
 public:
  ActorLoop(runtime::ManualLoop& world, Chance chance) : world_(world), chance_(chance) {}
  runtime::Instant now() const override { return world_.now(); }
  std::int64_t wall_ms() const override { return world_.wall_ms(); }
  void post(std::function<void()> task) override { world_.post(std::move(task)); }
  [[nodiscard]] std::unique_ptr<runtime::Timer> after(runtime::Duration delay, std::function<void()> task) override {
    return world_.after(delay, std::move(task));
  }
  double random() override { return chance_.unit(); }

 private:
  runtime::ManualLoop& world_;
  Chance chance_;
};

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
