#pragma once

// A whole case as text, a line for each thing: what a failure prints, what tests/sim/kept holds, what is replayed.
//
//   # why it is kept
//   shape chain
//   seed 4711
//   latency 25
//   twin 0 20000
//   lease
//   unplaced-tasks 2
//   restart-at-end
//   fault operator write 7 crash-unanswered wait=0 back=1000
//
// What is not said is as a Case is by default. Of a shape that has no name of its own, "shape random", the rest
// follows:
//
//   object {"apiVersion":"ork.dev/v1alpha1","kind":"WorkflowRun",...}
//   program {"task":"a","upToAttempt":1,"index":0,"runs":800,"exitCode":1,"output":"1"}
//   wish 3000 cancel
//   ends Failed Succeeded
//   gone 1
//   unsteady

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "tests/sim/world.hpp"

namespace ork::sim {

std::string to_text(const Case& what);
// The error is a sentence with the number of the line.
Result<Case, std::string> case_from(std::string_view text);

}  // namespace ork::sim
