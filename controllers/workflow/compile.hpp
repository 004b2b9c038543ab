#pragma once

// From a spec as JSON to a Definition, or to all that is wrong with it. The spec may be anything: it
// need not have passed the CRD's schema. Never throws; time and memory are linear in its size.

#include <string_view>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/result/result.hpp"
#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// `path` is where the spec stands ("spec", or "spec.workflow" of a run), for the problems' sake.
// Problems come in the order of the spec's rules, at most max_problems, never none.
Result<Definition, std::vector<Problem>> compile(const api::Json& spec, std::string_view path = "spec");

}  // namespace ork::workflow
