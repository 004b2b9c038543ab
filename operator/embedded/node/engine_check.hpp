#pragma once

// Whether an engine can be used, asked before anything needs it.

#include <string>
#include <vector>

#include "controllers/result/result.hpp"

namespace ork::embedded {

// Waits for the engine's answer, limits::engine_patience at most. The error is a sentence that says what
// to do: it is not installed, it does not answer, it says why not.
Status<std::string> check_engine(const std::string& program, const std::vector<std::string>& environment);

}  // namespace ork::embedded
