// Kubernetes' strategic merge patch. What the words of a patch mean, and which of its mistakes gives
// which answer, was taken from the answers of a kube-apiserver and the documentation of the format.

#include <algorithm>
#include <unordered_map>

#include "operator/embedded/fields/go_values.hpp"
#include "operator/embedded/fields/patch.hpp"
#include "operator/embedded/fields/raw_value.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

constexpr const char* directive = "$patch";
constexpr const char* retain_keys = "$retainKeys";
constexpr std::string_view delete_from = "$deleteFromPrimitiveList";
constexpr std::string_view element_order = "$setElementOrder";

using Items = Json::array_t;
using Outcome = Status<PatchError>;

Err<PatchError> bad_patch(std::string message) { return Err(PatchError{400, std::move(message)}); }
Err<PatchError> does_not_fit(std::string message) { return Err(PatchError{500, std::move(message)}); }

Err<PatchError> wrong_type(std::string_view expected, const Json& actual) {
  std::string received = actual.is_null() ? "%!s(<nil>)" : std::string(go_values::type(actual));
  return does_not_fit("expected a " + std::string(expected) + ", but received a " + received);
}

Err<PatchError> no_merge_key(const Json& map, const std::string& key) {
  return does_not_fit("map: " + go_values::plain(map) + " does not contain declared merge key: " + key);
}

Err<PatchError> unknown_directive(const Json& word, const Json& map) {
  std::string text = word.is_string()
                         ? word.get<std::string>()
                         : "%!s(" + std::string(go_values::type(word)) + "=" + go_values::plain(word) + ")";
  return does_not_fit("unknown patch type: " + text + " in map: " + go_values::plain(map));
}

// How the field `name` of a struct merges.
struct Field {
  const SchemaNode* node = nullptr;
  bool merges = false;
  bool replaces = false;
  std::string key;
};

Result<Field, PatchError> field_of(const SchemaNode* holder, const std::string& name) {
  if (holder == nullptr || holder->properties.empty()) {
    return does_not_fit("merging an object in json but data type is not struct, instead is: map");
  }
  Field field;
  field.node = holder->property(name);
  if (field.node == nullptr) {
    return does_not_fit("unable to find api field in struct for the json field " + go_text::quoted(name));
  }
  for (const std::string& strategy : field.node->patch_strategy) {
    field.merges = field.merges || strategy == "merge";
    field.replaces = field.replaces || strategy == "replace";
  }
  field.key = field.node->patch_merge_key;
  return field;
}

// The name behind "PREFIX/".
const std::string* name_behind(const std::string& word, std::string_view prefix, std::string& name) {
  if (word.size() <= prefix.size() || word[prefix.size()] != '/') return nullptr;
  name = word.substr(prefix.size() + 1);
  return &name;
}

// A new value as it is stored: without what has a directive. False: nothing is left of it.
bool drop_directives(Json& value) {
  if (value.is_object()) {
    if (value.contains(directive)) return false;
    for (auto it = value.begin(); it != value.end();) {
      drop_directives(*it) ? ++it : it = value.erase(it);
    }
  } else if (value.is_array()) {
    auto& items = value.get_ref<Items&>();
    std::erase_if(items, [](Json& item) { return !drop_directives(item); });
  }
  return true;
}

// What tells the items of a list apart: the item itself, or its merge key's value; null: it has none.
const Json* identity(const Json& item, const std::string& key) {
  if (key.empty()) return &item;
  if (!item.is_object()) return nullptr;
  auto at = item.find(key);
  return at != item.end() ? &*at : nullptr;
}

// The key of items that are told apart by their whole value.
const std::string by_value;

// Where in a list an item is, by its identity; of several the first counts.
class Places {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  Places(const Items& list, const std::string& key) : key_(key) {
    for (std::size_t i = 0; i < list.size(); ++i) add(list[i], i);
  }

  void add(const Json& item, std::size_t place) {
    if (const Json* its = identity(item, key_)) places_.emplace(go_text::json(*its), place);
  }

  std::size_t of(const Json& item) const {
    const Json* its = identity(item, key_);
    auto at = its != nullptr ? places_.find(go_text::json(*its)) : places_.end();
    return at != places_.end() ? at->second : none;
  }

  bool have(const Json& item) const { return of(item) != none; }

 private:
  const std::string& key_;
  std::unordered_map<std::string, std::size_t> places_;
};

Outcome check_keys(const Items& list, const std::string& key) {
  if (key.empty()) return Done{};
  for (const Json& item : list) {
    if (!item.is_object()) return wrong_type("map[string]interface {}", item);
    if (!item.contains(key)) return no_merge_key(item, key);
  }
  return Done{};
}

// The items of `merged`: those of `order` in its order, and the others, in the order of `before`, each
// before the first of those that it stood before.
Result<Items, PatchError> ordered(Items merged, const Items& order, const Items& before, const std::string& key) {
  for (const Items* list : {static_cast<const Items*>(&merged), &order, &before}) {
    if (auto checked = check_keys(*list, key); !checked) return Err(checked.error());
  }
  struct Placed {
    Json* item;
    std::size_t place;   // where it is sorted to
    std::size_t before;  // where it stood
  };
  Places in_order(order, key);
  Places in_before(before, key);
  std::vector<Placed> first;
  std::vector<Placed> others;
  for (Json& item : merged) {
    std::size_t stood = in_before.of(item);
    std::size_t place = in_order.of(item);
    if (place != Places::none) {
      first.push_back({&item, place, stood});
    } else {
      others.push_back({&item, stood, stood});
    }
  }
  auto by_place = [](const Placed& a, const Placed& b) { return a.place < b.place; };
  std::stable_sort(first.begin(), first.end(), by_place);
  std::stable_sort(others.begin(), others.end(), by_place);
  Items out;
  out.reserve(merged.size());
  auto i = others.begin();
  for (const Placed& placed : first) {
    while (i != others.end() && placed.before != Places::none && i->before < placed.before) {
      out.push_back(std::move(*(i++)->item));
    }
    out.push_back(std::move(*placed.item));
  }
  for (; i != others.end(); ++i) out.push_back(std::move(*i->item));
  return out;
}

// All items must be of one type, and not lists. The type: of the first.
Result<bool, PatchError> items_are_maps(const Items& original, const Items& patch) {
  const Json* first = !original.empty() ? &original.front() : !patch.empty() ? &patch.front() : nullptr;
  if (first == nullptr) return does_not_fit("no elements in any of the given slices");
  if (first->is_array())
    return Err(PatchError{422, "the server rejected our request due to an error in our request",
                          "lists of lists are not supported"});
  for (const Items* list : {&original, &patch}) {
    for (const Json& item : *list) {
      if (go_values::type(item) != go_values::type(*first)) {
        return does_not_fit("list element types are not identical: [" + go_values::plain(original) + " " +
                            go_values::plain(patch) + "]");
      }
    }
  }
  return first->is_object();
}

// Items with a directive delete others, or clear the list; `patch` keeps the others.
Outcome carry_out_directives(Items& original, Items& patch, const std::string& key) {
  Items plain;
  Places deleted({}, key);
  bool replaces = false;
  for (Json& item : patch) {
    auto at = item.find(directive);
    if (at == item.end()) {
      plain.push_back(std::move(item));
    } else if (*at == "delete") {
      if (!item.contains(key)) return no_merge_key(item, key);
      deleted.add(item, 0);
    } else if (*at == "replace") {
      replaces = true;
    } else if (*at == "merge") {
      return does_not_fit("merging lists cannot yet be specified in the patch");
    } else {
      return unknown_directive(*at, item);
    }
  }
  patch = std::move(plain);
  std::erase_if(original, [&](const Json& item) { return deleted.have(item); });
  if (replaces) {
    original = std::move(patch);
    patch.clear();
  }
  return Done{};
}

class StrategicMerge {
 public:
  Outcome merge_map(Json& original, Json patch, const SchemaNode* node);

 private:
  Outcome retain(Json& original, Json& patch);
  Outcome merge_ordered(Json& original, Json& patch, const SchemaNode* node);
  Outcome merge_one_ordered(Json& original, Json& patch, const SchemaNode* node, const std::string& word);
  Outcome merge_field(Json& original, const std::string& word, Json value, const SchemaNode* node);
  Outcome merge_list(Json& original, Json patch, const Field& field, bool deletes);
  Outcome merge_map_items(Items& merged, const Items& patch, const Field& field);
};

// The patch names the keys that stay; what it sets must be among them.
Outcome StrategicMerge::retain(Json& original, Json& patch) {
  auto at = patch.find(retain_keys);
  if (at == patch.end()) return Done{};
  Json kept = std::move(*at);
  patch.erase(at);
  if (!kept.is_array()) return bad_patch("invalid patch format of retainKeys");
  auto is_kept = [&](const std::string& name) { return std::find(kept.begin(), kept.end(), name) != kept.end(); };
  for (const auto& [name, value] : patch.items()) {
    bool word = name.starts_with(delete_from) || name.starts_with(element_order);
    if (!value.is_null() && !word && !is_kept(name)) return bad_patch("invalid patch format of retainKeys");
  }
  for (auto it = original.begin(); it != original.end();) {
    is_kept(it.key()) ? ++it : it = original.erase(it);
  }
  return Done{};
}

// What the patch sets must be in the order's order.
Outcome check_order(const Json& patch, const Json& order, const std::string& key) {
  if (patch.empty() || order.empty()) return Done{};
  std::size_t place = 0;
  for (const Json& item : patch) {
    if (!key.empty() && !item.is_object()) return wrong_type("map[string]interface {}", item);
    if (item.is_object() && item.contains(directive)) continue;
    for (bool found = false; !found;) {
      if (place == order.size()) {
        return does_not_fit("The order in patch list:\n" + go_values::plain(patch) + "\n doesn't match " +
                            std::string(element_order) + " list:\n" + go_values::plain(order) + "\n");
      }
      const Json& next = order[place++];
      if (!key.empty()) {
        if (!next.is_object()) return wrong_type("map[string]interface {}", next);
        if (!item.contains(key)) return no_merge_key(item, key);
        if (!next.contains(key)) return no_merge_key(next, key);
      }
      found = *identity(item, key) == *identity(next, key);
    }
  }
  return Done{};
}

Outcome StrategicMerge::merge_ordered(Json& original, Json& patch, const SchemaNode* node) {
  std::vector<std::string> words;
  for (const auto& [word, value] : patch.items()) {
    if (word.starts_with(element_order)) words.push_back(word);
  }
  for (const std::string& word : words) {
    if (auto merged = merge_one_ordered(original, patch, node, word); !merged) return merged;
  }
  return Done{};
}

Outcome StrategicMerge::merge_one_ordered(Json& original, Json& patch, const SchemaNode* node,
                                          const std::string& word) {
  Json order = std::move(patch[word]);
  patch.erase(word);
  std::string name;
  if (!order.is_array()) return wrong_type("[]interface {}", order);
  if (name_behind(word, element_order, name) == nullptr) {
    return bad_patch("invalid patch format of setElementOrder list");
  }
  auto live = original.find(name);
  auto set = patch.find(name);
  bool has_live = live != original.end();
  bool has_set = set != patch.end();
  if (has_live && !live->is_array()) return wrong_type("[]interface {}", *live);
  if (has_set && !set->is_array()) return wrong_type("[]interface {}", *set);
  auto field = field_of(node, name);
  if (!field) return Err(field.error());
  Json list = has_set ? std::move(*set) : Json::array();
  if (has_set) patch.erase(set);
  if (auto checked = check_order(list, order, field->key); !checked) return checked;
  if (!has_live && !has_set) return Done{};
  Items before = has_live ? live->get_ref<const Items&>() : Items();
  Json merged = has_live ? *live : Json::array();
  if (!has_live) {
    drop_directives(list);
    merged = list;
  } else if (has_set) {
    if (auto done = merge_list(merged, list, *field, false); !done) return done;
  }
  if (auto maps = items_are_maps(before, list.get_ref<const Items&>()); !maps) return Err(maps.error());
  auto result = ordered(std::move(merged.get_ref<Items&>()), order.get_ref<const Items&>(), before, field->key);
  if (!result) return Err(result.error());
  original[name] = std::move(*result);
  return Done{};
}

Outcome StrategicMerge::merge_map(Json& original, Json patch, const SchemaNode* node) {
  if (auto at = patch.find(directive); at != patch.end()) {
    if (*at == "replace") {
      patch.erase(at);
      original = std::move(patch);
    } else if (*at == "delete") {
      original = Json::object();
    } else {
      return unknown_directive(*at, patch);
    }
    return Done{};
  }
  if (auto retained = retain(original, patch); !retained) return retained;
  if (auto merged = merge_ordered(original, patch, node); !merged) return merged;
  for (auto it = patch.begin(); it != patch.end(); ++it) {
    if (auto merged = merge_field(original, it.key(), std::move(*it), node); !merged) return merged;
  }
  return Done{};
}

Outcome StrategicMerge::merge_field(Json& original, const std::string& word, Json value, const SchemaNode* node) {
  std::string name = word;
  bool deletes = word.starts_with(delete_from);
  if (deletes && name_behind(word, delete_from, name) == nullptr) {
    return bad_patch("invalid patch format of primitive list");
  }
  if (value.is_null()) {
    original.erase(name);
    return Done{};
  }
  auto at = original.find(name);
  bool merges = at != original.end() && value.is_structured() && go_values::type(*at) == go_values::type(value);
  if (!merges) {
    if (deletes) return Done{};
    drop_nulls(value);
    if (drop_directives(value)) {
      original[name] = std::move(value);
    } else {
      original.erase(name);
    }
    return Done{};
  }
  auto field = field_of(node, name);
  if (!field) return Err(field.error());
  if (value.is_array()) return merge_list(*at, std::move(value), *field, deletes);
  if (!field->replaces) return merge_map(*at, std::move(value), field->node);
  *at = std::move(value);
  return Done{};
}

Outcome StrategicMerge::merge_list(Json& original, Json patch, const Field& field, bool deletes) {
  if (!field.merges && !deletes) {
    original = std::move(patch);
    return Done{};
  }
  auto& before = original.get_ref<Items&>();
  auto& items = patch.get_ref<Items&>();
  if (before.empty() && items.empty()) return Done{};
  auto maps = items_are_maps(before, items);
  if (!maps) return Err(maps.error());
  Items merged = before;
  if (*maps) {
    if (field.key.empty()) return does_not_fit("cannot merge lists without merge key for struct");
    if (auto done = carry_out_directives(before, items, field.key); !done) return done;
    merged = before;
    if (auto done = merge_map_items(merged, items, field); !done) return done;
  } else if (deletes) {
    Places deleted(items, by_value);
    std::erase_if(before, [&](const Json& item) { return deleted.have(item); });
    return Done{};
  } else {
    merged.insert(merged.end(), items.begin(), items.end());
    Places places(merged, by_value);
    std::size_t at = 0;
    std::erase_if(merged, [&](const Json& item) { return places.of(item) != at++; });
  }
  auto result = ordered(std::move(merged), items, before, field.key);
  if (!result) return Err(result.error());
  original = std::move(*result);
  return Done{};
}

Outcome StrategicMerge::merge_map_items(Items& merged, const Items& patch, const Field& field) {
  Places places(merged, field.key);
  for (const Json& item : patch) {
    if (!item.contains(field.key)) return no_merge_key(item, field.key);
    std::size_t place = places.of(item);
    if (place == Places::none) {
      places.add(item, merged.size());
      merged.push_back(item);
    } else if (auto done = merge_map(merged[place], item, field.node->items); !done) {
      return done;
    }
  }
  return Done{};
}

}  // namespace

Result<Json, PatchError> strategic_merge_patch(const Json& object, const Json& patch, const Schema& schema) {
  if (!patch.is_object() && !patch.is_null()) {
    const char* kind = patch.is_array()     ? "array"
                       : patch.is_string()  ? "string"
                       : patch.is_boolean() ? "bool"
                                            : "number";
    return bad_patch(std::string("json: cannot unmarshal ") + kind + " into Go value of type map[string]interface {}");
  }
  if (nests_too_deeply(patch)) return bad_patch("the patch nests too deeply");
  Json out = object.is_object() ? object : Json::object();
  if (patch.is_null()) return out;
  if (auto merged = StrategicMerge().merge_map(out, patch, &schema.root()); !merged) return Err(merged.error());
  return out;
}

}  // namespace ork::embedded
