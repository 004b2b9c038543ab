#include "operator/embedded/schema/list_types.hpp"

#include <map>
#include <optional>

#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/problems.hpp"
#include "operator/embedded/schema/value_path.hpp"

namespace ork::embedded {
namespace {

// The places whose value stood there once before: a third and further ones are not named again.
std::vector<std::size_t> repeated(const std::vector<Json>& values) {
  std::map<std::string, int> times;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (++times[go_text::json(values[i])] == 2) places.push_back(i);
  }
  return places;
}

class ListTypes {
 public:
  std::vector<FieldProblem> problems;

  void value(const SchemaNode& node, const Json& value, const ValuePath& path, std::size_t depth) {
    if (depth > limits::value_depth) return;
    if (value.is_array()) {
      list(node, value, path);
      for (std::size_t i = 0; node.items != nullptr && i < value.size(); ++i) {
        this->value(*node.items, value[i], path.item(i), depth + 1);
      }
    } else if (value.is_object()) {
      fields(node, value, path, depth);
    }
  }

  void fields(const SchemaNode& node, const Json& object, const ValuePath& path, std::size_t depth) {
    if (node.additional_properties != nullptr) {
      for (const auto& [key, value] : object.items()) {
        this->value(*node.additional_properties, value, path.key(key), depth + 1);
      }
    }
    for (const auto& [key, value] : object.items()) {
      const SchemaNode* property = node.property(key);
      if (property == nullptr || (depth == 0 && key == "metadata")) continue;
      this->value(*property, value, path.field(key), depth + 1);
    }
  }

 private:
  void list(const SchemaNode& node, const Json& list, const ValuePath& path) {
    auto at = [&](std::size_t i) { return path.item(i).text(); };
    if (node.list_type == ListType::Atomic || list.size() == 0) return;
    std::vector<Json> keys;
    keys.reserve(list.size());
    for (const Json& item : list) {
      if (node.list_type == ListType::Map && !item.is_object() && !item.is_null()) {
        problems.push_back(problems::invalid(at(keys.size()), item, "must be an object for an array of list-type map"));
        return;
      }
      keys.push_back(node.list_type == ListType::Map ? keys_of(node, item) : item);
    }
    for (std::size_t i : repeated(keys)) problems.push_back(problems::duplicate(at(i), keys[i]));
  }

  static Json keys_of(const SchemaNode& node, const Json& item) {
    Json keys = Json::object();
    for (const std::string& name : node.list_map_keys) {
      auto key = item.find(name);
      if (key != item.end()) keys[name] = *key;
    }
    return keys;
  }
};

}  // namespace

std::vector<FieldProblem> list_type_problems(const SchemaNode& root, const Json& object) {
  ListTypes lists;
  if (object.is_object()) lists.fields(root, object, {}, 0);
  return std::move(lists.problems);
}

}  // namespace ork::embedded
