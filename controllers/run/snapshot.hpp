#pragma once

// Everything that plan() may know of a run, at one moment. Gathered from the stores without a
// request; pointers stay valid while plan() runs.

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/job.hpp"
#include "controllers/api/pod.hpp"
#include "controllers/api/workflow_run.hpp"
#include "controllers/run/awaited_object.hpp"
#include "controllers/run/cached_results.hpp"
#include "controllers/run/missing.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::run {

// A Job whose controller owner is this run, and the Pods whose controller owner is that Job. One
// that is gone from the cluster stays (job->deleted) until its outcome is in the stored status.
struct ObservedJob {
  const api::Job* job = nullptr;
  std::vector<const api::Pod*> pods;
  // Of a task that is a workflow: its attempt's runs, which the Job stands for. At least one.
  std::vector<const api::WorkflowRun*> children = {};
};

// The run that this one is a child of, as it is stored.
struct ParentRun {
  const api::WorkflowRun* run = nullptr;
  bool suspended = false;              // it is, or one that it is a child of in turn
  std::vector<std::string> workflows;  // of it and of those above, the outermost first; "" for an inline one
};

// A Job that the API server did not take, and what it said. Known only to this process: after a
// restart the create is tried again.
struct RefusedJob {
  std::string name;
  std::string message;
  bool final = false;        // the same Job will never be taken (invalid, forbidden by policy)
  api::TimeMs retry_ms = 0;  // else: not before
};

// Where the definition comes from.
enum class DefinitionState {
  Found,
  WorkflowMissing,    // spec.workflowRef names none
  WorkflowInvalid,    // it exists and has problems (an inline one too)
  WorkflowSuspended,  // it exists, and lets no run start
  NotYetReady,        // it exists, is valid, and its revision is about to be stored
  RevisionMissing,    // the run pins a revision that is gone
};

// The run that spec.rerunOf names, or one that has a result under a cache key, as the API server has answered: what is
// held of finished runs is less.
struct EarlierRun {
  std::shared_ptr<const api::WorkflowRun> run;             // null: there is a problem
  std::shared_ptr<const workflow::Definition> definition;  // what it ran; null: its revision is not seen
  std::string problem;                                     // why nothing can be made of the answer; else empty
};

struct Snapshot {
  const api::WorkflowRun* run = nullptr;
  // What is stored of the run where its status above is still on its way; nullptr: the same.
  const api::RunStatus* stored = nullptr;
  DefinitionState definition_state = DefinitionState::Found;
  std::shared_ptr<const workflow::Definition> definition;  // set iff Found
  std::string workflow_name;                               // spec.workflowRef.name; empty for an inline one
  const api::QueueLabels* workflow_queue = nullptr;        // that Workflow's, as it is now; nullptr: it is not there
  std::string revision;                                    // what to pin (or is pinned); empty for an inline one
  std::string problems;           // WorkflowInvalid: workflow::describe of them; WorkflowSuspended: why
  std::vector<ObservedJob> jobs;  // in any order
  std::optional<ParentRun> parent;
  std::vector<const api::WorkflowRun*> children;  // runs whose controller owner is this one, in any order
  // Runs that tasks wait for, by the names that the status tells; those that are there.
  std::map<std::string, const api::WorkflowRun*> awaited;
  // The same of Kubernetes objects, as far as earlier plans have asked for them.
  std::map<ObjectReference, AwaitedObject> awaited_objects;
  std::vector<RefusedJob> refused;
  // Its turn among the runs that want to begin has come; controllers/backlog.
  bool may_begin = true;
  // Names of Jobs and child runs whose create is on its way: not to be created again, and not yet to be named in a
  // status, which never names a Job that was not seen to exist.
  std::set<std::string, std::less<>> creating;
  // What an earlier plan wanted looked up, and the API server does not have.
  std::set<Missing> gone;
  // For how long this process has known the run, by a clock that nobody sets.
  api::DurationMs known_ms = std::numeric_limits<api::DurationMs>::max();
  // By name, as far as earlier plans have wanted them looked up and the last one has consulted them.
  std::map<std::string, EarlierRun, std::less<>> earlier;
  const CachedResults* results = nullptr;  // of finished runs; nullptr: none
  // For expressions. nullptr: no zone has a name, only an offset.
  api::UtcOffset utc_offset_s = nullptr;

  // Nothing new is to start.
  bool is_suspended() const { return run->spec.suspend || (parent && parent->suspended); }
};

}  // namespace ork::run
