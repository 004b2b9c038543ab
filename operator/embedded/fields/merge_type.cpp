#include "operator/embedded/fields/merge_type.hpp"

#include <algorithm>
#include <map>

#include "operator/embedded/fields/field_set.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

// What a CRD does not say of metadata: the API server adds it, at the root and in embedded objects.
const Schema& object_metadata() {
  static const Schema schema = [] {
    Json text = {{"type", "string"}};
    Json texts = {{"type", "object"}, {"additionalProperties", text}};
    Json time = {{"type", "string"}, {"format", "date-time"}};
    Json number = {{"type", "integer"}};
    Json flag = {{"type", "boolean"}};
    Json owner = {{"type", "object"},
                  {"x-kubernetes-map-type", "atomic"},
                  {"properties",
                   {{"apiVersion", text},
                    {"blockOwnerDeletion", flag},
                    {"controller", flag},
                    {"kind", text},
                    {"name", text},
                    {"uid", {{"type", "string"}, {"default", ""}}}}}};
    Json document = {{"type", "object"},
                     {"properties",
                      {{"annotations", texts},
                       {"creationTimestamp", time},
                       {"deletionGracePeriodSeconds", number},
                       {"deletionTimestamp", time},
                       {"finalizers", {{"type", "array"}, {"items", text}, {"x-kubernetes-list-type", "set"}}},
                       {"generateName", text},
                       {"generation", number},
                       {"labels", texts},
                       {"managedFields", {{"type", "array"}, {"items", {{"type", "object"}}}}},
                       {"name", text},
                       {"namespace", text},
                       {"ownerReferences",
                        {{"type", "array"},
                         {"items", owner},
                         {"x-kubernetes-list-type", "map"},
                         {"x-kubernetes-list-map-keys", {"uid"}}}},
                       {"resourceVersion", text},
                       {"selfLink", text},
                       {"uid", text}}}};
    return *Schema::parse(document, Json::object());
  }();
  return schema;
}

ScalarType scalar_of(const SchemaNode& node) {
  switch (node.type) {
    case ValueType::Integer:
    case ValueType::Number: return ScalarType::Number;
    case ValueType::Boolean: return ScalarType::Boolean;
    case ValueType::String:
      return node.checks.format.empty() || node.checks.format == "byte" ? ScalarType::String : ScalarType::Any;
    default: return ScalarType::None;
  }
}

}  // namespace

// Turns nodes into types. A node below one that preserves unknown fields preserves them too, so the
// same node can become two types.
class MergeTypesBuilder {
 public:
  explicit MergeTypesBuilder(std::deque<MergeType>& types) : types_(types) {}

  const MergeType* root(const SchemaNode& node) {
    MergeType* type = made(node, node.preserve_unknown_fields);
    add_object_fields(*type, node);
    return type;
  }

 private:
  const MergeType* type_of(const SchemaNode& node, bool preserve) {
    preserve = preserve || node.preserve_unknown_fields;
    if (auto known = known_.find({&node, preserve}); known != known_.end()) return known->second;
    return made(node, preserve);
  }

  MergeType* made(const SchemaNode& node, bool preserve) {
    MergeType* type = &types_.emplace_back();
    known_[{&node, preserve}] = type;
    bool any = node.type == ValueType::Any;
    type->scalar = any ? ScalarType::Any : scalar_of(node);
    if (any || node.type == ValueType::Array) fill_list(*type, node, preserve);
    if (any || node.type == ValueType::Object) fill_map(*type, node, preserve);
    if (node.embedded_resource) add_object_fields(*type, node);
    return type;
  }

  void fill_list(MergeType& type, const SchemaNode& node, bool preserve) {
    type.is_list = true;
    type.list_is_one_value = node.list_type == ListType::Atomic;
    if (node.list_type == ListType::Map) type.keys = node.list_map_keys;
    type.items = node.items != nullptr ? type_of(*node.items, preserve) : one_value();
  }

  void fill_map(MergeType& type, const SchemaNode& node, bool preserve) {
    type.is_map = true;
    type.map_is_one_value = node.map_type == MapType::Atomic;
    type.fields.reserve(node.properties.size());
    for (const Property& property : node.properties) {
      const auto& value = property.node->default_value;
      const MergeType* inner = is_raw(property) ? one_value() : type_of(*property.node, preserve);
      type.fields.push_back({property.name, inner, value ? &*value : nullptr});
    }
    if (node.additional_properties != nullptr) {
      type.others = type_of(*node.additional_properties, preserve);
    } else if (preserve || node.properties.empty()) {
      type.others = deduced();
    }
  }

  // JSON that Go keeps as it came (the data of a ControllerRevision): one value, whatever its schema says.
  static bool is_raw(const Property& property) { return property.go.type == "runtime.RawExtension"; }

  // apiVersion, kind and metadata of an object, where the schema does not spell them out.
  void add_object_fields(MergeType& type, const SchemaNode& node) {
    auto text = [&] {
      MergeType* scalar = &types_.emplace_back();
      scalar->scalar = ScalarType::String;
      return scalar;
    };
    const SchemaNode* metadata = node.property("metadata");
    bool spelled_out = metadata != nullptr && metadata->property("managedFields") != nullptr;
    set_field(type, "apiVersion", text());
    set_field(type, "kind", text());
    if (!spelled_out) set_field(type, "metadata", type_of(object_metadata().root(), false));
    type.is_map = true;
  }

  static void set_field(MergeType& type, std::string_view name, const MergeType* value) {
    auto at = std::lower_bound(type.fields.begin(), type.fields.end(), name,
                               [](const MergeField& field, std::string_view wanted) { return field.name < wanted; });
    if (at == type.fields.end() || at->name != name) at = type.fields.insert(at, {std::string(name), value, nullptr});
    at->type = value;
  }

  // Anything, where maps merge as deep as they go.
  const MergeType* deduced() {
    if (deduced_ == nullptr) {
      deduced_ = anything();
      deduced_->others = deduced_;
      deduced_->items = one_value();
    }
    return deduced_;
  }

  // Anything, and all of it one value.
  const MergeType* one_value() {
    if (one_value_ == nullptr) {
      one_value_ = anything();
      one_value_->map_is_one_value = true;
      one_value_->others = one_value_;
      one_value_->items = one_value_;
    }
    return one_value_;
  }

  MergeType* anything() {
    MergeType* type = &types_.emplace_back();
    type->scalar = ScalarType::Any;
    type->is_list = true;
    type->is_map = true;
    return type;
  }

  std::deque<MergeType>& types_;
  std::map<std::pair<const SchemaNode*, bool>, MergeType*> known_;
  MergeType* deduced_ = nullptr;
  MergeType* one_value_ = nullptr;
};

MergeTypes::MergeTypes(const Schema& schema) : schemas_({schema}) {
  MergeTypesBuilder builder(types_);
  root_ = builder.root(schema.root());
}

const MergeField* MergeType::field(std::string_view name) const {
  auto at = std::lower_bound(fields.begin(), fields.end(), name,
                             [](const MergeField& field, std::string_view wanted) { return field.name < wanted; });
  return at != fields.end() && at->name == name ? &*at : nullptr;
}

const MergeType* MergeType::type_of(std::string_view name) const {
  const MergeField* own = field(name);
  return own != nullptr ? own->type : others;
}

Shape MergeType::shape_of(const Json* value) const {
  if (value != nullptr) {
    if (value->is_array() && is_list) return Shape::List;
    if (value->is_object() && is_map) return Shape::Map;
    if (!value->is_structured() && !value->is_null() && scalar != ScalarType::None) return Shape::Scalar;
  }
  if (is_map) return Shape::Map;
  return scalar != ScalarType::None ? Shape::Scalar : Shape::List;
}

namespace {

std::string key_item_element(const MergeType& list, const Json& item, std::string* problem) {
  auto fail = [&](std::string text) {
    if (problem != nullptr) *problem = std::move(text);
    return std::string();
  };
  if (item.is_null()) return fail("associative list with keys may not have a null element");
  if (!item.is_object()) return fail("associative list with keys may not have non-map elements");
  std::vector<std::pair<std::string_view, const Json*>> values;
  values.reserve(list.keys.size());
  for (const std::string& key : list.keys) {
    if (auto value = item.find(key); value != item.end()) {
      values.emplace_back(key, &*value);
    } else if (const MergeField* field = list.items->field(key); field != nullptr && field->default_value != nullptr) {
      values.emplace_back(key, field->default_value);
    }
  }
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (!values.empty()) return key_element(values);
  std::string names;
  for (const std::string& key : list.keys) names += (names.empty() ? "\"" : " \"") + key + "\"";
  return fail("associative list with keys has an element that omits all key fields [" + names +
              "] (and doesn't have default values for any key fields)");
}

}  // namespace

std::string item_element(const MergeType& list, const Json& item, std::string* problem) {
  if (!list.keys.empty()) return key_item_element(list, item, problem);
  if (!item.is_structured() && !item.is_null()) return value_element(item);
  if (problem != nullptr) {
    *problem = item.is_object()  ? "associative list without keys has an element that's a map type"
               : item.is_array() ? "not supported: associative list with lists as elements"
                                 : "associative list without keys has an element that's an explicit null";
  }
  return {};
}

}  // namespace ork::embedded
