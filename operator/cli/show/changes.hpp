#pragma once

// What became of a run, a line for each change: for logs and pipes, where nothing is painted over.
//
//   list    Running    attempt 1
//   list    Succeeded  1s
//   load    Retrying   3s  attempt 2 in 10s; the program ended with exit code 1
//
// Pure. Words as in the tree, no colours.

#include <string>
#include <vector>

#include "operator/cli/show/run_view.hpp"

namespace ork::show {

// The lines from `before` (null: nothing was shown yet) to `view.run`, the same run later. Only what tells
// something: a task that starts, waits for a reason, fails, is tried again, ends; and the run as a whole where it
// waits or ends.
std::vector<std::string> changes(const api::WorkflowRun* before, const RunView& view);

}  // namespace ork::show
