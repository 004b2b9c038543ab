#pragma once

// Jobs that still run although the stored status has given them up: of a cancelled task, of a run
// past its deadline, of an attempt that could not start. What ended by itself stays, for its logs.

#include <vector>

#include "controllers/run/plan.hpp"

namespace ork::run {

// Whether the task as it is stored no longer waits for what that attempt comes to.
bool is_given_up(const api::TaskStatus& task, int attempt);

// Looks only at the status as it is stored: an outcome is on record before its Job is deleted.
std::vector<OldJob> obsolete_jobs(const Snapshot& snapshot);

}  // namespace ork::run
