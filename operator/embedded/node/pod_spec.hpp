#pragma once

// A Pod as the node runs it: what of its JSON means something here. Pure.

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "controllers/api/meta.hpp"
#include "controllers/api/time.hpp"
#include "controllers/result/result.hpp"

namespace ork::embedded {

enum class RestartPolicy { Always, OnFailure, Never };

// A ConfigMap or a Secret.
struct SourceRef {
  bool secret = false;
  std::string name;
  friend auto operator<=>(const SourceRef&, const SourceRef&) = default;
};

struct EnvVariable {
  enum class From { Value, Field, Resource, Key };
  std::string name;
  From from = From::Value;
  std::string text;  // Value: the value; Field: its path; Resource: "limits.memory"; Key: the key
  SourceRef source;  // Key
  bool optional = false;
  std::string container;  // Resource: whose; empty: this one's
  std::string divisor;    // Resource
};

struct EnvFrom {
  std::string prefix;
  SourceRef source;
  bool optional = false;
};

struct VolumeMount {
  std::string volume;
  std::string path;
  std::string sub_path;
  std::string sub_path_expr;  // with $(NAME)
  bool read_only = false;
};

// In thousandths of a processor, and bytes; nullopt: not set.
struct ResourceAmounts {
  std::optional<std::int64_t> cpu_millis;
  std::optional<std::int64_t> memory_bytes;
};

struct ContainerSpec {
  std::string name;
  std::string image;
  std::string pull_policy;  // Always, IfNotPresent, Never; empty: not said
  std::vector<std::string> command;
  std::vector<std::string> args;
  std::string working_dir;
  std::vector<EnvFrom> env_from;
  std::vector<EnvVariable> env;
  std::vector<VolumeMount> mounts;
  ResourceAmounts requests;
  ResourceAmounts limits;
  std::string termination_path = "/dev/termination-log";
  bool log_is_message = false;  // terminationMessagePolicy FallbackToLogsOnError
  bool sidecar = false;         // an init container that is to go on running
};

// One file of a volume made from keys or from the Pod itself.
struct VolumeItem {
  std::string key;   // configMap, secret
  std::string path;  // below the volume
  std::optional<int> mode;
  EnvVariable value;  // downwardAPI: Field or Resource
};

struct VolumeSource {
  enum class Kind { Keys, Downward, Token };
  Kind kind = Kind::Keys;
  SourceRef source;  // Keys
  bool optional = false;
  std::vector<VolumeItem> items;  // Keys: empty means all
};

struct VolumeSpec {
  enum class Kind { Empty, HostPath, Files, Unknown };
  std::string name;
  Kind kind = Kind::Unknown;
  std::string host_path;
  std::string unknown_kind;           // "persistentVolumeClaim"
  std::vector<VolumeSource> sources;  // Files: one, or those of a projected volume
  int default_mode = 0644;
};

struct PodSpec {
  api::ObjectMeta meta;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::string node;
  std::string service_account;
  std::string scheduler;
  std::string hostname;
  std::map<std::string, std::string> node_selector;
  bool has_affinity = false;
  bool gated = false;  // schedulingGates
  RestartPolicy restart_policy = RestartPolicy::Always;
  std::int64_t grace_seconds = 30;
  std::optional<std::int64_t> active_deadline_seconds;
  std::vector<ContainerSpec> init_containers;
  std::vector<ContainerSpec> containers;
  std::vector<VolumeSpec> volumes;
  bool owned = false;  // has a controller

  // What its status says already, for a node that comes back.
  std::string phase;
  api::TimeMs start_ms = 0;
};

// The error is a sentence with the path of the field that can't be read.
Result<PodSpec, std::string> read_pod_spec(const nlohmann::json& pod);

// Of all its containers.
std::vector<std::string> container_names(const PodSpec& pod);

// What a node asks room for: the larger of what its containers need together and any of its init
// containers alone, as Kubernetes counts. Limits stand in for requests that are not set.
struct RoomNeeded {
  std::int64_t cpu_millis = 0;
  std::int64_t memory_bytes = 0;
};
RoomNeeded room_needed(const PodSpec& pod);

// The ConfigMaps and Secrets that the Pod names.
std::vector<SourceRef> sources_of(const PodSpec& pod);

}  // namespace ork::embedded
