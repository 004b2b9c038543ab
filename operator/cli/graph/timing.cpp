#include "operator/cli/graph/timing.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "operator/cli/show/elapsed.hpp"

namespace ork::cli {
namespace {

// Of an even number the lower one of the middle.
std::optional<api::DurationMs> median_of(std::vector<api::DurationMs> durations) {
  if (durations.empty()) return std::nullopt;
  const auto middle = durations.begin() + static_cast<std::ptrdiff_t>((durations.size() - 1) / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  return *middle;
}

bool tells(const api::TaskStatus& task) {
  return task.phase == api::Phase::Succeeded && task.inherited_from.empty() && task.start_ms > 0 &&
         task.completion_ms >= task.start_ms;
}

}  // namespace

bool Timing::is_critical(int task) const { return std::find(critical.begin(), critical.end(), task) != critical.end(); }

bool Timing::is_critical(int before, int task) const {
  const auto found = std::find(critical.begin(), critical.end(), task);
  return found != critical.end() && found != critical.begin() && *(found - 1) == before;
}

Timing timing_of(const workflow::Definition& definition, std::span<const api::WorkflowRun> runs) {
  Timing out;
  std::vector<std::vector<api::DurationMs>> durations(definition.tasks.size());
  for (const api::WorkflowRun& run : runs) {
    bool told = false;
    for (const api::TaskStatusPtr& task : run.status.tasks) {
      const int place = definition.index_of(task->name);
      if (place < 0 || !tells(*task)) continue;
      durations[static_cast<std::size_t>(place)].push_back(task->completion_ms - task->start_ms);
      told = true;
    }
    out.runs += told ? 1 : 0;
  }
  std::vector<std::int64_t> weights;
  for (std::size_t i = 0; i < durations.size(); ++i) {
    out.typical.push_back(median_of(std::move(durations[i])));
    weights.push_back(definition.tasks[i].is_hook() ? 0 : out.typical.back().value_or(0));
  }
  if (out.runs == 0) return out;
  const dag::CriticalPath path = definition.graph.critical_path(weights);
  out.length_ms = path.length;
  std::copy_if(path.nodes.begin(), path.nodes.end(), std::back_inserter(out.critical),
               [&](int task) { return !definition.tasks[static_cast<std::size_t>(task)].is_hook(); });
  return out;
}

std::string typical_in_words(const Timing& timing, int task) {
  const auto& typical = timing.typical[static_cast<std::size_t>(task)];
  return typical ? show::elapsed(*typical) : std::string();
}

std::string critical_in_words(const workflow::Definition& definition, const Timing& timing) {
  std::string out = "critical path " + show::elapsed(timing.length_ms) + ", by " + std::to_string(timing.runs) +
                    (timing.runs == 1 ? " run: " : " runs: ");
  for (std::size_t i = 0; i < timing.critical.size(); ++i)
    out += (i == 0 ? "" : ", ") + definition.tasks[static_cast<std::size_t>(timing.critical[i])].name();
  return out;
}

}  // namespace ork::cli
