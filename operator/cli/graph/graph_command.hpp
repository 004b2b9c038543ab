#pragma once

// `ork graph`: which task of a Workflow waits for which, without any cluster.

#include <iosfwd>

#include "operator/cli/console/console.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// Usage: the file holds several and none is named, or has not the one that is. Invalid: what it holds is not right.
int run_graph(const GraphFlags& flags, Console& console, std::istream& standard_input);

}  // namespace ork::cli
