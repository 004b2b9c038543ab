#pragma once

// The paths that name no resource: what is served, which version, the schemas; and the reviews by
// which a client asks what it may do.

#include <optional>
#include <string>
#include <string_view>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

struct Document {
  std::string body;
  std::string content_type;
};

// The answer to GET `path` (without its query; a '/' at the end is passed over for /api and /apis), or
// null where that is none of ours. `accept` is the header's value: with
// "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" in front of plain JSON, /api and
// /apis answer with everything at once.
std::optional<Document> document_at(std::string_view path, std::string_view accept, const Kinds& kinds);

// The answer (201) to POST `path`: SelfSubjectAccessReview and SelfSubjectRulesReview of
// authorization.k8s.io/v1, SelfSubjectReview of authentication.k8s.io/v1. Whoever gets in may do
// everything. Null: another path.
std::optional<Json> access_review(std::string_view path, const Json& body);

}  // namespace ork::embedded
