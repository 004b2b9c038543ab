#pragma once

// Whether two tasks, of two versions of a Workflow, are made of the same: given the same inputs, the output of the one
// is what the other would write.

#include <cstddef>
#include <cstdint>

#include "controllers/api/workflow.hpp"

namespace ork::workflow {

// A hash of all that `spec`, one that compiled, says of its task at that place, with what `defaults` and `types` add to
// it. Left out is what only says how hard and with how much it is tried: retry, timeout, pendingTimeout, onOOM,
// resources, parallelism; and onFailure, which is about others. 0: it has no task there.
std::uint64_t task_digest(const api::Json& spec, std::size_t task);

}  // namespace ork::workflow
