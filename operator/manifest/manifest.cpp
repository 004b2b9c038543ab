#include "operator/manifest/manifest.hpp"

#include "controllers/api/meta.hpp"

namespace ork::manifest {
namespace {

std::string_view text_of(const Json& object, const char* field) {
  if (!object.is_object()) return {};
  const auto it = object.find(field);
  return it != object.end() && it->is_string() ? std::string_view(it->get_ref<const std::string&>())
                                               : std::string_view();
}

std::string_view metadata_text(const Json& object, const char* field) {
  if (!object.is_object()) return {};
  const auto it = object.find("metadata");
  return it == object.end() ? std::string_view() : text_of(*it, field);
}

bool is_ours(const Json& object, std::string_view kind) {
  const std::string_view version = api_version_of(object);
  return kind_of(object) == kind && version.substr(0, version.find('/')) == api::group;
}

}  // namespace

std::string_view api_version_of(const Json& object) { return text_of(object, "apiVersion"); }
std::string_view kind_of(const Json& object) { return text_of(object, "kind"); }
std::string_view name_of(const Json& object) { return metadata_text(object, "name"); }
std::string_view namespace_of(const Json& object) { return metadata_text(object, "namespace"); }

bool is_workflow(const Json& object) { return is_ours(object, "Workflow"); }
bool is_workflow_run(const Json& object) { return is_ours(object, "WorkflowRun"); }

}  // namespace ork::manifest
