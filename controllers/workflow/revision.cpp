#include "controllers/workflow/revision.hpp"

#include "controllers/workflow/hash.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
std::string revision_name(std::string_view workflow, const api::Json& spec, int salt) {
  // The whole name goes into the hash: two long names may be the same once they are cut.
  std::string text(workflow);
  text += '\n';
  if (salt != 0) text += std::to_string(salt);
  text += '\n';
  text += spec.dump(-1, ' ', false, api::Json::error_handler_t::replace);

  std::string_view prefix = workflow.substr(0, max_name - 1 - hash_chars);
  while (prefix.ends_with('-')) prefix.remove_suffix(1);
  return std::string(prefix) + "-" + hash_word(fnv1a(text));
}

api::Json build_revision(const api::Workflow& workflow, std::string_view name, std::int64_t number) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "ControllerRevision"},
          {"metadata",
           {{"name", name},
            {"namespace", workflow.meta.ns},
            {"labels", {{api::label_managed_by, "ork"}, {api::label_workflow, workflow.meta.name}}}}},
          {"revision", number},
          {"data", workflow.spec}};
}

}  // namespace ork::workflow
