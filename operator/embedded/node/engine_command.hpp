#pragma once

// A container as a command of docker or podman, which run its image where there is an engine. Pure.

#include <string>
#include <vector>

#include "operator/embedded/node/environment.hpp"
#include "operator/embedded/node/pod_spec.hpp"
#include "operator/embedded/node/volumes.hpp"

namespace ork::embedded {

struct EngineSetting {
  const std::string& program;  // "podman"
  const std::string& label;    // engine_label of the node's folder
  const PodSpec& pod;
  const ContainerSpec& container;
  const Variables& variables;                   // of the container alone
  const std::vector<PlannedMount>& mounts;      // the termination message's file among them
  const std::vector<std::string>& environment;  // "NAME=value": what the engine's command itself runs with
  std::string name;                             // engine_name of the container
};

struct EngineCommand {
  std::vector<std::string> argv;
  std::vector<std::string> env;
  friend bool operator==(const EngineCommand&, const EngineCommand&) = default;
};

// `engine run` in the foreground: it ends when the container does, with its exit code (engine_failed
// where the engine itself failed), passes SIGTERM on, and takes the container away. Values of variables
// do not stand in argv, which anybody may read, unless the engine's command would heed one of that name.
EngineCommand engine_run(const EngineSetting& setting);

// Of a container id; what an engine takes for a name.
std::string engine_name(const std::string& container_id);
// What all containers of a node carry, so that they are found again: "ork.dev/node=FOLDER".
std::string engine_label(const std::string& node_folder);

// SIGKILL to what runs in the container.
std::vector<std::string> engine_kill(const std::string& program, const std::string& name);
// Takes the container away, whether it was ever started or not.
std::vector<std::string> engine_remove(const std::string& program, const std::string& name);
// Kills and takes away all containers with this label but those named in `keep`.
std::vector<std::string> engine_sweep(const std::string& program, const std::string& label,
                                      const std::vector<std::string>& keep);

// What an engine's command ends with where the engine failed; a program that does so too is taken for it.
inline constexpr int engine_failed = 125;

}  // namespace ork::embedded
