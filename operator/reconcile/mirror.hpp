#pragma once

// What the operator knows of the cluster: one store a kind, kept in step by the watchers, and the
// indexes between kinds. Nothing is decided here; everything can be rebuilt from a list.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "controllers/api/job.hpp"
#include "controllers/api/pod.hpp"
#include "controllers/api/revision.hpp"
#include "controllers/api/workflow.hpp"
#include "controllers/api/workflow_run.hpp"
#include "controllers/run/cached_results.hpp"
#include "operator/reconcile/store_sink.hpp"
#include "operator/runtime/store.hpp"

namespace ork::reconcile {

// A Job that no watch shows any more, with its Pods as they were last seen. It may be gone from the cluster; or
// somebody has taken off its label, or its owner. Only once the API server has been asked is it marked as deleted.
struct LostJob {
  api::Job job;
  std::vector<api::Pod> pods;
};

// Whom to tell that something has changed. Keys are "namespace/name".
struct MirrorListener {
  std::function<void(const std::string& run_key)> run_changed;
  std::function<void(const api::WorkflowRun&)> run_gone;
  std::function<void(const std::string& workflow_key)> workflow_changed;
};

class Mirror {
 public:
  explicit Mirror(MirrorListener listener);

  runtime::Store<api::WorkflowRun> runs;
  runtime::Store<api::Workflow> workflows;
  runtime::Store<api::Revision> revisions;
  runtime::Store<api::Job> jobs;
  runtime::Store<api::Pod> pods;
  const run::CachedResults& results() const { return results_; }

  // One for each kind's watcher. Owned by the mirror.
  runtime::Sink& run_sink() { return run_sink_; }
  runtime::Sink& workflow_sink() { return workflow_sink_; }
  runtime::Sink& revision_sink() { return revision_sink_; }
  runtime::Sink& job_sink() { return job_sink_; }
  runtime::Sink& pod_sink() { return pod_sink_; }

  // The runs that name a Workflow, by key, in key order; and the revisions of one.
  std::vector<const api::WorkflowRun*> runs_of(std::string_view workflow_key) const;
  std::vector<const api::Revision*> revisions_of(std::string_view workflow_key) const;

  // Pods of a Job of a live run that are gone and had ended: what they said of their end is not forgotten before it
  // is stored. nullptr: none.
  const std::vector<api::Pod>* ended_pods(const std::string& job_uid) const;

  // Jobs of a run that were lost before their outcome was stored.
  const std::vector<LostJob>* lost_jobs(std::string_view run_uid) const;
  void forget_lost_job(const std::string& run_uid, const std::string& job_uid);
  // The API server has no Job of that name that is the run's.
  void confirm_lost_job(const std::string& run_uid, const std::string& job);

  // A child run as we have just made it.
  void note_made(api::WorkflowRun run);

  // A run as we have just written it. Once it is final its finished Jobs and their Pods are dropped:
  // a history of thousands of runs costs a few hundred bytes each.
  void note_written(api::WorkflowRun run);

 private:
  // Of a finished run only what is needed is held.
  void trim(api::WorkflowRun& run);
  bool keep_job(const api::Job& job) const;
  void job_changed(const api::Job& job);
  void job_gone(api::Job job);
  // Before a new state of it is taken in: whether it is another's from now on.
  void note_owner(const api::Job& job);
  void pod_changed(const api::Pod& pod);
  void pod_gone(const api::Pod& pod);
  void run_changed(const api::WorkflowRun& run);
  void run_gone(const api::WorkflowRun& run);
  // The run that it is a child of.
  void tell_parent(const api::WorkflowRun& run);
  // Those of its children that it does not wait for any more.
  void tell_unwanted(const api::WorkflowRun& run);
  // Before a new state of it is taken in: where its suspension is another from now on, so is that of all below it.
  void note_suspension(const api::WorkflowRun& run);
  void tell_all_below(const std::string& run_uid, std::size_t depth);
  void drop_pods_of(const api::Job& job);
  // Of a run that is final: its finished Jobs, with their Pods.
  void forget_work_of(const std::string& run_uid);
  const api::WorkflowRun* run_of(const api::Job& job) const;

  MirrorListener listener_;
  std::unordered_map<std::string, std::vector<LostJob>> lost_;               // by run uid
  std::unordered_map<std::string, std::vector<api::Pod>> ended_pods_;        // by Job uid
  std::unordered_map<std::string, std::set<std::string>> runs_of_workflow_;  // workflow key -> run keys
  std::unordered_map<std::string, std::set<std::string>> revisions_of_workflow_;
  run::CachedResults results_;
  std::string pod_run_uid_;  // of the Pod being read

  StoreSink<api::WorkflowRun> run_sink_;
  StoreSink<api::Workflow> workflow_sink_;
  StoreSink<api::Revision> revision_sink_;
  StoreSink<api::Job> job_sink_;
  StoreSink<api::Pod> pod_sink_;
};

// The key of the Workflow that a run names; empty for an inline one.
std::string workflow_key_of(const api::WorkflowRun& run);
// The key of the Workflow that a revision is of.
std::string workflow_key_of(const api::Revision& revision);

// By this replicas share the work: a Workflow and its runs are one replica's. That of a Workflow is its key.
std::string share_key_of(const api::WorkflowRun& run);

// A finished run without what nobody will ask for again: only the tasks whose Jobs may still have to
// be deleted are left, and the conditions, which hold for a wish that comes too late as well.
void trim_finished(api::WorkflowRun& run);

}  // namespace ork::reconcile
