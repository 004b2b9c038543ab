#include "controllers/workflow/circuit.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace ork::workflow {
namespace {

using api::CircuitStatus;
using api::Phase;
using api::TimeMs;

// Those that count, the last to end first.
std::vector<const FinishedRun*> counted(std::span<const FinishedRun> runs, TimeMs since) {
  std::vector<const FinishedRun*> out;
  for (const FinishedRun& run : runs) {
    if (run.phase != Phase::Cancelled && run.completion_ms > since) out.push_back(&run);
  }
  std::sort(out.begin(), out.end(), [](const FinishedRun* a, const FinishedRun* b) {
    return std::tie(b->completion_ms, b->name) < std::tie(a->completion_ms, a->name);
  });
  return out;
}

// Where the clock has been set back, runs that are known have ended in its future: they don't count either.
TimeMs from_now_on(std::span<const FinishedRun> runs, TimeMs now) {
  for (const FinishedRun& run : runs) now = std::max(now, run.completion_ms);
  return now;
}

}  // namespace

std::optional<CircuitStatus> circuit_after(const api::Workflow& workflow, const Definition& definition,
                                           std::span<const FinishedRun> runs, TimeMs now) {
  if (!definition.circuit_failures) return std::nullopt;
  const std::optional<CircuitStatus>& stored = workflow.status.circuit;
  const bool edited = workflow.status.observed_generation != workflow.meta.generation;
  CircuitStatus circuit = stored.value_or(CircuitStatus());
  if (!stored || edited || stored->resumed != workflow.resumed)
    circuit = {.since_ms = from_now_on(runs, now), .resumed = workflow.resumed};
  if (circuit.open_ms != 0) return circuit;
  const auto newest_first = counted(runs, circuit.since_ms);
  const auto succeeded = std::find_if(newest_first.begin(), newest_first.end(),
                                      [](const FinishedRun* run) { return run->phase == Phase::Succeeded; });
  const std::int64_t failures = succeeded - newest_first.begin();
  if (failures < *definition.circuit_failures) return circuit;
  circuit.open_ms = now;
  circuit.failures = failures;
  circuit.last_run = newest_first.front()->name;
  return circuit;
}

std::optional<Suspension> suspension_of(const api::Workflow& workflow, const Definition& definition,
                                        const std::optional<CircuitStatus>& circuit) {
  if (definition.suspend)
    return Suspension{std::string(reason_suspended),
                      "by spec.suspend: runs that have not started wait until that is false"};
  if (!circuit || circuit->open_ms == 0) return std::nullopt;
  const std::string& name = workflow.meta.name;
  return Suspension{
      std::string(reason_circuit_open),
      std::to_string(circuit->failures) + (circuit->failures == 1 ? " run" : " runs in a row") + " failed, " +
          circuit->last_run + (circuit->failures == 1 ? "" : " last") +
          ": runs that have not started wait until the Workflow is edited, or somebody says `ork workflow "
          "resume " +
          name + "`"};
}

std::string why_suspended(const api::Workflow& workflow, const Definition& definition) {
  const auto suspension = suspension_of(workflow, definition, workflow.status.circuit);
  return suspension ? "Workflow " + workflow.meta.name + " is suspended: " + suspension->message : "";
}

}  // namespace ork::workflow
