#pragma once

// What each part of an expression was worth.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "controllers/expr/expression.hpp"

namespace ork::expr {

// A part that is more than a literal.
struct Part {
  std::size_t level = 0;  // 0: the whole; its parts have 1
  std::size_t begin = 0;  // bytes of the text, [begin, end)
  std::size_t end = 0;
  std::size_t times = 0;      // how often it was evaluated: within a macro once for each element, or never
  std::optional<Json> value;  // of the last time; nullopt: it failed, or was never evaluated
  std::string error;          // why it failed
};

struct Explanation {
  Result<Value, EvalError> answer;
  std::vector<Part> parts;  // as they stand in the text, what is within a part after it
};

Explanation explain(const Expression& expression, const Scope& scope);

}  // namespace ork::expr
