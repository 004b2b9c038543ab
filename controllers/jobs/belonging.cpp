#include "controllers/jobs/belonging.hpp"

#include <utility>

namespace ork::jobs {

using api::Json;

Json labels_of(const api::ObjectMeta& run, std::string_view workflow, std::string_view task) {
  Json labels = {{api::label_managed_by, "ork"},
                 {api::label_run, run.name},
                 {api::label_run_uid, run.uid},
                 {api::label_task, task}};
  if (!workflow.empty()) labels[std::string(api::label_workflow)] = workflow;
  return labels;
}

Json metadata_of(const api::ObjectMeta& run, std::string_view name, Json labels) {
  const Json owner = {{"apiVersion", api::api_version},
                      {"kind", "WorkflowRun"},
                      {"name", run.name},
                      {"uid", run.uid},
                      {"controller", true},
                      {"blockOwnerDeletion", true}};
  return {
      {"name", name}, {"namespace", run.ns}, {"labels", std::move(labels)}, {"ownerReferences", Json::array({owner})}};
}

std::string body_of(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace ork::jobs
