#include "operator/embedded/job_controller/pod_object.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "operator/embedded/job_controller/limits.hpp"
#include "operator/embedded/job_controller/names.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

constexpr const char* index_variable = "JOB_COMPLETION_INDEX";

Json object_in(const Json& parent, const char* field) {
  const auto it = parent.find(field);
  return it != parent.end() && it->is_object() ? *it : Json::object();
}

void add_index_variable(Json& spec, const char* list) {
  const auto containers = spec.find(list);
  if (containers == spec.end() || !containers->is_array()) return;
  for (Json& container : *containers) {
    if (!container.is_object()) continue;
    Json& env = container["env"];
    if (!env.is_array()) env = Json::array();
    const bool there = std::any_of(env.begin(), env.end(), [](const Json& variable) {
      return variable.is_object() && variable.contains("name") && variable["name"] == index_variable;
    });
    if (there) continue;
    const std::string field = std::string("metadata.labels['") + names::completion_index + "']";
    env.push_back({{"name", index_variable}, {"valueFrom", {{"fieldRef", {{"fieldPath", field}}}}}});
  }
}

bool chooses_its_node(const Json& spec) {
  const auto set = [&](const char* field) {
    const auto it = spec.find(field);
    return it != spec.end() && !it->empty();
  };
  const auto scheduler = spec.find("schedulerName");
  const bool other = scheduler != spec.end() && *scheduler != "" && *scheduler != "default-scheduler";
  return other || set("nodeName") || set("nodeSelector") || set("affinity") || set("schedulingGates");
}

void add_index(const Job& job, const NewPod& pod, Json& meta, Json& spec) {
  const std::string index = std::to_string(pod.index);
  meta["labels"][names::completion_index] = index;
  meta["annotations"][names::completion_index] = index;
  if (job.spec.backoff_limit_per_index) {
    meta["annotations"][names::failure_count] = std::to_string(pod.failures);
    if (pod.ignored_failures > 0) {
      meta["annotations"][names::ignored_failure_count] = std::to_string(pod.ignored_failures);
    }
  }
  spec["hostname"] = job.meta.name + "-" + index;
  add_index_variable(spec, "initContainers");
  add_index_variable(spec, "containers");
}

}  // namespace

std::string pod_name_prefix(std::string_view job, std::int64_t index) {
  const std::string end = index < 0 ? "-" : "-" + std::to_string(index) + "-";
  return std::string(job.substr(0, limits::generated_name_prefix - end.size())) + end;
}

Result<std::string, std::string> build_pod(const Job& job, const NewPod& pod, const std::string& name,
                                           const std::string& node) {
  const Json pod_template = Json::parse(job.pod_template, nullptr, false);
  if (!pod_template.is_object()) return Err(std::string("spec.template is not an object"));
  Json spec = object_in(pod_template, "spec");
  const Json template_meta = object_in(pod_template, "metadata");
  Json meta = {{"name", name},
               {"generateName", pod_name_prefix(job.meta.name, pod.index)},
               {"namespace", job.meta.ns},
               {"ownerReferences", Json::array({{{"apiVersion", "batch/v1"},
                                                 {"kind", "Job"},
                                                 {"name", job.meta.name},
                                                 {"uid", job.meta.uid},
                                                 {"controller", true},
                                                 {"blockOwnerDeletion", true}}})}};
  for (const char* field : {"labels", "annotations"}) {
    if (Json held = object_in(template_meta, field); !held.empty()) meta[field] = std::move(held);
  }
  if (pod.index >= 0) add_index(job, pod, meta, spec);
  if (!chooses_its_node(spec)) spec["nodeName"] = node;
  const Json body = {{"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", std::move(meta)}, {"spec", std::move(spec)}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ork::embedded
