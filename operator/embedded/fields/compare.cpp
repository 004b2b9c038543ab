#include "operator/embedded/fields/compare.hpp"

#include <algorithm>

#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded {
namespace {

// What happened to a field itself; what happened below it is in a Comparison.
struct Marks {
  bool removed = false;
  bool modified = false;
  bool added = false;
};

void append(Comparison& out, const std::string& element, Marks marks, Comparison below) {
  const auto add = [&](FieldSet& set, bool member, FieldSet inner) {
    if (member || !inner.empty()) set.append(element, member, std::move(inner));
  };
  add(out.removed, marks.removed, std::move(below.removed));
  add(out.modified, marks.modified, std::move(below.modified));
  add(out.added, marks.added, std::move(below.added));
}

// An item of a list with its element, in order of elements; several of one element are duplicates.
struct Item {
  std::string element;
  const Json* value = nullptr;
};

bool by_element(const Item& a, const Item& b) { return a.element < b.element; }

class Comparer {
 public:
  bool failed() const { return failed_; }

  Marks value(const MergeType& type, const Json* old, const Json* now, Comparison& below, std::size_t depth) {
    Marks marks;
    if (depth > limits::value_depth) {
      leaf(old, now, marks);
      return marks;
    }
    bool is_leaf = false;
    if (old != nullptr && now != nullptr) {
      Shape before = type.shape_of(old);
      Shape after = type.shape_of(now);
      if (shapes_differ(type, old, now)) visit(type, before, old, now, marks, below, depth);
      is_leaf = visit(type, after, old, now, marks, below, depth);
    } else {
      is_leaf = visit(type, type.shape_of(now != nullptr ? now : old), old, now, marks, below, depth);
    }
    if (!is_leaf) {
      marks.added = marks.added || old == nullptr;
      marks.removed = marks.removed || now == nullptr;
    }
    return marks;
  }

  void map_items(const MergeType& type, const Json* old, const Json* now, Comparison& out, std::size_t depth,
                 const std::vector<std::string>* skipped);

 private:
  // A null can be anything that the type allows, so it differs from what is of one shape only.
  static bool shapes_differ(const MergeType& type, const Json* old, const Json* now) {
    int shapes = static_cast<int>(type.is_map) + static_cast<int>(type.is_list) +
                 static_cast<int>(type.scalar != ScalarType::None);
    if (shapes < 2) return false;
    return type.shape_of(old) != type.shape_of(now) || old->is_null() != now->is_null();
  }

  // True: the value is a leaf.
  bool visit(const MergeType& type, Shape shape, const Json* old, const Json* now, Marks& marks, Comparison& below,
             std::size_t depth) {
    if (shape == Shape::Map) {
      const Json* a = as_map(old);
      const Json* b = as_map(now);
      if (!type.map_is_one_value && !(is_empty(a) && is_empty(b))) {
        map_items(type, a, b, below, depth, nullptr);
        return false;
      }
    } else if (shape == Shape::List) {
      const Json* a = as_list(old);
      const Json* b = as_list(now);
      if (!type.list_is_one_value && !(is_empty(a) && is_empty(b))) {
        list_items(type, a, b, below, depth);
        return false;
      }
    }
    leaf(old, now, marks);
    return true;
  }

  static void leaf(const Json* old, const Json* now, Marks& marks) {
    if (old == nullptr) {
      marks.added = true;
    } else if (now == nullptr) {
      marks.removed = true;
    } else if (*old != *now) {
      marks.modified = true;
    }
  }

  void child(const MergeType* type, const std::string& element, const Json* old, const Json* now, Comparison& out,
             std::size_t depth) {
    Comparison below;
    Marks marks = value(*type, old, now, below, depth + 1);
    append(out, element, marks, std::move(below));
  }

  std::vector<Item> items_of(const MergeType& type, const Json* list) {
    std::vector<Item> items;
    if (list == nullptr) return items;
    items.reserve(list->size());
    for (const Json& value : *list) {
      std::string element = item_element(type, value, nullptr);
      if (element.empty()) {
        failed_ = true;
      } else {
        items.push_back({std::move(element), &value});
      }
    }
    std::stable_sort(items.begin(), items.end(), by_element);
    return items;
  }

  void list_items(const MergeType& type, const Json* old, const Json* now, Comparison& out, std::size_t depth);
  void items_of_one_element(const MergeType& type, std::span<const Item> old, std::span<const Item> now,
                            Comparison& out, std::size_t depth);

  bool failed_ = false;
};

void Comparer::map_items(const MergeType& type, const Json* old, const Json* now, Comparison& out, std::size_t depth,
                         const std::vector<std::string>* skipped) {
  static const Json nothing = Json::object();
  const auto& a = (old != nullptr ? *old : nothing).get_ref<const Json::object_t&>();
  const auto& b = (now != nullptr ? *now : nothing).get_ref<const Json::object_t&>();
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    int order = i == a.end() ? 1 : j == b.end() ? -1 : i->first.compare(j->first);
    const std::string& name = order <= 0 ? i->first : j->first;
    const Json* before = order <= 0 ? &(i++)->second : nullptr;
    const Json* after = order >= 0 ? &(j++)->second : nullptr;
    if (skipped != nullptr && std::find(skipped->begin(), skipped->end(), name) != skipped->end()) continue;
    if (before != nullptr && after != nullptr && *before == *after) continue;
    const MergeType* inner = type.type_of(name);
    if (inner != nullptr) child(inner, name_element(name), before, after, out, depth);
  }
}

void Comparer::list_items(const MergeType& type, const Json* old, const Json* now, Comparison& out, std::size_t depth) {
  if (old != nullptr && now != nullptr && *old == *now) return;
  std::vector<Item> before = items_of(type, old);
  std::vector<Item> after = items_of(type, now);
  std::span<const Item> a = before;
  std::span<const Item> b = after;
  auto run = [](std::span<const Item> items, const std::string& element) {
    auto end = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.element != element; });
    return static_cast<std::size_t>(end - items.begin());
  };
  while (!a.empty() || !b.empty()) {
    bool from_a = b.empty() || (!a.empty() && a.front().element <= b.front().element);
    const std::string& element = from_a ? a.front().element : b.front().element;
    std::size_t in_a = run(a, element);
    std::size_t in_b = run(b, element);
    items_of_one_element(type, a.first(in_a), b.first(in_b), out, depth);
    a = a.subspan(in_a);
    b = b.subspan(in_b);
  }
}

// Duplicates are one value together: a field that is there twice belongs to whoever made it so.
void Comparer::items_of_one_element(const MergeType& type, std::span<const Item> old, std::span<const Item> now,
                                    Comparison& out, std::size_t depth) {
  const std::string& element = old.empty() ? now.front().element : old.front().element;
  if (old.size() <= 1 && now.size() <= 1) {
    child(type.items, element, old.empty() ? nullptr : old.front().value, now.empty() ? nullptr : now.front().value,
          out, depth);
    return;
  }
  Comparison below;
  Marks marks;
  if (old.size() >= 2 && now.size() >= 2) {
    marks.modified = !std::equal(old.begin(), old.end(), now.begin(), now.end(),
                                 [](const Item& a, const Item& b) { return *a.value == *b.value; });
  } else if (old.size() >= 2) {
    if (!now.empty()) marks = value(*type.items, nullptr, now.front().value, below, depth + 1);
    marks.removed = true;
  } else {
    if (!old.empty()) marks = value(*type.items, old.front().value, nullptr, below, depth + 1);
    marks.added = true;
  }
  append(out, element, marks, std::move(below));
}

class FieldCollector {
 public:
  // Adds what is below a value to `below`; true: the value itself is a member.
  bool value(const MergeType& type, const Json& value, FieldSet& below, std::size_t depth) {
    if (depth > limits::value_depth) return true;
    switch (type.shape_of(&value)) {
      case Shape::Scalar: return true;
      case Shape::List:
        if (type.list_is_one_value) return true;
        if (const Json* list = as_list(&value)) list_items(type, *list, below, depth);
        return false;
      case Shape::Map:
        if (type.map_is_one_value) return true;
        if (const Json* map = as_map(&value)) map_items(type, *map, below, depth);
        return false;
    }
    return false;
  }

  void map_items(const MergeType& type, const Json& map, FieldSet& out, std::size_t depth) {
    for (const auto& [name, inner] : map.get_ref<const Json::object_t&>()) {
      const MergeType* inner_type = type.type_of(name);
      if (inner_type == nullptr) continue;
      FieldSet below;
      bool member = value(*inner_type, inner, below, depth + 1);
      member = member || inner.is_null() || (inner.is_object() && inner.empty()) || type.field(name) == nullptr;
      out.append(name_element(name), member, std::move(below));
    }
  }

 private:
  void list_items(const MergeType& type, const Json& list, FieldSet& out, std::size_t depth) {
    std::vector<Item> items;
    items.reserve(list.size());
    for (const Json& item : list) items.push_back({item_element(type, item, nullptr), &item});
    std::stable_sort(items.begin(), items.end(), by_element);
    for (std::size_t i = 0; i < items.size();) {
      std::size_t end = i + 1;
      while (end < items.size() && items[end].element == items[i].element) ++end;
      FieldSet below;
      if (end == i + 1) value(*type.items, *items[i].value, below, depth + 1);
      if (!items[i].element.empty()) out.append(items[i].element, true, std::move(below));
      i = end;
    }
  }
};

}  // namespace

std::optional<Comparison> compare(const MergeType& type, const Json& old, const Json& now,
                                  const std::vector<std::string>& skipped) {
  static const std::vector<std::string> bookkeeping = {"managedFields"};
  Comparison out;
  Comparer comparer;
  std::vector<std::string> aside = skipped;
  aside.emplace_back("metadata");
  Comparison rest;
  comparer.map_items(type, as_map(&old), as_map(&now), out, 0, &aside);
  const MergeType* metadata = type.type_of("metadata");
  auto part = [](const Json& object) {
    auto at = object.is_object() ? object.find("metadata") : object.end();
    return at != object.end() ? as_map(&*at) : nullptr;
  };
  if (metadata != nullptr && !metadata->map_is_one_value) {
    Comparison below;
    comparer.map_items(*metadata, part(old), part(now), below, 1, &bookkeeping);
    Comparison only;
    append(only, "f:metadata", {}, std::move(below));
    out.removed.unite(std::move(only.removed));
    out.modified.unite(std::move(only.modified));
    out.added.unite(std::move(only.added));
  }
  if (comparer.failed()) return std::nullopt;
  return out;
}

FieldSet fields_of(const MergeType& type, const Json& object) {
  FieldSet set;
  if (object.is_object()) FieldCollector().map_items(type, object, set, 0);
  auto metadata = object.is_object() ? object.find("metadata") : object.end();
  if (metadata != object.end() && metadata->is_object() && metadata->contains("managedFields")) {
    FieldSet bookkeeping;
    const std::string path[] = {"f:metadata", "f:managedFields"};
    bookkeeping.insert(path);
    set.subtract_with_all_below(bookkeeping);
  }
  return set;
}

FieldSet with_named_fields(const FieldSet& set, const MergeType* type) {
  FieldSet out;
  out.nodes.reserve(set.nodes.size());
  for (const FieldNode& node : set.nodes) {
    std::string_view element = node.element;
    const MergeType* below = nullptr;
    bool named = false;
    if (element.starts_with("f:") && type != nullptr && type->is_map) {
      below = type->type_of(element.substr(2));
      named = !node.below.empty() && type->field(element.substr(2)) != nullptr;
    } else if (element.starts_with("k:") && type != nullptr && type->is_list) {
      below = type->items;
    }
    out.append(node.element, node.member || named, with_named_fields(node.below, below));
  }
  return out;
}

}  // namespace ork::embedded
