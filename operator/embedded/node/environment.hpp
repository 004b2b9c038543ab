#pragma once

// A container's environment, from its Pod and the ConfigMaps and Secrets it names. Pure.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded {

// The data of a ConfigMap (both its maps) or a Secret (decoded), by key.
using SourceData = std::map<std::string, std::string>;
// nullopt: there is no such object.
using Sources = std::map<SourceRef, std::optional<SourceData>>;

// data, binaryData or a Secret's data of the object as the API server answers it. Values that are
// not what they should be are left out.
SourceData read_source(const nlohmann::json& object, bool secret);

// What a Pod can know of where it runs.
struct NodeFacts {
  std::string name;
  std::string ip = "127.0.0.1";
  std::int64_t cpu_millis = 0;  // of the machine: what a limit that is not set stands for
  std::int64_t memory_bytes = 0;
};

using Variables = std::vector<std::pair<std::string, std::string>>;

// In the order of declaration, each name once; `base` first and weakest. The error is the kubelet's
// sentence (CreateContainerConfigError).
Result<Variables, std::string> container_variables(const PodSpec& pod, const ContainerSpec& container,
                                                   const Sources& sources, const NodeFacts& node, Variables base);

// The value of a fieldRef or resourceFieldRef; the error says which path can't be resolved.
Result<std::string, std::string> field_value(const PodSpec& pod, const EnvVariable& reference, const ContainerSpec* own,
                                             const NodeFacts& node);

std::optional<std::string> find_variable(const Variables& variables, std::string_view name);

}  // namespace ork::embedded
