#include "controllers/run/beginning.hpp"

#include <algorithm>

#include "controllers/run/limits.hpp"

namespace ork::run {
namespace {

bool is_unplaced(const ObservedJob& observed) {
  const api::Job& job = *observed.job;
  if (job.complete || job.failed || job.finished || job.deleted || job.meta.deleting) return false;
  if (job.suspended && !job.unseeded) return false;
  return std::all_of(observed.pods.begin(), observed.pods.end(),
                     [](const api::Pod* pod) { return pod->node.empty() && pod->phase == api::PodPhase::Pending; });
}

}  // namespace

bool is_at_its_beginning(const Snapshot& snapshot) {
  const api::RunStatus& status = snapshot.run->status;
  return status.tasks.empty() && status.revision.empty() && status.start_ms == 0 && snapshot.jobs.empty() &&
         snapshot.creating.empty() && !snapshot.parent && !snapshot.is_suspended();
}

std::optional<Verdict> wait_for_turn(const Snapshot& snapshot, api::TimeMs now, Plan& plan) {
  if (snapshot.known_ms < turn_wait_told_ms && snapshot.run->status.observed_generation < 0) {
    plan.wake_ms = now + turn_wait_told_ms - snapshot.known_ms;
    return std::nullopt;
  }
  return Verdict{api::Phase::Pending, "Backlog",
                 "its turn has not come: as many tasks wait for a node as may; runs begin in the order they were made, "
                 "namespaces take turns",
                 true};
}

std::size_t unplaced_jobs(const Snapshot& snapshot) {
  if (api::is_final(snapshot.run->status.phase) || snapshot.run->meta.deleting) return 0;
  const auto shown = static_cast<std::size_t>(std::count_if(snapshot.jobs.begin(), snapshot.jobs.end(), is_unplaced));
  return shown + snapshot.creating.size();
}

}  // namespace ork::run
