#pragma once

// JSON to YAML as `kubectl -o yaml` prints it: Go's yaml.v2 within sigs.k8s.io/yaml. Fields sorted the
// natural way (a9 before a10), lists not indented below their field, strings in quotes where they would
// read as something else, lines folded at 80 columns.

#include <nlohmann/json.hpp>
#include <string>

namespace ork::manifest {

// Ends with a newline. Recurses as deep as the value is nested, which the caller has bounded.
std::string to_yaml(const nlohmann::json& value);

}  // namespace ork::manifest
