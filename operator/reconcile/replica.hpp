#pragma once

// One operator process among replicas, all of which work, each on its share. It knows all that there is before it
// takes any of it on, and is of no more use once its Lease is lost: a new process begins with a list.

#include <functional>
#include <string>

#include "operator/reconcile/operator.hpp"
#include "operator/replicas/calls_in_flight.hpp"
#include "operator/replicas/shares.hpp"

namespace ork::reconcile {

// A hook must not destroy the replica.
struct ReplicaHooks {
  std::function<void()> on_synced;                      // it knows all that there is, and asks for a share
  std::function<void()> on_share;                       // which is another from now on
  std::function<void(const std::string& why)> on_lost;  // it does nothing more: end the process
  std::function<void(const std::string& what)> on_trouble;
};

class Replica {
 public:
  // `lease_transport` is one of its own connection: a renewal must not queue behind our own bursts.
  Replica(kube::Transport& transport, kube::Transport& lease_transport, runtime::Loop& loop,
          const replicas::SharesOptions& shares, OperatorOptions options, ReplicaHooks hooks);

  void start() { operator_.start(); }
  // Begins nothing any more, and leaves its share to the others once what it has sent is answered; `done` comes from
  // the loop.
  void release(std::function<void()> done);

  const Operator& work() const { return operator_; }
  const replicas::Shares& shares() const { return shares_; }

 private:
  replicas::SharesHooks share_hooks();
  void lost(const std::string& why);

  ReplicaHooks hooks_;
  replicas::CallsInFlight calls_;
  replicas::Shares shares_;
  Operator operator_;
};

}  // namespace ork::reconcile
