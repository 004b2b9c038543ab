#pragma once

// spec.schedule and status.schedule of a Workflow.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "controllers/api/time.hpp"

namespace ork::api {

// What becomes of a run whose time has come while an earlier one of the schedule goes on: it starts beside that, waits
// for its end, or has it cancelled and then starts.
enum class ConcurrencyPolicy { Allow, Forbid, Replace };

struct Schedule {
  std::string cron;
  std::string time_zone;  // empty: UTC
  ConcurrencyPolicy concurrency = ConcurrencyPolicy::Allow;
  std::optional<std::int64_t> starting_deadline_seconds;  // how much later than its time a run may start
  bool suspend = false;
  nlohmann::json params = nlohmann::json::object();  // of each run
};

struct ScheduleStatus {
  std::string by;        // what `next_ms` was found by: "0 2 * * *, Europe/Berlin"; empty: nothing is to come
  TimeMs last_ms = 0;    // the time of the last run
  std::string last_run;  // its name
  TimeMs next_ms = 0;    // of the next; in the past: that one waits
  std::string message;   // why a run waits, or what became of those that did not start
  friend bool operator==(const ScheduleStatus&, const ScheduleStatus&) = default;
};

}  // namespace ork::api
