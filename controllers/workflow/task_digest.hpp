#pragma once

// Whether two tasks, of two versions of a Workflow, are made of the same: given the same inputs, the output of the one
// is what the other would write.

#include <cstdint>
#include <vector>

#include "controllers/api/workflow.hpp"

namespace ork::workflow {

// By task: a hash of all that `spec`, one that compiled, says of it, with what `defaults` and `types` add to that. Left
// out is what only says how hard and with how much it is tried: retry, timeout, pendingTimeout, onOOM, resources,
// parallelism; how its result is found again: cache; and onFailure, which is about others.
std::vector<std::uint64_t> task_digests(const api::Json& spec);

}  // namespace ork::workflow
