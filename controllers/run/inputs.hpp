#pragma once

// What an attempt is given: the inputs that all of its indexes have alike, and what each has of its own. Errors are
// whole sentences.

#include <cstdint>
#include <string>

#include "controllers/expr/expression.hpp"
#include "controllers/result/result.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::run {

// By name.
Result<api::Json, std::string> inputs_of(const workflow::CompiledTask& task, const expr::Scope& scope);

// Texts by key (workflow/items.hpp): of each index its item, and its inputs where they are its own; null where nothing
// differs. `items`: a list of `count`, or null; `inputs`: as above. All indexes together may cost as much as one
// expression, and take no more than one ConfigMap holds.
Result<api::Json, std::string> handed_out(const workflow::CompiledTask& task, std::int64_t count,
                                          const api::Json& items, const api::Json& inputs, const expr::Scope& scope);

}  // namespace ork::run
