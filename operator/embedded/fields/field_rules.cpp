#include "operator/embedded/fields/field_rules.hpp"

#include <algorithm>

#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

std::vector<std::string> elements_of(std::string_view path) {
  std::vector<std::string> elements;
  for (std::size_t begin = 0; begin <= path.size();) {
    std::size_t end = std::min(path.find('.', begin), path.size());
    elements.push_back(name_element(path.substr(begin, end - begin)));
    begin = end + 1;
  }
  return elements;
}

FieldSet set_of(const std::vector<std::string>& paths) {
  FieldSet set;
  for (const std::string& path : paths) set.insert(elements_of(path));
  return set;
}

bool is_zero(const Json& value) {
  return value == "" || value == false || (value.is_number() && value == 0) || (value.is_object() && value.empty());
}

// Go's zero value, as JSON: structs are there with their fields, texts and numbers that are always
// written are empty, and what is null in `object` is null here.
Json zero_of(const SchemaNode& node, const Json& object, std::size_t depth) {
  Json zero = Json::object();
  if (depth > limits::value_depth) return zero;
  static const Json nothing = Json::object();
  for (const Property& property : node.properties) {
    auto at = object.find(property.name);
    const auto& value = property.node->default_value;
    bool required = std::find(node.checks.required.begin(), node.checks.required.end(), property.name) !=
                    node.checks.required.end();
    if (value && value->is_object() && value->empty()) {
      bool present = at != object.end() && at->is_object();
      zero[property.name] = zero_of(*property.node, present ? *at : nothing, depth + 1);
    } else if (value && is_zero(*value)) {
      zero[property.name] = *value;
    } else if (required || (at != object.end() && at->is_null())) {
      zero[property.name] = nullptr;
    }
  }
  return zero;
}

}  // namespace

void ResetFields::remove_from(FieldSet& set) const {
  for (const std::string& name : names) {
    std::erase_if(set.nodes, [&](const FieldNode& node) { return node.element == name_element(name); });
  }
  if (!deeper.empty()) set.subtract_with_all_below(deeper);
}

FieldRules::Parsed::Parsed(const Schema& its_schema, FieldTraits its_traits)
    : traits(std::move(its_traits)), schema(its_schema), types(its_schema) {
  never_owned = set_of({"apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace",
                        "metadata.creationTimestamp", "metadata.selfLink", "metadata.uid", "metadata.clusterName",
                        "metadata.generation", "metadata.managedFields", "metadata.resourceVersion"});
  if (traits.has_status) reset_by_object.names = {"status"};
  reset_by_status.names = {"spec"};
  reset_by_status.deeper = set_of(traits.kept_from_status);
}

Json FieldRules::Parsed::before_create(const Json& object) const {
  return traits.custom || !object.is_object() ? Json::object() : zero_of(schema.root(), object, 0);
}

FieldRules::FieldRules(const Schema& schema, FieldTraits traits)
    : parsed_(std::make_shared<const Parsed>(schema, std::move(traits))) {}

}  // namespace ork::embedded
