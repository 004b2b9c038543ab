#pragma once

// `ork dev`: a cluster of one process, for the manifests at hand or for one run.

#include "operator/cli/console/console.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// The process' exit code. With `run` set that of the run, as `run start --watch` has it.
int run_dev(const DevFlags& flags, Console& console);

}  // namespace ork::cli
