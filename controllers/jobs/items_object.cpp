#include "controllers/jobs/items_object.hpp"

#include "controllers/jobs/belonging.hpp"
#include "controllers/jobs/names.hpp"
#include "controllers/workflow/items.hpp"

namespace ork::jobs {

using api::Json;

std::string build_items(const api::ObjectMeta& run, std::string_view workflow, std::string_view task,
                        std::span<const std::string> items) {
  Json data = Json::object();
  for (std::size_t i = 0; i < items.size(); ++i) data[workflow::key_of_item(i)] = items[i];
  return body_of(
      {{"apiVersion", "v1"},
       {"kind", "ConfigMap"},
       {"metadata", metadata_of(run, items_name(run.name, run.uid, task, items), labels_of(run, workflow, task))},
       {"immutable", true},
       {"data", std::move(data)}});
}

}  // namespace ork::jobs
