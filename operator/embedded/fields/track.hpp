#pragma once

// What tracking and apply share. For this folder only.

#include "operator/embedded/fields/compare.hpp"
#include "operator/embedded/fields/field_rules.hpp"
#include "operator/embedded/fields/managed_entries.hpp"

namespace ork::embedded {

// What a write through `reset`'s path changed from `old` to `now`. Null: see compare().
std::optional<Comparison> compare_written(const FieldRules::Parsed& rules, const ResetFields& reset, const Json& old,
                                          const Json& now);

// Drops the entries of versions that are not served. True: there were some.
bool drop_unserved(ManagedEntries& managed, const FieldRules::Parsed& rules, const Writer& writer);

// The changed fields become the writer's, of operation Update, and nobody else's.
void give_to_writer(ManagedEntries& managed, Comparison changes, const FieldRules::Parsed& rules, const Writer& writer);

}  // namespace ork::embedded
