#pragma once

// How types go together. Private to this folder.

#include <map>
#include <optional>
#include <string>

#include "controllers/expr/functions.hpp"
#include "controllers/expr/syntax.hpp"
#include "controllers/expr/type.hpp"

namespace ork::expr {

bool is_any(const Type& type);
bool is_numeric(const Type& type);

// What holds for values of both types.
Type joined(const Type& a, const Type& b);
// Whether a value of the one may equal one of the other.
bool may_equal(const Type& a, const Type& b);

// What parameters of a signature stand for in one call.
using Bindings = std::map<std::string, Type, std::less<>>;
// Whether a value of type `given` may be given where `wanted` is; binds the parameters in `wanted`.
bool accepts(const Type& wanted, const Type& given, Bindings& bindings);
Type with_bindings(const Type& type, const Bindings& bindings);

// The type of an operation; nullopt: there is none between values of these types.
std::optional<Type> result_of(BinaryOperator op, const Type& left, const Type& right);
std::optional<Type> result_of(UnaryOperator op, const Type& operand);

}  // namespace ork::expr
