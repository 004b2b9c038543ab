#pragma once

#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

std::vector<FieldProblem> lease_problems(const Json& lease, const Json* old);

}  // namespace ork::embedded
