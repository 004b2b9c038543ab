#pragma once

// What has to be sent to bring a run's stored status to the next one: a JSON Patch (RFC 6902) of the
// parts that changed, so that the bytes we send for a task do not grow with the size of its run.

#include <string>

#include "controllers/api/workflow_run.hpp"

namespace ork::run {

// `stored` is the status as the API server holds it, at run's resourceVersion; the patch sets that
// too, so that the server refuses it (409) where the object has moved on. A status that nobody has
// written yet, or that has other tasks than `next`, is replaced whole.
std::string status_patch(const api::WorkflowRun& run, const api::RunStatus& next);

}  // namespace ork::run
