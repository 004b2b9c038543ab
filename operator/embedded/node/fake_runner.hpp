#pragma once

// For tests: a runner whose containers a test starts and ends, under virtual time.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "operator/embedded/node/container_runner.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded::testing {

// What a runner is asked for; its own knowledge survives the node.
struct FakeContainers {
  std::map<std::string, ContainerStarted> running;
  std::map<std::string, ContainerEnded> ended;
  std::vector<std::string> log;  // "start ID", "signal ID 15", "forget ID"
  std::vector<StartContainer> started;
  bool deaf = false;  // nothing arrives
  bool slow = false;  // tells of what it knows only when it is made to
  bool limits_cpu = false;
};

class FakeRunner final : public ContainerRunner {
 public:
  FakeRunner(runtime::Loop& loop, FakeContainers& containers) : loop_(loop), containers_(containers) {}
  void open(RunnerHandlers handlers) override {
    handlers_ = std::move(handlers);
    if (!containers_.slow) relist(false);
  }
  void start(const StartContainer& container) override {
    containers_.log.push_back("start " + container.id);
    containers_.started.push_back(container);
    if (containers_.deaf) return;
    const ContainerStarted started{container.id, 1, loop_.wall_ms()};
    containers_.running[container.id] = started;
    loop_.post([this, started] { handlers_.on_started(started); });
  }
  void signal(const std::string& id, int signal) override {
    containers_.log.push_back("signal " + id + " " + std::to_string(signal));
  }
  void forget(const std::string& id) override {
    containers_.log.push_back("forget " + id);
    containers_.ended.erase(id);
  }
  void stop_all(std::int64_t, std::function<void()> on_stopped) override { loop_.post(std::move(on_stopped)); }

  void end(const std::string& id, int exit_code, int signal = 0) {
    const ContainerEnded ended{.id = id,
                               .start_ms = containers_.running.at(id).start_ms,
                               .end_ms = loop_.wall_ms(),
                               .exit_code = exit_code,
                               .signal = signal};
    containers_.running.erase(id);
    containers_.ended[id] = ended;
    loop_.post([this, ended] { handlers_.on_ended(ended); });
  }
  // As after a lost connection.
  void relist(bool fresh) {
    RunnerListing listing{.running = {}, .ended = {}, .fresh = fresh, .limits_cpu = containers_.limits_cpu};
    for (const auto& [id, notice] : containers_.running) listing.running.push_back(notice);
    for (const auto& [id, notice] : containers_.ended) listing.ended.push_back(notice);
    loop_.post([this, listing] { handlers_.on_listed(listing); });
  }

 private:
  runtime::Loop& loop_;
  FakeContainers& containers_;
  RunnerHandlers handlers_;
};

}  // namespace ork::embedded::testing
