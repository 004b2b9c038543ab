#include "operator/embedded/kinds/job_defaults.hpp"

#include <limits>

#include "operator/embedded/kinds/disabled_fields.hpp"
#include "operator/embedded/kinds/place.hpp"
#include "operator/embedded/kinds/pod_defaults.hpp"

namespace ork::embedded {
namespace {

void fill(Json& object, const char* name, const Json& value) {
  if (!object.contains(name)) object[name] = value;
}

Json& object_at(Json& holder, const char* name) {
  Json& value = holder[name];
  if (!value.is_object()) value = Json::object();
  return value;
}

// A Job without labels takes those of its Pods: as it is written, and as it is read.
void default_labels(Json& job) {
  Place labels = Place(job, "")["spec"]["template"]["metadata"]["labels"];
  if (labels.size() == 0 || Place(job, "")["metadata"]["labels"].size() > 0) return;
  Json copy = labels.value();
  object_at(job, "metadata")["labels"] = std::move(copy);
}

void default_failure_policy(Json& policy) {
  if (!policy.is_object() || !policy["rules"].is_array()) return;
  for (Json& rule : policy["rules"]) {
    auto patterns = rule.find("onPodConditions");
    if (patterns == rule.end() || !patterns->is_array()) continue;
    for (Json& pattern : *patterns) {
      if (Place(pattern, "")["status"].text().empty()) pattern["status"] = "True";
    }
  }
}

void select_pods(Json& job) {
  Place metadata = Place(job, "")["metadata"];
  const std::string name = metadata["name"].text(), uid = metadata["uid"].text();
  Json& spec = job["spec"];
  Json& labels = object_at(object_at(spec["template"], "metadata"), "labels");
  fill(labels, legacy_job_name_label, name);
  fill(labels, job_name_label, name);
  fill(labels, legacy_controller_uid_label, uid);
  fill(labels, controller_uid_label, uid);
  fill(object_at(object_at(spec, "selector"), "matchLabels"), controller_uid_label, uid);
}

}  // namespace

void default_job(Json& job) {
  Json& spec = job["spec"];
  if (!spec.is_object()) return;
  default_labels(job);
  if (!spec.contains("completions") && !spec.contains("parallelism")) spec["completions"] = 1;
  fill(spec, "parallelism", 1);
  fill(spec, "backoffLimit", spec.contains("backoffLimitPerIndex") ? std::numeric_limits<std::int32_t>::max() : 6);
  fill(spec, "completionMode", "NonIndexed");
  fill(spec, "suspend", false);
  fill(spec, "podReplacementPolicy", spec.contains("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
  fill(spec, "manualSelector", false);
  if (auto policy = spec.find("podFailurePolicy"); policy != spec.end()) default_failure_policy(*policy);
  if (spec.contains("template") && spec["template"].contains("spec")) default_pod_spec(spec["template"]["spec"]);
}

void prepare_job(Json& job, const Json* old) {
  if (!job["spec"].is_object() || !job["spec"]["template"].is_object()) return;
  if (job["spec"]["template"].contains("spec")) drop_disabled_fields(job["spec"]["template"]["spec"]);
  if (old != nullptr) return;
  // Labels that were taken are one map in Go: what is added to those of the Pods is added to the Job's. A
  // Job that gets a name is copied before, and its maps are two.
  Place metadata = Place(job, "")["metadata"];
  Place labels = metadata["labels"];
  const bool taken = labels.size() > 0 && metadata["generateName"].text().empty() &&
                     labels.value() == Place(job, "")["spec"]["template"]["metadata"]["labels"].value();
  if (!Place(job, "")["spec"]["manualSelector"].flag()) select_pods(job);
  job["status"] = Json::object();
  if (taken) job["metadata"]["labels"] = job["spec"]["template"]["metadata"]["labels"];
}

}  // namespace ork::embedded
