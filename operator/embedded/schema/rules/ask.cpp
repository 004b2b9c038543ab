#include "operator/embedded/schema/correlate.hpp"
#include "operator/embedded/schema/limits.hpp"
#include "operator/embedded/schema/problems.hpp"
#include "operator/embedded/schema/rules/evaluate.hpp"
#include "operator/embedded/schema/rules/limits.hpp"
#include "operator/embedded/schema/rules/rule.hpp"
#include "operator/embedded/schema/value_path.hpp"

namespace ork::embedded {
namespace {

// A value and what it was before; without a `former` it can't be told.
struct Change {
  const SchemaNode* node = nullptr;
  const Json* value = nullptr;
  const Json* former = nullptr;
  bool root = false;  // never counts as unchanged: its metadata has no schema of its own

  bool none() const { return former != nullptr && !root && unchanged(*node, *value, *former); }
};

// What the messages give as the bad value: the name of the schema's type.
std::string type_name(const SchemaNode& node) {
  switch (node.type) {
    case ValueType::Object: return "object";
    case ValueType::Array: return "array";
    case ValueType::String: return "string";
    case ValueType::Integer: return "integer";
    case ValueType::Number: return "number";
    case ValueType::Boolean: return "boolean";
    case ValueType::Any: break;
  }
  return "";
}

FieldProblem problem_of(const Rule& rule, std::string field, const std::string& type, const std::string& message) {
  switch (rule.reason) {
    case ProblemType::Forbidden: return problems::forbidden(std::move(field), message);
    case ProblemType::Required: return problems::required(std::move(field), message);
    case ProblemType::Duplicate: return problems::duplicate(std::move(field), type);
    default: return problems::invalid(std::move(field), type, message);
  }
}

class Asker {
 public:
  std::vector<FieldProblem> problems;

  // `old` is what oldSelf stands for; `change` and `nearest` say whether the value, or the nearest
  // value around it of which that can be told, is as it was.
  void value(const SchemaNode& node, const Json& value, const Json* old, const ValuePath& path, Change change,
             Change nearest, std::size_t depth) {
    if (value.is_null() || !node.rules_below || depth > limits::value_depth || spent()) return;
    ask(node, value, old, path, change.former != nullptr ? change : nearest);
    if (change.former != nullptr) nearest = change;
    if (value.is_array() && node.items != nullptr) items(node, value, old, path, nearest, change, depth);
    if (value.is_object()) fields(node, value, old, path, nearest, change, depth);
  }

 private:
  bool spent() const { return budget_ < 0; }

  void items(const SchemaNode& node, const Json& list, const Json* old, const ValuePath& path, Change nearest,
             Change change, std::size_t depth) {
    FormerItems old_items(node, old), former_items(node, change.former);
    for (std::size_t i = 0; i < list.size(); ++i) {
      Change item{node.items, &list[i], former_items.find(list[i])};
      value(*node.items, list[i], old_items.find(list[i]), path.item(i), item, nearest, depth + 1);
    }
  }

  void fields(const SchemaNode& node, const Json& object, const Json* old, const ValuePath& path, Change nearest,
              Change change, std::size_t depth) {
    auto ask_field = [&](const SchemaNode& inner, const std::string& name, const Json& field, const ValuePath& at) {
      value(inner, field, former_field(old, name), at, {&inner, &field, former_field(change.former, name)}, nearest,
            depth + 1);
    };
    if (node.additional_properties != nullptr) {
      for (const auto& [name, field] : object.items()) {
        if (node.property(name) == nullptr) {
          ask_field(*node.additional_properties, name, field, path.key(name));
        }
      }
    }
    for (const auto& [name, field] : object.items()) {
      if (const SchemaNode* inner = node.property(name)) {
        ask_field(*inner, name, field, path.field(name));
      }
    }
  }

  void ask(const SchemaNode& node, const Json& value, const Json* old, const ValuePath& path, Change change) {
    if (node.rules.empty()) return;
    rules::Value self = rules::value_of(value, node);
    std::optional<rules::Value> old_self;
    if (old != nullptr && !old->is_null()) old_self = rules::value_of(*old, node);
    std::string field = path.text();
    if (field.empty()) field = "<nil>";
    for (const auto& rule : node.rules) {
      if (spent()) return;
      if (rule->program.uses_old_self && !old_self && !rule->optional_old_self) continue;
      std::optional<rules::Value> given = old_self;
      if (rule->optional_old_self) {
        given = rules::Value{rules::Optional{old_self ? std::make_shared<const rules::Value>(*old_self) : nullptr}};
      }
      one(*rule, node, field, self, given ? &*given : nullptr, change);
    }
  }

  void one(const Rule& rule, const SchemaNode& node, const std::string& field, const rules::Value& self,
           const rules::Value* old_self, Change change) {
    auto result = rules::evaluate(rule.program, self, old_self);
    budget_ -= result.cost;
    const std::string& name = rule.message.empty() ? rule.rule : rule.message;
    if (spent()) {
      problems.push_back(problems::invalid(
          field, type_name(node),
          "validation failed due to running out of cost budget, no further validation rules will be run"));
      return;
    }
    if (const auto* failure = result.value.get<rules::Failure>()) return failed(*failure, name, node, field);
    const bool* holds = result.value.get<bool>();
    if (holds != nullptr && *holds) return;
    if (!rule.program.uses_old_self && change.none()) return;
    std::string at = rule.field_path.empty() ? field
                     : field == "<nil>"      ? rule.field_path
                                             : field + "." + rule.field_path;
    problems.push_back(problem_of(rule, at, type_name(node), message_of(rule, self, old_self)));
  }

  void failed(const rules::Failure& failure, const std::string& name, const SchemaNode& node,
              const std::string& field) {
    std::string text;
    if (failure.message.starts_with("no such overload")) {
      text = "'" + failure.message +
             "': call arguments did not match a supported operator, function or macro signature for rule: " + name;
    } else if (failure.message.starts_with(rules::cost_exceeded)) {
      text = "'" + failure.message +
             "': no further validation rules will be run due to call cost exceeds limit for rule: " + name;
      budget_ = -1;
    } else {
      text = failure.message + " evaluating rule: " + name;
    }
    problems.push_back(problems::invalid(field, type_name(node), text));
  }

  // A messageExpression that gives no usable text is passed over.
  std::string message_of(const Rule& rule, const rules::Value& self, const rules::Value* old_self) {
    std::string plain = rule.message.empty() ? "failed rule: " + rule.rule : rule.message;
    if (!rule.message_program || (rule.message_program->uses_old_self && old_self == nullptr)) return plain;
    auto result = rules::evaluate(*rule.message_program, self, old_self);
    budget_ -= result.cost;
    const rules::Text* text = result.value.get<rules::Text>();
    if (text == nullptr) return plain;
    std::size_t begin = (*text)->find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return plain;
    std::string made = (*text)->substr(begin, (*text)->find_last_not_of(" \t\r\n") - begin + 1);
    bool usable = made.size() <= limits::message_bytes && made.find('\n') == std::string::npos;
    return usable ? made : plain;
  }

  std::int64_t budget_ = limits::object_cost;
};

}  // namespace

std::vector<FieldProblem> rule_problems(const SchemaNode& root, const Json& object, const Json* old) {
  Asker asker;
  asker.value(root, object, old, {}, {&root, &object, old, true}, {}, 0);
  return std::move(asker.problems);
}

}  // namespace ork::embedded
