#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

// A null where the schema allows none counts as absent: it takes the default, or goes.
bool counts_as_absent(const Json& value, const SchemaNode& node) { return value.is_null() && !node.nullable; }

void fill(Json& value, const SchemaNode& node, Nulls nulls, std::size_t depth);

void drop_nulls(Json& object, const SchemaNode& node) {
  for (auto field = object.begin(); field != object.end();) {
    const SchemaNode* inner = field->is_null() ? node.field(field.key()) : nullptr;
    bool absent = inner != nullptr && counts_as_absent(*field, *inner) && !inner->default_value;
    field = absent ? object.erase(field) : std::next(field);
  }
}

void fill_fields(Json& object, const SchemaNode& node, Nulls nulls, std::size_t depth) {
  if (nulls == Nulls::Dropped) drop_nulls(object, node);
  for (const Property& property : node.properties) {
    if (!property.node->default_value) continue;
    auto field = object.find(property.name);
    if (field == object.end() || counts_as_absent(*field, *property.node)) {
      object[property.name] = *property.node->default_value;
    }
  }
  for (auto field = object.begin(); field != object.end(); ++field) {
    const SchemaNode* inner = node.field(field.key());
    if (inner == nullptr) continue;
    if (counts_as_absent(*field, *inner) && inner->default_value) *field = *inner->default_value;
    fill(*field, *inner, nulls, depth + 1);
  }
}

void fill(Json& value, const SchemaNode& node, Nulls nulls, std::size_t depth) {
  if (depth > limits::value_depth) return;
  if (value.is_object()) {
    fill_fields(value, node, nulls, depth);
  } else if (value.is_array() && node.items != nullptr) {
    for (Json& item : value) {
      if (counts_as_absent(item, *node.items) && node.items->default_value) item = *node.items->default_value;
      fill(item, *node.items, nulls, depth + 1);
    }
  }
}

}  // namespace

void Schema::apply_defaults(Json& object, Nulls nulls) const { fill(object, *root_, nulls, 0); }

}  // namespace ork::embedded
