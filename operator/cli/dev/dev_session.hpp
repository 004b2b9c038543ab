#pragma once

// The Session of verbs on the cluster in this process.

#include <functional>

#include "operator/cli/cluster/session.hpp"
#include "operator/dev/dev_cluster.hpp"

namespace ork::cli {

class DevSession final : public Session {
 public:
  DevSession(runtime::AsioLoop& loop, dev::DevCluster& cluster) : loop_(loop), cluster_(cluster) {}

  kube::Transport& transport() override { return cluster_.transport(); }
  runtime::Loop& loop() override { return loop_; }
  void run() override { loop_.run(); }
  void stop() override { loop_.stop(); }
  void on_interrupt(std::function<void()> handler) override { on_interrupt_ = std::move(handler); }
  // For whoever listens to the signals. False: nobody has asked to be told.
  bool interrupt() {
    if (on_interrupt_) on_interrupt_();
    return static_cast<bool>(on_interrupt_);
  }

 private:
  runtime::AsioLoop& loop_;
  dev::DevCluster& cluster_;
  std::function<void()> on_interrupt_;
};

}  // namespace ork::cli
