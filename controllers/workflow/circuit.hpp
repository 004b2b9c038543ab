#pragma once

// Whether runs of a Workflow may start: not while spec.suspend says so, and not once as many runs in a row have failed
// as spec.circuitBreaker allows. The breaker, once open, stays so until the Workflow is edited or a person resumes it:
// by another value of an annotation, so that no clock but the operator's own is asked, and no field that belongs to
// whoever writes the spec is touched.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "controllers/workflow/definition.hpp"
#include "controllers/workflow/history.hpp"

namespace ork::workflow {

// The reasons of condition Suspended.
inline constexpr std::string_view reason_suspended = "SuspendedBySpec";
inline constexpr std::string_view reason_circuit_open = "CircuitOpen";

// The breaker's state after what has happened since it was stored; nullopt: the spec has none. What counts are runs
// that ended after the Workflow was last edited or resumed, by their ends, as far as they are still there: so many that
// have Failed, and none between them that has Succeeded. A cancelled run says nothing.
std::optional<api::CircuitStatus> circuit_after(const api::Workflow& workflow, const Definition& definition,
                                                std::span<const FinishedRun> runs, api::TimeMs now);

// The condition Suspended, where it is True; its message says what to do.
struct Suspension {
  std::string reason;
  std::string message;
};
std::optional<Suspension> suspension_of(const api::Workflow& workflow, const Definition& definition,
                                        const std::optional<api::CircuitStatus>& circuit);

// Why a run that has not started does not; empty: it may. By what is stored, and spec.suspend at once.
std::string why_suspended(const api::Workflow& workflow, const Definition& definition);

}  // namespace ork::workflow
