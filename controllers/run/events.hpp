#pragma once

// Kubernetes Events of a run: what changed between the stored status and the next, for
// `kubectl describe`. Few: one at the start, one at the end, one for a failure; never one per task.

#include <vector>

#include "controllers/run/plan.hpp"

namespace ork::run {

std::vector<Event> events_between(const api::RunStatus& stored, const api::RunStatus& next);

}  // namespace ork::run
