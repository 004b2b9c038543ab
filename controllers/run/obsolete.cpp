#include "controllers/run/obsolete.hpp"

#include <algorithm>
#include <unordered_map>

#include "controllers/jobs/outcome.hpp"

namespace ork::run {
namespace {

using api::Phase;

bool given_up(const api::TaskStatus& task, const api::Job& job) {
  if (task.attempt != job.attempt) return task.attempt > job.attempt || task.phase == Phase::Cancelled;
  return task.phase == Phase::Retrying || task.phase == Phase::Failed || task.phase == Phase::Cancelled;
}

// The Job is not finished.
bool still_runs(const ObservedJob& observed, const api::TaskStatus& task) {
  // A fan-out whose status was stripped of its indexes: then only the Job itself knows.
  if (observed.job->indexed && task.count == 0) return true;
  const jobs::Outcome outcome = task.count > 0
                                    ? jobs::fan_out_outcome_of(*observed.job, observed.pods, task.count, task.succeeded_indexes)
                                    : jobs::outcome_of(*observed.job, observed.pods);
  return outcome.state == jobs::State::Waiting || outcome.state == jobs::State::Running;
}

}  // namespace

std::vector<OldJob> obsolete_jobs(const Snapshot& snapshot) {
  std::vector<OldJob> out;
  std::unordered_map<std::string_view, const api::TaskStatus*> stored;
  for (const ObservedJob& observed : snapshot.jobs) {
    const api::Job& job = *observed.job;
    if (job.deleted || job.finished || job.meta.deleting) continue;
    if (stored.empty()) {
      for (const api::TaskStatusPtr& task : snapshot.run->status.tasks) stored.emplace(task->name, task.get());
    }
    const auto it = stored.find(job.task);
    if (it != stored.end() && given_up(*it->second, job) && still_runs(observed, *it->second)) {
      out.push_back({job.meta.name, job.meta.uid});
    }
  }
  std::sort(out.begin(), out.end(), [](const OldJob& a, const OldJob& b) { return a.name < b.name; });
  return out;
}

}  // namespace ork::run
