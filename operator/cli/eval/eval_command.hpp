#pragma once

// `ork eval`: what an expression is worth, without any cluster.

#include "operator/cli/console/console.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// Usage: the variables can't be read. Invalid: the expression can't be. Error: it has no value.
int run_eval(const EvalFlags& flags, Console& console);

}  // namespace ork::cli
