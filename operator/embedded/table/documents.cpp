#include "operator/embedded/table/documents.hpp"

#include <algorithm>

#include "operator/embedded/table/discovery.hpp"
#include "operator/embedded/table/openapi.hpp"
#include "operator/embedded/table/reading.hpp"
#include "operator/embedded/table/resources.hpp"

namespace ork::embedded {
namespace {

constexpr std::string_view aggregated_type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

// Whether a clause of Accept asks for the aggregated form, its parameters in any order.
bool asks_for_aggregated(std::string_view clause) {
  bool group = false;
  bool version = false;
  bool kind = false;
  bool json = false;
  while (!clause.empty()) {
    const std::size_t end = std::min(clause.find(';'), clause.size());
    std::string_view part = clause.substr(0, end);
    clause.remove_prefix(std::min(end + 1, clause.size()));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    json = json || part == "application/json";
    group = group || part == "g=apidiscovery.k8s.io";
    version = version || part == "v=v2";
    kind = kind || part == "as=APIGroupDiscoveryList";
  }
  return json && group && version && kind;
}

// The first clause that we serve decides; one for another kind or version is passed over.
DiscoveryForm wanted_form(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t end = std::min(accept.find(','), accept.size());
    const std::string_view clause = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    if (asks_for_aggregated(clause)) return DiscoveryForm::Aggregated;
    if (clause.find("as=") == std::string_view::npos && clause.find("protobuf") == std::string_view::npos) {
      return DiscoveryForm::Pieces;
    }
  }
  return DiscoveryForm::Pieces;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Document json_document(const Json& json) { return {dump(json), "application/json"}; }

std::optional<Document> discovery_document(std::string_view path, std::string_view accept, const Kinds& kinds) {
  if (path.ends_with('/')) path.remove_suffix(1);
  const bool has_both = path == "/api" || path == "/apis";
  const DiscoveryForm form = has_both ? wanted_form(accept) : DiscoveryForm::Pieces;
  const auto found = discovery(path, form, kinds);
  if (!found) return std::nullopt;
  return Document{dump(*found), std::string(form == DiscoveryForm::Aggregated ? aggregated_type : "application/json")};
}

Json root_paths(const Kinds& kinds) {
  Json paths = {"/api", "/apis"};
  for (const GroupVersion& each : group_versions(kinds)) {
    if (!each.group.empty()) paths.push_back("/apis/" + each.group);
    paths.push_back((each.group.empty() ? "/api/" : "/apis/") + each.name());
  }
  for (const char* path : {"/healthz", "/livez", "/openapi/v3", "/readyz", "/version"}) paths.push_back(path);
  std::sort(paths.begin(), paths.end());
  return {{"paths", std::move(paths)}};
}

Json review(const char* version, const char* kind, const Json& body, Json status) {
  Json out = {{"kind", kind}, {"apiVersion", version}, {"metadata", Json::object()}, {"status", std::move(status)}};
  if (const Json& spec = reading::at(body, "spec"); spec.is_object()) out["spec"] = spec;
  return out;
}

}  // namespace

std::optional<Document> document_at(std::string_view path, std::string_view accept, const Kinds& kinds) {
  if (path == "/") return json_document(root_paths(kinds));
  if (path == "/version") return json_document(server_version());
  if (path == "/openapi/v3") return Document{dump(openapi_index(kinds)), "text/plain; charset=utf-8"};
  // Of version 2 only that there is nothing in it: kubectl asks it of kinds that version 3 does not know.
  if (path == "/openapi/v2") {
    if (accept.find("proto-openapi") == std::string_view::npos) {
      return json_document(
          {{"swagger", "2.0"}, {"info", {{"title", "ork dev"}, {"version", "v1"}}}, {"paths", Json::object()}});
    }
    return Document{"", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"};
  }
  constexpr std::string_view openapi = "/openapi/v3/";
  if (path.starts_with(openapi)) {
    const auto document = openapi_document(path.substr(openapi.size()), kinds);
    return document ? std::optional(json_document(*document)) : std::nullopt;
  }
  if (path.starts_with("/api")) return discovery_document(path, accept, kinds);
  return std::nullopt;
}

std::optional<Json> access_review(std::string_view path, const Json& body) {
  path = path.substr(0, path.find('?'));
  constexpr const char* authorization = "authorization.k8s.io/v1";
  if (path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews") {
    return review(authorization, "SelfSubjectAccessReview", body, {{"allowed", true}});
  }
  if (path == "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews") {
    return review(authorization, "SelfSubjectRulesReview", body,
                  {{"resourceRules", {{{"verbs", {"*"}}, {"apiGroups", {"*"}}, {"resources", {"*"}}}}},
                   {"nonResourceRules", {{{"verbs", {"*"}}, {"nonResourceURLs", {"*"}}}}},
                   {"incomplete", false}});
  }
  if (path == "/apis/authentication.k8s.io/v1/selfsubjectreviews") {
    return review("authentication.k8s.io/v1", "SelfSubjectReview", Json(),
                  {{"userInfo", {{"username", "ork-dev"}, {"groups", {"system:masters", "system:authenticated"}}}}});
  }
  return std::nullopt;
}

}  // namespace ork::embedded
