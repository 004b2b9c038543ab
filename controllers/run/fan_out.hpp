#pragma once

// How many indexes a task has, and what they go over. Errors are whole sentences.

#include <cstdint>
#include <string>

#include "controllers/api/workflow_run.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/result/result.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::run {

// As it is written, as `kept` by the status from an earlier plan, or as its expression says now. 0 where it does not
// fan out.
Result<std::int64_t, std::string> count_of(const workflow::CompiledTask& task, std::int64_t kept,
                                           const expr::Scope& scope);

// What its forEach or matrix goes over, a list of `count`; null where it has neither.
Result<api::Json, std::string> items_of(const workflow::CompiledTask& task, std::int64_t count,
                                        const expr::Scope& scope);

}  // namespace ork::run
