#pragma once

// The paths of one kind, with what can be asked of them.

#include <string>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// Before the names of the definitions that all kinds share.
inline const std::string meta_definitions = "io.k8s.apimachinery.pkg.apis.meta.v1.";

// "io.k8s.api.core.v1.PodList".
std::string list_definition(const Kind& kind);

// Adds the collection's path (and the one over all namespaces), the object's and its status' to `paths`.
void add_paths(const Kind& kind, Json& paths);

}  // namespace ork::embedded
