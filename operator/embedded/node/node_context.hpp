#pragma once

// What all Pods of a node share.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "operator/embedded/client/event_recorder.hpp"
#include "operator/embedded/node/container_runner.hpp"
#include "operator/embedded/node/environment.hpp"
#include "operator/embedded/node/pod_files.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

struct NodeContext {
  kube::Transport& transport;
  runtime::Loop& loop;
  ContainerRunner& runner;
  EventRecorder& events;
  const PodFiles& files;
  NodeFacts facts;
  Variables base_variables;
  std::string engine;                    // "docker" or "podman" runs images; empty: commands run as processes
  std::string engine_label;              // of this node's containers there
  std::vector<std::string> environment;  // that the engine's command runs with
  std::string project_folder;
  std::function<void(const std::string&)> on_trouble;  // never empty
  bool limits_cpu = false;                             // the runner can
  bool told_of_cpu = false;                            // that it can't
};

struct NodeStats {
  std::uint64_t pods = 0;        // begun
  std::uint64_t containers = 0;  // started
  std::uint64_t status_writes = 0;
};

// The body of a DELETE that waits for nothing more and means only the object with this uid.
std::string forced_deletion(const std::string& uid);

}  // namespace ork::embedded
