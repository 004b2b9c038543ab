#pragma once

// A Session for tests: a scripted API server under virtual time.

#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "operator/cli/cluster/session.hpp"
#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::cli {

class TestSession final : public Session {
 public:
  kube::Transport& transport() override { return api; }
  runtime::Loop& loop() override { return time; }
  // Virtual time passes while there is nothing else to do.
  void run() override {
    stopped_ = false;
    for (int turns = 0; turns < 100'000; ++turns) {
      time.run_until_idle();
      if (stopped_) return;
      if (!time.advance_to_next()) {
        ADD_FAILURE() << "nothing is left to wait for";
        return;
      }
      if (stopped_) return;
    }
    ADD_FAILURE() << "does not end";
  }
  void stop() override { stopped_ = true; }
  void on_interrupt(std::function<void()> handler) override { interrupt = std::move(handler); }

  runtime::ManualLoop time;
  runtime::testing::FakeTransport api{time};
  std::function<void()> interrupt;  // what Ctrl-C does

 private:
  bool stopped_ = false;
};

}  // namespace ork::cli
