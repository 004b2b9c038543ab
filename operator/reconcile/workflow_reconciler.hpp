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
  std::size_t queue_depth() const { return queue_.depth(); }
  // Of these Workflows nothing is under way any more: what is known of them beyond the mirror is forgotten.
  void let_go(const std::function<bool(std::string_view share_key)>& which);

 private:
  using Answer = Result<kube::Response, kube::Error>;

  void process(const std::string& key);
  void create_revision(const std::string& key, const std::string& ns, const workflow::NewRevision& revision);
  void delete_revision(const std::string& key, const std::string& ns, const workflow::OldRevision& revision);
  void retry(const std::string& key, const kube::Error& error);
  // Of the schedule, as it is known: what a view shows, and what was made and is yet to be shown.
  void add_scheduled(const std::string& key, const RunReconciler::Runs& runs, workflow::WorkflowSnapshot& snapshot);
  bool is_fresh(const std::string& key, const api::Workflow& workflow);
  void create_run(const std::string& key, const api::Workflow& workflow, const workflow::NewRun& run);
  // False: it can't be read.
  bool note_made(const std::string& body);
  // A run of that name exists, and no view has shown it as the schedule's.
  void check_existing_run(const std::string& key, const std::string& ns, const std::string& name,
                          const std::string& workflow_uid);
  void cancel_run(const std::string& key, const std::string& ns, const std::string& name);
  void look_up(const std::string& key, const workflow::WorkflowSnapshot& snapshot);
  void write_status(const std::string& key, const api::Workflow& workflow, api::WorkflowStatus status);
  void delete_expired_runs(const std::string& key, const workflow::WorkflowSnapshot& snapshot);
  // Sends a request unless one of that id is under way for the key; failures bring the key back later.
  void send(const std::string& key, const std::string& id, kube::Request request,
            std::function<void(const kube::Response&)> on_done);

  struct MadeRevision {
    std::string name;
    runtime::Instant at;
  };

  // The last run that a schedule has wanted.
  struct WantedRun {
    std::string workflow_uid;
    std::string name;
    std::string refused;  // why there will be none; empty: it was made
  };

  ReconcileContext context_;
  RunReconciler& runs_;
  FreshViews views_;
  std::set<std::string> under_way_;                     // "key id" of requests without an answer
  std::map<std::string, runtime::Instant> not_before_;  // by key: until then the server wishes to hear nothing
  std::map<std::string, MadeRevision> made_;            // by key: the last revision that was to be made
  std::map<std::string, WantedRun> wanted_;             // by key
  std::map<std::string, std::string> unknown_;          // by key: a run whose create may have been carried out
  std::set<std::string> gone_;  // keys of Workflows that the API server has just said it does not have
  runtime::WorkQueue queue_;    // last: it goes first
};

}  // namespace ork::reconcile
