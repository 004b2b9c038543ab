#pragma once

// Kinds out of CustomResourceDefinitions.

#include <memory>
#include <string>
#include <vector>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// One Kind for each version that `crd` serves; their schemas refer to `definitions`. The error names
// the CRD and what is wrong with it.
Result<std::vector<std::unique_ptr<Kind>>, std::string> custom_kinds(const Json& crd, const Json& definitions);

// The CRD as an API server shows it once it has taken it in: defaults, accepted names, conditions;
// without uid, resourceVersion and times.
Json served_crd(const Json& crd);

}  // namespace ork::embedded
