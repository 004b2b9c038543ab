#include "controllers/run/obsolete.hpp"

#include <algorithm>
#include <unordered_map>

#include "controllers/jobs/outcome.hpp"
#include "controllers/run/actions.hpp"
#include "controllers/run/task_progress.hpp"
#include "controllers/run/tolerance.hpp"

namespace ork::run {
namespace {

using api::Phase;

// The Job is not finished.
bool still_runs(const ObservedJob& observed, const api::TaskStatus& task) {
  // A fan-out whose status was stripped of its indexes: then only the Job itself knows.
  if (observed.job->indexed && task.count == 0) return true;
  const jobs::Outcome outcome =
      task.count > 0 ? jobs::fan_out_outcome_of(*observed.job, observed.pods, task.count, task.succeeded_indexes)
                     : jobs::outcome_of(*observed.job, observed.pods);
  return outcome.state == jobs::State::Waiting || outcome.state == jobs::State::Running;
}

// The next attempt waits until its Pods are gone. Whoever stored that it is Retrying may know more of its Job than this
// view shows, which still holds it for running.
bool is_followed(const api::TaskStatus& task) { return is_stopped(task) || task.phase == Phase::Retrying; }

// The stored status of a task by its name: by its place in the definition where it stands there, as
// it nearly always does; by a table, made when first needed, for the rest and for finished runs.
class StoredTasks {
 public:
  explicit StoredTasks(const Snapshot& snapshot)
      : definition_(snapshot.definition.get()), tasks_(snapshot.run->status.tasks) {}

  const api::TaskStatus* find(std::string_view name) {
    const int place = definition_ == nullptr ? -1 : definition_->index_of(name);
    const auto i = static_cast<std::size_t>(place);
    if (place >= 0 && i < tasks_.size() && tasks_[i]->name == name) return tasks_[i].get();
    if (by_name_.empty()) {
      for (const api::TaskStatusPtr& task : tasks_) by_name_.emplace(task->name, task.get());
    }
    const auto it = by_name_.find(name);
    return it == by_name_.end() ? nullptr : it->second;
  }

 private:
  const workflow::Definition* definition_;
  const std::vector<api::TaskStatusPtr>& tasks_;
  std::unordered_map<std::string_view, const api::TaskStatus*> by_name_;
};

}  // namespace

// A younger one than its task has ended with was made by who could not know of that end: nobody will look at it.
bool is_given_up(const api::TaskStatus& task, int attempt) {
  if (task.attempt != attempt) return task.attempt > attempt || api::is_final(task.phase);
  // What never started may be among what is tolerated.
  if (task.phase == Phase::Succeeded) return task.reason == reason_marked_succeeded || task.reason == reason_tolerated;
  return task.phase == Phase::Retrying || task.phase == Phase::Failed || task.phase == Phase::Cancelled;
}

std::vector<OldJob> obsolete_jobs(const Snapshot& snapshot) {
  std::vector<OldJob> out;
  StoredTasks stored(snapshot);
  for (const ObservedJob& observed : snapshot.jobs) {
    const api::Job& job = *observed.job;
    if (job.deleted || job.finished || job.meta.deleting) continue;
    const api::TaskStatus* task = stored.find(job.task);
    if (task != nullptr && is_given_up(*task, job.attempt) && still_runs(observed, *task))
      out.push_back({job.meta.name, job.meta.uid, is_followed(*task)});
  }
  std::sort(out.begin(), out.end(), [](const OldJob& a, const OldJob& b) { return a.name < b.name; });
  return out;
}

}  // namespace ork::run
