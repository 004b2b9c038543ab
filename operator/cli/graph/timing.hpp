#pragma once

// How long the tasks of a Workflow take, by runs of it that were. Pure: values in, values out.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::cli {

struct Timing {
  std::size_t runs = 0;                                 // that tell of a task at least
  std::vector<std::optional<api::DurationMs>> typical;  // by task: the median; nullopt: no run tells of it
  std::vector<int> critical;                            // the tasks that decide how long a run takes, in their order
  api::DurationMs length_ms = 0;                        // of these together

  bool is_critical(int task) const;
  // Whether both are, one right after the other.
  bool is_critical(int before, int task) const;
};

// A task counts as often as it has succeeded, with all its attempts, from the first one's start to its end; what was
// skipped or inherited does not. Hooks are on no critical path: nothing waits for them.
Timing timing_of(const workflow::Definition& definition, std::span<const api::WorkflowRun> runs);

// "1m12s"; empty where nothing is known.
std::string typical_in_words(const Timing& timing, int task);

// "critical path 3m20s, by 12 runs: list, load, report".
std::string critical_in_words(const workflow::Definition& definition, const Timing& timing);

}  // namespace ork::cli
