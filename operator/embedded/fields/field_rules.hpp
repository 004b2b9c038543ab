#pragma once

// The parsed form of FieldRules. For this folder only.

#include <string>
#include <vector>

#include "operator/embedded/fields/field_set.hpp"
#include "operator/embedded/fields/managed_fields.hpp"
#include "operator/embedded/fields/merge_type.hpp"

namespace ork::embedded {

// What writes through one path do not write.
struct ResetFields {
  std::vector<std::string> names;  // of the object's own fields
  FieldSet deeper;                 // members with all that is below them
  void remove_from(FieldSet& set) const;
};

struct FieldRules::Parsed {
  Parsed(const Schema& schema, FieldTraits its_traits);

  FieldTraits traits;
  Schema schema;
  MergeTypes types;
  ResetFields reset_by_object;
  ResetFields reset_by_status;
  FieldSet never_owned;  // what the API server writes itself: names, uid, times

  const MergeType& type() const { return types.root(); }
  const ResetFields& reset_by(const std::string& subresource) const {
    return subresource == "status" ? reset_by_status : reset_by_object;
  }
  // What `object` is compared with when it is new: what the kind has before anything is set. Of a
  // custom resource, nothing; of a built-in kind, the structs that are always there.
  Json before_create(const Json& object) const;
};

}  // namespace ork::embedded
