#include "operator/embedded/schema/rules/value.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "operator/embedded/schema/correlate.hpp"
#include "operator/embedded/schema/formats.hpp"
#include "operator/embedded/schema/go_duration.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/number_checks.hpp"
#include "operator/embedded/schema/rules/limits.hpp"

namespace ork::embedded::rules {
namespace {

const SchemaNode& any_schema() {
  static const SchemaNode any = [] {
    SchemaNode node;
    node.preserve_unknown_fields = true;
    return node;
  }();
  return any;
}

Value wrong_data(std::string_view wanted) { return failure("invalid data, expected " + std::string(wanted)); }

Value string_value(const std::string& json, const SchemaNode& schema) {
  if (schema.checks.format == "duration") {
    auto ns = parse_go_duration(json);
    return ns ? Value{Duration{*ns}} : failure("Invalid duration " + json);
  }
  return Value{Text(std::shared_ptr<void>(), &json)};
}

Value number_value(const Json& json, ValueType type) {
  if (type == ValueType::Number) return Value{json.get<double>()};
  // A whole float is an integer once it was stored.
  if (is_int64(json)) return Value{json.get<std::int64_t>()};
  if (json.is_number_float() && is_whole(json.get<double>())) {
    return Value{static_cast<std::int64_t>(json.get<double>())};
  }
  return wrong_data("int, got float64");
}

// CEL names can't hold every character that a field's name may: "my-field" is written my__dash__field.
std::string unescaped(const std::string& name) {
  static const std::pair<std::string_view, std::string_view> escapes[] = {
      {"__underscores__", "__"}, {"__dot__", "."}, {"__dash__", "-"}, {"__slash__", "/"}};
  if (name.find("__") == std::string::npos) return name;
  if (name.size() > 4 && name.starts_with("__") && name.ends_with("__")) {
    static const std::set<std::string_view> reserved = {"true",   "false",    "null", "in",      "as",        "break",
                                                        "const",  "continue", "else", "for",     "function",  "if",
                                                        "import", "let",      "loop", "package", "namespace", "return"};
    std::string inner = name.substr(2, name.size() - 4);
    if (reserved.contains(inner)) return inner;
  }
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    auto escape = std::find_if(std::begin(escapes), std::end(escapes), [&](const auto& one) {
      return std::string_view(name).substr(at).starts_with(one.first);
    });
    if (escape == std::end(escapes)) {
      out += name[at++];
    } else {
      out += escape->second;
      at += escape->first.size();
    }
  }
  return out;
}

bool numeric(const Value& value) { return value.is<std::int64_t>() || value.is<std::uint64_t>() || value.is<double>(); }

int sign(double difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

std::optional<int> number_order(const Value& a, const Value& b) {
  if (const auto* x = a.get<std::int64_t>()) {
    if (const auto* y = b.get<std::int64_t>()) return *x < *y ? -1 : *x > *y ? 1 : 0;
    if (const auto* y = b.get<std::uint64_t>()) {
      if (*x < 0) return -1;
      auto positive = static_cast<std::uint64_t>(*x);
      return positive < *y ? -1 : positive > *y ? 1 : 0;
    }
  }
  if (const auto* x = a.get<std::uint64_t>()) {
    if (const auto* y = b.get<std::uint64_t>()) return *x < *y ? -1 : *x > *y ? 1 : 0;
    if (b.is<std::int64_t>()) return -*number_order(b, a);
  }
  auto as_double = [](const Value& value) {
    return std::visit(
        [](const auto& number) -> double {
          if constexpr (std::is_arithmetic_v<std::decay_t<decltype(number)>>) return static_cast<double>(number);
          return 0;
        },
        value.data);
  };
  double x = as_double(a), y = as_double(b);
  if (std::isnan(x) || std::isnan(y)) return std::nullopt;
  return sign(x - y);
}

class Equality {
 public:
  Equality(std::int64_t& cost, std::int64_t most) : cost_(cost), most_(most) {}

  bool values(const Value& a, const Value& b, std::size_t depth) {
    if (++cost_ > most_ || depth > limits::value_depth) return false;
    if (numeric(a) && numeric(b)) return number_order(a, b) == 0;
    if (is_list(a) && is_list(b)) return lists(a, b, depth);
    if (is_map(a) && is_map(b)) return maps(a, b, depth);
    if (a.data.index() != b.data.index()) return false;
    if (const Text* x = a.get<Text>()) {
      cost_ += static_cast<std::int64_t>((*x)->size() / 10);
      return **x == **b.get<Text>();
    }
    if (a.is<Null>()) return true;
    if (const bool* x = a.get<bool>()) return *x == *b.get<bool>();
    if (const Duration* x = a.get<Duration>()) return x->ns == b.get<Duration>()->ns;
    if (const Data* x = a.get<Data>()) return *x->json == *b.get<Data>()->json;
    if (const Optional* x = a.get<Optional>()) {
      const Optional* y = b.get<Optional>();
      if (x->value == nullptr || y->value == nullptr) return x->value == y->value;
      return values(*x->value, *y->value, depth + 1);
    }
    return false;
  }

 private:
  bool lists(const Value& a, const Value& b, std::size_t depth) {
    if (size_of(a) != size_of(b)) return false;
    const Data* data = a.get<Data>();
    if (data != nullptr && data->schema->list_type == ListType::Map) return map_lists(*data, b, depth);
    auto x = elements_of(a), y = elements_of(b);
    if (data != nullptr && data->schema->list_type == ListType::Set) return sets(*x, *y, depth);
    for (std::size_t i = 0; i < x->size(); ++i) {
      if (!values((*x)[i], (*y)[i], depth + 1)) return false;
    }
    return true;
  }

  bool sets(const List& a, const List& b, std::size_t depth) {
    return std::all_of(b.begin(), b.end(), [&](const Value& wanted) {
      return std::any_of(a.begin(), a.end(), [&](const Value& one) { return values(one, wanted, depth + 1); });
    });
  }

  // Items are found by their keys.
  bool map_lists(const Data& a, const Value& b, std::size_t depth) {
    const Data* other = b.get<Data>();
    if (other == nullptr || a.schema->items == nullptr) return false;
    FormerItems items(*a.schema, a.json);
    return std::all_of(other->json->begin(), other->json->end(), [&](const Json& wanted) {
      const Json* found = items.find(wanted);
      const SchemaNode& schema = *a.schema->items;
      return found != nullptr && values(value_of(*found, schema), value_of(wanted, schema), depth + 1);
    });
  }

  bool maps(const Value& a, const Value& b, std::size_t depth) {
    if (size_of(a) != size_of(b)) return false;
    const Data *x = a.get<Data>(), *y = b.get<Data>();
    if (x != nullptr && y != nullptr && x->json->is_object() && y->json->is_object()) return objects(*x, *y, depth);
    auto keys = elements_of(a);
    return std::all_of(keys->begin(), keys->end(), [&](const Value& key) {
      auto mine = field_of(a, key), theirs = field_of(b, key);
      return mine && theirs && values(*mine, *theirs, depth + 1);
    });
  }

  bool objects(const Data& a, const Data& b, std::size_t depth) {
    for (const auto& [key, mine] : a.json->items()) {
      auto theirs = b.json->find(key);
      const SchemaNode* schema = a.schema->field(key);
      if (theirs == b.json->end()) return false;
      const SchemaNode& known = schema == nullptr ? any_schema() : *schema;
      if (!values(value_of(mine, known), value_of(*theirs, known), depth + 1)) return false;
    }
    return true;
  }

  std::int64_t& cost_;
  std::int64_t most_;
};

}  // namespace

Value text(std::string value) { return Value{std::make_shared<const std::string>(std::move(value))}; }
Value failure(std::string message) { return Value{Failure{std::move(message)}}; }
Value no_overload() { return failure("no such overload"); }

Value value_of(const Json& json, const SchemaNode& schema) {
  if (json.is_null()) {
    return schema.nullable || schema.preserve_unknown_fields
               ? Value{Null{}}
               : failure("invalid data, got null for schema with nullable=false");
  }
  if (schema.int_or_string) {
    if (json.is_string()) return Value{Text(std::shared_ptr<void>(), &json.get_ref<const std::string&>())};
    if (is_int64(json)) return Value{json.get<std::int64_t>()};
    return failure("invalid data, expected XIntOrString value to be either a string or integer");
  }
  switch (schema.type) {
    case ValueType::Object:
      return json.is_object() ? Value{Data{&json, &schema}}
                              : failure("invalid data, expected a map for the provided schema with type=object");
    case ValueType::Array:
      return json.is_array() ? Value{Data{&json, &schema}}
                             : failure("invalid data, expected an array for the provided schema with type=array");
    case ValueType::String:
      return json.is_string() ? string_value(json.get_ref<const std::string&>(), schema) : wrong_data("string");
    case ValueType::Integer:
    case ValueType::Number:
      return json.is_number() ? number_value(json, schema.type)
                              : wrong_data(schema.type == ValueType::Integer ? "int" : "float");
    case ValueType::Boolean: return json.is_boolean() ? Value{json.get<bool>()} : wrong_data("bool");
    case ValueType::Any: break;
  }
  return Value{Data{&json, &any_schema()}};
}

bool is_list(const Value& value) {
  const Data* data = value.get<Data>();
  return value.is<std::shared_ptr<const List>>() ||
         (data != nullptr && data->schema->type == ValueType::Array && data->json->is_array());
}

bool is_map(const Value& value) {
  const Data* data = value.get<Data>();
  return value.is<std::shared_ptr<const Map>>() ||
         (data != nullptr && data->schema->type == ValueType::Object && data->json->is_object());
}

std::optional<std::int64_t> size_of(const Value& value) {
  if (const Text* one = value.get<Text>()) {
    return std::count_if((*one)->begin(), (*one)->end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  }
  if (const auto* list = value.get<std::shared_ptr<const List>>()) return static_cast<std::int64_t>((*list)->size());
  if (const auto* map = value.get<std::shared_ptr<const Map>>()) return static_cast<std::int64_t>((*map)->size());
  if (is_list(value) || is_map(value)) return static_cast<std::int64_t>(value.get<Data>()->json->size());
  return std::nullopt;
}

std::optional<List> elements_of(const Value& value) {
  if (const auto* list = value.get<std::shared_ptr<const List>>()) return **list;
  List out;
  if (const auto* map = value.get<std::shared_ptr<const Map>>()) {
    for (const auto& [key, unused] : **map) out.push_back(key);
    return out;
  }
  if (!is_list(value) && !is_map(value)) return std::nullopt;
  const Data& data = *value.get<Data>();
  if (data.json->is_array()) {
    const SchemaNode& schema = data.schema->items == nullptr ? any_schema() : *data.schema->items;
    for (const Json& item : *data.json) out.push_back(value_of(item, schema));
  } else {
    for (const auto& [key, unused] : data.json->items()) {
      if (data.schema->field(key) != nullptr) out.push_back(text(key));
    }
  }
  return out;
}

std::optional<Value> field_of(const Value& value, const Value& key) {
  if (const auto* map = value.get<std::shared_ptr<const Map>>()) {
    for (const auto& [one, held] : **map) {
      std::int64_t cost = 0;
      if (equal(one, key, cost, limits::rule_cost)) return held;
    }
    return std::nullopt;
  }
  const Text* name = key.get<Text>();
  if (!is_map(value) || name == nullptr) return std::nullopt;
  const Data& data = *value.get<Data>();
  bool has_properties = !data.schema->properties.empty();
  auto field = data.json->find(has_properties ? unescaped(**name) : **name);
  if (field == data.json->end()) return std::nullopt;
  const SchemaNode* schema = data.schema->field(field.key());
  // A null that a field may hold counts as an absent field.
  if (schema == nullptr || (has_properties && field->is_null())) return std::nullopt;
  return value_of(*field, *schema);
}

Value item_at(const Value& list, const Value& index) {
  const auto* at = index.get<std::int64_t>();
  if (at == nullptr) return failure("unsupported index: " + printed(index));
  if (*at < 0 || *at >= *size_of(list)) return failure("index out of bounds: " + std::to_string(*at));
  auto place = static_cast<std::size_t>(*at);
  if (const auto* items = list.get<std::shared_ptr<const List>>()) return (**items)[place];
  const Data& data = *list.get<Data>();
  return value_of((*data.json)[place], data.schema->items == nullptr ? any_schema() : *data.schema->items);
}

bool equal(const Value& a, const Value& b, std::int64_t& cost, std::int64_t most) {
  return Equality(cost, most).values(a, b, 0);
}

std::optional<int> order_of(const Value& a, const Value& b) {
  if (numeric(a) && numeric(b)) return number_order(a, b);
  if (a.data.index() != b.data.index()) return std::nullopt;
  if (const Text* x = a.get<Text>()) return (*x)->compare(**b.get<Text>());
  if (const bool* x = a.get<bool>()) return static_cast<int>(*x) - static_cast<int>(*b.get<bool>());
  if (const Duration* x = a.get<Duration>()) {
    std::int64_t other = b.get<Duration>()->ns;
    return x->ns < other ? -1 : x->ns > other ? 1 : 0;
  }
  return std::nullopt;
}

std::string printed(const Value& value) {
  if (const Text* one = value.get<Text>()) return **one;
  if (const bool* one = value.get<bool>()) return *one ? "true" : "false";
  if (const auto* one = value.get<std::int64_t>()) return std::to_string(*one);
  if (const auto* one = value.get<std::uint64_t>()) return std::to_string(*one);
  if (const double* one = value.get<double>()) return go_text::number(*one);
  if (const Duration* one = value.get<Duration>()) return std::to_string(one->ns / 1'000'000'000) + "s";
  return value.is<Null>() ? "null" : "value";
}

}  // namespace ork::embedded::rules
