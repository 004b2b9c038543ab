#pragma once

// The whole operator on one transport and one loop: watchers, mirror, reconcilers. The same on a
// real API server, the embedded one and the simulator's.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "operator/reconcile/run_reconciler.hpp"
#include "operator/reconcile/workflow_reconciler.hpp"
#include "operator/runtime/watcher.hpp"

namespace ork::reconcile {

struct OperatorOptions {
  std::string ns;                // watch only this namespace; empty: all
  std::string instance;          // names this process in Events
  Observer* observer = nullptr;  // may be null; outlives the operator
  // While so many tasks have a Job and no node, no more runs begin; at least 1. See controllers/backlog.
  std::size_t unplaced_tasks = limits::unplaced_tasks;
};

struct OperatorHooks {
  std::function<bool(std::string_view share_key)> works_on;  // empty: on everything
  // Of what it works on: the version of the Lease by which it took that on. Empty: nobody else ever works on it.
  std::function<std::uint64_t(std::string_view share_key)> taken_at = {};
  std::function<void()> on_synced;                     // all kinds are listed, work begins
  std::function<void(const std::string&)> on_trouble;  // a sentence for the log
};

class Operator {
 public:
  Operator(kube::Transport& transport, runtime::Loop& loop, OperatorOptions options, OperatorHooks hooks);

  // Lists and watches everything, then begins to work.
  void start();
  // Nothing is sent any more, and nothing listened to.
  void stop();

  // Which Workflows and runs, by their share keys.
  using Which = std::function<bool(std::string_view share_key)>;
  // From now on it works on these as well: looks at each of them.
  void take_on(const Which& which);
  // It works on these no more, and what it sent for them is answered: forgets what it knows beyond the mirror.
  void let_go(const Which& which);

  bool synced() const { return synced_; }
  // Whether what has this share key (share_key_of) is its own to work on.
  bool works_on(std::string_view share_key) const;
  const Mirror& mirror() const { return mirror_; }
  const ReconcileStats& stats() const { return runs_.stats(); }
  std::uint64_t events_dropped() const { return events_.dropped(); }
  // Keys that are ready to be looked at.
  std::size_t waiting_runs() const { return runs_.queue_depth(); }
  const backlog::Line& line() const { return runs_.line(); }
  std::size_t waiting_workflows() const { return workflows_.queue_depth(); }
  const std::vector<std::unique_ptr<runtime::Watcher>>& watchers() const { return watchers_; }

 private:
  runtime::WatchHooks watch_hooks(const char* kind, std::function<void()> on_synced);
  std::unique_ptr<runtime::Watcher> watch(const kube::Resource& resource, runtime::Sink& sink, const char* kind,
                                          std::string labels, std::function<void()> on_synced);
  void definitions_synced();
  void begin();

  kube::Transport& transport_;
  runtime::Loop& loop_;
  OperatorOptions options_;
  OperatorHooks hooks_;
  bool synced_ = false;
  int kinds_to_sync_ = 3;
  Mirror mirror_;
  Definitions definitions_;
  EventRecorder events_;
  RunReconciler runs_;
  WorkflowReconciler workflows_;
  std::vector<std::unique_ptr<runtime::Watcher>> watchers_;
};

}  // namespace ork::reconcile
