#pragma once

// What somebody has asked for while the run goes on: spec.actions. Each id is carried out once: what an action did to
// the tasks and that it was done are stored by one write, and nothing follows from it before that.

#include <span>
#include <string>
#include <vector>

#include "controllers/run/snapshot.hpp"

namespace ork::run {

// Why an attempt has ended that nobody's program ended; the reason in its record. Its Job is taken away, and the next
// attempt waits until that is gone, with its Pods.
inline constexpr std::string_view reason_retried = "Retried";
inline constexpr std::string_view reason_cleared = "Cleared";
inline constexpr std::string_view reason_killed = "Killed";

// The reason of a task that an action has ended.
inline constexpr std::string_view reason_marked_succeeded = "MarkedSucceeded";
inline constexpr std::string_view reason_marked_failed = "MarkedFailed";

// The newest attempt was ended by an action, and no other has begun.
bool is_stopped_by_action(const api::TaskStatus& task);
// It is to run again from the beginning: its condition and its count are found anew.
bool is_cleared(const api::TaskStatus& task);

// Carries out what is new in spec.actions; `tasks` are as far as the run's Jobs have brought them. What a create on its
// way would contradict is left for later. True: something was carried out or refused, and stands in `told`.
bool carry_out_actions(const Snapshot& snapshot, api::TimeMs now, std::vector<api::TaskStatusPtr>& tasks,
                       std::vector<api::ActionStatus>& told);

// The run can't be acted on any more, for that reason. True: something was refused.
bool refuse_actions(const api::WorkflowRun& run, const std::string& why, api::TimeMs now,
                    std::vector<api::ActionStatus>& told);

}  // namespace ork::run
