#pragma once

// What differs between two values, and what fields a value has, by the rules of structured merge. For
// this folder only.

#include <optional>
#include <string>
#include <vector>

#include "operator/embedded/fields/field_set.hpp"
#include "operator/embedded/fields/merge_type.hpp"

namespace ork::embedded {

struct Comparison {
  FieldSet removed;
  FieldSet modified;
  FieldSet added;

  bool empty() const { return removed.empty() && modified.empty() && added.empty(); }
};

// From `old` to `now`. The fields of the root named in `skipped` are left aside, as is
// metadata.managedFields. Null: an item of a list can't be told from the others.
std::optional<Comparison> compare(const MergeType& type, const Json& old, const Json& now,
                                  const std::vector<std::string>& skipped);

// The fields of an object, leaves and items; metadata.managedFields is left aside.
FieldSet fields_of(const MergeType& type, const Json& object);

// With the named fields that lead to others as members, too.
FieldSet with_named_fields(const FieldSet& set, const MergeType* type);

}  // namespace ork::embedded
