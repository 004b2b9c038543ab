#pragma once

// Equality and order of values, as the CEL specification has them: numbers compare by what they are worth,
// whatever their type, and values of different kinds are different.

#include <compare>
#include <optional>

#include "controllers/expr/value.hpp"

namespace ork::expr {

// 2^63 and 2^64: the first doubles beyond an int and a uint.
inline constexpr double int_bound = 9223372036854775808.0;
inline constexpr double uint_bound = 18446744073709551616.0;

bool equal(const Value& a, const Value& b);

// nullopt: there is no order between values of these kinds. Unordered: one of them is NaN.
std::optional<std::partial_ordering> compare(const Value& a, const Value& b);

// Between numbers of any type; ints and uints exactly, with a double as doubles.
std::partial_ordering compare_numbers(const Value& a, const Value& b);

// A strict order between keys of a map, in which an int and a uint of the same number are equal.
struct KeyLess {
  bool operator()(const Value& a, const Value& b) const;
};

}  // namespace ork::expr
