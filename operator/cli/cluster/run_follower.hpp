#pragma once

// Follows one run: each state of it, until the caller has seen enough.

#include <functional>
#include <string>

#include "controllers/api/workflow_run.hpp"
#include "operator/cli/cluster/json_sink.hpp"
#include "operator/runtime/watcher.hpp"

namespace ork::cli {

struct RunHooks {
  std::function<void(const api::WorkflowRun& run, const Json& object)> on_change;
  std::function<void()> on_gone;  // it was deleted, or another one has its name
  std::function<void(const std::string& sentence)> on_trouble;
};

class RunFollower {
 public:
  // Hooks are called from the loop, never from within.
  RunFollower(Session& session, const std::string& ns, const std::string& name, std::string uid, RunHooks hooks);
  void start() { watcher_.start(); }

 private:
  void seen(runtime::ChangeType change, const Json& object);

  std::string uid_;
  RunHooks hooks_;
  bool ever_seen_ = false;
  JsonSink sink_;
  runtime::Watcher watcher_;
};

}  // namespace ork::cli
