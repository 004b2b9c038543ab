#pragma once

// Probes and lifecycle hooks of containers.

#include <string>

#include "operator/embedded/kinds/object_meta.hpp"

namespace ork::embedded {

// `kind` is the field: "livenessProbe", "readinessProbe" or "startupProbe".
Problems probe_problems(const Place& probe, const std::string& kind, std::int64_t grace_seconds);
Problems lifecycle_problems(const Place& lifecycle, std::int64_t grace_seconds);

}  // namespace ork::embedded
