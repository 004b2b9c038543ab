#pragma once

#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// The label with its name, and phase Active.
void default_namespace(Json& object);
// A new one is active and has the finalizer that its deletion waits for; neither can be changed later.
void prepare_namespace(Json& object, const Json* old);

std::vector<FieldProblem> namespace_problems(const Json& object, const Json* old);
std::vector<FieldProblem> namespace_status_problems(const Json& object, const Json* old);

}  // namespace ork::embedded
