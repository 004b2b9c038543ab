#pragma once

// The loop of Workflows: keep their revisions, say in their status whether they are right, delete
// finished runs beyond the history limits, and wake the runs that wait for them.

#include <set>
#include <string>
#include <unordered_map>

#include "controllers/workflow/history.hpp"
#include "operator/reconcile/run_reconciler.hpp"

namespace ork::reconcile {

class WorkflowReconciler {
 public:
  WorkflowReconciler(ReconcileContext context, RunReconciler& runs);

  void add(const std::string& key) { queue_.add(key); }

 private:
  using Answer = Result<kube::Response, kube::Error>;

  void process(const std::string& key);
  void create_revision(const std::string& key, const std::string& ns, const workflow::NewRevision& revision);
  void delete_revision(const std::string& key, const std::string& ns, const workflow::OldRevision& revision);
  void retry(const std::string& key, const kube::Error& error);
  void look_up(const std::string& key, const workflow::WorkflowSnapshot& snapshot);
  void write_status(const std::string& key, const api::Workflow& workflow, api::WorkflowStatus status);
  void delete_expired_runs(const std::string& key, const workflow::WorkflowSnapshot& snapshot,
                           const RunReconciler::Runs& runs);
  // Sends a request unless one of that id is under way for the key; failures bring the key back later.
  void send(const std::string& key, const std::string& id, kube::Request request,
            std::function<void(const kube::Response&)> on_done);

  struct MadeRevision {
    std::string name;
    runtime::Instant at;
  };

  ReconcileContext context_;
  RunReconciler& runs_;
  std::set<std::string> under_way_;                     // "key id" of requests without an answer
  std::map<std::string, runtime::Instant> not_before_;  // by key: until then the server wishes to hear nothing
  std::map<std::string, MadeRevision> made_;            // by key: the last revision that was to be made
  std::set<std::string> gone_;  // keys of Workflows that the API server has just said it does not have
  runtime::WorkQueue queue_;    // last: it goes first
};

}  // namespace ork::reconcile
