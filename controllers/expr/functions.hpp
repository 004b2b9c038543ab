#pragma once

// The functions of the language, each with its signatures. One table serves the evaluator, the type check and
// `ork eval --functions`.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/failure.hpp"
#include "controllers/expr/type.hpp"
#include "controllers/expr/value.hpp"

namespace ork::expr {

// What a function may use beside its arguments: the budget of this evaluation, and what the scope knows of zones.
class Work {
 public:
  Work(const Scope& scope, const Budget& budget) : scope_(scope), left_(budget) {}
  // False: the budget is used up.
  bool spend(std::size_t steps) { return take(left_.steps, steps); }
  bool make(std::size_t bytes_or_items) { return take(left_.made, bytes_or_items); }
  const Scope& scope() const { return scope_; }
  const Budget& left() const { return left_; }

 private:
  // What is used up stays used up.
  static bool take(std::size_t& budget, std::size_t amount) {
    const bool enough = amount <= budget;
    budget = enough ? budget - amount : 0;
    return enough;
  }

  const Scope& scope_;
  Budget left_;
};

using Outcome = Result<Value, Failure>;
using Arguments = std::span<const Value>;
// The arguments are of the kinds that the signature says; a method's target is the first.
using Native = Outcome (*)(Arguments arguments, Work& work);

// One way to call a function: "string.startsWith(string) -> bool", "size(list(A)) -> int".
struct Overload {
  std::string name;      // with its space: math.greatest
  bool method = false;   // the first argument stands before the point
  bool repeats = false;  // the last argument may come once or more
  std::vector<Type> takes;
  Type gives;
  std::string_view signature;
  Native native = nullptr;

  bool takes_count(std::size_t count) const { return repeats ? count >= takes.size() : count == takes.size(); }
  const Type& parameter(std::size_t index) const { return takes[std::min(index, takes.size() - 1)]; }
};

struct Definition {
  std::string_view signature;
  Native native;
};

// Each file's own, in the order they are shown to people.
std::span<const Definition> text_functions();
std::span<const Definition> text_extra_functions();
std::span<const Definition> conversions();
std::span<const Definition> math_functions();
std::span<const Definition> list_functions();
std::span<const Definition> time_functions();
std::span<const Definition> optional_functions();

// All there are, sorted by name.
const std::vector<Overload>& all_functions();
// Those of this name; empty: there is none. A method and a function of one name are different.
std::span<const Overload> functions_named(std::string_view name, bool method);
// math, strings, optional, ...: what stands before the point is no value.
bool is_function_space(std::string_view name);

// "size(string), size(list(A))": for a message.
std::string signatures_of(std::span<const Overload> overloads);

// For a conversion to the type that the argument has.
inline Outcome unchanged(Arguments arguments, Work& /*work*/) { return arguments[0]; }

// The values in the order of their keys, of which there are as many: of one kind that has an order.
Outcome sorted_by(std::vector<Value> values, const std::vector<Value>& keys, Work& work);

inline Err<Failure> too_costly() {
  return fail(EvalErrc::TooCostly, "this takes more work than an expression may take");
}

}  // namespace ork::expr
