#include "controllers/expr/check.hpp"

#include <algorithm>

#include "controllers/expr/quote.hpp"
#include "controllers/expr/syntax.hpp"
#include "controllers/expr/type_rules.hpp"

namespace ork::expr {
namespace {

using Is = Type::Is;

Type first_of(const Type& type) { return type.of.empty() ? Type{} : type.of[0]; }
Type second_of(const Type& type) { return type.of.size() < 2 ? Type{} : type.of[1]; }

Type type_of_literal(const Value& value) { return type_of_kind(static_cast<Is>(static_cast<int>(value.kind()) + 1)); }

class Checker {
 public:
  Checker(std::string_view text, const Types& types) : text_(text), types_(types) {}

  Type of(const Node& node) {
    return std::visit([&](const auto& n) { return visit(n, node); }, node.as);
  }
  std::vector<TypeError> errors() { return std::move(errors_); }

 private:
  Type visit(const Literal& n, const Node&) { return type_of_literal(n.value); }

  Type visit(const Identifier& n, const Node&) {
    const auto local = std::find_if(locals_.rbegin(), locals_.rend(), [&](const auto& l) { return l.first == n.name; });
    if (local != locals_.rend()) return local->second;
    // A variable that is not there is told by who knows all of them.
    return types_.variable(n.name).value_or(Type{});
  }

  Type visit(const Select& n, const Node& node) {
    const Type container = of(*n.operand);
    const bool was_optional = container.is == Is::Optional;
    Type field =
        field_of(was_optional ? first_of(container) : container, n.field, *n.operand, node, n.optional || was_optional);
    return n.optional || was_optional ? optional_of(std::move(field)) : field;
  }

  Type visit(const Has& n, const Node& node) {
    const Type container = of(*n.operand);
    (void)field_of(container.is == Is::Optional ? first_of(container) : container, n.field, *n.operand, node, true);
    return type_of_kind(Is::Bool);
  }

  Type visit(const Index& n, const Node& node) {
    Type container = of(*n.operand);
    const Type index = of(*n.index);
    const bool was_optional = container.is == Is::Optional;
    if (was_optional) container = first_of(container);
    Type element = element_of(container, index, n, node);
    return n.optional || was_optional ? optional_of(std::move(element)) : element;
  }

  Type visit(const Unary& n, const Node& node) {
    const Type operand = of(*n.operand);
    if (auto type = result_of(n.op, operand)) return *type;
    const std::string sign = n.op == UnaryOperator::Not ? "!" : "-";
    return wrong(node, sign + " can't be asked of " + text_of(operand));
  }

  Type visit(const Binary& n, const Node& node) {
    const Type left = of(*n.left);
    const Type right = of(*n.right);
    if (auto type = result_of(n.op, left, right)) return *type;
    std::string message = "there is no " + text_of(left) + " " + std::string(sign_of(n.op)) + " " + text_of(right);
    if (is_numeric(left) && is_numeric(right)) message += ": convert one of them, as in double(x)";
    const bool text = left.is == Type::Is::String || right.is == Type::Is::String;
    if (text && (is_numeric(left) || is_numeric(right))) message += ": convert one of them, as in string(x) or int(x)";
    return wrong(node, std::move(message));
  }

  Type visit(const Logic& n, const Node&) {
    for (const NodePtr& term : n.terms) expect_bool(*term, n.all ? "&&" : "||");
    return type_of_kind(Is::Bool);
  }

  Type visit(const Conditional& n, const Node&) {
    expect_bool(*n.condition, "?");
    const Type yes = of(*n.yes);
    return joined(yes, of(*n.no));
  }

  Type visit(const Call& n, const Node& node) {
    std::vector<Type> given;
    if (n.target) given.push_back(of(*n.target));
    for (const NodePtr& argument : n.arguments) given.push_back(of(*argument));
    const auto overloads = functions_named(n.function, n.target != nullptr);
    if (overloads.empty()) return wrong(node, "there is no function " + in_quotes(n.function) + similar(n));
    std::optional<Type> found;
    for (const Overload& overload : overloads) {
      if (!overload.takes_count(given.size())) continue;
      Bindings bindings;
      bool fits = true;
      for (std::size_t i = 0; i < given.size(); ++i) fits = fits && accepts(overload.parameter(i), given[i], bindings);
      if (!fits) continue;
      Type gives = with_bindings(overload.gives, bindings);
      // Which one it will be may depend on a value.
      found = found ? joined(*found, gives) : std::move(gives);
    }
    if (found) return *found;
    std::string types;
    for (const Type& type : given) types += (types.empty() ? "" : ", ") + text_of(type);
    return wrong(node, n.function + " takes no (" + types + "); there is: " + signatures_of(overloads));
  }

  Type visit(const MakeList& n, const Node&) {
    std::optional<Type> item;
    for (const MakeList::Item& entry : n.items) {
      Type type = of(*entry.value);
      if (entry.optional) type = held_by(type, *entry.value);
      item = item ? joined(*item, type) : std::move(type);
    }
    return list_of(item.value_or(Type{}));
  }

  Type visit(const MakeMap& n, const Node&) {
    std::optional<Type> key;
    std::optional<Type> value;
    for (const MakeMap::Entry& entry : n.entries) {
      const Type k = of(*entry.key);
      const bool fits = is_any(k) || k.is == Is::Bool || k.is == Is::Int || k.is == Is::Uint || k.is == Is::String;
      if (!fits) wrong(*entry.key, "a key is a bool, an int, a uint or a string, not " + text_of(k));
      Type v = of(*entry.value);
      if (entry.optional) v = held_by(v, *entry.value);
      key = key ? joined(*key, k) : k;
      value = value ? joined(*value, v) : std::move(v);
    }
    return map_of(key.value_or(Type{}), value.value_or(Type{}));
  }

  Type visit(const Fold& n, const Node&) {
    const Type range = of(*n.range);
    if (n.macro == Macro::OptMap || n.macro == Macro::OptFlatMap) return of_optional_macro(n, range);
    if (!is_any(range) && range.is != Is::List && range.is != Is::Map) {
      wrong(*n.range, std::string(name_of(n.macro)) + " goes through a list or a map, not " + text_of(range));
    }
    const bool map = range.is == Is::Map;
    const Type first = map ? first_of(range) : range.is == Is::List ? type_of_kind(Is::Int) : Type{};
    const Type second = map ? second_of(range) : range.is == Is::List ? first_of(range) : Type{};
    const std::size_t before = locals_.size();
    // With one name: the item of a list, the key of a map.
    const Type only = map ? first : second;
    locals_.emplace_back(n.first, n.second.empty() ? only : first);
    if (!n.second.empty()) locals_.emplace_back(n.second, second);
    if (n.condition) expect_bool(*n.condition, name_of(n.macro));
    const Type result = n.result ? of(*n.result) : only;
    locals_.resize(before);
    switch (n.macro) {
      case Macro::All:
      case Macro::Exists:
      case Macro::ExistsOne: return type_of_kind(Is::Bool);
      case Macro::SortBy: return list_of(only);
      case Macro::TransformMap: return map_of(first, result);
      case Macro::TransformMapEntry: return result.is == Is::Map ? result : map_of({}, {});
      default: return list_of(result);
    }
  }

  Type visit(const Bind& n, const Node&) {
    locals_.emplace_back(n.name, of(*n.value));
    Type out = of(*n.body);
    locals_.pop_back();
    return out;
  }

  Type of_optional_macro(const Fold& n, const Type& range) {
    locals_.emplace_back(n.first, held_by(range, *n.range));
    const Type result = of(*n.result);
    locals_.pop_back();
    return n.macro == Macro::OptMap ? optional_of(result) : optional_of(held_by(result, *n.result));
  }

  Type held_by(const Type& optional, const Node& node) {
    if (is_any(optional)) return {};
    if (optional.is == Is::Optional) return first_of(optional);
    return wrong(node, "this has to be an optional, and is " + text_of(optional));
  }

  // `lenient`: it may be missing, so that only a name that can't be there is wrong.
  Type field_of(const Type& container, const std::string& name, const Node& operand, const Node& node, bool lenient) {
    if (is_any(container)) return {};
    if (container.is != Is::Map) {
      return wrong(node, quoted(operand) + " is " + text_of(container) + ", so it has no field " + in_quotes(name));
    }
    if (!container.fields) return second_of(container);
    const auto found = container.fields->types.find(name);
    if (found != container.fields->types.end()) return found->second;
    if (container.fields->others) return second_of(container);
    if (lenient) return {};
    (void)wrong(node, quoted(operand) + " has no field " + in_quotes(name));
    errors_.back().missing = name;
    for (const auto& [known, type] : container.fields->types) errors_.back().fields.push_back(known);
    return {};
  }

  Type element_of(const Type& container, const Type& index, const Index& n, const Node& node) {
    if (is_any(container)) return {};
    if (container.is == Is::List) {
      if (is_any(index) || is_numeric(index)) return first_of(container);
      return wrong(
          node, quoted(*n.operand) + " is " + text_of(container) + ": it takes an int as index, not " + text_of(index));
    }
    if (container.is != Is::Map) {
      return wrong(node, quoted(*n.operand) + " is " + text_of(container) + ", so it takes no index");
    }
    const auto* literal = std::get_if<Literal>(&n.index->as);
    if (literal != nullptr && literal->value.is(Kind::String)) {
      return field_of(container, literal->value.as<std::string>(), *n.operand, node, n.optional);
    }
    return second_of(container);
  }

  void expect_bool(const Node& node, std::string_view who) {
    const Type type = of(node);
    if (is_any(type) || type.is == Is::Bool) return;
    wrong(node, std::string(who) + " takes a bool, and this is " + text_of(type));
  }

  // x.size is a field, size(x) a function: the one may have been meant for the other.
  std::string similar(const Call& n) const {
    const auto other = functions_named(n.function, n.target == nullptr);
    if (!other.empty()) return "; there is: " + signatures_of(other);
    for (const Overload& overload : all_functions()) {
      const bool same = std::equal(overload.name.begin(), overload.name.end(), n.function.begin(), n.function.end(),
                                   [](char a, char b) { return (a | 0x20) == (b | 0x20); });
      if (same) return "; did you mean " + in_quotes(overload.name) + "?";
    }
    return {};
  }

  std::string quoted(const Node& node) const {
    return printable(text_.substr(node.begin, node.end - node.begin), max_quoted_path);
  }

  // What follows from it is not known, so that it is told once.
  Type wrong(const Node& node, std::string message) {
    errors_.push_back({std::move(message), node.begin, node.end});
    return {};
  }

  std::string_view text_;
  const Types& types_;
  std::vector<std::pair<std::string_view, Type>> locals_;
  std::vector<TypeError> errors_;
};

}  // namespace

std::string told(const TypeError& error) {
  if (error.missing.empty()) return error.message;
  std::string names;
  for (std::size_t i = 0; i < std::min(error.fields.size(), max_listed_fields); ++i) {
    names += (names.empty() ? "" : ", ") + in_quotes(error.fields[i]);
  }
  if (error.fields.size() > max_listed_fields) {
    names += " and " + std::to_string(error.fields.size() - max_listed_fields) + " more";
  }
  return error.message + "; it has: " + (names.empty() ? "none" : names);
}

Checked check(const Expression& expression, const Types& types) {
  Checker checker(expression.text(), types);
  Type type = checker.of(expression.root());
  std::vector<TypeError> errors = checker.errors();
  std::stable_sort(errors.begin(), errors.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  return {std::move(type), std::move(errors)};
}

}  // namespace ork::expr
