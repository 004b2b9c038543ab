#pragma once

// One operator process among replicas: it tries for the lease, works while it leads, and is of no more use
// once it has lost it: what it knows is old by then, and a new process begins with a list.

#include <functional>
#include <string>

#include "operator/reconcile/operator.hpp"
#include "operator/runtime/lease.hpp"

namespace ork::reconcile {

// All but on_trouble are optional. A hook must not destroy the replica.
struct ReplicaHooks {
  std::function<void()> on_leading;                     // it lists what there is
  std::function<void()> on_synced;                      // and begins to work
  std::function<void(const std::string& why)> on_lost;  // it does nothing more: end the process
  std::function<void(const std::string& what)> on_trouble;
};

class Replica {
 public:
  // `lease_transport` is one of its own connection: a renewal must not queue behind our own bursts.
  Replica(kube::Transport& transport, kube::Transport& lease_transport, runtime::Loop& loop,
          const runtime::LeaseOptions& lease, OperatorOptions options, ReplicaHooks hooks)
      : hooks_(std::move(hooks)),
        lease_(lease_transport, loop, lease,
               {.on_leading =
                    [this] {
                      if (hooks_.on_leading) hooks_.on_leading();
                      operator_.start();
                    },
                .on_lost =
                    [this](const std::string& why) {
                      operator_.stop();
                      if (hooks_.on_lost) hooks_.on_lost(why);
                    },
                .on_trouble = hooks_.on_trouble}),
        operator_(transport, loop, std::move(options),
                  {.may_write = [this] { return lease_.leading(); },
                   .on_synced = hooks_.on_synced,
                   .on_trouble = hooks_.on_trouble}) {}

  void start() { lease_.start(); }
  // Stops working, and gives the lease back where it was held; `done` comes from the loop.
  void release(std::function<void()> done) {
    operator_.stop();
    lease_.release(std::move(done));
  }

  const Operator& work() const { return operator_; }

 private:
  ReplicaHooks hooks_;
  runtime::Lease lease_;
  Operator operator_;
};

}  // namespace ork::reconcile
