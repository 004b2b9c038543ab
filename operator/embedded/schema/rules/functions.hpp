#pragma once

// The functions that rules may call.

#include <string>
#include <vector>

#include "operator/embedded/schema/rules/expression.hpp"

namespace ork::embedded::rules {

// False: there is no such function, or not with so many arguments (the receiver is one of them).
bool is_function(const std::string& name, bool receiver, std::size_t args);

// `args` holds no failure. `cost` grows by what the call took beyond one step.
Value call(const Expression& expression, const std::vector<Value>& args, std::int64_t& cost);

// "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"; neither operand is a failure.
Value binary(const std::string& name, const Value& a, const Value& b, std::int64_t& cost);
Value negated(const Value& value);

}  // namespace ork::embedded::rules
