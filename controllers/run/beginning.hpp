#pragma once

// A run among others that want to begin (controllers/backlog): how far it is, and how it looks while it waits.

#include <cstddef>
#include <optional>

#include "controllers/run/plan.hpp"
#include "controllers/run/projection.hpp"

namespace ork::run {

// Nothing of it has begun, and it is one that stands in line: a child begins with its parent, and what is suspended
// wants nothing.
bool is_at_its_beginning(const Snapshot& snapshot);

// Of a run whose turn has not come; nullopt: it has waited too short a time for that to be news.
std::optional<Verdict> wait_for_turn(const Snapshot& snapshot, api::TimeMs now, Plan& plan);

// Jobs that are there, or on their way, and none of whose Pods has a node yet. One that stands in a queue of its own,
// or that somebody has suspended, is not counted: nobody is busy with it.
std::size_t unplaced_jobs(const Snapshot& snapshot);

}  // namespace ork::run
