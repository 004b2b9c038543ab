#pragma once

// Objects as the rows that `kubectl get` prints (meta.k8s.io/v1 Table): the built-in kinds by the
// columns that Kubernetes gives them, those of a CRD by its own.

#include <cstdint>
#include <span>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

// What of its object a row brings along: ?includeObject=.
enum class IncludeObject { None, Metadata, Object };

// `objects` are of the kind, as answered (apiVersion and kind included). `metadata` becomes the
// Table's: that of the list, or the resourceVersion of a single object. Without headers (in all
// events of a watch but the first) columnDefinitions is null, as an API server has it.
Json table_of(const Kind& kind, std::span<const Json> objects, IncludeObject include, std::int64_t now_ms,
              const Json& metadata, bool with_headers);

}  // namespace ork::embedded
