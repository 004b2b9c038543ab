#pragma once

// By which labels a run's Jobs stand in a queue (see api::QueueLabels). Each label is taken from where it is said most
// closely: the task's podTemplate, then the run, then its Workflow.

#include "controllers/api/queue_labels.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// Of all its tasks: what a child run is made with.
api::QueueLabels queue_labels_of(const Snapshot& snapshot);

api::QueueLabels queue_labels_of(const Snapshot& snapshot, const workflow::CompiledTask& task);

}  // namespace ork::run
