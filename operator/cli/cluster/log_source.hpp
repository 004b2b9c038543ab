#pragma once

// A Pod as the origin of log lines.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controllers/api/time.hpp"
#include "operator/cli/cluster/session.hpp"

namespace ork::cli {

struct LogSource {
  std::string pod;
  std::string uid;
  std::string container;  // the task's: the one named main, or else the first
  std::string task;
  int attempt = 0;
  std::optional<std::int64_t> index;
  api::TimeMs start_ms = 0;  // of the container; 0 where it has not started
  bool started = false;      // there is a log
  bool ended = false;        // and nothing more will come
};

// nullopt for what is no Pod of a task.
std::optional<LogSource> log_source_of(const Json& pod);

// Which Pods of a run.
struct LogFilter {
  std::string task;                   // empty: of all tasks
  std::optional<int> attempt;         // of every task
  std::optional<std::int64_t> index;  // of every fan-out
};

// "ork.dev/run-uid=...,ork.dev/task=load"; the index is left to `matches`.
std::string label_selector_of(const std::string& run_uid, const LogFilter& filter);
bool matches(const LogSource& source, const LogFilter& filter);

// In the order in which they started; those that have not last.
void sort_by_start(std::vector<LogSource>& sources);

}  // namespace ork::cli
