#pragma once

// Which finished runs of a Workflow are too many.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controllers/api/workflow_run.hpp"

namespace ork::workflow {

// One finished run. To the limits who has not succeeded has failed.
struct FinishedRun {
  std::string name;
  std::string uid;
  api::TimeMs completion_ms = 0;
  api::Phase phase = api::Phase::Failed;
};

// CronJob's words; not set: keep all; 0: keep none.
struct HistoryLimits {
  std::optional<std::int64_t> successful;
  std::optional<std::int64_t> failed;
};

struct ExpiredRun {
  std::string name;
  std::string uid;  // delete only this one
  friend bool operator==(const ExpiredRun&, const ExpiredRun&) = default;
};

// The runs to delete, oldest first (by completion, then by name). Pass only runs of one Workflow
// that are finished and not already being deleted.
std::vector<ExpiredRun> expired_runs(std::span<const FinishedRun> runs, const HistoryLimits& limits);

}  // namespace ork::workflow
