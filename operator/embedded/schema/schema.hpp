#pragma once

// A structural schema: what the API server knows of the shape of a kind. It prunes what it does not
// know, fills defaults, and says what is wrong, with the words and the order of Kubernetes' own
// answers. Pure; parsed once for each kind and shared.
//
// Source of the rules: Kubernetes' structural schemas (apiextensions.k8s.io/v1) and its validation of
// OpenAPI v3; CEL rules (x-kubernetes-validations) as far as our own CRDs use them.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/field_problem.hpp"

namespace ork::embedded {

using Json = nlohmann::json;

enum class ListType { Atomic, Set, Map };

// What a write is about: the object, or its status (PUT .../status), of which only status is checked.
enum class Part { Whole, Status };

// What becomes of nulls that a schema does not allow and has no default for: they go from what is sent, and stay
// in what server-side apply makes, where they are refused.
enum class Nulls { Dropped, Kept };

struct SchemaNode;  // schema_node.hpp: for this folder and fields/

// Immutable; copies share the parsed form.
class Schema {
 public:
  // `document` is an OpenAPI v3 schema with Kubernetes' extensions (x-kubernetes-list-type,
  // -list-map-keys, -map-type, -preserve-unknown-fields, -int-or-string, -embedded-resource,
  // -validations, -patch-strategy, -patch-merge-key). `definitions` holds what its $ref name; empty
  // where it has none. The error is a sentence with the path of the offending node.
  static Result<Schema, std::string> parse(const Json& document, const Json& definitions);

  // Removes the fields that the schema does not know and returns their paths ("spec.tasks[0].imge"):
  // those within metadata first, the rest sorted, as the API server names them. `metadata`,
  // `apiVersion` and `kind` of the root are always known.
  std::vector<std::string> prune(Json& object) const;

  // Fills `default:` values, also within defaults, as the API server does on write and on read.
  void apply_defaults(Json& object, Nulls nulls = Nulls::Dropped) const;

  // What is wrong with `object`; `old` is what it replaces, or null for a new one: rules that name
  // oldSelf are asked only then, and what is wrong in a part that did not change is let through.
  // metadata is not looked at. `before` is what was found wrong elsewhere (with metadata): it comes
  // first, and like what is found here it may keep the rules from being asked. In the API server's
  // order (fields of one object, which it takes in any order, by name); empty: valid.
  std::vector<FieldProblem> validate(const Json& object, const Json* old, Part part = Part::Whole,
                                     std::vector<FieldProblem> before = {}) const;

  const SchemaNode& root() const { return *root_; }

 private:
  explicit Schema(std::shared_ptr<const SchemaNode> root) : root_(std::move(root)) {}
  std::shared_ptr<const SchemaNode> root_;
};

}  // namespace ork::embedded
