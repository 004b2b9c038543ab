#pragma once

// metav1.Condition, as kstatus, Flux, Argo CD and `kubectl wait` read it.

#include <cstdint>
#include <string>
#include <vector>

#include "controllers/api/time.hpp"

namespace ork::api {

enum class ConditionStatus { Unknown, True, False };

struct Condition {
  std::string type;
  ConditionStatus status = ConditionStatus::Unknown;
  std::int64_t observed_generation = 0;
  TimeMs last_transition_ms = 0;
  std::string reason;   // CamelCase, one word
  std::string message;  // a sentence
  friend bool operator==(const Condition&, const Condition&) = default;
};

// The condition of that type, or nullptr.
const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type);

// `next` with the times of `previous` kept wherever the status did not change, as the API
// conventions ask: lastTransitionTime moves only with the status.
std::vector<Condition> keep_transition_times(const std::vector<Condition>& previous, std::vector<Condition> next);

}  // namespace ork::api
