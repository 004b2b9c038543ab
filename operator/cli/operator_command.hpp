#pragma once

// `ork operator`: wires loop, transport, lease and operator together and runs until a signal.

#include <cstddef>
#include <string>

#include "operator/reconcile/limits.hpp"

namespace ork::cli {

struct OperatorFlags {
  std::string kubeconfig;  // empty: $KUBECONFIG, then the Pod's ServiceAccount, then ~/.kube/config
  std::string context;
  std::string ns;  // empty: all namespaces
  std::string lease_namespace = "default";
  std::string lease_name = "ork-operator";
  int lease_seconds = 5;
  std::size_t max_unplaced_tasks = reconcile::limits::unplaced_tasks;
  std::string log_level = "info";
  std::string log_format = "text";
  std::string metrics_address = ":8080";  // of /metrics, /healthz and /readyz; "off": none
  bool metrics_per_task = false;
  std::string otlp_endpoint;  // the base URL of a collector; empty: no traces are sent
};

// The process' exit code: 0 after a signal, 1 where it can't start or has lost its lease (whoever
// restarts it lets it try again), 2 for wrong flags.
int run_operator(const OperatorFlags& flags);

}  // namespace ork::cli
