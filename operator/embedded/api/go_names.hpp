#pragma once

// What Kubernetes' program calls its own types, where its answers tell.

#include <string>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// The internal form of a built-in kind: "core.ConfigMap", "batch.Job".
std::string internal_name(const Kind& kind);

// `no kind "Odd" is registered for version "v1" in scheme ...`
std::string not_registered(const std::string& kind, const std::string& version);

}  // namespace ork::embedded
