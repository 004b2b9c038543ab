#pragma once

// Tasks without a Pod, that wait for a moment, for another run, for a Kubernetes object or for somebody's answer. When
// one begins to wait, and until when, is in the stored status before anything follows from it; so does its end. So
// whoever looks next, after a crash or from elsewhere, waits for the same moment.

#include <optional>
#include <string>
#include <vector>

#include "controllers/expr/expression.hpp"
#include "controllers/run/plan.hpp"

namespace ork::run {

// The reason of one that asks; of one that was answered; and of one that nobody has answered in time.
inline constexpr std::string_view reason_asking = "Approval";
inline constexpr std::string_view reason_approved = "Approved";
inline constexpr std::string_view reason_rejected = "Rejected";
inline constexpr std::string_view reason_no_answer = "NoAnswer";

// It has begun to wait, and not ended, by a status that may have been written by a clock that was set back since.
bool has_begun_to_wait(const workflow::CompiledTask& task, const api::TaskStatus& status);
// The same, by a status that makes sense now; else it begins anew.
bool is_waiting(const workflow::CompiledTask& task, const api::TaskStatus& status, api::TimeMs now);

// Its status when it begins to wait now; or why it can't. Which run or object it waits for is said once, as its inputs
// are.
Result<api::TaskStatus, std::string> begin_waiting(const workflow::CompiledTask& task, const expr::Scope& scope,
                                                   api::TimeMs now);

// What it waits for beside time, as far as it is there.
struct Awaited {
  const api::WorkflowRun* run = nullptr;
  bool object_holds = false;
};

// Its end, where it is over; nullopt: it waits on. `waiting`: is_waiting() holds of it.
std::optional<api::TaskStatus> end_of_waiting(const workflow::CompiledTask& task, const api::TaskStatus& waiting,
                                              api::TimeMs now, const Awaited& awaited = {});

// When to look at it again; nullopt: nothing happens to it by itself.
std::optional<api::TimeMs> end_time_of(const workflow::CompiledTask& task, const api::TaskStatus& waiting);

// Ends those whose time has come. To be done last, so that nothing follows from an end in the same plan.
// Adds to plan.wake_ms, plan.awaits and plan.awaits_objects.
void end_waits(const Snapshot& snapshot, const expr::Scope& scope, api::TimeMs now,
               std::vector<api::TaskStatusPtr>& tasks, Plan& plan);

// `being_stored` tells of a task that begins to wait, or has ended to, of which `stored` does not.
bool tells_of_a_wait(const api::RunStatus& being_stored, const api::RunStatus& stored);

}  // namespace ork::run
