#include "controllers/workflow/item_types.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "controllers/workflow/matrix.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using expr::Type;
using Is = expr::Type::Is;
using FieldTypes = std::map<std::string, Type, std::less<>>;

Type with_fields(FieldTypes types, bool others) {
  Type out = expr::map_of(expr::type_of_kind(Is::String), {});
  out.fields = std::make_shared<const Type::Fields>(Type::Fields{std::move(types), others});
  return out;
}

// Of a value that has been JSON in between. Types are as deep as an expression or a schema is, which is bounded.
Type as_json(const Type& type) {
  switch (type.is) {
    case Is::Timestamp:
    case Is::Duration:
    case Is::Bytes:
    case Is::Type: return expr::type_of_kind(Is::String);
    case Is::Uint: return expr::type_of_kind(Is::Int);
    case Is::List: return type.of.empty() ? type : expr::list_of(as_json(type.of[0]));
    case Is::Map: {
      Type out = expr::map_of(expr::type_of_kind(Is::String), type.of.size() < 2 ? Type{} : as_json(type.of[1]));
      if (type.fields == nullptr) return out;
      FieldTypes fields;
      for (const auto& [name, field] : type.fields->types) fields.emplace(name, as_json(field));
      out.fields = std::make_shared<const Type::Fields>(Type::Fields{std::move(fields), type.fields->others});
      return out;
    }
    case Is::Null:
    case Is::Bool:
    case Is::Int:
    case Is::Double:
    case Is::String: return type;
    case Is::Any:
    case Is::Optional:
    case Is::Parameter: break;
  }
  return {};
}

// The fields of a value and their kinds, and no deeper: what is told wrong of `item` is a name or a plain value.
Type type_of_value(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean: return expr::type_of_kind(Is::Bool);
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return expr::type_of_kind(Is::Int);
    case Json::value_t::number_float: return expr::type_of_kind(Is::Double);
    case Json::value_t::string: return expr::type_of_kind(Is::String);
    case Json::value_t::array: return expr::list_of({});
    case Json::value_t::object: {
      FieldTypes fields;
      for (const auto& [name, field] : value.items()) {
        fields.emplace(name, field.is_structured() ? Type{} : type_of_value(field));
      }
      return with_fields(std::move(fields), false);
    }
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
  }
  return {};
}

// Of what may be of either type. Fields that only one of them has are known too.
Type either(const Type& one, const Type& other) {
  if (one.is != other.is) return {};
  if (one.fields == nullptr || other.fields == nullptr)
    return expr::text_of(one) == expr::text_of(other) ? one : Type{};
  FieldTypes fields = one.fields->types;
  for (const auto& [name, type] : other.fields->types) {
    const auto [found, added] = fields.emplace(name, type);
    if (!added) found->second = either(found->second, type);
  }
  return with_fields(std::move(fields), one.fields->others || other.fields->others);
}

// Of the values of a list or a map.
Type type_of_values(const Json& values) {
  std::optional<Type> out;
  for (const Json& value : values) {
    Type type = type_of_value(value);
    out = out ? either(*out, type) : std::move(type);
  }
  return out.value_or(Type{});
}

Type type_of_entry(Type value) {
  return with_fields({{"key", expr::type_of_kind(Is::String)}, {"value", std::move(value)}}, false);
}

}  // namespace

bool is_of_index(const expr::Expression& expression) {
  const auto& mentions = expression.mentions();
  return std::any_of(mentions.begin(), mentions.end(), [](const expr::Mention& mention) {
    return mention.variable == "item" || mention.variable == "index";
  });
}

Type type_of_item(const Type& elements) {
  const Type json = as_json(elements);
  if (json.is == Is::List) return json.of.empty() ? Type{} : json.of[0];
  // What the values of a map have alike, its fields need not.
  if (json.is == Is::Map) return type_of_entry(json.fields == nullptr ? json.of[1] : Type{});
  return {};
}

Type type_of_item(const Json& elements) {
  return elements.is_array() ? type_of_values(elements) : type_of_entry(type_of_values(elements));
}

Type type_of_combination(const Json& matrix, const FieldTypes& types) {
  const auto of_field = [&](const std::string& name, const Json& list) {
    const auto given = types.find(name);
    return given != types.end() ? type_of_item(given->second) : type_of_values(list);
  };
  FieldTypes axes;
  for (const auto& [name, list] : matrix.items()) {
    if (is_axis(name)) axes.emplace(name, of_field(name, list));
  }
  const auto include = matrix.find(matrix_include);
  if (include == matrix.end() || include->empty()) return with_fields(std::move(axes), false);
  const Type more = of_field(std::string(matrix_include), *include);
  // It may add any field, and another value of any.
  if (more.fields == nullptr) return with_fields({}, true);
  return either(with_fields(std::move(axes), false), more);
}

}  // namespace ork::workflow
