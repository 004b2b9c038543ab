#pragma once

// A set of fields of an object: what FieldsV1 says, and what its algebra is about.
//
// A field is a path of elements, each in FieldsV1's own words: `f:name` a field of a map, `k:{"name":"a"}`
// the item of a list of type map with these keys, `v:"a"` the item of a set, `i:0` an index. The values
// within are as Go's encoding/json writes them, so that equal elements are equal texts.
//
// That a field is in a set says nothing of the fields above and below it.

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ork::embedded {

struct FieldNode;

struct FieldSet {
  std::vector<FieldNode> nodes;  // by element, ascending; each is a member or has one below

  bool empty() const { return nodes.empty(); }
  const FieldNode* find(std::string_view element) const;

  void insert(std::span<const std::string> path);
  // Adds a node that comes after all others; one that is no member and has none below is left out.
  void append(std::string element, bool member, FieldSet below);

  void unite(FieldSet other);
  void subtract(const FieldSet& other);
  // Also what is below a member of `other` goes.
  void subtract_with_all_below(const FieldSet& other);

  friend bool operator==(const FieldSet& a, const FieldSet& b);
};

struct FieldNode {
  std::string element;
  bool member = false;
  FieldSet below;

  friend bool operator==(const FieldNode& a, const FieldNode& b) = default;
};

FieldSet intersection(const FieldSet& a, const FieldSet& b);

// FieldsV1 as JSON. Elements of a kind that is unknown are left out; null: not FieldsV1. What another
// server or a user wrote is brought to the one way of writing elements; `ours` saves that where it is
// known to be in that way already.
enum class FieldsSource { Ours, Foreign };
std::optional<FieldSet> read_fields(const nlohmann::json& fields, FieldsSource source);
nlohmann::json write_fields(const FieldSet& set);

// Elements.
std::string name_element(std::string_view name);
std::string value_element(const nlohmann::json& scalar);
// `keys`: names and values, by name.
std::string key_element(std::span<const std::pair<std::string_view, const nlohmann::json*>> keys);

// As messages show them: .name, [name="a"], [="a"], [0].
std::string element_text(std::string_view element);

// Every field of the set, as a text, in the API server's order: the members of a level, then what is
// below them.
void for_each_field(const FieldSet& set, const std::function<void(const std::string&)>& visit);

}  // namespace ork::embedded
