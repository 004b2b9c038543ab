#include "operator/embedded/schema/rules/evaluate.hpp"

#include <algorithm>

#include "operator/embedded/schema/rules/functions.hpp"
#include "operator/embedded/schema/rules/limits.hpp"

namespace ork::embedded::rules {
namespace {

class Evaluator {
 public:
  Evaluator(const Value& self, const Value* old_self) {
    variables_.emplace_back("self", self);
    if (old_self != nullptr) variables_.emplace_back("oldSelf", *old_self);
  }

  std::int64_t cost() const { return cost_; }

  Value value(const Expression& expression) {
    if (++cost_ > limits::rule_cost) return failure(std::string(cost_exceeded));
    switch (expression.operation) {
      case Operation::Literal: return expression.value;
      case Operation::Variable: return variable(expression.name);
      case Operation::Select: return selected(expression);
      case Operation::Present: return present(expression);
      case Operation::Index: return indexed(expression);
      case Operation::Call: return called(expression);
      case Operation::ListOf: return list(expression);
      case Operation::MapOf: return map(expression);
      case Operation::Conditional: return conditional(expression);
      case Operation::And: return logical(expression, false);
      case Operation::Or: return logical(expression, true);
      case Operation::Not: return negation(expression);
      case Operation::Negate: {
        Value inner = value(*expression.args[0]);
        return inner.failed() ? inner : negated(inner);
      }
      case Operation::Binary: return binary_of(expression);
      case Operation::Macro: return macro(expression);
    }
    return no_overload();
  }

 private:
  Value variable(const std::string& name) const {
    auto found =
        std::find_if(variables_.rbegin(), variables_.rend(), [&](const auto& one) { return one.first == name; });
    return found == variables_.rend() ? failure("no such attribute(s): " + name) : found->second;
  }

  Value selected(const Expression& expression) {
    Value target = value(*expression.args[0]);
    if (target.failed()) return target;
    if (!is_map(target)) return no_overload();
    auto field = field_of(target, text(expression.name));
    return field ? *field : failure("no such key: " + expression.name);
  }

  Value present(const Expression& expression) {
    Value target = value(*expression.args[0]);
    if (target.failed()) return target;
    if (!is_map(target)) return no_overload();
    return Value{field_of(target, text(expression.name)).has_value()};
  }

  Value indexed(const Expression& expression) {
    Value target = value(*expression.args[0]);
    if (target.failed()) return target;
    Value index = value(*expression.args[1]);
    if (index.failed()) return index;
    if (is_list(target)) return item_at(target, index);
    if (!is_map(target)) return no_overload();
    auto field = field_of(target, index);
    return field ? *field : failure("no such key: " + printed(index));
  }

  Value called(const Expression& expression) {
    std::vector<Value> args;
    for (const auto& arg : expression.args) {
      args.push_back(value(*arg));
      if (args.back().failed()) return args.back();
    }
    return call(expression, args, cost_);
  }

  Value list(const Expression& expression) {
    List items;
    for (const auto& arg : expression.args) {
      items.push_back(value(*arg));
      if (items.back().failed()) return items.back();
    }
    return Value{std::make_shared<const List>(std::move(items))};
  }

  Value map(const Expression& expression) {
    Map entries;
    for (std::size_t i = 0; i + 1 < expression.args.size(); i += 2) {
      Value key = value(*expression.args[i]);
      if (key.failed()) return key;
      Value held = value(*expression.args[i + 1]);
      if (held.failed()) return held;
      entries.emplace_back(std::move(key), std::move(held));
    }
    return Value{std::make_shared<const Map>(std::move(entries))};
  }

  Value conditional(const Expression& expression) {
    Value condition = value(*expression.args[0]);
    if (condition.failed()) return condition;
    const bool* yes = condition.get<bool>();
    return yes == nullptr ? no_overload() : value(*expression.args[*yes ? 1 : 2]);
  }

  // The operand that decides the result (true for ||) does so whatever the others are, failures too.
  Value logical(const Expression& expression, bool decisive) {
    std::optional<Value> failed;
    for (const auto& arg : expression.args) {
      Value operand = value(*arg);
      const bool* one = operand.get<bool>();
      if (one != nullptr && *one == decisive) return operand;
      if (one == nullptr && !failed) failed = operand.failed() ? operand : no_overload();
    }
    return failed ? *failed : Value{!decisive};
  }

  Value negation(const Expression& expression) {
    Value inner = value(*expression.args[0]);
    const bool* one = inner.get<bool>();
    if (one != nullptr) return Value{!*one};
    return inner.failed() ? inner : no_overload();
  }

  Value binary_of(const Expression& expression) {
    Value a = value(*expression.args[0]);
    if (a.failed()) return a;
    Value b = value(*expression.args[1]);
    return b.failed() ? b : binary(expression.name, a, b, cost_);
  }

  Value macro(const Expression& expression) {
    Value target = value(*expression.args[0]);
    if (target.failed()) return target;
    auto elements = elements_of(target);
    if (!elements) return no_overload();
    cost_ += static_cast<std::int64_t>(elements->size());
    variables_.emplace_back(expression.variable, Value{});
    Value out = expression.name == "all" || expression.name == "exists" ? quantified(expression, *elements)
                : expression.name == "exists_one"                       ? exactly_one(expression, *elements)
                                                                        : collected(expression, *elements);
    variables_.pop_back();
    return out;
  }

  Value quantified(const Expression& expression, const List& elements) {
    bool decisive = expression.name == "exists";
    std::optional<Value> failed;
    for (const Value& element : elements) {
      variables_.back().second = element;
      Value one = value(*expression.args[1]);
      const bool* answer = one.get<bool>();
      if (answer != nullptr && *answer == decisive) return one;
      if (answer == nullptr && !failed) failed = one.failed() ? one : no_overload();
      if (cost_ > limits::rule_cost) return failure(std::string(cost_exceeded));
    }
    return failed ? *failed : Value{!decisive};
  }

  Value exactly_one(const Expression& expression, const List& elements) {
    int count = 0;
    for (const Value& element : elements) {
      variables_.back().second = element;
      Value one = value(*expression.args[1]);
      const bool* answer = one.get<bool>();
      if (answer == nullptr) return one.failed() ? one : no_overload();
      count += *answer ? 1 : 0;
    }
    return Value{count == 1};
  }

  // filter(x, keep), map(x, value) and map(x, keep, value).
  Value collected(const Expression& expression, const List& elements) {
    bool filters = expression.name == "filter" || expression.args.size() == 3;
    List out;
    for (const Value& element : elements) {
      variables_.back().second = element;
      if (filters) {
        Value keep = value(*expression.args[1]);
        const bool* answer = keep.get<bool>();
        if (answer == nullptr) return keep.failed() ? keep : no_overload();
        if (!*answer) continue;
      }
      out.push_back(expression.name == "filter" ? element : value(*expression.args.back()));
      if (out.back().failed()) return out.back();
    }
    return Value{std::make_shared<const List>(std::move(out))};
  }

  std::vector<std::pair<std::string, Value>> variables_;
  std::int64_t cost_ = 0;
};

}  // namespace

Evaluated evaluate(const Program& program, const Value& self, const Value* old_self) {
  Evaluator evaluator(self, old_self);
  Value value = evaluator.value(*program.root);
  if (evaluator.cost() > limits::rule_cost) value = failure(std::string(cost_exceeded));
  return {std::move(value), evaluator.cost()};
}

}  // namespace ork::embedded::rules
