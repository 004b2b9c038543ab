#pragma once

// The cases that are kept, each a bug that was: files that hold one as case_text.hpp writes it.

#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "tests/sim/world.hpp"

namespace ork::sim {

struct KeptCase {
  std::string path;
  Case what;
};

// Errors are sentences that name the file.
Result<Case, std::string> case_in(const std::string& path);
// Each NAME.case of the folder, by name; an error where there is none, or one can't be read.
Result<std::vector<KeptCase>, std::string> kept_cases_in(const std::string& folder);

}  // namespace ork::sim
