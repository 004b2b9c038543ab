#pragma once

// Who wrote which field: metadata.managedFields (FieldsV1), and server-side apply on top of it.
// Pure. The rules are those of Kubernetes' structured merge: a list of type map merges by its keys,
// a set by its values, the rest is one value.
//
// How the API calls this, on each write that is not a delete (Kind is kinds/kind.hpp's):
//
//   create   body -> Kind::decode                      -> track_update(null, object)
//            -> uid, name, times, generation, Kind::prepare, checks -> stored
//   update   body -> Kind::decode                      -> track_update(&live, object)
//            -> what a writer may not change is put back (status, or all but status; metadata),
//            Kind::prepare -> keep_times_if_unchanged(live, object) -> compared with live, stored if it differs
//   patch    live -> *_patch -> then as an update. A custom resource's /status takes only status and
//            managedFields from the result.
//   apply    body as sent, NOT decoded                 -> apply(live or null, config)
//            -> Kind::decode (it may hold nulls)       -> then as after track_update
//   delete   and what comes with it (deletionTimestamp, finalizers that the server removes): no call.
//
// metadata.managedFields is taken out before decode and put back after: decoding leaves out what is
// empty (`managedFields: []` says something) and what it does not know (fieldsV1). What prepare and
// the server itself fill in is nobody's, and defaults are the writer's, but nobody's after an apply.
// Objects are as decode leaves them; of another form (`labels: {}` in a ConfigMap) the result differs
// from the API server's.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// Of a kind, beside its schema.
struct FieldTraits {
  std::string kind;         // "Job"
  bool custom = false;      // from a CRD
  bool has_status = false;  // /status is served: status is written there, and spec is not
  // What a write to /status does not write either: "metadata.ownerReferences" of a Pod.
  std::vector<std::string> kept_from_status;
  // Versions under which objects of this kind are served beside the writer's: entries of these stay as
  // they are. Those of any other version go; of a custom resource all go with them.
  std::vector<std::string> other_versions;
};

// What managed fields need to know of a kind: made once, immutable, copies share.
class FieldRules {
 public:
  FieldRules(const Schema& schema, FieldTraits traits);

  struct Parsed;
  const Parsed& parsed() const { return *parsed_; }

 private:
  std::shared_ptr<const Parsed> parsed_;
};

// Who writes, and when.
struct Writer {
  std::string manager;      // fieldManager of the request, or its User-Agent up to the first '/'; empty: "unknown"
  std::string api_version;  // of the kind as the request's path has it: "ork.dev/v1alpha1"
  std::string subresource;  // "status" or empty
  std::string time;         // RFC 3339, UTC, whole seconds: "2026-01-01T00:00:00Z"
};

// A field that another manager owns: a cause of reason FieldManagerConflict.
struct FieldConflict {
  std::string field;  // ".spec.tasks[name=\"a\"].image"
  std::string
      manager;  // `"kubectl-client-side-apply" using ork.dev/v1alpha1`; the cause's message is "conflict with " + this
};

struct ApplyFailure {
  int status = 409;                      // 409 Conflict, 400 BadRequest, 500 (without a reason)
  std::string message;                   // the whole message of the Status
  std::vector<FieldConflict> conflicts;  // of a 409
};

// After a create, an update or a patch other than apply: sets object.metadata.managedFields from
// those that the writer sent or, where it sent none, those of `live` (null: there was none), and what
// changed. An object whose writer sent `managedFields: [{}]` (of a built-in kind: or `[]`) has none from
// then on, until the next apply; so has one whose items can't be told from each other.
void track_update(const Json* live, Json& object, const FieldRules& rules, const Writer& writer);

// Server-side apply of `config` to `live` (null: create). The result has its managedFields. Fields
// that this manager applied before and that `config` no longer names are removed unless another manager
// owns them. `force` takes fields over instead of conflicting.
Result<Json, ApplyFailure> apply(const Json* live, const Json& config, const FieldRules& rules, const Writer& writer,
                                 bool force);

// An object that differs from `live` in the times of its managedFields only gets live's back: such a
// write changes nothing and is not stored.
void keep_times_if_unchanged(const Json& live, Json& object);

}  // namespace ork::embedded
