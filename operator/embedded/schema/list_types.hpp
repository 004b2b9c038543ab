#pragma once

// Lists of type set and map hold nothing twice.

#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// The duplicates in `object`, the root's metadata left out (it is not its schema's business).
std::vector<FieldProblem> list_type_problems(const SchemaNode& root, const Json& object);

}  // namespace ork::embedded
