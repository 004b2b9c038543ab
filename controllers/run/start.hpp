#pragma once

// Which tasks start now: those whose upstream allows it, in the graph's order, as far as the run's
// parallelism goes; and the Jobs that start them.

#include <span>
#include <vector>

#include "controllers/run/plan.hpp"
#include "controllers/run/task_progress.hpp"

namespace ork::run {

struct StartInput {
  const Snapshot& snapshot;
  const api::Json& params;  // resolved
  api::TimeMs now = 0;
  std::span<const std::int64_t> slots;  // by task: Pods that run or may start
  const std::vector<bool>& retry_due;   // by task
};

// Edits `tasks` (by task; entries are replaced, never edited in place) and adds to plan.create and
// plan.wake_ms. A wide fan-out that does not fit yet is not overtaken: else it might never start.
void start_tasks(const StartInput& input, std::vector<api::TaskStatusPtr>& tasks, Plan& plan);

// What the upstream of a task that has not started means for it.
enum class Upstream { Ready, NotDone, Failed };
Upstream upstream_of(const workflow::Definition& definition, int task, std::span<const api::TaskStatusPtr> tasks);

}  // namespace ork::run
