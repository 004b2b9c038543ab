#include "operator/embedded/job_controller/status_patch.hpp"

#include <nlohmann/json.hpp>

#include "operator/embedded/client/object_meta.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

// null: the field is not there.
Json time_field(api::TimeMs time) { return time == 0 ? Json() : Json(seconds_text(time)); }
Json number_field(std::int64_t number) { return number == 0 ? Json() : Json(number); }
Json optional_field(const std::optional<std::int64_t>& number) { return number ? Json(*number) : Json(); }

Json conditions_field(const std::vector<JobCondition>& conditions) {
  if (conditions.empty()) return {};
  Json out = Json::array();
  for (const JobCondition& condition : conditions) {
    const std::string time = seconds_text(condition.transition_ms);
    Json one = {
        {"type", condition.type}, {"status", condition.status}, {"lastProbeTime", time}, {"lastTransitionTime", time}};
    if (!condition.reason.empty()) one["reason"] = condition.reason;
    if (!condition.message.empty()) one["message"] = condition.message;
    out.push_back(std::move(one));
  }
  return out;
}

// Every field, null where it is absent. One by one: a list of pairs would be made twice, and this is asked often.
Json fields_of(const JobStatus& status) {
  Json fields;
  fields["startTime"] = time_field(status.start_ms);
  fields["completionTime"] = time_field(status.completion_ms);
  fields["active"] = number_field(status.active);
  fields["succeeded"] = number_field(status.succeeded);
  fields["failed"] = number_field(status.failed);
  fields["ready"] = optional_field(status.ready);
  fields["terminating"] = optional_field(status.terminating);
  fields["uncountedTerminatedPods"] = status.ready ? Json::object() : Json();
  fields["completedIndexes"] = status.completed.empty() ? Json() : Json(status.completed.format());
  fields["failedIndexes"] = status.failed_indexes ? Json(status.failed_indexes->format()) : Json();
  fields["conditions"] = conditions_field(status.conditions);
  return fields;
}

}  // namespace

std::optional<std::string> status_patch(const JobStatus& is, const JobStatus& wanted,
                                        const std::string& resource_version) {
  if (is == wanted) return std::nullopt;
  const Json before = fields_of(is);
  const Json after = fields_of(wanted);
  Json status = Json::object();
  for (const auto& [field, value] : after.items()) {
    if (before.at(field) != value) status[field] = value;
  }
  if (status.empty()) return std::nullopt;
  const Json body = {{"metadata", {{"resourceVersion", resource_version}}}, {"status", std::move(status)}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ork::embedded
