// What must hold of spec.actions.

#include <algorithm>
#include <set>

#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

std::set<std::string> ids_of(const Json& actions) {
  std::set<std::string> ids;
  for (const Json& action : actions) ids.insert(action.value("id", ""));
  return ids;
}

// What is told stays as it was told, and each id is told of once.
void check_told(const State& state, Json& told, Violations& found) {
  const Json& now = value_at(state.object, "/status/actions");
  if (ids_of(now).size() != now.size()) found.push_back({"I27", "an action is told of twice" + at_text(state)});
  const bool grown = now.size() >= told.size() && std::equal(told.begin(), told.end(), now.begin());
  if (!grown) found.push_back({"I27", "what was told of an action changes" + at_text(state)});
  told = now;
}

}  // namespace

void check_actions(const History& history, bool all_ended, Violations& found) {
  for (const auto& [uid, states] : history.runs) {
    Json told = Json::array();
    const State* last = nullptr;
    for (const State& state : states) {
      if (state.object.is_null()) continue;
      check_told(state, told, found);
      last = &state;
    }
    if (!all_ended || last == nullptr || states.back().object.is_null()) continue;
    const std::set<std::string> answered = ids_of(told);
    for (const std::string& id : ids_of(value_at(last->object, "/spec/actions"))) {
      if (!answered.contains(id)) found.push_back({"I27", "nobody has answered " + id + " of " + last->event->key});
    }
  }
}

}  // namespace ork::sim
