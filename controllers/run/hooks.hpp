#pragma once

// Hooks: when their time comes, and what they leave of a run's result. A hook is a task; what comes before its first
// attempt and after its last is all that is special about it.
//
//   its moment   of a run: once                of a task: once             and if that can't be any more
//   onStart      it runs                       it has begun                Skipped: it has ended without
//   onSuccess    its result is Succeeded       it has Succeeded            Skipped: it has ended otherwise
//   onFailure    its result is Failed          it has Failed               Skipped: it has ended otherwise
//   onExit       it has a result               it has ended                Skipped: it was never run
//
// What a rerun inherits or a cache answers has ended in an earlier run, and so have its hooks: Skipped.
//
// All of these are read from what is stored: so no crash, and nothing that comes too late, changes which hooks run.

#include <span>
#include <string>
#include <vector>

#include "controllers/run/projection.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::run {

// The reason of a hook that waits for its moment; and of one whose moment never came.
inline constexpr std::string_view reason_hook = "Hook";
inline constexpr std::string_view reason_hook_not_met = "HookNotMet";

enum class HookTurn { NotYet, Come, Never };

// Of each hook, in the definition's order.
std::vector<HookTurn> hook_turns(const workflow::Definition& definition, const api::RunStatus& stored);

// A sentence for one whose moment never came.
std::string why_never(const workflow::Definition& definition, const api::Hook& hook,
                      std::span<const api::TaskStatusPtr> tasks);

// Ends the hooks among these tasks that have not ended: they have taken longer than all hooks together may. One whose
// moment never came is left out, as ever. `turns`: of each hook.
void end_hooks(const workflow::Definition& definition, std::span<const HookTurn> turns,
               std::span<api::TaskStatusPtr> tasks, api::TimeMs now);

// The verdict on a run that has its result; final once its hooks are.
Verdict verdict_with_hooks(const workflow::Definition& definition, const api::RunResult& result,
                           std::span<const api::TaskStatusPtr> tasks);

}  // namespace ork::run
