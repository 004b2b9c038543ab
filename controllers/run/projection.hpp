#pragma once

// From the tasks to what the run as a whole shows: counts, phase, progress, conditions.

#include <string>
#include <string_view>

#include "controllers/run/snapshot.hpp"

namespace ork::run {

// Hooks don't count.
api::TaskCounts count_tasks(const std::vector<api::TaskStatusPtr>& tasks);

// What the run's condition Succeeded says, and with it all the others.
struct Verdict {
  api::Phase phase = api::Phase::Running;
  std::string reason;  // CamelCase
  std::string message;
  bool is_before_start = false;  // nothing has begun: there is no time of a start yet, and no revision is pinned
};

// The verdict on a run whose tasks stand as they do, whatever its hooks do; final once all of the tasks are.
Verdict verdict_of(const Snapshot& snapshot, const std::vector<api::TaskStatusPtr>& tasks,
                   const api::TaskCounts& counts);

// Writes phase, conditions, counts, progress, times and message into `status`, whose tasks are set.
void project(const Snapshot& snapshot, const Verdict& verdict, api::TimeMs now, api::RunStatus& status);

// True where storing `next` would tell anybody anything: all but the duration of a run still going.
bool differs(const api::RunStatus& stored, const api::RunStatus& next);

}  // namespace ork::run
