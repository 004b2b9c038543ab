#include "tests/sim/combinations.hpp"

#include <algorithm>

namespace ork::sim {

using Json = nlohmann::json;

namespace {

// In those fields of an entry that the combination has; `all`: it has to have them all.
bool agrees(const Json& combination, const Json& entry, bool all) {
  for (const auto& [name, value] : entry.items()) {
    if (!combination.contains(name) ? all : combination[name] != value) return false;
  }
  return true;
}

}  // namespace

Json combinations(const Json& lists) {
  Json made = Json::array();
  for (const auto& [name, values] : lists.items()) {
    if (name == "include" || name == "exclude") continue;
    Json longer = Json::array();
    for (const Json& shorter : made.empty() ? Json::array({Json::object()}) : made) {
      for (const Json& value : values) {
        longer.push_back(shorter);
        longer.back()[name] = value;
      }
    }
    made = std::move(longer);
    if (made.empty()) break;
  }
  Json left = Json::array();
  const Json exclude = lists.value("exclude", Json::array());
  for (const Json& each : made) {
    if (std::none_of(exclude.begin(), exclude.end(), [&](const Json& entry) { return agrees(each, entry, true); }))
      left.push_back(each);
  }
  Json out = left, own = Json::array();
  for (const Json& entry : lists.value("include", Json::array())) {
    bool added = false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!agrees(left[i], entry, false)) continue;
      out[i].update(entry);
      added = true;
    }
    if (!added) own.push_back(entry);
  }
  out.insert(out.end(), own.begin(), own.end());
  return out;
}

}  // namespace ork::sim
