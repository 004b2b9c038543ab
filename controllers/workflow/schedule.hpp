#pragma once

// What a Workflow's schedule asks for now. A run of it is named after its Workflow and its time, so that two operators,
// or one that died before it could store what it had done, make one run of one time.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controllers/api/workflow.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::workflow {

// A run whose controller owner is the Workflow.
struct ScheduledRun {
  std::string name;
  std::string uid;
  bool ended = false;
  bool cancelled = false;  // it was asked to end, and has not yet
};

// A run that could not be made, and will not be: what is told of it.
struct RefusedRun {
  std::string name;
  std::string message;
};

struct NewRun {
  std::string name;
  api::Json body;
};

struct ScheduleSnapshot {
  const api::Workflow& workflow;
  const CompiledSchedule& schedule;
  std::span<const ScheduledRun> runs;
  const RefusedRun* refused = nullptr;  // the last
  bool suspended = false;               // the Workflow is, not only its schedule
  api::UtcOffset utc_offset_s = nullptr;
};

struct ScheduleDecision {
  api::ScheduleStatus status;
  std::optional<NewRun> create;     // the status tells of it once a snapshot shows it
  std::vector<std::string> cancel;  // names of runs
  std::optional<api::TimeMs> wake_ms;
};

// The rules are those of a CronJob: of several times that have passed only the last one's run is made, and one that has
// to wait starts when it can, unless startingDeadlineSeconds have passed or the next time has come. Otherwise than
// there, what passed while the schedule was suspended, or before it was written so, is not made up for.
ScheduleDecision decide_schedule(const ScheduleSnapshot& snapshot, api::TimeMs now);

// "etl-29920380": the minutes since 1970, as CronJob names its Jobs.
std::string scheduled_run_name(std::string_view workflow, api::TimeMs time);

}  // namespace ork::workflow
