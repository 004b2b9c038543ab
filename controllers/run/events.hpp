#pragma once

// Kubernetes Events of a run: what changed between the stored status and the next, for
// `kubectl describe`. Few: one at the end, one for each failure; never one per task. An Event costs
// the API server as much as a status write.

#include <vector>

#include "controllers/run/plan.hpp"

namespace ork::run {

std::vector<Event> events_between(const api::RunStatus& stored, const api::RunStatus& next);

}  // namespace ork::run
