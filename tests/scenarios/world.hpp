#pragma once

// The smallest cluster that a run can be planned in: what an API server holds (the run as JSON, Jobs
// and Pods as values), and what one operator process remembers and would lose in a crash. No I/O and
// no time of its own. What the operator's reconcile loop does with a plan is done here at once, or not
// at all, as a scenario wants it.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "controllers/run/plan.hpp"

namespace ork::scenarios {

struct HeldJob {
  api::Job job;
  std::map<std::int64_t, api::Pod> pods;  // by index; -1 where the task does not fan out
  std::int64_t width = 1;                 // Pods at the same time
  std::int64_t count = 0;                 // of indexes; 0: no fan-out
};

// How the next requests are answered.
struct Weather {
  bool status_writes_fail = false;
  bool creates_hang = false;  // on their way; nothing is known of them yet
};

class World {
 public:
  // `workflow_spec` as in a Workflow; `run_spec` as in a WorkflowRun, without the Workflow. Inline: the run holds
  // its workflow itself, and pins no revision.
  World(const api::Json& workflow_spec, const api::Json& run_spec, bool is_inline = false);

  // One plan of what is known now; it is made twice, and both must be the same.
  run::Plan decide();
  // Does what the plan says, as far as the weather lets it. True: something is different now, so the
  // operator would plan again.
  bool carry_out(const run::Plan& plan);

  // The process dies and another takes over: what is not in the API is forgotten.
  void crash();
  // Creates on their way arrive.
  void answer_creates();

  const workflow::Definition& definition() const { return *definition_; }
  const api::RunStatus& status() const { return run_.status; }
  const api::WorkflowRun& run() const { return run_; }
  void edit_run_spec(const char* field, const api::Json& value);
  void add_action(const api::Json& action);
  // The run that this one may be a rerun of, or take results from; `workflow_spec` is what it ran. null: there is none
  // (any more).
  void set_earlier(const api::Json& run, const api::Json& workflow_spec);

  // The newest Job of a task that exists; nullptr: none does.
  HeldJob* job_of(std::string_view task);
  // The newest child run of a task that is a workflow, of that index where it fans out (else -1); nullptr: none is.
  api::WorkflowRun* child_of(std::string_view task, std::int64_t index);

  // A user, or the garbage collector of nodes, deletes it, and its Pods with it.
  void delete_job(const std::string& name);
  // Each Job's status as the Job controller sets it: from its Pods, a while after them.
  void sync_jobs();
  // What is deleted after its Pods goes once none of them lives.
  void collect_garbage();

  std::map<std::string, HeldJob> jobs;               // by name
  std::map<std::string, api::WorkflowRun> children;  // by name; how they stand is what a scenario says
  std::map<std::string, api::WorkflowRun> others;    // runs that are none of its own, by name
  std::map<run::ObjectReference, run::AwaitedObject> objects;
  std::optional<run::ParentRun> parent;  // where the run is a child
  api::WorkflowRun parent_run;
  std::map<std::string, run::RefusedJob> refuses;  // by task: creates that the API server refuses
  Weather weather;
  run::DefinitionState definition_state = run::DefinitionState::Found;
  std::string problems;
  bool run_deleted = false;
  api::TimeMs now = 1'795'262'400'000;  // 2026-11-21T12:00:00Z
  std::vector<std::string> created;     // names of all Jobs ever made, in order
  std::size_t bytes_written = 0;        // the bodies of all requests for Jobs and statuses
  const std::map<std::string, run::NewJob>& creating() const { return creating_; }
  const std::vector<HeldJob>& lost() const { return lost_; }

 private:
  run::Snapshot snapshot() const;
  void create(const run::NewJob& job);
  void create_child(const run::NewJob& child);
  void keep_items(const run::NewItems& items, std::int64_t count, const api::Json& pod_spec);
  void write_status(const api::RunStatus& next);
  void read_run();

  api::Json object_;      // the WorkflowRun as the API server holds it
  api::WorkflowRun run_;  // read from it
  std::shared_ptr<const workflow::Definition> definition_;
  // The process's memory.
  std::vector<HeldJob> lost_;
  std::map<std::string, run::RefusedJob> refused_;  // by Job name
  std::map<std::string, run::NewJob> creating_;
  std::map<std::string, std::string> items_;  // ConfigMaps: their bodies by name
  std::set<run::Missing> gone_;
  std::map<std::string, run::EarlierRun, std::less<>> asked_for_;  // as it was answered, by name
  run::CachedResults results_;                                     // as the operator has noted them

  run::EarlierRun earlier_;  // as the API server holds it
};

// A plan as JSON, all of it: what must be the same for the same snapshot.
api::Json as_json(const run::Plan& plan);

}  // namespace ork::scenarios
