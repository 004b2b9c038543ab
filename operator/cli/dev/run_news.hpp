#pragma once

// What becomes of all runs of a cluster, a line for each change:
//
//   etl-x7k2p  load    Running    attempt 1
//   etl-x7k2p  load    Succeeded  1s

#include <functional>
#include <map>
#include <string>

#include "controllers/api/workflow_run.hpp"
#include "operator/cli/cluster/json_sink.hpp"
#include "operator/runtime/watcher.hpp"

namespace ork::cli {

class RunNews {
 public:
  // `say` takes whole lines, from the loop. Runs that had ended before are not told.
  RunNews(kube::Transport& transport, runtime::Loop& loop, std::function<void(const std::string&)> say);
  void start() { watcher_.start(); }

 private:
  void seen(runtime::ChangeType change, const Json& object);

  runtime::Loop& loop_;
  std::function<void(const std::string&)> say_;
  bool synced_ = false;
  std::map<std::string, api::WorkflowRun> shown_;  // by uid: as last told; those that have ended are not kept
  JsonSink sink_;
  runtime::Watcher watcher_;
};

}  // namespace ork::cli
