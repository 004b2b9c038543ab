#include <algorithm>
#include <array>
#include <utility>

#include "controllers/api/workflow_run.hpp"

namespace ork::api {
namespace {

constexpr std::array phase_names = {
    std::pair{Phase::Pending, std::string_view("Pending")},
    std::pair{Phase::Queued, std::string_view("Queued")},
    std::pair{Phase::Running, std::string_view("Running")},
    std::pair{Phase::Deferred, std::string_view("Deferred")},
    std::pair{Phase::Retrying, std::string_view("Retrying")},
    std::pair{Phase::Succeeded, std::string_view("Succeeded")},
    std::pair{Phase::Failed, std::string_view("Failed")},
    std::pair{Phase::Skipped, std::string_view("Skipped")},
    std::pair{Phase::UpstreamFailed, std::string_view("UpstreamFailed")},
    std::pair{Phase::Cancelled, std::string_view("Cancelled")},
};

constexpr std::array cause_names = {
    std::pair{Cause::None, std::string_view("")},
    std::pair{Cause::Program, std::string_view("Program")},
    std::pair{Cause::OutOfMemory, std::string_view("OutOfMemory")},
    std::pair{Cause::Deadline, std::string_view("Deadline")},
    std::pair{Cause::Infrastructure, std::string_view("Infrastructure")},
};

constexpr std::array<std::string_view, 7> names_of_acts = {"Retry", "Clear",   "MarkSucceeded", "MarkFailed",
                                                           "Kill",  "Approve", "Reject"};

}  // namespace

std::string_view to_string(Phase phase) { return phase_names[static_cast<std::size_t>(phase)].second; }

std::optional<Phase> parse_phase(std::string_view text) {
  for (const auto& [phase, name] : phase_names) {
    if (name == text) return phase;
  }
  return std::nullopt;
}

bool is_final(Phase phase) {
  switch (phase) {
    case Phase::Succeeded:
    case Phase::Failed:
    case Phase::Skipped:
    case Phase::UpstreamFailed:
    case Phase::Cancelled: return true;
    case Phase::Pending:
    case Phase::Queued:
    case Phase::Running:
    case Phase::Deferred:
    case Phase::Retrying: break;
  }
  return false;
}

std::string_view to_string(Cause cause) { return cause_names[static_cast<std::size_t>(cause)].second; }

std::optional<Cause> parse_cause(std::string_view text) {
  for (const auto& [cause, name] : cause_names) {
    if (name == text) return cause;
  }
  return std::nullopt;
}

std::span<const std::string_view> act_names() { return names_of_acts; }

std::string_view to_string(Act act) { return names_of_acts[static_cast<std::size_t>(act)]; }

std::optional<Act> parse_act(std::string_view text) {
  const auto it = std::find(names_of_acts.begin(), names_of_acts.end(), text);
  if (it == names_of_acts.end()) return std::nullopt;
  return static_cast<Act>(it - names_of_acts.begin());
}

}  // namespace ork::api
