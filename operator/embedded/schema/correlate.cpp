#include "operator/embedded/schema/correlate.hpp"

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {

std::optional<std::string> item_key(const SchemaNode& list, const Json& item) {
  if (list.list_type != ListType::Map || list.list_map_keys.empty() || !item.is_object()) return std::nullopt;
  std::string key;
  for (const std::string& name : list.list_map_keys) {
    auto value = item.find(name);
    if (value == item.end() || value->is_null() || value->is_structured()) return std::nullopt;
    key += go_text::json(*value);
    key += '\0';
  }
  return key;
}

FormerItems::FormerItems(const SchemaNode& list, const Json* former) : list_(list) {
  if (former == nullptr || !former->is_array()) return;
  for (const Json& item : *former) {
    if (auto key = item_key(list, item)) by_key_.emplace(std::move(*key), &item);
  }
}

const Json* FormerItems::find(const Json& item) const {
  if (by_key_.empty()) return nullptr;
  auto key = item_key(list_, item);
  if (!key) return nullptr;
  auto found = by_key_.find(*key);
  return found == by_key_.end() ? nullptr : found->second;
}

const Json* former_field(const Json* former, const std::string& name) {
  if (former == nullptr || !former->is_object()) return nullptr;
  auto field = former->find(name);
  return field == former->end() ? nullptr : &*field;
}

}  // namespace ork::embedded
