#pragma once

// What every part of the API server works on.

#include <map>

#include "operator/embedded/api/parsed_objects.hpp"
#include "operator/embedded/fields/managed_fields.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/store/store.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

// The FieldRules of each kind, made when first asked for; API servers on the same kinds may share them.
class RulesOfKinds {
 public:
  const FieldRules& of(const Kind& kind);

 private:
  std::map<const Kind*, FieldRules> rules_;
};

struct Backend {
  runtime::Loop& loop;
  Store& store;
  const Kinds& kinds;
  RulesOfKinds& rules;
  ParsedObjects& parsed;
};

}  // namespace ork::embedded
