#pragma once

// `ork validate`: is what files hold right, without any cluster.

#include <iosfwd>

#include "operator/cli/console/console.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// Invalid: something is wrong with a manifest. Error: a file can't be read, or there is no object in any.
int run_validate(const ValidateFlags& flags, Console& console, std::istream& standard_input);

}  // namespace ork::cli
