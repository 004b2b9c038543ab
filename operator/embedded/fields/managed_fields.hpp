#pragma once

// Who wrote which field: metadata.managedFields (FieldsV1), and server-side apply on top of it.
// Pure. The rules are those of Kubernetes' structured merge: a list of type map merges by its keys,
// a set by its values, the rest is one value.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// Who writes, and when.
struct Writer {
  std::string manager;      // fieldManager of the request, or the first word of its User-Agent
  std::string api_version;  // of the object as sent: "ork.dev/v1alpha1"
  std::string subresource;  // "status" or empty
  std::string time;         // RFC 3339, seconds
};

// A field that another manager owns.
struct FieldConflict {
  std::string field;    // ".spec.tasks[name=\"a\"].image"
  std::string manager;  // `"kubectl-client-side-apply" using ork.dev/v1alpha1`
};

struct ApplyFailure {
  std::vector<FieldConflict> conflicts;  // 409; empty: `message` says what is wrong with the patch (400)
  std::string message;
};

// After a create, an update or a patch other than apply: sets object.metadata.managedFields from
// those of `live` (null: there was none) and what changed. An object whose writer sent
// `managedFields: []` or `[{}]` has them reset, as in Kubernetes.
void track_update(const Json* live, Json& object, const Schema& schema, const Writer& writer);

// Server-side apply of `config` (as sent, pruned, not defaulted) to `live` (null: create). The result
// has its managedFields. Fields that this manager applied before and that `config` no longer names
// are removed unless another manager owns them. `force` takes fields over instead of conflicting.
Result<Json, ApplyFailure> apply(const Json* live, const Json& config, const Schema& schema, const Writer& writer,
                                 bool force);

}  // namespace ork::embedded
