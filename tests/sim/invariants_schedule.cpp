// What must hold of runs that a schedule makes.

#include <algorithm>
#include <map>
#include <set>

#include "controllers/cron/cron.hpp"
#include "controllers/workflow/schedule.hpp"
#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using Json = nlohmann::json;

namespace {

constexpr const char* owner_at = "/metadata/ownerReferences/0/uid";

bool is_of_schedule(const Json& run) { return text_at(run, "/metadata/ownerReferences/0/kind") == "Workflow"; }

// The schedules that the Workflow of that uid has had until then, the newest last.
std::vector<Json> schedules_before(const History& history, const std::string& uid, std::size_t place) {
  std::vector<Json> out;
  for (std::size_t i = 0; i < place; ++i) {
    const Event& event = (*history.events)[i];
    if (event.kind != Event::Kind::Write || event.collection != "workflows.ork.dev" || event.text == nullptr) continue;
    if (uid_of(*event.object) == uid) out.push_back(value_at(*event.object, "/spec/schedule"));
  }
  return out;
}

bool takes(const Json& schedule, api::TimeMs time) {
  const auto cron = cron::parse(schedule.value("cron", ""));
  return cron && cron::next(*cron, time - 1, "", nullptr) == time;
}

// Of the same schedule, made before, and by what is stored not over.
const State* goes_on(const History& history, const State& made) {
  for (const auto& [uid, states] : history.runs) {
    if (states.front().place >= made.place || !is_of_schedule(states.front().object)) continue;
    if (text_at(states.front().object, owner_at) != text_at(made.object, owner_at)) continue;
    const State* last = nullptr;
    for (const State& state : states) last = state.place < made.place ? &state : last;
    if (last->object.is_null() || is_final(phase_of(last->object))) continue;
    return last;
  }
  return nullptr;
}

}  // namespace

void check_scheduled(const History& history, Violations& found) {
  const bool two = std::any_of(history.events->begin(), history.events->end(),
                               [](const Event& event) { return event.actor == "twin"; });
  const bool in_step = !operators_clock_differs(history);
  std::map<std::pair<std::string, std::string>, std::string> made;  // by Workflow and time: the run's uid
  for (const auto& [uid, states] : history.runs) {
    const State& first = states.front();
    if (first.object.is_null() || !is_of_schedule(first.object)) continue;
    const std::string owner = text_at(first.object, owner_at);
    const std::string time = text_at(first.object, "/spec/scheduledTime");
    const std::string name = text_at(first.object, "/metadata/name");
    const auto fail = [&](const std::string& what) { found.push_back({"I18", name + " " + what + at_text(first)}); };
    const api::TimeMs at = api::parse_time(time).value_or(0);
    if (!made.emplace(std::pair{owner, time}, uid).second) fail("is made again for " + time);
    if (name != workflow::scheduled_run_name("w", at)) fail("is not named after its time, " + time);
    const std::vector<Json> schedules = schedules_before(history, owner, first.place);
    if (std::none_of(schedules.begin(), schedules.end(), [&](const Json& one) { return takes(one, at); }))
      fail("is made for " + time + ", which no schedule takes");
    const auto stored = api::parse_time(text_at(first.object, "/metadata/creationTimestamp"));
    if (in_step && stored && *stored < at) fail("is made before its time, " + time);
    if (two || schedules.empty() || schedules.back().value("concurrencyPolicy", "Allow") == "Allow") continue;
    if (const State* other = goes_on(history, first); other != nullptr)
      fail("is made while " + text_at(other->object, "/metadata/name") + " goes on");
  }
}

}  // namespace ork::sim
