#pragma once

// From the stores to the values that the controllers decide on. No request is made.

#include "controllers/run/snapshot.hpp"
#include "controllers/workflow/plan.hpp"
#include "operator/reconcile/definitions.hpp"
#include "operator/reconcile/mirror.hpp"
#include "operator/reconcile/run_activity.hpp"

namespace ork::reconcile {

// Whether the stored status does not tell yet how this Job of the run has ended.
bool still_counts(const api::WorkflowRun& run, const api::Job& job);
// Keeps the definition it found in `activity`. Pointers are valid until the mirror changes. `clock` is only read.
run::Snapshot gather_run(const Mirror& mirror, Definitions& definitions, const api::WorkflowRun& run,
                         RunActivity& activity, const runtime::Loop& clock);

// `pinned` comes from the runs that name this Workflow and are not finished.
workflow::WorkflowSnapshot gather_workflow(const Mirror& mirror, Definitions& definitions, const std::string& key,
                                           std::set<std::string, std::less<>> pinned);

}  // namespace ork::reconcile
