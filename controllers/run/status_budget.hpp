#pragma once

// Keeps a run's status small enough to be stored, by dropping detail before anything that counts.
// The phase and the counts of every task always fit, so the terminal write does.

#include <cstddef>

#include "controllers/run/snapshot.hpp"

namespace ork::run {

// An upper estimate of the status as JSON, in bytes; cheap.
std::size_t estimated_bytes(const api::RunStatus& status);

// Over status_soft_bytes drops, in this order and only as far as needed: the attempts and Job names
// of tasks that succeeded, messages beyond 80 bytes, attempts of the others, outputs that no task
// still to start can ask for (their absence is noted). Deterministic. Returns whether it fits
// status_hard_bytes now; where it does not, the outputs in use are too large together.
bool fit_status(const workflow::Definition& definition, api::RunStatus& status);

}  // namespace ork::run
