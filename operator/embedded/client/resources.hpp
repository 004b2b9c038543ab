#pragma once

// The kinds that this cluster's own controllers read and write.

#include "operator/kube/request.hpp"

namespace ork::embedded {

inline const kube::Resource& job_resource() {
  static const kube::Resource r{"batch", "v1", "jobs", "Job"};
  return r;
}
inline const kube::Resource& pod_resource() {
  static const kube::Resource r{"", "v1", "pods", "Pod"};
  return r;
}
inline const kube::Resource& config_map_resource() {
  static const kube::Resource r{"", "v1", "configmaps", "ConfigMap"};
  return r;
}
inline const kube::Resource& secret_resource() {
  static const kube::Resource r{"", "v1", "secrets", "Secret"};
  return r;
}
inline const kube::Resource& namespace_resource() {
  static const kube::Resource r{"", "v1", "namespaces", "Namespace"};
  return r;
}
inline const kube::Resource& event_resource() {
  static const kube::Resource r{"events.k8s.io", "v1", "events", "Event"};
  return r;
}

}  // namespace ork::embedded
