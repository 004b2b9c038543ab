#include "controllers/api/read_meta.hpp"

namespace ork::api {
namespace {

ConditionStatus parse_status(std::string_view text) {
  if (text == "True") return ConditionStatus::True;
  if (text == "False") return ConditionStatus::False;
  return ConditionStatus::Unknown;
}

const char* to_text(ConditionStatus status) {
  switch (status) {
    case ConditionStatus::True: return "True";
    case ConditionStatus::False: return "False";
    case ConditionStatus::Unknown: break;
  }
  return "Unknown";
}

}  // namespace

std::vector<Condition> read_conditions(Reader& status) {
  std::vector<Condition> out;
  for (const nlohmann::json& item : status.array("conditions")) {
    Reader reader(item, status.path_of("conditions") + "[" + std::to_string(out.size()) + "]");
    Condition condition;
    condition.type = reader.string("type").value_or("");
    condition.status = parse_status(reader.string("status").value_or(""));
    condition.observed_generation = reader.integer("observedGeneration").value_or(0);
    condition.last_transition_ms = reader.time("lastTransitionTime");
    condition.reason = reader.string("reason").value_or("");
    condition.message = reader.string("message").value_or("");
    status.absorb(reader);
    out.push_back(std::move(condition));
  }
  return out;
}

nlohmann::json encode_conditions(const std::vector<Condition>& conditions) {
  nlohmann::json out = nlohmann::json::array();
  for (const Condition& condition : conditions) {
    out.push_back({{"type", condition.type},
                   {"status", to_text(condition.status)},
                   {"observedGeneration", condition.observed_generation},
                   {"lastTransitionTime", format_time(condition.last_transition_ms)},
                   {"reason", condition.reason},
                   {"message", condition.message}});
  }
  return out;
}

}  // namespace ork::api
