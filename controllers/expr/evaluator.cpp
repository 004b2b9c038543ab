#include "controllers/expr/evaluator.hpp"

#include <algorithm>

#include "controllers/expr/operators.hpp"
#include "controllers/expr/program.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

// `"a", "b" and 3 more`, or "none".
std::string keys_of(const Map& map) {
  if (map.size() == 0) return "none";
  std::string out;
  const std::size_t listed = std::min(map.size(), max_listed_fields);
  for (std::size_t i = 0; i < listed; ++i) {
    const Value key = map.key_at(i);
    if (i > 0) out += ", ";
    out += key.is(Kind::String) ? in_quotes(key.as<std::string>()) : to_json(key).dump();
  }
  if (map.size() > listed) out += " and " + std::to_string(map.size() - listed) + " more";
  return out;
}

// The names that stand for types.
std::optional<Value> type_named(std::string_view name) {
  for (const std::string_view type :
       {"bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type", "optional_type",
        "google.protobuf.Timestamp", "google.protobuf.Duration"}) {
    if (name == type) return Value::of(TypeName{std::string(name)});
  }
  return std::nullopt;
}

}  // namespace

Err<EvalError> Evaluator::failed(EvalErrc code, std::string message, const Node& node) const {
  return Err(EvalError{code, std::move(message), node.begin, node.end});
}

Evaluator::Answer Evaluator::with_place(Outcome outcome, const Node& node) const {
  if (outcome) return std::move(*outcome);
  Failure failure = std::move(outcome).error();
  return failed(failure.code, std::move(failure.message), node);
}

Err<EvalError> Evaluator::costly(const Node& node) const {
  return failed(EvalErrc::TooCostly, too_costly().error.message, node);
}

std::string Evaluator::quoted(const Node& node) const {
  return printable(text_.substr(node.begin, node.end - node.begin), max_quoted_path);
}

Evaluator::Answer Evaluator::of(const Node& node) {
  if (!work_.spend(1)) return costly(node);
  Answer answer = std::visit([&](const auto& n) { return visit(n, node); }, node.as);
  if (told_) told_(node, answer);
  return answer;
}

Evaluator::Answer Evaluator::visit(const Literal& n, const Node&) { return n.value; }

std::optional<Value> Evaluator::named(std::string_view name) const {
  const std::string_view first = name.substr(0, name.find('.'));
  const auto local = std::find_if(locals_.rbegin(), locals_.rend(), [&](const auto& l) { return l.first == first; });
  if (local != locals_.rend()) return first == name ? std::optional(local->second) : std::nullopt;
  if (auto value = work_.scope().variable(name)) return value;
  return type_named(name);
}

Evaluator::Answer Evaluator::visit(const Identifier& n, const Node& node) {
  if (auto value = named(n.name)) return std::move(*value);
  return failed(EvalErrc::NoVariable, "there is no variable " + in_quotes(n.name), node);
}

std::string Evaluator::missing_field(const Value& container, const Value& key, const Node& operand) const {
  const std::string path = quoted(operand);
  const Map& map = *container.as<MapPtr>();
  if (std::string special = map.about_missing(key); !special.empty()) return path + special;
  const bool named = key.is(Kind::String);
  const std::string shown = named ? in_quotes(key.as<std::string>()) : to_json(key).dump();
  return path + (named ? " has no field " : " has no key ") + shown + "; it has: " + keys_of(map);
}

// container.field or container[index].
Evaluator::Answer Evaluator::field_of(const Value& container, const Value& key, const Node& operand, const Node& node) {
  Element element = element_of(container, key);
  if (element.value) return std::move(*element.value);
  const std::string path = quoted(operand);
  const bool field = key.is(Kind::String);
  const std::string shown = field ? in_quotes(key.as<std::string>()) : "[" + to_json(key).dump() + "]";
  if (container.is(Kind::Map)) {
    if (!element.missing) return failed(EvalErrc::WrongType, std::string(kind_in_words(key)) + " can't be a key", node);
    const bool no_output = !container.as<MapPtr>()->about_missing(key).empty();
    return failed(no_output ? EvalErrc::NoOutput : EvalErrc::NoField, missing_field(container, key, operand), node);
  }
  const std::string is = path + " is " + std::string(kind_in_words(container));
  if (!container.is(Kind::List)) {
    return failed(EvalErrc::WrongType, is + (field ? ", so it has no field " : ", so it takes no index ") + shown,
                  node);
  }
  if (field) return failed(EvalErrc::WrongType, is + ": it takes an index such as [0], not the field " + shown, node);
  if (!element.missing)
    return failed(EvalErrc::WrongType, is + ": it takes a whole number as index, not " + shown, node);
  const std::size_t size = container.as<ListPtr>()->size();
  return failed(
      EvalErrc::OutOfRange,
      path + " has " + std::to_string(size) + (size == 1 ? " item" : " items") + ", so " + shown + " is out of range",
      node);
}

// container.?field, container[?index], and any of these of an optional: an optional in every case.
Evaluator::Answer Evaluator::optional_field(const Value& container, const Value& key, const Node& operand,
                                            const Node& node) {
  const Value* inner = &container;
  if (const auto* optional = container.get_if<Optional>()) {
    if (!optional->value) return no_optional();
    inner = optional->value.get();
  }
  Element element = element_of(*inner, key);
  if (element.value) return of_optional(std::move(*element.value));
  if (element.missing) return no_optional();
  return field_of(*inner, key, operand, node);
}

Evaluator::Answer Evaluator::visit(const Select& n, const Node& node) {
  if (!n.dotted.empty()) {
    if (auto value = named(n.dotted)) return std::move(*value);
  }
  Answer container = of(*n.operand);
  if (!container) return container;
  const Value key = of_string(n.field);
  if (n.optional || container->is(Kind::Optional)) return optional_field(*container, key, *n.operand, node);
  return field_of(*container, key, *n.operand, node);
}

Evaluator::Answer Evaluator::visit(const Has& n, const Node& node) {
  Answer container = of(*n.operand);
  if (!container) return container;
  const Value key = of_string(n.field);
  if (container->is(Kind::Optional)) {
    Answer found = optional_field(*container, key, *n.operand, node);
    return found ? Answer(of_bool(found->as<Optional>().value != nullptr)) : found;
  }
  if (!container->is(Kind::Map)) return field_of(*container, key, *n.operand, node);
  return of_bool(container->as<MapPtr>()->find(key).has_value());
}

Evaluator::Answer Evaluator::visit(const Index& n, const Node& node) {
  Answer container = of(*n.operand);
  if (!container) return container;
  Answer index = of(*n.index);
  if (!index) return index;
  if (n.optional || container->is(Kind::Optional)) return optional_field(*container, *index, *n.operand, node);
  return field_of(*container, *index, *n.operand, node);
}

Evaluator::Answer Evaluator::visit(const Unary& n, const Node& node) {
  Answer operand = of(*n.operand);
  if (!operand) return operand;
  return with_place(apply(n.op, *operand), node);
}

Evaluator::Answer Evaluator::visit(const Binary& n, const Node& node) {
  Answer left = of(*n.left);
  if (!left) return left;
  Answer right = of(*n.right);
  if (!right) return right;
  return with_place(apply(n.op, *left, *right, work_), node);
}

// A term that decides makes good what has failed beside it, on either side.
Evaluator::Answer Evaluator::visit(const Logic& n, const Node&) {
  std::optional<EvalError> error;
  for (const NodePtr& term : n.terms) {
    Answer answer = of(*term);
    if (!answer) {
      if (!error) error = std::move(answer).error();
      continue;
    }
    const auto* yes = answer->get_if<bool>();
    if (yes != nullptr && *yes != n.all) return of_bool(*yes);
    if (yes == nullptr && !error) {
      const std::string sign = n.all ? "&&" : "||";
      error = failed(EvalErrc::WrongType,
                     sign + " takes bools, and " + quoted(*term) + " is " + std::string(kind_in_words(*answer)), *term)
                  .error;
    }
  }
  if (error) return Err(std::move(*error));
  return of_bool(n.all);
}

Evaluator::Answer Evaluator::visit(const Conditional& n, const Node&) {
  auto condition = holds(*n.condition);
  if (!condition) return Err(std::move(condition).error());
  return of(*condition ? *n.yes : *n.no);
}

Evaluator::Answer Evaluator::visit(const Call& n, const Node& node) {
  std::vector<Value> arguments;
  if (n.target) {
    Answer target = of(*n.target);
    if (!target) return target;
    arguments.push_back(std::move(*target));
    // What an optional that holds a value is asked to do without is not looked at.
    const auto* optional = arguments[0].get_if<Optional>();
    if (optional && optional->value && n.arguments.size() == 1) {
      if (n.function == "orValue") return *optional->value;
      if (n.function == "or") return arguments[0];
    }
  }
  for (const NodePtr& argument : n.arguments) {
    Answer answer = of(*argument);
    if (!answer) return answer;
    arguments.push_back(std::move(*answer));
  }
  return call(n, std::move(arguments), node);
}

Evaluator::Answer Evaluator::call(const Call& n, std::vector<Value> arguments, const Node& node) {
  const auto overloads = functions_named(n.function, n.target != nullptr);
  if (overloads.empty()) return failed(EvalErrc::NoFunction, "there is no function " + in_quotes(n.function), node);
  for (const Overload& overload : overloads) {
    if (!overload.takes_count(arguments.size())) continue;
    bool fits = true;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      fits = fits && admits(overload.parameter(i), arguments[i].kind());
    if (fits) return with_place(overload.native(arguments, work_), node);
  }
  std::string given;
  for (const Value& argument : arguments) given += (given.empty() ? "" : ", ") + std::string(kind_in_words(argument));
  return failed(
      EvalErrc::WrongType,
      n.function + " takes no " + (given.empty() ? "such call" : given) + "; there is: " + signatures_of(overloads),
      node);
}

Evaluator::Answer Evaluator::visit(const MakeList& n, const Node& node) {
  std::vector<Value> out;
  for (const MakeList::Item& item : n.items) {
    Answer answer = of(*item.value);
    if (!answer) return answer;
    if (item.optional) {
      const auto* optional = answer->get_if<Optional>();
      if (optional == nullptr)
        return failed(EvalErrc::WrongType, "? takes an optional, not " + std::string(kind_in_words(*answer)),
                      *item.value);
      if (!optional->value) continue;
      out.push_back(*optional->value);
    } else {
      out.push_back(std::move(*answer));
    }
    if (!work_.make(1)) return costly(node);
  }
  return of_list(std::move(out));
}

std::optional<EvalError> Evaluator::add_entry(Value key, Value value, const Node& at, Elements& entries,
                                              std::set<Value, KeyLess>& keys) {
  if (!is_key(key))
    return failed(EvalErrc::WrongType,
                  "a key is a bool, an int, a uint or a string, not " + std::string(kind_in_words(key)), at)
        .error;
  if (!work_.make(2)) return costly(at).error;
  if (!keys.insert(key).second)
    return failed(EvalErrc::BadValue, "the key " + printable(to_json(key).dump()) + " comes twice", at).error;
  entries.emplace_back(std::move(key), std::move(value));
  return std::nullopt;
}

Evaluator::Answer Evaluator::visit(const MakeMap& n, const Node&) {
  Elements entries;
  std::set<Value, KeyLess> keys;
  for (const MakeMap::Entry& entry : n.entries) {
    Answer key = of(*entry.key);
    if (!key) return key;
    Answer value = of(*entry.value);
    if (!value) return value;
    Value held = std::move(*value);
    if (entry.optional) {
      const auto* optional = held.get_if<Optional>();
      if (optional == nullptr)
        return failed(EvalErrc::WrongType, "? takes an optional, not " + std::string(kind_in_words(held)),
                      *entry.value);
      if (!optional->value) continue;
      held = Value(*optional->value);
    }
    if (auto error = add_entry(std::move(*key), std::move(held), *entry.key, entries, keys))
      return Err(std::move(*error));
  }
  return of_map(std::move(entries));
}

Evaluator::Answer Evaluator::visit(const Bind& n, const Node&) {
  Answer value = of(*n.value);
  if (!value) return value;
  locals_.emplace_back(n.name, std::move(*value));
  Answer out = of(*n.body);
  locals_.pop_back();
  return out;
}

Result<Value, EvalError> evaluate(const Expression& expression, const Scope& scope) {
  Budget budget;
  return evaluate(expression, scope, budget);
}

Result<Value, EvalError> evaluate(const Expression& expression, const Scope& scope, Budget& budget) {
  Evaluator evaluator(expression.text(), scope, budget);
  auto value = evaluator.of(expression.root());
  budget = evaluator.left();
  return value;
}

}  // namespace ork::expr
