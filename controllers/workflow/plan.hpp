#pragma once

// What to do about one Workflow: keep its revisions, and say in its status whether it is right.
// Same snapshot, same plan; a plan that was carried out is followed by one that does nothing.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controllers/api/revision.hpp"
#include "controllers/api/workflow.hpp"
#include "controllers/workflow/compile.hpp"
#include "controllers/workflow/history.hpp"
#include "controllers/workflow/schedule.hpp"

namespace ork::workflow {

// A Workflow's spec compiled, and of which state of which object.
struct CompiledWorkflow {
  std::string uid;
  std::int64_t generation = 0;
  std::shared_ptr<const Definition> definition;  // null where there are problems
  std::vector<Problem> problems;
};

CompiledWorkflow compile_workflow(const api::Workflow& workflow);
// False: the spec has changed since, compile it again.
bool is_current(const CompiledWorkflow& compiled, const api::Workflow& workflow);

struct WorkflowSnapshot {
  std::string ns;
  std::string name;
  const api::Workflow* workflow = nullptr;      // null: no view shows one
  bool gone = false;                            // the API server was asked, and has none
  const CompiledWorkflow* compiled = nullptr;   // of `workflow`, current; null iff that is null
  std::vector<const api::Revision*> revisions;  // those labelled with this name, in any order
  std::set<std::string, std::less<>> pinned;    // revisions that runs not yet finished use
  std::vector<ScheduledRun> scheduled;          // runs that the schedule has made
  std::optional<RefusedRun> refused;            // one of those that it wanted, the last
  api::UtcOffset utc_offset_s = nullptr;        // null: no zone has a name
  std::vector<FinishedRun> finished;            // its runs that have ended, in any order
};

struct NewRevision {
  std::string name;
  api::Json body;
};

struct OldRevision {
  std::string name;
  std::string uid;  // delete only this one
  friend bool operator==(const OldRevision&, const OldRevision&) = default;
};

struct WorkflowPlan {
  std::optional<NewRevision> create_revision;
  std::vector<OldRevision> delete_revisions;  // oldest first
  // Kinds are watched apart: a revision whose Workflow no view shows yet is no proof that there is none. Undecided
  // until the API server has been asked for the Workflow.
  bool look_up_workflow = false;
  std::optional<NewRun> create_run;
  std::vector<std::string> cancel_runs;  // names
  std::optional<api::TimeMs> wake_ms;    // look again then, whatever happens
  // The status to write, where status_changed; meaningless where the Workflow is gone.
  api::WorkflowStatus status;
  bool status_changed = false;

  // There is nothing to do now.
  bool empty() const {
    return !create_revision && delete_revisions.empty() && !look_up_workflow && !create_run && cancel_runs.empty() &&
           !status_changed;
  }
};

// Ready turns True once the snapshot shows the revision that holds the spec, so a new spec takes two
// plans: the first creates the revision and leaves the status alone, the second writes the status.
// A spec with problems is Ready=False and Stalled=True at once; status.revision keeps naming the
// last good one. `now` is only for lastTransitionTime.
WorkflowPlan plan(const WorkflowSnapshot& snapshot, api::TimeMs now);

}  // namespace ork::workflow
