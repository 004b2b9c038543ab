#pragma once

// Goes through the tree. Private to this folder.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controllers/expr/compare.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/expr/functions.hpp"
#include "controllers/expr/syntax.hpp"

namespace ork::expr {

using Elements = std::vector<std::pair<Value, Value>>;

class Evaluator {
 public:
  // `told`: hears of every node that has been evaluated, the innermost first; or null.
  using Told = std::function<void(const Node&, const Result<Value, EvalError>&)>;
  Evaluator(std::string_view text, const Scope& scope, const Budget& budget, Told told = {})
      : text_(text), work_(scope, budget), told_(std::move(told)) {}

  using Answer = Result<Value, EvalError>;
  Answer of(const Node& node);
  const Budget& left() const { return work_.left(); }

 private:
  Answer visit(const Literal& n, const Node& node);
  Answer visit(const Identifier& n, const Node& node);
  Answer visit(const Select& n, const Node& node);
  Answer visit(const Has& n, const Node& node);
  Answer visit(const Index& n, const Node& node);
  Answer visit(const Unary& n, const Node& node);
  Answer visit(const Binary& n, const Node& node);
  Answer visit(const Logic& n, const Node& node);
  Answer visit(const Conditional& n, const Node& node);
  Answer visit(const Call& n, const Node& node);
  Answer visit(const MakeList& n, const Node& node);
  Answer visit(const MakeMap& n, const Node& node);
  Answer visit(const Fold& n, const Node& node);
  Answer visit(const Bind& n, const Node& node);

  std::optional<Value> named(std::string_view name) const;
  Answer field_of(const Value& container, const Value& key, const Node& operand, const Node& node);
  Answer optional_field(const Value& container, const Value& key, const Node& operand, const Node& node);
  Answer call(const Call& n, std::vector<Value> arguments, const Node& node);
  // Macros; evaluator_folds.cpp.
  Result<Elements, EvalError> elements_of(const Fold& n, const Value& range);
  Result<bool, EvalError> holds(const Node& condition);
  Answer all_or_any(const Fold& n, const Elements& elements);
  Answer exactly_one(const Fold& n, const Elements& elements);
  Answer into_list(const Fold& n, const Elements& elements);
  Answer into_map(const Fold& n, const Elements& elements);
  Answer sorted(const Fold& n, const Elements& elements, const Node& node);
  Answer into_optional(const Fold& n, const Value& range);
  template <typename Function>
  auto with_element(const Fold& n, const std::pair<Value, Value>& element, Function function);
  std::optional<EvalError> add_entry(Value key, Value value, const Node& at, Elements& entries,
                                     std::set<Value, KeyLess>& keys);

  Answer with_place(Outcome outcome, const Node& node) const;
  Err<EvalError> failed(EvalErrc code, std::string message, const Node& node) const;
  Err<EvalError> costly(const Node& node) const;
  std::string quoted(const Node& node) const;
  std::string missing_field(const Value& container, const Value& key, const Node& operand) const;

  // What macros and cel.bind have named, the innermost last.
  std::vector<std::pair<std::string_view, Value>> locals_;
  std::string_view text_;
  Work work_;
  Told told_;
};

}  // namespace ork::expr
