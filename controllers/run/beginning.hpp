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

// Of a Job's first Pod.
enum class Placement {
  OnItsWay,  // somebody has it in hand
  NoRoom,    // no node takes it
  Placed,
  None,  // it is over, stands in a queue of its own, or somebody has suspended it: nobody is busy with it
};
Placement placement_of(const ObservedJob& observed);

// Jobs that are there, or on their way, and none of whose Pods has a node yet.
struct UnplacedJobs {
  std::size_t all = 0;
  std::size_t without_room = 0;  // of these
  bool operator==(const UnplacedJobs&) const = default;
};
UnplacedJobs unplaced_jobs(const Snapshot& snapshot);

}  // namespace ork::run
