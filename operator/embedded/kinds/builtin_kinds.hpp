#pragma once

// The built-in kinds: their names, and what Kubernetes does to their objects.

#include <memory>
#include <vector>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// Without schema and openapi, which come from the definition that each names. A kind stands before
// those that are stored as it.
std::vector<std::unique_ptr<Kind>> builtin_kinds();

}  // namespace ork::embedded
