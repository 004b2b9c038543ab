#pragma once

#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

std::vector<FieldProblem> controller_revision_problems(const Json& revision, const Json* old);

}  // namespace ork::embedded
