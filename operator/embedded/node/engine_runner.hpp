#pragma once

// Containers of an engine (docker, podman): each is the engine's command in the foreground, run by
// another runner. Such a command dies of SIGKILL without a word to its container, so
//
//   - to be killed is to be killed by the engine, and the command after it;
//   - an end is told of when the container is gone too, where its command could not see to that;
//   - before anything is listed, containers of this node whose command runs no more are killed and
//     taken away: nothing that somebody is told is lost goes on in secret.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "operator/embedded/node/container_runner.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

struct EngineOptions {
  std::string program;                   // "podman"
  std::string label;                     // of this node's containers
  std::vector<std::string> environment;  // of the engine's commands
  std::string folder;                    // they run here, and what they say goes to engine.log
};

class EngineRunner final : public ContainerRunner {
 public:
  EngineRunner(runtime::Loop& loop, std::unique_ptr<ContainerRunner> commands, EngineOptions options);

  void open(RunnerHandlers handlers) override;
  void start(const StartContainer& container) override;
  void signal(const std::string& id, int signal) override;
  void forget(const std::string& id) override { commands_->forget(id); }
  void stop_all(std::int64_t grace_ms, std::function<void()> on_stopped) override;

 private:
  using Notice = std::variant<ContainerStarted, ContainerEnded>;
  using OnEnd = std::function<void(const ContainerEnded&)>;

  void call(const std::string& what, std::vector<std::string> argv, OnEnd on_end);
  void listed(const RunnerListing& listing);
  void swept(const ContainerEnded& sweep);
  void ended(const ContainerEnded& notice);
  void kill(const std::string& id);
  void tell(const Notice& notice);

  runtime::Loop& loop_;
  std::unique_ptr<ContainerRunner> commands_;
  EngineOptions options_;
  RunnerHandlers handlers_;
  std::map<std::string, OnEnd> calls_;  // under way, by id
  std::uint64_t called_ = 0;
  std::set<std::string> killing_;         // ids of containers
  std::set<std::string> signalled_;       // and of those whose command has been told to end
  std::optional<RunnerListing> listing_;  // to be told after the sweep
  std::vector<Notice> held_;              // what came meanwhile
};

}  // namespace ork::embedded
