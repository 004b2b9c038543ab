#pragma once

// One task: what its stored status and its Jobs together say of it.

#include <optional>
#include <span>
#include <string>

#include "controllers/run/plan.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// One of which nothing is known yet.
api::TaskStatus initial_status(const workflow::Definition& definition, std::size_t task);

struct TaskProgress {
  api::TaskStatus status;  // the next one, as far as the task's own Jobs decide it
  // An attempt that failed is to be followed by attempt status.attempt + 1, now. (The first attempt
  // is decided by what the task depends on, not here.)
  bool retry_due = false;
  // Pods of it that run, or may start at any time.
  std::int64_t slots = 0;
  const api::Job* unseeded = nullptr;  // of a fan-out's retry: waits to be seeded and let go
  std::optional<api::TimeMs> wake_ms;  // look again then
  std::optional<Missing> look_up;      // undecided until this has been looked up
  // Its attempt was ended because it did not start, or because its Pods did not say in time how they ended, by nobody's
  // word but ours: they still may, so nothing follows from that before it is stored.
  bool gave_up = false;
};

// Why an attempt has ended that did not start within its pendingTimeout; the reason in its record. As with what an
// action ends, the next one waits until its Job is gone, with its Pods.
inline constexpr std::string_view reason_pending_timeout = "PendingTimeout";

// A task waits for a Pod that its Job has not been able to make.
inline constexpr std::string_view reason_pod_not_created = "PodNotCreated";

// The newest attempt was ended while its Job may still make Pods, and no other has begun.
bool is_stopped(const api::TaskStatus& task);

// `stored` is not final. `jobs`: the task's Jobs by rising attempt, at most one each. `gone`: as in the Snapshot.
TaskProgress observe_task(const workflow::CompiledTask& task, const api::TaskStatus& stored,
                          std::span<const ObservedJob* const> jobs, const std::set<Missing>& gone,
                          std::string_view run_uid, api::TimeMs now);

// How an attempt is ended that did not end by itself.
struct Ending {
  std::string_view reason;  // one word
  std::string message;
};

// The attempt that runs counts as failed by its program; retry.limit decides whether another follows.
api::TaskStatus end_attempt(const workflow::CompiledTask& task, const api::TaskStatus& stored, const Ending& ending,
                            std::string_view run_uid, api::TimeMs now);

// Adds one that ended; the oldest go.
void keep_attempt(api::TaskStatus& task, api::Attempt attempt);

}  // namespace ork::run
