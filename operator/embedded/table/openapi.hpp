#pragma once

// OpenAPI v3 of what is served: what `kubectl explain`, client-side validation and three-way patches
// look things up in. One document for each group and version, from the kinds' own schemas.
//
// It tells what kubectl and generators of clients need: the paths with their operations, parameters,
// kinds and actions. It leaves out the paths of discovery, of logs and bindings, and the old /watch/
// paths. OpenAPI v2 is not served: kubectl asks for it only where v3 is missing.

#include <optional>
#include <string>
#include <string_view>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// /openapi/v3: where each document is, with a hash of it, so that clients may keep it.
Json openapi_index(const Kinds& kinds);

// `name` as in the index: "api/v1", "apis/ork.dev/v1alpha1". Null: no such group and version.
std::optional<Json> openapi_document(std::string_view name, const Kinds& kinds);

}  // namespace ork::embedded
