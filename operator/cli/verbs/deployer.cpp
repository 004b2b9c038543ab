#include "operator/cli/verbs/deployer.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "controllers/api/meta.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

struct Known {
  std::string_view api_version, kind, plural;
};
constexpr std::array known_kinds = {
    Known{api::api_version, "Workflow", "workflows"}, Known{api::api_version, "WorkflowRun", "workflowruns"},
    Known{"v1", "ConfigMap", "configmaps"},           Known{"v1", "Secret", "secrets"},
    Known{"v1", "ServiceAccount", "serviceaccounts"},
};

kube::Resource resource_of(std::string_view api_version, std::string_view kind, std::string plural) {
  const std::size_t slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  return {core ? std::string() : std::string(api_version.substr(0, slash)),
          std::string(core ? api_version : api_version.substr(slash + 1)), std::move(plural), std::string(kind)};
}

std::string text_of(const Json& object, const char* field) {
  const auto it = object.is_object() ? object.find(field) : object.end();
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Failure no_such_kind(const std::string& api_version, const std::string& kind) {
  return {ExitCode::NotFound, "this cluster has no kind " + kind + " of " + api_version};
}

// What the server keeps for itself, and what says only that something was written.
Json content_of(Json object) {
  if (!object.is_object()) return object;
  object.erase("status");
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return object;
  for (const char* field : {"managedFields", "resourceVersion", "generation"}) metadata->erase(field);
  return object;
}

}  // namespace

bool same_content(const Json& before, const Json& after) { return content_of(before) == content_of(after); }

Result<Deployer::Kind, Failure> Deployer::kind_of(const std::string& api_version, const std::string& kind) {
  for (const Known& known : known_kinds) {
    if (known.api_version == api_version && known.kind == kind) {
      return Kind{resource_of(api_version, kind, std::string(known.plural)), true};
    }
  }
  return discover(api_version, kind);
}

Result<Deployer::Kind, Failure> Deployer::discover(const std::string& api_version, const std::string& kind) {
  auto it = discovered_.find(api_version);
  if (it == discovered_.end()) {
    // The path of a group and version is that of a resource without its name.
    kube::Request request;
    const kube::Resource resource = resource_of(api_version, kind, "");
    request.path = kube::resource_path(resource, "");
    request.path.pop_back();
    auto answer = ask(session_, std::move(request));
    if (!answer && answer.error().code == ExitCode::NotFound) return Err(no_such_kind(api_version, kind));
    if (!answer) return Err(answer.error());
    it = discovered_.emplace(api_version, std::move(answer->object)).first;
  }
  const auto resources = it->second.is_object() ? it->second.find("resources") : it->second.end();
  if (resources == it->second.end() || !resources->is_array()) return Err(no_such_kind(api_version, kind));
  for (const Json& each : *resources) {
    const std::string name = text_of(each, "name");
    // "deployments/status" is of the same kind.
    if (text_of(each, "kind") != kind || name.empty() || name.find('/') != std::string::npos) continue;
    const auto namespaced = each.find("namespaced");
    return Kind{resource_of(api_version, kind, name), namespaced == each.end() || *namespaced != false};
  }
  return Err(no_such_kind(api_version, kind));
}

Result<Deployed, Failure> Deployer::apply(const Json& object, const std::string& ns) {
  const std::string name(manifest::name_of(object));
  const auto kind = kind_of(std::string(manifest::api_version_of(object)), std::string(manifest::kind_of(object)));
  if (!kind) return Err(kind.error());
  if (name.empty()) return Err(Failure{ExitCode::Invalid, "an object to be deployed needs a name, not a generateName"});
  const std::string place = kind->namespaced ? ns : std::string();
  auto before = ask(session_, kube::get_request(kind->resource, place, name));
  if (!before && before.error().code != ExitCode::NotFound) return Err(before.error());
  kube::Request request = kube::patch_request(kind->resource, place, name, "", kube::PatchType::Apply,
                                              object.dump(-1, ' ', false, Json::error_handler_t::replace));
  request.accept = "application/json";
  kube::add_query(request, "fieldManager", field_manager);
  kube::add_query(request, "fieldValidation", "Strict");
  if (force_conflicts_) kube::add_query(request, "force", "true");
  if (dry_run_) kube::add_query(request, "dryRun", "All");
  auto after = ask(session_, std::move(request));
  if (!after) return Err(after.error());
  std::string verb = !before ? "created" : same_content(before->object, after->object) ? "unchanged" : "configured";
  return Deployed{std::move(verb), std::move(after->object)};
}

}  // namespace ork::cli
