#include "operator/embedded/fields/field_set.hpp"

#include <algorithm>

#include "operator/embedded/fields/go_values.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

bool before(const FieldNode& node, std::string_view element) { return node.element < element; }

// Walks both sets in order: `left` and `right` of what only one has, `both` of what both have.
template <typename Others, typename Left, typename Right, typename Both>
void zip(std::vector<FieldNode>& a, Others& b, Left left, Right right, Both both) {
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->element < j->element)) {
      left(*i++);
    } else if (i == a.end() || j->element < i->element) {
      right(*j++);
    } else {
      both(*i++, *j++);
    }
  }
}

bool holds_something(const FieldNode& node) { return node.member || !node.below.empty(); }

// The element in the one way of writing it; empty: of an unknown kind; null: not an element.
std::optional<std::string> canonical(const std::string& element) {
  if (element.size() < 2 || element[1] != ':') return std::nullopt;
  std::string_view text = std::string_view(element).substr(2);
  switch (element[0]) {
    case 'f': return element;
    case 'i': {
      bool digits = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string_view::npos;
      return digits ? std::optional(element) : std::nullopt;
    }
    case 'v':
    case 'k': {
      Json value = Json::parse(text, nullptr, false);
      if (value.is_discarded() || (element[0] == 'k' && !value.is_object())) return std::nullopt;
      return element.substr(0, 2) + go_text::json(value);
    }
    default: return std::string();
  }
}

// Sorts the nodes and puts those of one element together.
void put_in_order(std::vector<FieldNode>& nodes) {
  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const FieldNode& a, const FieldNode& b) { return a.element < b.element; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (nodes[i].element == nodes[last].element) {
      nodes[last].member = nodes[last].member || nodes[i].member;
      nodes[last].below.unite(std::move(nodes[i].below));
    } else if (++last != i) {
      nodes[last] = std::move(nodes[i]);
    }
  }
  nodes.resize(std::min(nodes.size(), last + 1));
}

std::optional<FieldSet> read_level(const Json& fields, FieldsSource source, bool& member, std::size_t depth) {
  FieldSet set;
  if (fields.is_null()) {
    member = true;
    return set;
  }
  if (!fields.is_object() || depth > limits::value_depth) return std::nullopt;
  set.nodes.reserve(fields.size());
  bool sorted = true;
  member = false;
  for (auto it = fields.begin(); it != fields.end(); ++it) {
    const std::string& name = it.key();
    if (name == ".") {
      member = true;
      continue;
    }
    FieldNode node;
    if (source == FieldsSource::Ours) {
      node.element = name;
    } else {
      auto element = canonical(name);
      if (!element) return std::nullopt;
      if (element->empty()) continue;
      node.element = std::move(*element);
    }
    auto below = read_level(*it, source, node.member, depth + 1);
    if (!below) return std::nullopt;
    node.below = std::move(*below);
    sorted = sorted && (set.nodes.empty() || set.nodes.back().element < node.element);
    set.nodes.push_back(std::move(node));
  }
  if (set.nodes.empty()) member = true;
  if (!sorted) put_in_order(set.nodes);
  return set;
}

// The order of elements: names, keys, values, indexes; keys and values by value, not by text.
int compare_values(const Json& a, const Json& b) {
  auto rank = [](const Json& value) {
    if (value.is_number()) return 0;
    if (value.is_string()) return 1;
    if (value.is_boolean()) return 2;
    if (value.is_array()) return 3;
    return value.is_object() ? 4 : 5;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  return a < b ? -1 : (b < a ? 1 : 0);
}

int compare_keys(const Json& a, const Json& b) {
  auto i = a.begin();
  auto j = b.begin();
  for (; i != a.end() && j != b.end(); ++i, ++j) {
    if (int by_name = i.key().compare(j.key()); by_name != 0) return by_name;
    if (int by_value = compare_values(*i, *j); by_value != 0) return by_value;
  }
  if (i == a.end() && j == b.end()) return 0;
  return i == a.end() ? -1 : 1;
}

// A node with the value of its element, if that is a key or a value.
struct Ordered {
  const FieldNode* node = nullptr;
  Json value;
};

bool comes_first(const Ordered& left, const Ordered& right) {
  const std::string& a = left.node->element;
  const std::string& b = right.node->element;
  constexpr std::string_view kinds = "fkvi";
  if (a[0] != b[0]) return kinds.find(a[0]) < kinds.find(b[0]);
  if (a[0] == 'f') return a < b;
  bool keys = left.value.is_object() && right.value.is_object();
  return (keys ? compare_keys(left.value, right.value) : compare_values(left.value, right.value)) < 0;
}

void visit_level(const FieldSet& set, const std::string& prefix, const std::function<void(const std::string&)>& visit) {
  std::vector<Ordered> ordered;
  ordered.reserve(set.nodes.size());
  for (const FieldNode& node : set.nodes) {
    bool name = node.element.starts_with("f:");
    ordered.push_back({&node, name ? Json() : Json::parse(std::string_view(node.element).substr(2), nullptr, false)});
  }
  std::stable_sort(ordered.begin(), ordered.end(), comes_first);
  for (const auto& [node, value] : ordered) {
    if (node->member) visit(prefix + element_text(node->element));
  }
  for (const auto& [node, value] : ordered) {
    if (!node->below.empty()) visit_level(node->below, prefix + element_text(node->element), visit);
  }
}

std::string value_text(const Json& value) {
  if (value.is_string()) return go_text::quoted(value.get_ref<const std::string&>());
  return value.is_null() ? "null" : go_values::plain(value);
}

}  // namespace

bool operator==(const FieldSet& a, const FieldSet& b) { return a.nodes == b.nodes; }

const FieldNode* FieldSet::find(std::string_view element) const {
  auto at = std::lower_bound(nodes.begin(), nodes.end(), element, before);
  return at != nodes.end() && at->element == element ? &*at : nullptr;
}

void FieldSet::insert(std::span<const std::string> path) {
  FieldSet* set = this;
  for (std::size_t i = 0; i < path.size(); ++i) {
    auto at = std::lower_bound(set->nodes.begin(), set->nodes.end(), path[i], before);
    if (at == set->nodes.end() || at->element != path[i]) at = set->nodes.insert(at, FieldNode{path[i], false, {}});
    if (i + 1 == path.size()) at->member = true;
    set = &at->below;
  }
}

void FieldSet::append(std::string element, bool member, FieldSet below) {
  if (member || !below.empty()) nodes.push_back({std::move(element), member, std::move(below)});
}

void FieldSet::unite(FieldSet other) {
  if (other.empty()) return;
  if (empty()) {
    nodes = std::move(other.nodes);
    return;
  }
  std::vector<FieldNode> united;
  united.reserve(nodes.size() + other.nodes.size());
  auto take = [&](FieldNode& node) { united.push_back(std::move(node)); };
  zip(nodes, other.nodes, take, take, [&](FieldNode& a, FieldNode& b) {
    a.member = a.member || b.member;
    a.below.unite(std::move(b.below));
    united.push_back(std::move(a));
  });
  nodes = std::move(united);
}

void FieldSet::subtract(const FieldSet& other) {
  bool emptied = false;
  auto ignore = [](const FieldNode&) {};
  zip(nodes, other.nodes, ignore, ignore, [&](FieldNode& a, const FieldNode& b) {
    a.member = a.member && !b.member;
    a.below.subtract(b.below);
    emptied = emptied || !holds_something(a);
  });
  if (emptied) std::erase_if(nodes, [](const FieldNode& node) { return !holds_something(node); });
}

void FieldSet::subtract_with_all_below(const FieldSet& other) {
  bool emptied = false;
  auto ignore = [](const FieldNode&) {};
  zip(nodes, other.nodes, ignore, ignore, [&](FieldNode& a, const FieldNode& b) {
    if (b.member) {
      a.member = false;
      a.below.nodes.clear();
    } else {
      a.below.subtract_with_all_below(b.below);
    }
    emptied = emptied || !holds_something(a);
  });
  if (emptied) std::erase_if(nodes, [](const FieldNode& node) { return !holds_something(node); });
}

FieldSet intersection(const FieldSet& a, const FieldSet& b) {
  FieldSet common;
  for (auto i = a.nodes.begin(), j = b.nodes.begin(); i != a.nodes.end() && j != b.nodes.end();) {
    if (i->element < j->element) {
      ++i;
    } else if (j->element < i->element) {
      ++j;
    } else {
      common.append(i->element, i->member && j->member, intersection(i->below, j->below));
      ++i;
      ++j;
    }
  }
  return common;
}

std::optional<FieldSet> read_fields(const Json& fields, FieldsSource source) {
  bool member = false;
  return read_level(fields, source, member, 0);
}

Json write_fields(const FieldSet& set) {
  Json::object_t fields;
  for (const FieldNode& node : set.nodes) {
    Json inner = write_fields(node.below);
    if (node.member && !node.below.empty()) inner.emplace(".", Json::object());
    fields.emplace_hint(fields.end(), node.element, std::move(inner));
  }
  return fields;
}

std::string name_element(std::string_view name) {
  std::string element;
  element.reserve(name.size() + 2);
  element += "f:";
  element += name;
  return element;
}

std::string value_element(const Json& scalar) {
  std::string element = "v:";
  element += go_text::json(scalar);
  return element;
}

std::string key_element(std::span<const std::pair<std::string_view, const Json*>> keys) {
  std::string element = "k:{";
  for (const auto& [name, value] : keys) {
    if (element.size() > 3) element += ',';
    element += '"';
    element += name;
    element += "\":";
    element += go_text::json(*value);
  }
  return element + '}';
}

std::string element_text(std::string_view element) {
  std::string_view text = element.substr(std::min<std::size_t>(2, element.size()));
  if (element.starts_with("f:")) return "." + std::string(text);
  if (element.starts_with("i:")) return "[" + std::string(text) + "]";
  Json value = Json::parse(text, nullptr, false);
  if (element.starts_with("v:")) return "[=" + value_text(value) + "]";
  std::string out = "[";
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) {
      if (out.size() > 1) out += ',';
      out += name + "=" + value_text(inner);
    }
  }
  return out + "]";
}

void for_each_field(const FieldSet& set, const std::function<void(const std::string&)>& visit) {
  visit_level(set, "", visit);
}

}  // namespace ork::embedded
