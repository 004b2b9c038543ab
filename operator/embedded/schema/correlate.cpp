#include "operator/embedded/schema/correlate.hpp"

#include <algorithm>

#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded {
namespace {

bool unchanged_at(const SchemaNode& node, const Json& value, const Json& former, std::size_t depth);

bool list_unchanged(const SchemaNode& node, const Json& list, const Json& former, std::size_t depth) {
  if (node.list_type != ListType::Map || node.items == nullptr) return list == former;
  FormerItems formers(node, &former);
  return std::all_of(list.begin(), list.end(), [&](const Json& item) {
    const Json* before = formers.find(item);
    return before != nullptr && unchanged_at(*node.items, item, *before, depth + 1);
  });
}

bool unchanged_at(const SchemaNode& node, const Json& value, const Json& former, std::size_t depth) {
  if (depth > limits::value_depth) return false;
  if (value.is_array() && former.is_array()) {
    return value.size() == former.size() && list_unchanged(node, value, former, depth);
  }
  if (!value.is_object() || !former.is_object()) return value == former;
  if (value.size() != former.size()) return false;
  for (const auto& [name, field] : value.items()) {
    const Json* before = former_field(&former, name);
    const SchemaNode* schema = node.field(name);
    if (before == nullptr || schema == nullptr || !unchanged_at(*schema, field, *before, depth + 1)) return false;
  }
  return true;
}

}  // namespace

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

bool unchanged(const SchemaNode& node, const Json& value, const Json& former) {
  return unchanged_at(node, value, former, 0);
}

}  // namespace ork::embedded
