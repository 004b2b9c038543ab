#pragma once

// How a run ended, with what its user needs next:
//
//   run etl-1 Failed after 7s: task load failed after 2 attempts
//     the program ended with exit code 3
//     cause: Program, exit code 3
//   the last lines of load, attempt 2:
//     no such file: b.csv
//   to look further:
//     ork run logs etl-1 load
//     ork run status etl-1
//
// Pure. The log's lines are fetched by the caller.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operator/cli/show/run_view.hpp"
#include "operator/cli/show/screen.hpp"

namespace ork::show {

// The task that a failed run failed by: the first whose failure the workflow does not allow.
struct Culprit {
  const api::TaskStatus* task = nullptr;
  int attempt = 0;
  std::optional<std::int64_t> index;  // of a fan-out: the lowest that failed
};

// nullopt where no task is to blame: the run did not fail, or before it had tasks.
std::optional<Culprit> culprit_of(const RunView& view);

struct EndingOptions {
  // The end of the culprit's log, oldest line first. Empty: it can't be had, and the lines that the task's message
  // holds are shown.
  std::span<const std::string> log;
  bool with_log = true;    // false: the user has seen it
  std::string_view flags;  // go into the commands: " -n team-a"
};

std::vector<std::string> ending(const RunView& view, const EndingOptions& options, const Screen& screen);

}  // namespace ork::show
