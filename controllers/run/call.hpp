#pragma once

// A task that is a workflow: the child runs that an attempt of it still lacks. One, or one for each index; of a fan-out
// as many at a time as there is room for, the lowest indexes first.

#include <optional>
#include <string>
#include <vector>

#include "controllers/run/children.hpp"
#include "controllers/run/plan.hpp"
#include "controllers/run/run_scope.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::run {

struct CallInput {
  const Snapshot& snapshot;
  const workflow::CompiledTask& task;
  const api::TaskStatus& status;
  const ObservedJob* observed = nullptr;  // the attempt, as far as it is there
  const RunScope& scope;
  int attempt = 1;
  std::int64_t count = 0;   // of indexes; 0: it does not fan out
  std::int64_t room = 1;    // for runs of it that live at the same time, those that do included
  std::size_t creates = 0;  // at most so many new ones
  api::TimeMs now = 0;
};

// Why the attempt can't be carried out.
struct CallFailure {
  std::string reason;
  std::string message;
};

struct Calls {
  std::vector<NewJob> create;
  std::optional<CallFailure> failure;
  // A run that the API server has refused, and takes later perhaps: what it says, and when to try again.
  std::string refused;
  std::optional<api::TimeMs> retry_ms;
};

Calls call(const CallInput& input);

// Why `workflow` can't be called by a run of the last of `callers`, the outermost first, "" for inline ones; empty: it
// can.
std::string why_not_called(const std::vector<std::string>& callers, const std::string& workflow);

}  // namespace ork::run
