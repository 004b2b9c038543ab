#include "controllers/jobs/items_object.hpp"

#include "controllers/jobs/belonging.hpp"
#include "controllers/jobs/names.hpp"

namespace ork::jobs {

using api::Json;

std::string build_items(const api::ObjectMeta& run, std::string_view workflow, std::string_view task,
                        const Json& data) {
  return body_of(
      {{"apiVersion", "v1"},
       {"kind", "ConfigMap"},
       {"metadata", metadata_of(run, items_name(run.name, run.uid, task, data), labels_of(run, workflow, task))},
       {"immutable", true},
       {"data", data}});
}

}  // namespace ork::jobs
