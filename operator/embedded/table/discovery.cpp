#include "operator/embedded/table/discovery.hpp"

#include <algorithm>

#include "operator/embedded/table/resources.hpp"

namespace ork::embedded {
namespace {

Json version_entry(const GroupVersion& each) { return {{"groupVersion", each.name()}, {"version", each.version}}; }

// The group's entry in /apis, and, with kind and apiVersion, the answer to /apis/GROUP.
Json group_entry(const std::vector<GroupVersion>& all, const std::string& group) {
  Json versions = Json::array();
  for (const GroupVersion& each : all) {
    if (each.group == group) versions.push_back(version_entry(each));
  }
  Json preferred = versions.front();
  return {{"name", group}, {"versions", std::move(versions)}, {"preferredVersion", std::move(preferred)}};
}

std::vector<std::string> named_groups(const std::vector<GroupVersion>& all) {
  std::vector<std::string> groups;
  for (const GroupVersion& each : all) {
    if (!each.group.empty() && (groups.empty() || groups.back() != each.group)) groups.push_back(each.group);
  }
  return groups;
}

Json group_list(const std::vector<GroupVersion>& all) {
  Json groups = Json::array();
  for (const std::string& group : named_groups(all)) groups.push_back(group_entry(all, group));
  return {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(groups)}};
}

Json core_versions(const std::vector<GroupVersion>& all) {
  Json versions = Json::array();
  for (const GroupVersion& each : all) {
    if (each.group.empty()) versions.push_back(each.version);
  }
  return {{"kind", "APIVersions"}, {"versions", std::move(versions)}, {"serverAddressByClientCIDRs", Json::array()}};
}

Json resource_entry(const Resource& resource) {
  Json entry = {{"name", resource.plural},
                {"singularName", resource.singular},
                {"namespaced", resource.namespaced},
                {"kind", resource.kind},
                {"verbs", resource.verbs}};
  if (!resource.short_names.empty()) entry["shortNames"] = resource.short_names;
  if (!resource.categories.empty()) entry["categories"] = resource.categories;
  if (!resource.storage_hash.empty()) entry["storageVersionHash"] = resource.storage_hash;
  return entry;
}

Json resource_list(const GroupVersion& each) {
  Json resources = Json::array();
  for (const Resource& resource : each.resources) {
    resources.push_back(resource_entry(resource));
    for (const Subresource& sub : resource.subresources) {
      resources.push_back({{"name", resource.plural + "/" + sub.name},
                           {"singularName", ""},
                           {"namespaced", resource.namespaced},
                           {"kind", sub.kind.empty() ? resource.kind : sub.kind},
                           {"verbs", sub.verbs}});
    }
  }
  Json list = {{"kind", "APIResourceList"}, {"groupVersion", each.name()}, {"resources", std::move(resources)}};
  if (!each.group.empty()) list["apiVersion"] = "v1";  // the core group's list has none
  return list;
}

// --- aggregated ------------------------------------------------------------------------------

// The API server tells group and version of a CRD's kinds only: of the others they are those around.
Json response_kind(const GroupVersion& each, const Resource& resource, const std::string& kind) {
  return {{"group", resource.custom ? each.group : ""},
          {"version", resource.custom ? each.version : ""},
          {"kind", kind.empty() ? resource.kind : kind}};
}

Json aggregated_resource(const GroupVersion& each, const Resource& resource) {
  Json entry = {{"resource", resource.plural},
                {"responseKind", response_kind(each, resource, "")},
                {"scope", resource.namespaced ? "Namespaced" : "Cluster"},
                {"singularResource", resource.singular},
                {"verbs", resource.verbs}};
  if (!resource.short_names.empty()) entry["shortNames"] = resource.short_names;
  if (!resource.categories.empty()) entry["categories"] = resource.categories;
  for (const Subresource& sub : resource.subresources) {
    entry["subresources"].push_back(
        {{"subresource", sub.name}, {"responseKind", response_kind(each, resource, sub.kind)}, {"verbs", sub.verbs}});
  }
  return entry;
}

Json aggregated(const std::vector<GroupVersion>& all, bool core) {
  Json groups = Json::array();
  std::string last;
  for (const GroupVersion& each : all) {
    if (each.group.empty() != core) continue;
    if (groups.empty() || each.group != last) {
      Json metadata = core ? Json::object() : Json{{"name", each.group}};
      groups.push_back({{"metadata", std::move(metadata)}, {"versions", Json::array()}});
    }
    last = each.group;
    Json resources = Json::array();
    for (const Resource& resource : each.resources) resources.push_back(aggregated_resource(each, resource));
    std::sort(resources.begin(), resources.end(),
              [](const Json& a, const Json& b) { return a["resource"] < b["resource"]; });
    groups.back()["versions"].push_back(
        {{"version", each.version}, {"resources", std::move(resources)}, {"freshness", "Current"}});
  }
  return {{"kind", "APIGroupDiscoveryList"},
          {"apiVersion", "apidiscovery.k8s.io/v2"},
          {"metadata", Json::object()},
          {"items", std::move(groups)}};
}

constexpr const char* platform() {
#if defined(__aarch64__)
  return "linux/arm64";
#else
  return "linux/amd64";
#endif
}

}  // namespace

std::optional<Json> discovery(std::string_view path, DiscoveryForm form, const Kinds& kinds) {
  // "/api/VERSION" or "/apis/GROUP/VERSION" at most: what every other read asks for is no document, and is told so at
  // once.
  if (std::count(path.begin(), path.end(), '/') > (path.starts_with("/api/") ? 2 : 3)) return std::nullopt;
  const std::vector<GroupVersion> all = group_versions(kinds);
  const bool whole = form == DiscoveryForm::Aggregated;
  if (path == "/api") return whole ? aggregated(all, true) : core_versions(all);
  if (path == "/apis") return whole ? aggregated(all, false) : group_list(all);
  for (const GroupVersion& each : all) {
    if (path == (each.group.empty() ? "/api/" : "/apis/") + each.name()) return resource_list(each);
    if (each.group.empty() || path != "/apis/" + each.group) continue;
    Json group = group_entry(all, each.group);
    group["kind"] = "APIGroup";
    group["apiVersion"] = "v1";
    return group;
  }
  return std::nullopt;
}

Json server_version() {
  return {{"major", "1"},
          {"minor", "34"},
          {"emulationMajor", "1"},
          {"emulationMinor", "34"},
          {"minCompatibilityMajor", "1"},
          {"minCompatibilityMinor", "33"},
          {"gitVersion", "v1.34.4+ork"},
          {"gitCommit", ""},
          {"gitTreeState", ""},
          {"buildDate", "1970-01-01T00:00:00Z"},
          {"goVersion", ""},
          {"compiler", ""},
          {"platform", platform()}};
}

}  // namespace ork::embedded
