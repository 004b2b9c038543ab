#include "controllers/schema/parse.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/compare.hpp"
#include "controllers/expr/json.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/check.hpp"
#include "controllers/schema/keywords.hpp"
#include "controllers/schema/limits.hpp"
#include "controllers/schema/words.hpp"

namespace ork::schema {
namespace {

constexpr std::array of_json{Type::String, Type::Integer, Type::Number, Type::Boolean, Type::Array, Type::Object};
constexpr std::array<std::string_view, 4> format_names{"date", "date-time", "duration", "uri"};
// Beside a type that has a name, for what belongs to the type stands there.
constexpr std::array<std::string_view, 4> beside_a_name{"type", "description", "default", "enum"};

using Is = expr::Type::Is;

expr::Type type_in_expressions(const Schema& schema, bool has_others) {
  switch (schema.type) {
    case Type::String: return expr::type_of_kind(Is::String);
    case Type::Integer: return expr::type_of_kind(Is::Int);
    case Type::Boolean: return expr::type_of_kind(Is::Bool);
    case Type::Array: return expr::list_of(schema.items ? schema.items->in_expressions : expr::Type{});
    case Type::Object: break;
    // A number may be given as 3 or as 3.5, which are values of two types.
    default: return {};
  }
  expr::Type out =
      expr::map_of(expr::type_of_kind(Is::String), schema.others ? schema.others->in_expressions : expr::Type{});
  if (schema.properties.empty() && !schema.closed) return out;
  expr::Type::Fields fields;
  for (const auto& [name, property] : schema.properties) fields.types.emplace(name, property->in_expressions);
  fields.others = has_others;
  out.fields = std::make_shared<const expr::Type::Fields>(std::move(fields));
  return out;
}

class Parser {
 public:
  Parser(const Types& types, std::vector<Problem>& problems)
      : types_(types), problems_(problems), most_(problems.size() + max_schema_problems) {}
  // Of the types themselves: those of `unparsed` come into `types` as they are read.
  Parser(Types& types, const Json& unparsed, std::vector<Problem>& problems) : Parser(types, problems) {
    read_types_ = &types;
    unparsed_ = &unparsed;
  }

  SchemaPtr parse(const Json& json, const ParseOptions& options) {
    auto schema = std::make_shared<Schema>();
    if (!json.is_object()) {
      tell("", "is " + show_value(json) + ", but must be a schema such as {type: string}");
      return schema;
    }
    if (++depth_ > max_depth) {
      tell("",
           "is nested more than " + std::to_string(max_depth) + " deep, with the types it is made of: make it flatter");
    } else {
      read(json, options, *schema);
    }
    --depth_;
    return schema;
  }

  // The type of that name, read first where nobody has yet.
  SchemaPtr type_named(const std::string& name) {
    if (const auto known = types_.find(name); known != types_.end()) return known->second;
    if (unparsed_ == nullptr) return nullptr;
    const auto found = unparsed_->find(name);
    if (found == unparsed_->end()) return nullptr;
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) return circle(name);
    open_.push_back(name);
    const std::string path = std::exchange(path_, field(name));
    SchemaPtr schema = parse(*found, {});
    path_ = path;
    open_.pop_back();
    read_types_->emplace(name, schema);
    return schema;
  }

  void read_type_named(const std::string& name) {
    const bool identifier = field(name) == "." + name && !(name[0] >= '0' && name[0] <= '9') && name.size() <= max_name;
    if (is_of_json(name)) {
      tell(field(name), "is a type of JSON already: give it another name");
    } else if (!identifier) {
      tell(field(name), "a type's name must be at most " + std::to_string(max_name) +
                            " letters, digits and '_', and not begin with a digit");
    } else {
      (void)type_named(name);
    }
  }

  void tell(const std::string& below, std::string message) {
    if (problems_.size() < most_) problems_.push_back({path_ + below, std::move(message)});
  }

 private:
  SchemaPtr circle(const std::string& name) {
    std::string way;
    for (auto i = std::find(open_.begin(), open_.end(), name); i != open_.end(); ++i) way += *i + " -> ";
    tell(".type", "makes the type " + expr::in_quotes(name) + " a part of itself: " + expr::printable(way + name, 200) +
                      "; write type: object or type: array at one of them");
    return std::make_shared<const Schema>();
  }

  void read(const Json& json, const ParseOptions& options, Schema& schema) {
    check_words(json, options.also);
    const Json* type = get(json, "type");
    if (type == nullptr) {
      schema.type = options.type != Type::Any ? options.type : implied_type(json);
      schema.written = to_string(schema.type);
    } else if (!read_type(*type, json, options.also, schema)) {
      return;
    }
    const bool named = !is_of_json(schema.written) && !schema.written.empty();
    if (!named) read_keywords(json, schema);
    if (const Json* text = get(json, "description")) read_description(*text, schema);
    read_values(json, schema);
  }

  void read_description(const Json& text, Schema& schema) {
    if (!text.is_string()) return tell(".description", type_mismatch(text, "string"));
    schema.description = text.get<std::string>();
    if (schema.description.size() > max_description) {
      tell(".description", "may have at most " + std::to_string(max_description) + " bytes");
    }
  }

  // Absent and null are the same, as in all of Kubernetes.
  static const Json* get(const Json& json, std::string_view name) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
  }

  static bool is_of_json(std::string_view name) {
    return std::any_of(of_json.begin(), of_json.end(), [&](Type type) { return to_string(type) == name; });
  }

  void check_words(const Json& json, std::span<const std::string_view> also) {
    std::vector<std::string_view> known(also.begin(), also.end());
    for (const Keyword& keyword : keywords()) known.push_back(keyword.name);
    for (const auto& [word, value] : json.items()) {
      if (std::find(known.begin(), known.end(), word) != known.end()) continue;
      const std::string_view foreign = instead_of_foreign(word);
      const std::string_view nearest = dag::nearest(word, known);
      const std::string what = "there is no field " + expr::in_quotes(word);
      if (!foreign.empty()) {
        tell("", what + ": " + std::string(foreign));
      } else {
        tell("", what + (nearest.empty() ? "; remove it, or move it to where it belongs"
                                         : "; did you mean " + expr::in_quotes(nearest) + "?"));
      }
    }
  }

  // What the keywords are about, where the type is left out: properties are an object's.
  static Type implied_type(const Json& json) {
    for (const Keyword& keyword : keywords()) {
      if (keyword.of != Type::Any && get(json, keyword.name) != nullptr) return keyword.of;
    }
    return Type::Any;
  }

  // False: nothing else can be said of it.
  bool read_type(const Json& type, const Json& json, std::span<const std::string_view> also, Schema& schema) {
    if (!type.is_string()) {
      tell(".type", "is " + show_value(type) + ", but must be the name of one type, as in type: string");
      return false;
    }
    const auto& name = type.get_ref<const std::string&>();
    const auto found = std::find_if(of_json.begin(), of_json.end(), [&](Type t) { return to_string(t) == name; });
    if (found != of_json.end()) {
      schema.type = *found;
      schema.written = name;
      return true;
    }
    const SchemaPtr base = type_named(name);
    if (!base) {
      tell_no_type(name);
      return false;
    }
    schema = *base;
    schema.written = name;
    if (depth_ + base->height - 1 > max_depth) {
      tell(".type", "makes this more than " + std::to_string(max_depth) + " deep: make it flatter");
    }
    for (const Keyword& keyword : keywords()) {
      const bool here = std::find(beside_a_name.begin(), beside_a_name.end(), keyword.name) != beside_a_name.end() ||
                        std::find(also.begin(), also.end(), keyword.name) != also.end();
      if (here || get(json, keyword.name) == nullptr) continue;
      tell(field(keyword.name), "can't stand beside type: " + expr::printable(name) +
                                    ", which has a schema of its own: write it there, or write the whole type here");
    }
    return true;
  }

  void tell_no_type(const std::string& name) {
    std::vector<std::string_view> names;
    for (const auto& [type, schema] : types_) names.push_back(type);
    if (unparsed_ != nullptr) {
      for (const auto& [type, schema] : unparsed_->items()) names.push_back(type);
    }
    const std::string_view nearest = dag::nearest(name, names);
    tell(".type", "there is no type " + expr::in_quotes(name) +
                      (nearest.empty() ? ": it must be string, integer, number, boolean, array or object" +
                                             std::string(names.empty() ? "" : ", or one of spec.types")
                                       : "; did you mean " + expr::in_quotes(nearest) + "?"));
  }

  void read_keywords(const Json& json, Schema& schema) {
    for (const Keyword& keyword : keywords()) {
      if (get(json, keyword.name) == nullptr || keyword.of == Type::Any) continue;
      const bool suits = keyword.of == schema.type || (keyword.of == Type::Number && schema.type == Type::Integer);
      if (suits) continue;
      const std::string_view article = keyword.of == Type::Array || keyword.of == Type::Object ? "an " : "a ";
      tell(field(keyword.name), "means nothing for type: " + std::string(to_string(schema.type)) +
                                    ", for it is about " + std::string(article) + std::string(to_string(keyword.of)) +
                                    ": remove it, or change the type");
      return;
    }
    read_string(json, schema);
    read_number(json, schema);
    if (schema.type == Type::Array) {
      if (const Json* items = get(json, "items")) schema.items = parse_below(".items", *items, schema);
      schema.min_items = size_of(json, "minItems");
      schema.max_items = size_of(json, "maxItems");
      expect_order(schema.min_items, schema.max_items, "minItems", "maxItems");
    }
    bool has_others = false;
    if (schema.type == Type::Object) has_others = read_object(json, schema);
    schema.in_expressions = type_in_expressions(schema, has_others);
  }

  SchemaPtr parse_below(const std::string& step, const Json& json, Schema& schema) {
    const std::size_t before = path_.size();
    path_ += step;
    SchemaPtr out = parse(json, {});
    path_.resize(before);
    schema.height = std::max(schema.height, out->height + 1);
    return out;
  }

  void read_string(const Json& json, Schema& schema) {
    if (schema.type != Type::String) return;
    schema.min_length = size_of(json, "minLength");
    schema.max_length = size_of(json, "maxLength");
    expect_order(schema.min_length, schema.max_length, "minLength", "maxLength");
    if (const Json* format = get(json, "format")) read_format(*format, schema);
    const Json* pattern = get(json, "pattern");
    if (pattern == nullptr) return;
    if (!pattern->is_string()) return tell(".pattern", type_mismatch(*pattern, "string"));
    schema.pattern = pattern->get<std::string>();
    if (schema.pattern.size() > max_pattern) {
      return tell(".pattern", "may have at most " + std::to_string(max_pattern) + " bytes");
    }
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(max_pattern_memory);
    auto regex = std::make_shared<const re2::RE2>(schema.pattern, options);
    if (!regex->ok())
      return tell(".pattern", "is no regular expression of RE2: " + expr::printable(regex->error(), max_told_pattern));
    schema.regex = std::move(regex);
  }

  void read_format(const Json& format, Schema& schema) {
    const std::string name = format.is_string() ? format.get<std::string>() : std::string();
    const auto found = std::find(format_names.begin(), format_names.end(), name);
    if (found == format_names.end()) {
      return tell(".format", "there is no format " + (format.is_string() ? expr::in_quotes(name) : show_value(format)) +
                                 instead(name, format_names));
    }
    schema.format = static_cast<Format>(found - format_names.begin() + 1);
  }

  void read_number(const Json& json, Schema& schema) {
    schema.minimum = number_of(json, "minimum");
    schema.maximum = number_of(json, "maximum");
    schema.exclusive_minimum = number_of(json, "exclusiveMinimum");
    schema.exclusive_maximum = number_of(json, "exclusiveMaximum");
    const auto& least = schema.minimum ? schema.minimum : schema.exclusive_minimum;
    const auto& most = schema.maximum ? schema.maximum : schema.exclusive_maximum;
    if (least && most && expr::compare_numbers(expr::view_of(*least), expr::view_of(*most)) > 0) {
      tell(schema.minimum ? ".minimum" : ".exclusiveMinimum",
           "is more than " + std::string(schema.maximum ? "maximum" : "exclusiveMaximum") +
               ", so that no value is allowed");
    }
  }

  std::optional<Json> number_of(const Json& json, std::string_view name) {
    const Json* value = get(json, name);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return *value;
    tell(field(name), type_mismatch(*value, "number"));
    return std::nullopt;
  }

  std::optional<std::size_t> size_of(const Json& json, std::string_view name) {
    const Json* value = get(json, name);
    if (value == nullptr) return std::nullopt;
    const bool small = value->is_number() && value->get<double>() >= 0 && value->get<double>() <= max_size;
    if (small && value->get<double>() == static_cast<double>(value->get<std::size_t>())) {
      return value->get<std::size_t>();
    }
    tell(field(name),
         "is " + show_value(*value) + ", but must be a whole number from 0 to " + std::to_string(max_size));
    return std::nullopt;
  }

  void expect_order(std::optional<std::size_t> least, std::optional<std::size_t> most, const char* least_name,
                    const char* most_name) {
    if (!least || !most || *least <= *most) return;
    tell(field(least_name), "is more than " + std::string(most_name) + ", so that no value is allowed");
  }

  // True: there may be more than its properties.
  bool read_object(const Json& json, Schema& schema) {
    if (const Json* properties = get(json, "properties")) read_properties(*properties, schema);
    const Json* others = get(json, "additionalProperties");
    const bool none = others != nullptr && others->is_boolean() && !others->get<bool>();
    schema.closed = none;
    if (others != nullptr && !others->is_boolean()) {
      schema.others = parse_below(".additionalProperties", *others, schema);
    }
    if (const Json* required = get(json, "required")) read_required(*required, schema);
    return others != nullptr && !none;
  }

  void read_properties(const Json& properties, Schema& schema) {
    if (!properties.is_object()) {
      return tell(".properties", "is " + show_value(properties) + ", but must be an object: a schema for each name");
    }
    if (properties.size() > max_properties) {
      return tell(".properties", "has " + std::to_string(properties.size()) + " entries, but may have at most " +
                                     std::to_string(max_properties));
    }
    for (const auto& [name, property] : properties.items()) {
      schema.properties.emplace(name, parse_below(".properties" + field(name), property, schema));
    }
  }

  // A name that is not among the properties is a slip far more often than a wish.
  void read_required(const Json& required, Schema& schema) {
    if (!required.is_array()) {
      return tell(".required", "is " + show_value(required) + ", but must be a list of names of properties");
    }
    if (required.size() > max_properties) {
      return tell(".required", "has " + std::to_string(required.size()) + " entries, but may have at most " +
                                   std::to_string(max_properties));
    }
    std::vector<std::string_view> names;
    for (const auto& [name, property] : schema.properties) names.push_back(name);
    for (std::size_t i = 0; i < required.size(); ++i) {
      const std::string here = ".required" + item(i);
      if (!required[i].is_string()) {
        tell(here, type_mismatch(required[i], "string"));
        continue;
      }
      const auto& name = required[i].get_ref<const std::string&>();
      if (schema.properties.count(name) > 0) {
        schema.required.push_back(name);
      } else {
        tell(here, "there is no property " + expr::in_quotes(name) + instead(name, names));
      }
    }
  }

  // Enum and default, which mean something once the rest is known.
  void read_values(const Json& json, Schema& schema) {
    const std::size_t before = problems_.size();
    if (const Json* values = get(json, "enum")) read_enum(*values, schema);
    const Json* value = get(json, "default");
    if (value == nullptr || problems_.size() != before) return;
    tell_all(".default", check(*value, schema));
    if (problems_.size() == before) schema.default_value = *value;
  }

  void read_enum(const Json& values, Schema& schema) {
    if (!values.is_array()) return tell(".enum", "is " + show_value(values) + ", but must be a list of values");
    if (values.empty()) return tell(".enum", "is empty, so that no value is allowed: name some, or remove it");
    if (values.size() > max_enum) {
      return tell(".enum", "has " + std::to_string(values.size()) + " entries, but may have at most " +
                               std::to_string(max_enum));
    }
    std::vector<Json> allowed;
    for (std::size_t i = 0; i < values.size(); ++i) {
      tell_all(".enum" + item(i), check(values[i], schema));
      allowed.push_back(values[i]);
    }
    schema.one_of = std::move(allowed);
  }

  void tell_all(const std::string& below, const std::vector<Problem>& found) {
    for (const Problem& problem : found) tell(below + problem.path, problem.message);
  }

  const Types& types_;
  Types* read_types_ = nullptr;
  const Json* unparsed_ = nullptr;
  std::vector<Problem>& problems_;
  std::size_t most_;
  std::string path_;
  std::vector<std::string> open_;  // the types that are being read
  std::size_t depth_ = 0;
};

}  // namespace

Types parse_types(const Json& json, std::vector<Problem>& problems) {
  Types types;
  Parser parser(types, json, problems);
  if (json.is_null()) return types;
  if (!json.is_object()) {
    parser.tell("", "is " + show_value(json) + ", but must be an object: a schema for each name");
    return types;
  }
  if (json.size() > max_types) {
    parser.tell("",
                "has " + std::to_string(json.size()) + " entries, but may have at most " + std::to_string(max_types));
    return types;
  }
  for (const auto& [name, schema] : json.items()) parser.read_type_named(name);
  return types;
}

SchemaPtr parse(const Json& json, const Types& types, const ParseOptions& options, std::vector<Problem>& problems) {
  return Parser(types, problems).parse(json, options);
}

}  // namespace ork::schema
