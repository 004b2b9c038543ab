#include <algorithm>

#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

bool is_type_or_meta(std::string_view key) { return key == "apiVersion" || key == "kind" || key == "metadata"; }

// Fields of an object that are known without a schema: apiVersion, kind and, where the schema says
// nothing of it, metadata.
bool known_by_itself(const SchemaNode& node, bool resource, const std::string& key) {
  if (!resource || !is_type_or_meta(key)) return false;
  const SchemaNode* property = node.property(key);
  return property == nullptr || key != "metadata" || property->properties.empty();
}

class Pruner {
 public:
  std::vector<std::string> removed;

  void value(Json& value, const SchemaNode& node, bool resource, const std::string& path, std::size_t depth) {
    if (depth > limits::value_depth) return;
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        std::string at = path + "[" + std::to_string(i) + "]";
        if (node.items != nullptr) {
          this->value(value[i], *node.items, node.items->embedded_resource, at, depth + 1);
        } else if (!node.preserve_unknown_fields) {
          unknown(value[i], at, depth + 1);
        }
      }
    } else if (value.is_object()) {
      fields(value, node, resource, path, depth);
    }
  }

 private:
  void fields(Json& object, const SchemaNode& node, bool resource, const std::string& path, std::size_t depth) {
    for (auto field = object.begin(); field != object.end();) {
      const SchemaNode* inner = node.field(field.key());
      std::string at = path.empty() ? field.key() : path + "." + field.key();
      if (known_by_itself(node, resource, field.key())) {
        ++field;
      } else if (inner != nullptr) {
        value(*field, *inner, inner->embedded_resource, at, depth + 1);
        ++field;
      } else if (node.preserve_unknown_fields) {
        ++field;
      } else {
        removed.push_back(std::move(at));
        field = object.erase(field);
      }
    }
  }

  // A list whose items have no schema: its objects lose all they hold.
  void unknown(Json& value, const std::string& path, std::size_t depth) {
    static const SchemaNode nothing;
    this->value(value, nothing, false, path, depth);
  }
};

}  // namespace

std::vector<std::string> Schema::prune(Json& object) const {
  Pruner pruner;
  pruner.value(object, *root_, true, "", 0);
  // Kubernetes names what is wrong with metadata first, the rest by path.
  std::sort(pruner.removed.begin(), pruner.removed.end(), [](const std::string& a, const std::string& b) {
    bool meta_a = a.starts_with("metadata."), meta_b = b.starts_with("metadata.");
    return meta_a != meta_b ? meta_a : a < b;
  });
  return std::move(pruner.removed);
}

}  // namespace ork::embedded
