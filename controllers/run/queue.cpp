#include "controllers/run/queue.hpp"

namespace ork::run {

using api::QueueLabels;

QueueLabels queue_labels_of(const Snapshot& snapshot) {
  QueueLabels out = snapshot.run->queue_labels;
  if (snapshot.workflow_queue != nullptr) out.insert(snapshot.workflow_queue->begin(), snapshot.workflow_queue->end());
  return out;
}

QueueLabels queue_labels_of(const Snapshot& snapshot, const workflow::CompiledTask& task) {
  const api::Json& pod = task.task.pod_template;
  QueueLabels out;
  if (pod.is_object() && pod.contains("metadata")) out = api::queue_labels_in(pod.at("metadata"));
  out.merge(queue_labels_of(snapshot));
  return out;
}

}  // namespace ork::run
