#include "controllers/api/condition.hpp"

#include <algorithm>

namespace ork::api {

const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type) {
  const auto it =
      std::find_if(conditions.begin(), conditions.end(), [&](const Condition& c) { return c.type == type; });
  return it == conditions.end() ? nullptr : &*it;
}

std::vector<Condition> keep_transition_times(const std::vector<Condition>& previous, std::vector<Condition> next) {
  for (Condition& condition : next) {
    const Condition* old = find_condition(previous, condition.type);
    if (old == nullptr || old->status != condition.status) continue;
    // Else our clock has been set back since.
    const bool has_been = old->last_transition_ms <= condition.last_transition_ms + clock_tolerance_ms;
    if (has_been) condition.last_transition_ms = old->last_transition_ms;
  }
  return next;
}

}  // namespace ork::api
