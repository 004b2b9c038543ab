#pragma once

// The part of validation that OpenAPI v3 knows: types, bounds, patterns, required fields and the
// combinations of schemas. Words and order are those of k8s.io/kube-openapi/pkg/validation.

#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// What is wrong with `value`, which stands at `prefix` ("" or "status"). What is wrong already with
// an equal value at the same place of `former` (null: nothing is known of it) is let through: a
// schema that became stricter must not lock the objects that are there.
std::vector<FieldProblem> structure_problems(const SchemaNode& node, const Json& value, const Json* former,
                                             const std::string& prefix);

}  // namespace ork::embedded
