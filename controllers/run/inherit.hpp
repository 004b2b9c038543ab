#pragma once

// A rerun: which of its tasks begin as they have ended in the earlier run, and with its outputs. Decided once, before
// anything starts, and stored: whatever becomes of the earlier run after that changes nothing.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "controllers/run/projection.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// The reason of a task that has succeeded in the earlier run and not in this one.
inline constexpr std::string_view reason_inherited = "Inherited";

// What a run's tasks are made of.
struct Ingredients {
  const workflow::Definition& definition;
  const api::Json& params;  // resolved
};

// By task of the new run: how it has ended in the earlier one, where that holds for the new one too; else nullptr. It
// has succeeded there, or was skipped; it is none from which everything is to be done again (`from`); it is made of the
// same (workflow/task_digest.hpp), and of the params that it asks for each has the same value; it asks for nothing that
// is the run's own; and all of this holds of each task that it depends on. `ended`: of the earlier run, in any order.
std::vector<const api::TaskStatus*> inheritable(const Ingredients& now, const Ingredients& earlier,
                                                std::span<const api::TaskStatusPtr> ended, std::string_view from);

// How a task ends in this run that has ended so in another. Who has it from a third passes on whose it is. Nothing of
// it has happened in this run: there is no attempt and no time.
api::TaskStatus inherited_of(const api::TaskStatus& ended, const std::string& run);

// True until it is decided what the run inherits.
bool has_to_inherit(const Snapshot& snapshot);

struct Inheritance {
  std::optional<Missing> look_up;         // undecided until this has been looked up
  std::vector<api::TaskStatusPtr> tasks;  // by task; null: it runs
  api::RerunStatus told;
};

// An error: the run can't begin.
Result<Inheritance, Verdict> inherit(const Snapshot& snapshot, const api::Json& params);

}  // namespace ork::run
