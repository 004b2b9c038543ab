#include "operator/embedded/fields/typed_merge.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "operator/embedded/fields/go_values.hpp"
#include "operator/embedded/schema/limits.hpp"

namespace ork::embedded {
namespace {

class TypeCheck {
 public:
  std::vector<std::string> problems;

  void value(const MergeType& type, const Json& value, const std::string& path, std::size_t depth) {
    if (depth > limits::value_depth) return report(path, "nests too deeply");
    switch (type.shape_of(&value)) {
      case Shape::Map: return map(type, value, path, depth);
      case Shape::List: return list(type, value, path, depth);
      case Shape::Scalar: return scalar(type, value, path);
    }
  }

 private:
  void report(const std::string& path, const std::string& text) {
    problems.push_back(path.empty() ? text : path + ": " + text);
  }

  void map(const MergeType& type, const Json& value, const std::string& path, std::size_t depth) {
    if (value.is_null()) return;
    if (!value.is_object()) return report(path, "expected map, got &{" + go_values::plain(value) + "}");
    for (const auto& [name, inner] : value.items()) {
      const MergeType* inner_type = type.type_of(name);
      // The API server looks no further into a map that has a field too many.
      if (inner_type == nullptr) return report(path + "." + name, "field not declared in schema");
      this->value(*inner_type, inner, path + "." + name, depth + 1);
    }
  }

  void list(const MergeType& type, const Json& value, const std::string& path, std::size_t depth) {
    if (value.is_null()) return;
    if (!value.is_array()) return report(path, "expected list, got &{" + go_values::plain(value) + "}");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::string element = "i:" + std::to_string(i);
      if (!type.list_is_one_value) {
        std::string problem;
        element = item_element(type, value[i], &problem);
        if (element.empty()) return report(path, "element " + std::to_string(i) + ": " + problem);
        if (!seen.insert(element).second) report(path, "duplicate entries for key " + element_text(element));
      }
      this->value(*type.items, value[i], path + element_text(element), depth + 1);
    }
  }

  void scalar(const MergeType& type, const Json& value, const std::string& path) {
    if (value.is_null()) return;
    switch (type.scalar) {
      case ScalarType::Number:
        if (!value.is_number())
          report(path, "expected numeric (int or float), got " + std::string(go_values::type(value)));
        return;
      case ScalarType::String:
        if (!value.is_string()) {
          report(path, "expected string, got &value.valueUnstructured{Value:" + go_values::syntax(value) + "}");
        }
        return;
      case ScalarType::Boolean:
        if (!value.is_boolean()) report(path, "expected boolean, got &{" + go_values::plain(value) + "}");
        return;
      default:
        if (value.is_structured()) report(path, "expected any scalar, got &{" + go_values::plain(value) + "}");
    }
  }
};

class Merger {
 public:
  std::string problem;

  Json value(const MergeType& type, const Json* base, const Json* config, std::size_t depth) {
    if (config == nullptr) return base != nullptr ? *base : Json();
    if (base == nullptr || depth > limits::value_depth) return *config;
    Shape shape = type.shape_of(config);
    if (shape == Shape::Map && !type.map_is_one_value) {
      const Json* a = as_map(base);
      const Json* b = as_map(config);
      if (!is_empty(a) || !is_empty(b)) return map(type, a, b, depth);
    } else if (shape == Shape::List && !type.list_is_one_value) {
      const Json* a = as_list(base);
      const Json* b = as_list(config);
      if (!is_empty(a) || !is_empty(b)) return list(type, a, b, depth);
    }
    return *config;
  }

 private:
  Json map(const MergeType& type, const Json* base, const Json* config, std::size_t depth) {
    if (base == nullptr) return *config;
    Json out = *base;
    if (config == nullptr) return out;
    for (const auto& [name, inner] : config->items()) {
      auto old = base->find(name);
      const MergeType* inner_type = type.type_of(name);
      if (old == base->end() || inner_type == nullptr) {
        out[name] = inner;
      } else {
        out[name] = value(*inner_type, &*old, &inner, depth + 1);
      }
    }
    return out;
  }

  struct Indexed {
    std::vector<std::string> elements;
    std::unordered_map<std::string_view, const Json*> values;  // by element
    bool has(const std::string& element) const { return values.contains(element); }
    const Json* find(const std::string& element) const {
      auto at = values.find(element);
      return at != values.end() ? at->second : nullptr;
    }
  };

  // `may_repeat`: an element that is there twice has no value to merge with: null.
  Indexed index(const MergeType& type, const Json* list, bool may_repeat) {
    static const Json null;
    Indexed out;
    if (list == nullptr) return out;
    out.elements.reserve(list->size());
    for (std::size_t i = 0; i < list->size(); ++i) {
      std::string why;
      std::string element = item_element(type, (*list)[i], &why);
      if (element.empty()) {
        problem = "element " + std::to_string(i) + ": " + why;
        return out;
      }
      out.elements.push_back(std::move(element));
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      auto [at, added] = out.values.emplace(out.elements[i], &(*list)[i]);
      if (!added && !may_repeat) problem = "duplicate entries for key " + element_text(out.elements[i]);
      if (!added) at->second = &null;
    }
    return out;
  }

  Json list(const MergeType& type, const Json* base, const Json* config, std::size_t depth);

  Json item(const MergeType& type, const Json* base, const Json* config, std::size_t depth) {
    return value(*type.items, base, config, depth + 1);
  }
};

// Goes along both lists. The items that both have come in config's order; an item that only one has
// stays before the shared item that it stood before.
Json Merger::list(const MergeType& type, const Json* base, const Json* config, std::size_t depth) {
  Json out = Json::array();
  Indexed right = index(type, config, false);
  Indexed left = index(type, base, true);
  if (!problem.empty()) return out;
  std::vector<const std::string*> shared;
  for (const std::string& element : right.elements) {
    if (left.has(element)) shared.push_back(&element);
  }
  std::size_t next = 0;  // of `shared`: the one to come
  std::set<std::string_view> taken;
  std::size_t l = 0;
  std::size_t r = 0;
  while (l < left.elements.size() || r < right.elements.size()) {
    if (l < left.elements.size() && r < right.elements.size()) {
      const std::string& element = left.elements[l];
      if (element == right.elements[r]) {
        taken.insert(element);
        out.push_back(item(type, left.find(element), right.find(element), depth));
        ++l;
        ++r;
        next = std::min(next + 1, shared.size());
        continue;
      }
      if (right.has(element) && next < shared.size() && *shared[next] != element) {
        ++l;
        continue;
      }
    }
    if (l < left.elements.size()) {
      const std::string& element = left.elements[l];
      if (!right.has(element)) {
        out.push_back((*base)[l]);
        ++l;
        continue;
      }
      if (taken.contains(element)) ++l;
    }
    if (r < right.elements.size()) {
      const std::string& element = right.elements[r];
      taken.insert(element);
      out.push_back(item(type, left.find(element), right.find(element), depth));
      ++r;
      if (next < shared.size() && *shared[next] == element) ++next;
    }
  }
  return out;
}

class Remover {
 public:
  Json value(const MergeType& type, const Json& value, const FieldSet& set, std::size_t depth) {
    if (depth > limits::value_depth) return value;
    switch (type.shape_of(&value)) {
      case Shape::Scalar: return value;
      case Shape::List: return list(type, value, set, depth);
      case Shape::Map: return map(type, value, set, depth);
    }
    return value;
  }

 private:
  Json list(const MergeType& type, const Json& value, const FieldSet& set, std::size_t depth) {
    if (!value.is_array() || type.list_is_one_value) return {};
    Json out = Json::array();
    for (const Json& item : value) {
      const FieldNode* node = set.find(item_element(type, item, nullptr));
      if (node != nullptr && node->member) continue;
      bool inside = node != nullptr && !node->below.empty();
      out.push_back(inside ? this->value(*type.items, item, node->below, depth + 1) : item);
    }
    return out.empty() ? Json() : out;
  }

  Json map(const MergeType& type, const Json& value, const FieldSet& set, std::size_t depth) {
    if (!value.is_object() || type.map_is_one_value) return {};
    Json out = Json::object();
    for (const auto& [name, inner] : value.items()) {
      const FieldNode* node = set.find(name_element(name));
      if (node != nullptr && node->member) continue;
      const MergeType* inner_type = type.type_of(name);
      bool inside = node != nullptr && !node->below.empty() && inner_type != nullptr;
      out[name] = inside ? this->value(*inner_type, inner, node->below, depth + 1) : inner;
    }
    return out.empty() ? Json() : out;
  }
};

}  // namespace

std::vector<std::string> type_problems(const MergeType& type, const Json& value) {
  TypeCheck check;
  check.value(type, value, "", 0);
  return std::move(check.problems);
}

Result<Json, std::string> merged(const MergeType& type, const Json& base, const Json& config) {
  Merger merger;
  Json out = merger.value(type, &base, &config, 0);
  if (!merger.problem.empty()) return Err(std::move(merger.problem));
  return out;
}

Json without(const MergeType& type, const Json& value, const FieldSet& set) {
  return set.empty() ? value : Remover().value(type, value, set, 0);
}

}  // namespace ork::embedded
