#pragma once

// The kinds that the operator watches or writes, as the API server routes them.

#include "operator/kube/request.hpp"

namespace ork::reconcile {

inline const kube::Resource& workflows() {
  static const kube::Resource r{"ork.dev", "v1alpha1", "workflows", "Workflow"};
  return r;
}
inline const kube::Resource& workflow_runs() {
  static const kube::Resource r{"ork.dev", "v1alpha1", "workflowruns", "WorkflowRun"};
  return r;
}
inline const kube::Resource& controller_revisions() {
  static const kube::Resource r{"apps", "v1", "controllerrevisions", "ControllerRevision"};
  return r;
}
inline const kube::Resource& jobs() {
  static const kube::Resource r{"batch", "v1", "jobs", "Job"};
  return r;
}
inline const kube::Resource& pods() {
  static const kube::Resource r{"", "v1", "pods", "Pod"};
  return r;
}
inline const kube::Resource& config_maps() {
  static const kube::Resource r{"", "v1", "configmaps", "ConfigMap"};
  return r;
}
inline const kube::Resource& events() {
  static const kube::Resource r{"events.k8s.io", "v1", "events", "Event"};
  return r;
}

}  // namespace ork::reconcile
