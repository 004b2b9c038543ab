#pragma once

// Keeps a run's status small enough to be stored, by dropping detail before anything that counts.
// The phase of every task always fits, so the terminal write does.

#include <cstddef>
#include <optional>
#include <string>

#include "controllers/run/snapshot.hpp"

namespace ork::run {

// Never less than the bytes of the status as JSON in etcd; cheap.
std::size_t estimated_bytes(const api::RunStatus& status);

// What the status of a run may take, in bytes; beyond `soft` detail is dropped.
struct StatusRoom {
  std::size_t soft = 0;
  std::size_t hard = 0;
};
// `bytes_beside`: of the run's object without its status, which is stored with it.
StatusRoom status_room(std::size_t bytes_beside);

// Whether not even the least that the status of these tasks takes has room beside the rest of the run's object: a
// sentence that says so.
std::optional<std::string> no_status_room(const workflow::Definition& definition, std::size_t bytes_beside);

// Over `room.soft` drops, in this order and only as far as needed: the attempts and Job names
// of tasks that succeeded, messages beyond 80 bytes, attempts but the last, outputs that no task
// still to start can ask for (their absence is noted), all attempts, all messages, and of final
// tasks all but name, phase, reason, attempt, completion and indexes. Deterministic. Returns whether
// it fits `room.hard` now; where it does not, the outputs and indexes in use are too large together.
bool fit_status(const workflow::Definition& definition, StatusRoom room, api::RunStatus& status);

// Whether a task that has succeeded may have had an output that was dropped: what is missing is not known to be none.
bool may_have_lost_output(const api::TaskStatus& task);

// Leaves of each task what keep it countable: name, phase, reason, attempt, completion. This fits,
// whatever it was, for the largest workflow with the longest names.
void strip_status(api::RunStatus& status);

}  // namespace ork::run
