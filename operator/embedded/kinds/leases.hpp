#pragma once

#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// Drops the fields of coordinated leader election, which Kubernetes has switched off.
void prepare_lease(Json& lease, const Json* old);

std::vector<FieldProblem> lease_problems(const Json& lease, const Json* old);

}  // namespace ork::embedded
