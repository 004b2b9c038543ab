#include "controllers/run/beginning.hpp"

#include <algorithm>

#include "controllers/run/limits.hpp"

namespace ork::run {
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

Placement placement_of(const ObservedJob& observed) {
  const api::Job& job = *observed.job;
  if (job.complete || job.failed || job.finished || job.deleted || job.meta.deleting) return Placement::None;
  if (job.suspended && !job.unseeded) return Placement::None;
  Placement out = Placement::OnItsWay;
  for (const api::Pod* pod : observed.pods) {
    if (!pod->node.empty() || pod->phase != api::PodPhase::Pending) return Placement::Placed;
    if (pod->unschedulable) out = Placement::NoRoom;
  }
  return out;
}

UnplacedJobs unplaced_jobs(const Snapshot& snapshot) {
  if (api::is_final(snapshot.run->status.phase) || snapshot.run->meta.deleting) return {};
  UnplacedJobs out{.all = snapshot.creating.size()};
  for (const ObservedJob& observed : snapshot.jobs) {
    const Placement placement = placement_of(observed);
    out.all += placement == Placement::OnItsWay || placement == Placement::NoRoom ? 1 : 0;
    out.without_room += placement == Placement::NoRoom ? 1 : 0;
  }
  return out;
}

}  // namespace ork::run
