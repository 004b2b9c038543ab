#pragma once

// What the API server serves: each kind's names, schema, columns, and what Kubernetes does to its
// objects beyond the schema.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/schema/field_problem.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

struct PrinterColumn {
  std::string name;
  std::string type;    // string, integer, number, boolean, date
  std::string format;  // "" or "name"
  std::string description;
  std::string json_path;  // ".status.phase"; empty: computed (table/)
  int priority = 0;       // above 0: only with -o wide
};

struct Kind {
  std::string group;  // empty: core
  std::string version;
  std::string plural;
  std::string singular;
  std::string kind;
  std::string list_kind;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::vector<std::string> verbs;  // as discovery lists them, sorted
  bool namespaced = true;
  bool has_status = false;          // served at /status, and kept when the object itself is written
  bool has_generation = false;      // metadata.generation counts changes of what is not metadata or status
  bool custom = false;              // from a CRD: prints columns of its own, default propagation Background
  bool has_dependents = true;       // the garbage collector looks for what such an object owns
  bool orphans_by_default = false;  // its dependents stay where a delete names no propagation policy
  bool creates_on_update = false;   // a PUT of an object that is not there creates it
  bool updates_blindly = true;      // a PUT may leave out metadata.resourceVersion
  std::optional<Schema> schema;
  std::string definition;  // what the openapi documents call its schema: "io.k8s.api.core.v1.Pod"
  Json blank;              // an object that nobody has filled, as Go writes it: what a bookmark is
  Json openapi;            // the schema as OpenAPI v3, descriptions and extensions included ($ref to definitions())
  std::vector<PrinterColumn> columns;          // of a custom kind: what its CRD lists, or Age where it lists none
  std::vector<std::string> selectable_fields;  // beside metadata.name and .namespace: "status.phase"

  // The kind under whose name objects are kept: itself but for events.k8s.io/v1, which are core/v1's
  // Events in other words. The two functions translate; null where there is nothing to translate.
  const Kind* stored_as = nullptr;
  void (*to_stored)(Json& object) = nullptr;
  void (*from_stored)(Json& object) = nullptr;

  // A body (or a patched object) as the API server takes it in: unknown fields go, values take the
  // form in which they are stored, and what Kubernetes defaults is filled. Returns the paths of the
  // fields that went, as `unknown field "..."` names them. The error is what follows `cannot be
  // handled as a Job: ` in a 400: built-in kinds and all metadata are decoded into Go structs, which
  // refuse values of a wrong type. `object` is a JSON object, else nothing is done to it.
  Result<std::vector<std::string>, std::string> decode(Json& object, Nulls nulls = Nulls::Dropped) const;

  // What Kubernetes fills beyond defaults once metadata.uid and .name are there (a Job's selector, a
  // Pod's status); `old` is null for a new object. Not asked for a write of the status. Managed fields
  // are those before this: what is filled here is nobody's.
  void (*prepare)(Json& object, const Json* old) = nullptr;

  // The same for a write of the status.
  void (*prepare_status)(Json& object, const Json& old) = nullptr;

  // What is odd about a good object, as the Warning headers of an answer say it; null: nothing ever.
  std::vector<std::string> (*warnings)(const Json& object) = nullptr;

  // All that is wrong with a decoded and prepared object, in the API server's order: names and
  // metadata, schema, what the kind itself asks for. `old` is null for a new object; for any other,
  // metadata.resourceVersion must be filled in, and times and uid be those of `old`. A 422 if not empty.
  std::vector<FieldProblem> problems(const Json& object, const Json* old, Part part = Part::Whole) const;

  // For this folder: what problems() and decode() ask of the kind; null: nothing.
  void (*defaults)(Json& object) = nullptr;
  std::vector<FieldProblem> (*check)(const Json& object, const Json* old) = nullptr;
  std::vector<FieldProblem> (*check_status)(const Json& object, const Json* old) = nullptr;

  std::string group_version() const { return group.empty() ? version : group + "/" + version; }
};

class Kinds {
 public:
  // The built-in kinds and those of the CRDs compiled into this binary. The error names the kind and
  // what is wrong with its schema; with what is compiled in, that is a bug.
  static Result<std::shared_ptr<const Kinds>, std::string> load();

  const Kind* find(std::string_view group, std::string_view version, std::string_view plural) const;
  const Kind* find_kind(std::string_view api_version, std::string_view kind) const;
  const std::vector<std::unique_ptr<Kind>>& all() const { return kinds_; }
  // What a body may hold that is no kind of object here: DeleteOptions, access reviews, Binding, Eviction.
  // null where it is none of them.
  const Schema* message(std::string_view api_version, std::string_view kind) const;
  // What the openapi documents refer to as #/components/schemas/NAME.
  const Json& definitions() const { return definitions_; }
  // The CustomResourceDefinition objects that are served read-only; who serves them adds uid,
  // resourceVersion and times.
  const std::vector<Json>& crds() const { return crds_; }

 private:
  struct Message {
    std::string api_version;  // empty: any
    std::string kind;
    Schema schema;
  };

  Result<bool, std::string> load_messages();

  std::vector<std::unique_ptr<Kind>> kinds_;
  std::vector<Message> messages_;
  Json definitions_;
  std::vector<Json> crds_;
};

}  // namespace ork::embedded
