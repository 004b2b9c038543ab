#pragma once

// The type check: what can be told to be wrong before anything is evaluated. Gradual: what is not known is taken to be
// right, so that an expression without an error may still fail on a value.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/type.hpp"

namespace ork::expr {

// The types of variables; nullopt: there is no such variable.
class Types {
 public:
  virtual ~Types() = default;
  virtual std::optional<Type> variable(std::string_view name) const = 0;
};

struct TypeError {
  std::string message;
  std::size_t begin = 0;  // bytes of the text, [begin, end)
  std::size_t end = 0;
  // Where it is about a field that is not there: its name, and the names of those that are.
  std::string missing = {};
  std::vector<std::string> fields = {};
};
// The message, with the fields that there are.
std::string told(const TypeError& error);

struct Checked {
  Type type;                      // of the whole
  std::vector<TypeError> errors;  // in the order of the text; what follows from an error is none of its own
};

Checked check(const Expression& expression, const Types& types);

}  // namespace ork::expr
