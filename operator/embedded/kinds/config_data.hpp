#pragma once

// ConfigMaps and Secrets.

#include <string>
#include <vector>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// stringData becomes data; a Secret without a type is Opaque.
void default_secret(Json& secret);

std::vector<FieldProblem> config_map_problems(const Json& config_map, const Json* old);
// Of a certificate only whether there is one.
std::vector<std::string> secret_warnings(const Json& secret);
std::vector<FieldProblem> secret_problems(const Json& secret, const Json* old);

}  // namespace ork::embedded
