#pragma once

// What the API server did not take, as the next plan looks at it: a Job's create, or a child run's.

#include <string>
#include <string_view>

#include "controllers/jobs/failure.hpp"
#include "controllers/jobs/limits.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// nullptr: nothing of that name was refused.
inline const RefusedJob* find_refused(const Snapshot& snapshot, std::string_view name) {
  for (const RefusedJob& refused : snapshot.refused) {
    if (refused.name == name) return &refused;
  }
  return nullptr;
}

// The API server's words, as a status holds them.
inline std::string said_of(const RefusedJob& refused) {
  return jobs::printable_head(refused.message, jobs::max_failure_message);
}

}  // namespace ork::run
