#pragma once

// Values put together and taken apart by the rules of structured merge. For this folder only.

#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/fields/field_set.hpp"
#include "operator/embedded/fields/merge_type.hpp"

namespace ork::embedded {

// What does not fit the type, each as ".spec.tasks[name="a"].x: field not declared in schema"; items that
// can't be told from each other, too.
std::vector<std::string> type_problems(const MergeType& type, const Json& value);

// `base` with what `config` says: config's leaves win, nothing is removed. An item of a list stands
// where config has it, if config names it; the others keep their place among those. The error names
// an item that can't be told from the others.
Result<Json, std::string> merged(const MergeType& type, const Json& base, const Json& config);

// The value without the fields of `set`. A map or list that loses all it has becomes null.
Json without(const MergeType& type, const Json& value, const FieldSet& set);

}  // namespace ork::embedded
