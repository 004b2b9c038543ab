#include "operator/embedded/table/resources.hpp"

#include <algorithm>
#include <array>

#include "operator/embedded/table/digest.hpp"

namespace ork::embedded {
namespace {

constexpr std::array<std::string_view, 8> ranked_groups = {"",
                                                           "apps",
                                                           "events.k8s.io",
                                                           "authentication.k8s.io",
                                                           "authorization.k8s.io",
                                                           "batch",
                                                           "apiextensions.k8s.io",
                                                           "coordination.k8s.io"};

std::size_t rank(std::string_view group) {
  const auto found = std::find(ranked_groups.begin(), ranked_groups.end(), group);
  return static_cast<std::size_t>(found - ranked_groups.begin());
}

std::string storage_hash(const Kind& kind) {
  const Kind& stored = kind.stored_as != nullptr ? *kind.stored_as : kind;
  // The one kind that API servers keep in an older version than the one they serve.
  const bool older = stored.group == "apiextensions.k8s.io";
  return short_digest(stored.group + "/" + (older ? "v1beta1" : stored.version) + "/" + stored.kind);
}

std::vector<Subresource> subresources_of(const Kind& kind) {
  std::vector<Subresource> out;
  if (kind.group.empty() && kind.plural == "pods") out = {{"binding", "Binding", {"create"}}, {"log", "", {"get"}}};
  if (kind.group.empty() && kind.plural == "namespaces") out = {{"finalize", "", {"update"}}};
  if (kind.has_status) out.push_back({"status", "", {"get", "patch", "update"}});
  return out;
}

Resource resource_of(const Kind& kind) {
  return {kind.plural, kind.singular,    kind.kind,       kind.namespaced,    kind.custom,
          kind.verbs,  kind.short_names, kind.categories, storage_hash(kind), subresources_of(kind)};
}

Resource review(std::string plural, std::string singular, std::string kind) {
  Resource out;
  out.plural = std::move(plural);
  out.singular = std::move(singular);
  out.kind = std::move(kind);
  out.namespaced = false;
  out.verbs = {"create"};
  return out;
}

std::vector<GroupVersion> reviews() {
  return {{"authentication.k8s.io", "v1", {review("selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview")}},
          {"authorization.k8s.io",
           "v1",
           {review("selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview"),
            review("selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview")}}};
}

}  // namespace

std::vector<GroupVersion> group_versions(const Kinds& kinds) {
  std::vector<GroupVersion> out = reviews();
  for (const auto& kind : kinds.all()) {
    auto found = std::find_if(out.begin(), out.end(), [&](const GroupVersion& each) {
      return each.group == kind->group && each.version == kind->version;
    });
    if (found == out.end()) found = out.insert(out.end(), {kind->group, kind->version, {}});
    found->resources.push_back(resource_of(*kind));
  }
  std::stable_sort(out.begin(), out.end(), [](const GroupVersion& a, const GroupVersion& b) {
    return rank(a.group) < rank(b.group) || (rank(a.group) == rank(b.group) && a.group < b.group);
  });
  for (GroupVersion& each : out) {
    const bool custom = std::any_of(each.resources.begin(), each.resources.end(), [](auto& r) { return r.custom; });
    if (custom) continue;  // CRDs stand in the order in which they were made
    std::stable_sort(each.resources.begin(), each.resources.end(),
                     [](const Resource& a, const Resource& b) { return a.plural < b.plural; });
  }
  return out;
}

}  // namespace ork::embedded
