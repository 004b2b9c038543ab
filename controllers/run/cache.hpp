#pragma once

// `cache` of a task: where a finished run of the same Workflow has its result already, that takes its place. Asked when
// the task would start otherwise, and stored before anything follows from the answer: so a crash in between asks again,
// and may be answered otherwise as well.

#include <string>
#include <string_view>

#include "controllers/expr/expression.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// The reason of a task that an earlier run's result has taken the place of.
inline constexpr std::string_view reason_cached = "Cached";

// In place of a key: somebody has cleared the task, and it is to run whatever is known.
inline constexpr const char* key_of_cleared = "Cleared";

// Equal for tasks that are made of the same (workflow/task_digest.hpp), have as many indexes, and whose cache.key has
// the same value; of 32 hex digits, whatever that value is. An error is a whole sentence.
Result<std::string, std::string> cache_key(const workflow::CompiledTask& task, std::int64_t count,
                                           const expr::Scope& scope);

struct CacheAnswer {
  std::string consulted;      // the run that has a result, or had one; empty: none is known
  bool known = true;          // false: the run is to be looked up first
  api::TaskStatusPtr result;  // the task as it ends by that; null: it has to run
};

// It has to run where it has been tried before, was cleared, or is what a rerun is to begin with. A result is as old as
// the end of the task that really made it, and of use for as long as the task's ttl.
CacheAnswer ask_cache(const Snapshot& snapshot, const workflow::CompiledTask& task, const api::TaskStatus& status,
                      const std::string& key, api::TimeMs now);

}  // namespace ork::run
