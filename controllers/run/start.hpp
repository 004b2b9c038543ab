#pragma once

// Which tasks start now: those whose turn it is and whose `when` is true, in the graph's order, as far as the run's
// parallelism goes; and the Jobs and child runs that start them. Those that never will end here.

#include <span>
#include <vector>

#include "controllers/run/children.hpp"
#include "controllers/run/hooks.hpp"
#include "controllers/run/plan.hpp"
#include "controllers/run/task_progress.hpp"

namespace ork::run {

// The name of the Job of its next attempt, and whether its create is on its way, or that of a child run in its place.
std::string next_job(const Snapshot& snapshot, const api::TaskStatus& task);
bool is_creating(const Snapshot& snapshot, const api::TaskStatus& task);

struct StartInput {
  const Snapshot& snapshot;
  const api::Json& params;  // resolved
  api::TimeMs now = 0;
  std::span<const std::int64_t> slots;  // by task: Pods that run or may start
  const std::vector<bool>& retry_due;   // by task
  std::span<const HookTurn> hooks;      // by hook
  const Children& children;
};

// Edits `tasks` (by task; entries are replaced, never edited in place) and adds to plan.create and
// plan.wake_ms. Hooks take no room in the parallelism. A wide fan-out that does not fit yet is not overtaken: else it
// might never start. Whether a cache answers is stored first: where that has just been decided of some task, nothing is
// created.
void start_tasks(const StartInput& input, std::vector<api::TaskStatusPtr>& tasks, Plan& plan);

}  // namespace ork::run
