#pragma once

// A whole cluster with ork in it, in one process: store, API server, controllers, node, and the
// operator as it runs in any cluster. What is in the folder:
//
//   state.db       the objects (embedded/store)
//   kubeconfig     for kubectl and ork, mode 0600
//   token, tls.*   what the kubeconfig holds, kept so that an old kubeconfig stays good
//   node/          what containers wrote, and their volumes (embedded/node)

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/asio_loop.hpp"

namespace ork::dev {

struct DevClusterOptions {
  std::filesystem::path folder;       // of the state; made where it is not there
  std::filesystem::path project;      // where containers run
  std::vector<std::string> pass_env;  // names of variables that containers get of this process
  std::string engine;                 // "docker" or "podman": containers are their images; empty: processes
  std::int64_t max_pods = 0;          // at a time; 0: by the number of processors
  std::uint16_t port = 0;             // of the API; 0: the one of the last time if it is free, else any
  bool with_operator = true;          // false: a Kubernetes that knows our kinds, and nobody acts on them
};

struct DevClusterHooks {
  std::function<void()> on_ready;                      // everything is in step, runs go on
  std::function<void(const std::string&)> on_trouble;  // a sentence for the log
};

struct OpenError {
  std::string message;  // a sentence: the folder can't be made, it is damaged, the port is taken, ...
  bool in_use = false;  // another process has the folder
};

class DevCluster {
 public:
  // The loop must outlive the cluster.
  static Result<std::unique_ptr<DevCluster>, OpenError> open(runtime::AsioLoop& loop, const DevClusterOptions& options,
                                                             DevClusterHooks hooks);
  ~DevCluster();
  DevCluster(const DevCluster&) = delete;
  DevCluster& operator=(const DevCluster&) = delete;

  // The error is a sentence: the node's folder can't be made, the engine can't be used.
  Status<std::string> start();
  // Ends what runs and then calls `done`, from the loop, once.
  void stop(std::function<void()> done);

  // The API as its user's.
  kube::Transport& transport();
  const embedded::Kinds& kinds() const;
  std::filesystem::path kubeconfig() const;
  std::string url() const;

 private:
  struct Parts;
  explicit DevCluster(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace ork::dev
