#pragma once

// What an item of a list was before: only lists of type Map tell, by their keys.

#include <map>
#include <optional>
#include <string>

#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {

// What makes an item of a list of type Map the same item, as text; none where a key is missing or is
// no scalar.
std::optional<std::string> item_key(const SchemaNode& list, const Json& item);

class FormerItems {
 public:
  // `former` may be null or anything; both must outlive this.
  FormerItems(const SchemaNode& list, const Json* former);
  // Null: there was none, or it can't be told.
  const Json* find(const Json& item) const;

 private:
  const SchemaNode& list_;
  std::map<std::string, const Json*> by_key_;
};

// The field `name` of what an object was before; null: there was none.
const Json* former_field(const Json* former, const std::string& name);

// Whether `value` is what it was before, as far as that can be told: items are compared one by one
// only in a list of type Map, and an object with a field that has no schema counts as changed.
bool unchanged(const SchemaNode& node, const Json& value, const Json& former);

}  // namespace ork::embedded
