#pragma once

// Child runs, as the attempts that they are of the tasks that are workflows. To its task a child run is what a Job is
// to another: so it is shown as one, under the name that a Job of that attempt would have; in a fan-out all runs of an
// attempt together.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/jobs/outcome.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// As a Job of that attempt; of a fan-out as the Pod of that index would be. `index` -1: there is none.
std::string child_name(const api::ObjectMeta& parent, std::string_view task, int attempt, std::int64_t index);

// What has to be created for it: a WorkflowRun as JSON. `workflow`: the parent's, empty for an inline one.
struct ChildRequest {
  const api::WorkflowRun& parent;
  std::string_view workflow;
  std::string_view calls;  // the Workflow that it runs
  const api::ChildOf& of;
  const api::Json& params;
  const api::QueueLabels& queue;
};
std::string build_child(const ChildRequest& request);

// Points into the snapshot, and into itself.
class Children {
 public:
  explicit Children(const Snapshot& snapshot);
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  // One for each attempt of which there is a run. Those that are called otherwise, or claim a task that is none of
  // the definition's, are left out.
  const std::deque<ObservedJob>& attempts() const { return attempts_; }
  // nullptr: no run of it is there.
  const ObservedJob* find(std::string_view task, int attempt) const;

 private:
  std::deque<api::Job> jobs_;
  std::deque<ObservedJob> attempts_;
};

// What became of a run, as of an attempt.
jobs::Outcome outcome_of_run(const api::WorkflowRun& run);

// What became of an attempt. `count`: of indexes, 0 where the task does not fan out; `done`: those that earlier
// attempts completed.
jobs::Outcome outcome_of_children(const ObservedJob& attempt, std::int64_t count, const api::IndexSet& done);

// Whether the parent, by its stored status, has given up the attempt that this run is.
bool is_unwanted(const api::WorkflowRun& parent, const api::ChildOf& child);

}  // namespace ork::run
