#include "operator/embedded/api/backend.hpp"

namespace ork::embedded {
namespace {

FieldTraits traits_of(const Kind& kind) {
  FieldTraits traits;
  traits.kind = kind.kind;
  traits.custom = kind.custom;
  traits.has_status = kind.has_status;
  if (kind.group.empty() && kind.plural == "pods") traits.kept_from_status = {"metadata.ownerReferences"};
  return traits;
}

}  // namespace

const FieldRules& RulesOfKinds::of(const Kind& kind) {
  const auto it = rules_.find(&kind);
  if (it != rules_.end()) return it->second;
  return rules_.try_emplace(&kind, *kind.schema, traits_of(kind)).first->second;
}

}  // namespace ork::embedded
