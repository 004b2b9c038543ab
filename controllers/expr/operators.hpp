#pragma once

// What the operators do to values. Without a position: the evaluator adds it.

#include "controllers/expr/functions.hpp"
#include "controllers/expr/syntax.hpp"

namespace ork::expr {

Outcome apply(BinaryOperator op, const Value& left, const Value& right, Work& work);
Outcome apply(UnaryOperator op, const Value& operand);

// list[0], map["key"]. `missing`: the index is of a right kind and nothing is there, which [?x] takes for none.
struct Element {
  std::optional<Value> value;
  bool missing = false;
};
Element element_of(const Value& container, const Value& index);

}  // namespace ork::expr
