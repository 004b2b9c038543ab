#pragma once

// What a run gives out when it has succeeded: the value of its Workflow's `output`.

#include <optional>
#include <span>
#include <string>

#include "controllers/result/result.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// nullopt: there is none, or it is null. An error is a sentence. `tasks` have ended.
Result<std::optional<api::Json>, std::string> run_output(const Snapshot& snapshot, const api::Json& params,
                                                         std::span<const api::TaskStatusPtr> tasks);

}  // namespace ork::run
