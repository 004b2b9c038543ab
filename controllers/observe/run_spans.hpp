#pragma once

// A run as a trace: a span for the run, and in it one for each attempt of a task. A child run's span is in that of the
// attempt that it is.

#include <string_view>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "controllers/observe/span.hpp"

namespace ork::observe {

// The spans that ended when `after` was stored in place of `before`; none of a trace that keeps none.
std::vector<Span> spans_of(const api::RunStatus& before, const api::WorkflowRun& after);

}  // namespace ork::observe
