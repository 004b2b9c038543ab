#pragma once

// Floating-point numbers as Kubernetes' YAML writes them: Go's shortest form that reads back as the
// same number ("1.5", "1e+06"). std::to_chars chooses between the two notations otherwise.

#include <string>

namespace ork::manifest {

// Finite numbers only. `single`: shortest among floats of 32 bits, as keys are written; ".inf" where it is too large
// for these.
std::string go_number(double number, bool single = false);

}  // namespace ork::manifest
