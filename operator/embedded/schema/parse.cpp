#include <re2/re2.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "operator/embedded/schema/formats.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/proto_fact.hpp"
#include "operator/embedded/schema/rules/rule.hpp"
#include "operator/embedded/schema/schema_node.hpp"

namespace ork::embedded {
namespace {

// Owns the nodes of one Schema; a deque keeps their addresses.
struct Arena {
  std::deque<SchemaNode> nodes;
  SchemaNode* make() { return &nodes.emplace_back(); }
};

struct SchemaError {
  std::string message;
};

// A use of a definition with words of its own (`default`, a list type): a copy of the definition's
// node, made once all definitions are complete, because they may refer to each other in a circle.
struct Use {
  SchemaNode* node = nullptr;
  const SchemaNode* definition = nullptr;
  const Json* words = nullptr;
  std::string path;
};

const std::set<std::string, std::less<>>& words_without_effect() {
  static const std::set<std::string, std::less<>> words = {"description",
                                                           "title",
                                                           "example",
                                                           "externalDocs",
                                                           "x-kubernetes-group-version-kind",
                                                           "x-kubernetes-unions",
                                                           "$schema",
                                                           "deprecated",
                                                           "id",
                                                           "x-go",
                                                           "x-proto"};
  return words;
}

class Parser {
 public:
  explicit Parser(const Json& definitions) : definitions_(definitions) {}

  std::shared_ptr<const SchemaNode> parse(const Json& document) {
    const SchemaNode* root = node_of(document, "", 0);
    finish_uses();
    for (const auto& [node, waiting] : rules_) parse_rules(*node, waiting);
    if (root != nullptr && error_.empty()) mark_rules();
    if (!error_.empty() || root == nullptr) return nullptr;
    return {arena_, root};
  }

  const std::string& error() const { return error_; }

 private:
  const SchemaNode* fail(const std::string& path, std::string_view what) {
    if (error_.empty()) error_ = "schema" + (path.empty() ? "" : " at " + path) + ": " + std::string(what);
    return nullptr;
  }

  // The name that a $ref gives, directly or as the only element of allOf (which is how Kubernetes
  // writes a reference with words beside it).
  static const std::string* reference(const Json& schema) {
    const Json* holder = &schema;
    if (auto all = schema.find("allOf"); all != schema.end() && all->is_array() && all->size() == 1) {
      holder = &all->front();
    }
    if (!holder->is_object()) return nullptr;
    auto ref = holder->find("$ref");
    return ref != holder->end() && ref->is_string() ? ref->get_ptr<const std::string*>() : nullptr;
  }

  const SchemaNode* node_of(const Json& schema, const std::string& path, std::size_t depth) {
    if (!error_.empty()) return nullptr;
    if (!schema.is_object()) return fail(path, "is not an object");
    if (depth > limits::schema_depth) return fail(path, "nests too deeply");
    if (const std::string* ref = reference(schema)) return used(schema, *ref, path, depth);
    SchemaNode* node = arena_->make();
    fill(*node, schema, path, depth);
    return node;
  }

  const SchemaNode* used(const Json& schema, const std::string& ref, const std::string& path, std::size_t depth) {
    const SchemaNode* definition = definition_of(ref, path, depth);
    if (definition == nullptr) return nullptr;
    bool plain = std::all_of(schema.items().begin(), schema.items().end(), [](const auto& item) {
      return item.key() == "$ref" || item.key() == "allOf" || words_without_effect().contains(item.key());
    });
    if (plain) return definition;
    SchemaNode* node = arena_->make();
    uses_.push_back({node, definition, &schema, path});
    return node;
  }

  const SchemaNode* definition_of(const std::string& ref, const std::string& path, std::size_t depth) {
    std::string name = ref.substr(ref.rfind('/') + 1);
    if (auto known = named_.find(name); known != named_.end()) return known->second;
    auto definition = definitions_.is_object() ? definitions_.find(name) : definitions_.end();
    if (!definitions_.is_object() || definition == definitions_.end()) return fail(path, "refers to unknown " + ref);
    if (!definition->is_object()) return fail(name, "is not an object");
    if (depth > limits::schema_depth) return fail(path, "nests too deeply");
    if (reference(*definition) != nullptr) return fail(name, "a definition that only refers to another");
    SchemaNode* node = arena_->make();
    named_.emplace(name, node);
    fill(*node, *definition, name, depth + 1);
    return node;
  }

  void finish_uses() {
    for (std::size_t i = 0; i < uses_.size() && error_.empty(); ++i) {
      Use use = uses_[i];
      *use.node = *use.definition;
      for (const auto& [word, value] : use.words->items()) {
        if (word != "$ref" && word != "allOf") apply(*use.node, word, value, use.path, 0);
      }
    }
  }

  void fill(SchemaNode& node, const Json& schema, const std::string& path, std::size_t depth) {
    for (const auto& [word, value] : schema.items()) apply(node, word, value, path, depth);
    if (node.int_or_string) node.type = ValueType::Any;
  }

  void apply(SchemaNode& node, const std::string& word, const Json& value, const std::string& path, std::size_t depth) {
    if (!error_.empty() || words_without_effect().contains(word)) return;
    bool known = apply_shape(node, word, value, path, depth) || apply_extension(node, word, value, path) ||
                 apply_check(node, word, value, path, depth);
    if (!known) fail(path, "has \"" + word + "\", which is not known here or has a value of the wrong type");
  }

  bool apply_shape(SchemaNode& node, const std::string& word, const Json& value, const std::string& path,
                   std::size_t depth);
  bool apply_extension(SchemaNode& node, const std::string& word, const Json& value, const std::string& path);
  bool apply_check(SchemaNode& node, const std::string& word, const Json& value, const std::string& path,
                   std::size_t depth);
  bool apply_bound(Checks& checks, const std::string& word, const Json& value);
  bool apply_pattern(Checks& checks, const Json& value, const std::string& path);
  bool set_type(SchemaNode& node, const Json& value);
  bool set_list_type(SchemaNode& node, const Json& value);
  bool set_properties(SchemaNode& node, const Json& value, const std::string& path, std::size_t depth);
  bool set_nodes(std::vector<const SchemaNode*>& nodes, const Json& value, const std::string& path, std::size_t depth);

  // The rules of a node are parsed once all of its fields are there: their paths are looked up.
  struct WaitingRules {
    const Json* list;
    std::string path;
  };
  void parse_rules(SchemaNode& node, const WaitingRules& waiting);
  void mark_rules();

  const Json& definitions_;
  std::vector<std::pair<SchemaNode*, WaitingRules>> rules_;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
  std::map<std::string, const SchemaNode*, std::less<>> named_;
  std::vector<Use> uses_;
  std::string error_;
};

bool set_flag(bool& flag, const Json& value) {
  if (!value.is_boolean()) return false;
  flag = value.get<bool>();
  return true;
}

bool set_count(std::optional<std::int64_t>& count, const Json& value) {
  if (!value.is_number_integer()) return false;
  count = value.get<std::int64_t>();
  return true;
}

bool set_strings(std::vector<std::string>& out, const Json& value) {
  if (!value.is_array()) return false;
  for (const Json& item : value) {
    if (!item.is_string()) return false;
    out.push_back(item.get<std::string>());
  }
  return true;
}

bool Parser::set_type(SchemaNode& node, const Json& value) {
  static const std::map<std::string, ValueType, std::less<>> types = {
      {"object", ValueType::Object},   {"array", ValueType::Array},   {"string", ValueType::String},
      {"integer", ValueType::Integer}, {"number", ValueType::Number}, {"boolean", ValueType::Boolean}};
  if (!value.is_string()) return false;
  auto type = types.find(value.get_ref<const std::string&>());
  if (type == types.end()) return false;
  node.type = type->second;
  return true;
}

bool Parser::set_list_type(SchemaNode& node, const Json& value) {
  if (value == "atomic") {
    node.list_type = ListType::Atomic;
  } else if (value == "set") {
    node.list_type = ListType::Set;
  } else if (value == "map") {
    node.list_type = ListType::Map;
  } else {
    return false;
  }
  return true;
}

// "ep v1.CompletionMode": flags, then the type.
GoField go_field(const Json& schema) {
  GoField go;
  auto facts = schema.find("x-go");
  if (facts == schema.end() || !facts->is_string()) return go;
  const auto& text = facts->get_ref<const std::string&>();
  std::size_t split = std::min(text.find(' '), text.size());
  std::string flags = text.substr(0, split);
  go.type = text.substr(std::min(split + 1, text.size()));
  go.omit_empty = flags.find('e') != std::string::npos;
  go.omit_zero = flags.find('z') != std::string::npos;
  go.pointer = flags.find('p') != std::string::npos;
  return go;
}

bool Parser::set_properties(SchemaNode& node, const Json& value, const std::string& path, std::size_t depth) {
  if (!value.is_object()) return false;
  node.properties.reserve(value.size());
  for (const auto& [name, inner] : value.items()) {
    const SchemaNode* property = node_of(inner, path.empty() ? name : path + "." + name, depth + 1);
    if (property == nullptr) return true;
    node.properties.push_back({name, property, go_field(inner), {}});
    if (auto fact = inner.find("x-proto"); fact != inner.end()) {
      auto proto = fact->is_string() ? parse_proto_fact(fact->get_ref<const std::string&>()) : std::nullopt;
      if (!proto) return fail(path, "x-proto of " + name + " is not \"NUMBER TYPE\"") == nullptr;
      node.properties.back().proto = *proto;
    }
  }
  std::sort(node.properties.begin(), node.properties.end(),
            [](const Property& a, const Property& b) { return a.name < b.name; });
  return true;
}

bool Parser::set_nodes(std::vector<const SchemaNode*>& nodes, const Json& value, const std::string& path,
                       std::size_t depth) {
  if (!value.is_array()) return false;
  for (const Json& item : value) {
    if (const SchemaNode* node = node_of(item, path, depth + 1)) nodes.push_back(node);
  }
  return true;
}

bool Parser::apply_shape(SchemaNode& node, const std::string& word, const Json& value, const std::string& path,
                         std::size_t depth) {
  if (word == "type") return set_type(node, value);
  if (word == "nullable") return set_flag(node.nullable, value);
  if (word == "properties") return set_properties(node, value, path, depth);
  if (word == "items") {
    node.items = node_of(value, path + "[]", depth + 1);
    return true;
  }
  if (word == "additionalProperties") {
    // `true`, and an object without a schema, allow anything; `false` is what a schema says by its silence.
    static const Json anything = {{"x-kubernetes-preserve-unknown-fields", true}};
    if (value.is_boolean() && !value.get<bool>()) return true;
    node.additional_properties = node_of(value.is_boolean() ? anything : value, path + "{}", depth + 1);
    return true;
  }
  if (word == "default") {
    node.default_value = value;
    return true;
  }
  return false;
}

bool Parser::apply_extension(SchemaNode& node, const std::string& word, const Json& value, const std::string& path) {
  if (word == "x-kubernetes-validations" && value.is_array()) {
    rules_.push_back({&node, {&value, path}});
    return true;
  }
  if (word == "x-kubernetes-preserve-unknown-fields") return set_flag(node.preserve_unknown_fields, value);
  if (word == "x-kubernetes-int-or-string") return set_flag(node.int_or_string, value);
  if (word == "x-kubernetes-embedded-resource") return set_flag(node.embedded_resource, value);
  if (word == "x-kubernetes-list-type") return set_list_type(node, value);
  if (word == "x-kubernetes-list-map-keys") return set_strings(node.list_map_keys, value);
  if (word == "x-kubernetes-map-type") {
    node.map_type = value == "atomic" ? MapType::Atomic : MapType::Granular;
    return value == "atomic" || value == "granular";
  }
  if (word == "x-kubernetes-patch-merge-key" && value.is_string()) {
    node.patch_merge_key = value.get<std::string>();
    return true;
  }
  if (word == "x-kubernetes-patch-strategy" && value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    for (std::size_t begin = 0; begin <= text.size();) {
      std::size_t end = std::min(text.find(',', begin), text.size());
      node.patch_strategy.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return true;
  }
  return false;
}

bool Parser::apply_bound(Checks& checks, const std::string& word, const Json& value) {
  auto bound = [&](std::optional<Bound>& out) {
    if (!out) out.emplace();
    if (value.is_boolean()) {
      out->exclusive = value.get<bool>();
    } else {
      out->value = value.get<double>();
      out->text = value;
    }
    return true;
  };
  bool exclusive = word.starts_with("exclusive");
  if (exclusive ? !value.is_boolean() : !value.is_number()) return false;
  if (word == "minimum" || word == "exclusiveMinimum") return bound(checks.minimum);
  if (word == "maximum" || word == "exclusiveMaximum") return bound(checks.maximum);
  return word == "multipleOf" && bound(checks.multiple_of);
}

bool Parser::apply_pattern(Checks& checks, const Json& value, const std::string& path) {
  if (!value.is_string()) return false;
  re2::RE2::Options options;
  options.set_log_errors(false);
  const auto& text = value.get_ref<const std::string&>();
  auto expression = std::make_shared<const re2::RE2>(text, options);
  if (!expression->ok()) fail(path, "pattern \"" + text + "\": " + expression->error());
  checks.pattern = Pattern{text, expression};
  return true;
}

bool Parser::apply_check(SchemaNode& node, const std::string& word, const Json& value, const std::string& path,
                         std::size_t depth) {
  Checks& checks = node.checks;
  if (word == "enum" && value.is_array()) {
    checks.one_of_values.assign(value.begin(), value.end());
    return true;
  }
  if (word == "format" && value.is_string()) {
    checks.format = value.get<std::string>();
    return is_known_format(checks.format);
  }
  if (word == "pattern") return apply_pattern(checks, value, path);
  if (word == "minLength") return set_count(checks.min_length, value);
  if (word == "maxLength") return set_count(checks.max_length, value);
  if (word == "minItems") return set_count(checks.min_items, value);
  if (word == "maxItems") return set_count(checks.max_items, value);
  if (word == "minProperties") return set_count(checks.min_properties, value);
  if (word == "maxProperties") return set_count(checks.max_properties, value);
  if (word == "uniqueItems") return set_flag(checks.unique_items, value);
  if (word == "required") return set_strings(checks.required, value);
  if (word == "allOf") return set_nodes(checks.all_of, value, path, depth);
  if (word == "anyOf") return set_nodes(checks.any_of, value, path, depth);
  if (word == "oneOf") return set_nodes(checks.one_of, value, path, depth);
  if (word == "not") {
    checks.none_of = node_of(value, path, depth + 1);
    return true;
  }
  return apply_bound(checks, word, value);
}

void Parser::parse_rules(SchemaNode& node, const WaitingRules& waiting) {
  for (const Json& definition : *waiting.list) {
    auto rule = parse_rule(definition, node);
    if (rule) {
      node.rules.push_back(std::make_shared<const Rule>(*std::move(rule)));
    } else {
      fail(waiting.path, rule.error());
    }
  }
}

// Nodes may refer to each other in a circle, so the mark is passed on until nothing changes.
void Parser::mark_rules() {
  auto marked = [](const SchemaNode* node) { return node != nullptr && node->rules_below; };
  for (bool changed = !rules_.empty(); changed;) {
    changed = false;
    for (auto node = arena_->nodes.rbegin(); node != arena_->nodes.rend(); ++node) {
      bool below = !node->rules.empty() || marked(node->items) || marked(node->additional_properties) ||
                   std::any_of(node->properties.begin(), node->properties.end(),
                               [&](const Property& property) { return marked(property.node); });
      changed = changed || below != node->rules_below;
      node->rules_below = below;
    }
  }
}

}  // namespace

const Property* SchemaNode::property_entry(std::string_view name) const {
  auto at = std::lower_bound(properties.begin(), properties.end(), name,
                             [](const Property& property, std::string_view wanted) { return property.name < wanted; });
  return at != properties.end() && at->name == name ? &*at : nullptr;
}

const SchemaNode* SchemaNode::property(std::string_view name) const {
  const Property* entry = property_entry(name);
  return entry == nullptr ? nullptr : entry->node;
}

const SchemaNode* SchemaNode::field(std::string_view name) const {
  const SchemaNode* own = property(name);
  return own != nullptr ? own : additional_properties;
}

Result<Schema, std::string> Schema::parse(const Json& document, const Json& definitions) {
  Parser parser(definitions);
  std::shared_ptr<const SchemaNode> root = parser.parse(document);
  if (root == nullptr) return Err(parser.error());
  return Schema(std::move(root));
}

}  // namespace ork::embedded
