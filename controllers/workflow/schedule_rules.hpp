#pragma once

// What must hold of spec.schedule.

#include <optional>
#include <span>
#include <string_view>

#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/problem.hpp"

namespace ork::workflow {

// nullopt: there is none, or it has problems. Whether there is such a time zone can only be told where runs are made.
// `params` count only where nothing else is wrong with the spec.
std::optional<CompiledSchedule> compile_schedule(const api::WorkflowSpec& spec, std::span<const CompiledParam> params,
                                                 std::string_view path, ProblemList& problems);

}  // namespace ork::workflow
