#pragma once

// The loop of one kind: a run's key comes off the queue, a Snapshot is gathered, the plan is made,
// and its parts are sent. Nothing is waited for: each answer changes the mirror or the run's
// activity and puts the key back, so that the next plan starts from what is known then.
//
//   watch event -> queue -> gather -> run::plan -> creates, seeds, status, removes -> answers -> queue

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "controllers/backlog/line.hpp"
#include "controllers/backlog/window.hpp"
#include "controllers/run/plan.hpp"
#include "operator/kube/transport.hpp"
#include "operator/reconcile/definitions.hpp"
#include "operator/reconcile/event_recorder.hpp"
#include "operator/reconcile/fresh_views.hpp"
#include "operator/reconcile/mirror.hpp"
#include "operator/reconcile/object_watches.hpp"
#include "operator/reconcile/observer.hpp"
#include "operator/reconcile/run_activity.hpp"
#include "operator/reconcile/status_pacer.hpp"
#include "operator/runtime/work_queue.hpp"

namespace ork::reconcile {

struct ReconcileStats {
  std::uint64_t plans = 0;
  std::uint64_t jobs_created = 0;
  std::uint64_t status_writes = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;  // requests that failed, conflicts aside
};

// What the reconcilers need of the rest. All must outlive them.
struct ReconcileContext {
  kube::Transport& transport;
  runtime::Loop& loop;
  Mirror& mirror;
  Definitions& definitions;
  EventRecorder& events;
  // False: it is another replica's, or may be by now; nothing is sent.
  std::function<bool(std::string_view share_key)> works_on;
  // A request failed in a way that a person should read about.
  std::function<void(const std::string& what)> trouble;
  Observer* observer = nullptr;  // may be null
  // As in OperatorHooks.
  std::function<std::uint64_t(std::string_view share_key)> taken_at = {};
  std::size_t unplaced_tasks = limits::unplaced_tasks;
};

class RunReconciler {
 public:
  explicit RunReconciler(ReconcileContext context);

  void add(const std::string& key) { queue_.add(key); }
  // A run is another than it was, or is new: so others may be that wait for it.
  void changed(const std::string& key);
  // The run is gone: what was under way for it is forgotten.
  void gone(const api::WorkflowRun& run);
  // Of runs with such a share key nothing is under way any more: what is known of them beyond the mirror is forgotten.
  void let_go(const std::function<bool(std::string_view share_key)>& which);
  // Called with the key of a Workflow one of whose runs has pinned a revision, or has finished.
  void on_workflow_concerned(std::function<void(const std::string&)> hook) { workflow_concerned_ = std::move(hook); }

  using Runs = std::vector<const api::WorkflowRun*>;
  // Revisions that the unfinished of these runs use.
  std::set<std::string, std::less<>> pinned_revisions(const Runs& runs) const;
  // Something about their Workflow is new: those that wait for it look again.
  void wake_waiting(const Runs& runs);
  const ReconcileStats& stats() const { return stats_; }
  std::size_t queue_depth() const { return queue_.depth(); }
  const backlog::Line& line() const { return line_; }

 private:
  using Answer = Result<kube::Response, kube::Error>;

  void process(const std::string& key);
  // True: nothing is decided of it now; the key comes back for it.
  bool has_to_wait(const std::string& key, const api::WorkflowRun& run, RunActivity& activity);
  void decide(const std::string& key, const api::WorkflowRun& run, RunActivity& activity);
  // Where the run stands in line after this plan of it, and whom that lets in.
  void keep_line(const std::string& key, const run::Snapshot& snapshot, const run::Plan& plan);
  void let_in();
  void time_placements(const run::Snapshot& snapshot, RunActivity& activity);
  bool is_fresh(const std::string& key, const api::WorkflowRun& run);
  void carry_out(const std::string& key, const api::WorkflowRun& run, RunActivity& activity, run::Plan plan);
  void store_held(const std::string& key, const api::WorkflowRun& run, RunActivity& activity);
  // creates.cpp
  void create_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity, run::NewJob job);
  void create_items(const std::string& key, const api::WorkflowRun& run, const run::NewJob& job);
  void on_created(const std::string& key, const std::string& uid, const run::NewJob& job, const Answer& answer);
  bool is_known(const std::string& uid, std::string_view ns, const run::NewJob& job) const;
  bool note_created(RunActivity& activity, const run::NewJob& job, std::string_view body);
  void check_existing(const std::string& key, const std::string& uid, const run::NewJob& job);
  bool note_existing(const std::string& key, RunActivity& activity, const run::NewJob& job, std::string_view body);
  void tell_of_failed_create(const RunActivity& activity, const std::string& job, const kube::Error& error);
  void ask_again(const std::string& key, RunActivity& activity, const run::NewJob& job, const kube::Error& error);
  void look_up_unknown_creates(const std::string& key, RunActivity& activity);
  void refuse(RunActivity& activity, const std::string& job, const kube::Error& error);
  // other_runs.cpp
  void await(const std::string& key, const api::WorkflowRun& run, RunActivity& activity, const run::Plan& plan);
  void wake_those_that_wait_for(const std::string& key);
  // run_reconciler.cpp
  void seed_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity, run::SeedJob seed);
  void on_seeded(const std::string& key, const std::string& uid, const run::SeedJob& seed, const Answer& answer);
  void remove_job(const std::string& key, const api::WorkflowRun& run, RunActivity& activity, const run::OldJob& job);
  void look_up_lost_jobs(const std::string& key, const api::WorkflowRun& run, RunActivity& activity);
  void look_up_missing(const std::string& key, const api::WorkflowRun& run, RunActivity& activity,
                       const run::Missing& missing);
  void look_up_earlier(const std::string& key, const api::WorkflowRun& run, const run::Missing& missing);
  void on_looked_up(const std::string& key, const std::string& uid, const run::Missing& missing,
                    const Result<bool, kube::Error>& there);
  // False: not now; the key comes back for it.
  bool write_status(const std::string& key, const api::WorkflowRun& run, RunActivity& activity, run::Plan& plan);
  struct WrittenStatus {
    api::WorkflowRun run;
    std::shared_ptr<const api::RunStatus> before;  // for the observer; null: there is none
    std::vector<run::Event> events;
  };
  void on_status_written(const std::string& key, WrittenStatus written, const Answer& answer);
  void delete_run(const std::string& key, const api::WorkflowRun& run, RunActivity& activity);
  // A line about the run.
  void tell(const RunActivity& activity, const std::string& what) const;
  void failed(const std::string& key, RunActivity& activity, const kube::Error& error);

  // The activity of a run that is still the same one; nullptr: it is gone, or another has its name.
  RunActivity* activity_of(const std::string& key, const std::string& uid);
  runtime::Duration backoff(int failures) const;

  ReconcileContext context_;
  StatusPacer pacer_;
  backlog::Window window_;
  backlog::Line line_;
  std::unordered_map<std::string, RunActivity> activities_;            // by key
  std::unordered_map<std::string, std::set<std::string>> awaited_by_;  // key of a run -> keys of runs
  ObjectWatches objects_;
  FreshViews views_;
  std::function<void(const std::string&)> workflow_concerned_;
  ReconcileStats stats_;
  runtime::WorkQueue queue_;  // last: it goes first
};

}  // namespace ork::reconcile
