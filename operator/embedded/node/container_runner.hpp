#pragma once

// Who runs containers for a Node: an agent process (AgentClient), or a test's or the simulator's own.

#include <functional>
#include <string>
#include <vector>

#include "operator/embedded/node/agent/messages.hpp"

namespace ork::embedded {

// All that a runner knows.
struct RunnerListing {
  std::vector<ContainerStarted> running;
  std::vector<ContainerEnded> ended;  // and not forgotten
  bool fresh = false;                 // the runner is a new one: what it does not list is dead
  bool limits_memory = false;         // by the kernel, not by looking now and then
  bool limits_cpu = false;
};

struct RunnerHandlers {
  // First, and again each time the connection was lost. What it lists was, or was not, told of before.
  std::function<void(const RunnerListing&)> on_listed;
  std::function<void(const ContainerStarted&)> on_started;
  std::function<void(const ContainerEnded&)> on_ended;
  std::function<void(const std::string&)> on_trouble;  // a sentence for the log
};

class ContainerRunner {
 public:
  virtual ~ContainerRunner() = default;
  // Handlers are called from the loop, never from within a call.
  virtual void open(RunnerHandlers handlers) = 0;
  // What is asked for while there is no connection is lost: the next listing does not show it.
  virtual void start(const StartContainer& container) = 0;
  virtual void signal(const std::string& id, int signal) = 0;
  virtual void forget(const std::string& id) = 0;
  // Ends all containers (SIGTERM, SIGKILL after the grace) and the runner; `on_stopped` is called when
  // it is gone.
  virtual void stop_all(std::int64_t grace_ms, std::function<void()> on_stopped) = 0;
};

}  // namespace ork::embedded
