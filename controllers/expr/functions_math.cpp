// The functions of CEL's math extension.

#include <cmath>
#include <limits>

#include "controllers/expr/compare.hpp"
#include "controllers/expr/functions.hpp"

namespace ork::expr {
namespace {

// The values themselves, or those of the one list that was given.
template <bool greatest>
Outcome extreme(Arguments a, Work& work) {
  std::vector<Value> of_the_list;
  if (a.size() == 1 && a[0].is(Kind::List)) {
    const List& list = *a[0].as<ListPtr>();
    if (!work.spend(list.size())) return too_costly();
    for (std::size_t i = 0; i < list.size(); ++i) of_the_list.push_back(list.at(i));
    if (of_the_list.empty()) return fail(EvalErrc::BadValue, "there is no extreme of an empty list");
    a = of_the_list;
  }
  const Value* best = nullptr;
  for (const Value& value : a) {
    if (!is_number(value))
      return fail(EvalErrc::WrongType, "only numbers have an extreme, not " + std::string(kind_in_words(value)));
    const auto order = best == nullptr ? std::partial_ordering::equivalent : compare_numbers(value, *best);
    if (best == nullptr || (greatest ? order > 0 : order < 0)) best = &value;
  }
  return *best;
}

template <double (*operation)(double)>
Outcome of_doubles(Arguments a, Work&) {
  return of_double(operation(a[0].as<double>()));
}

double ceil_of(double x) { return std::ceil(x); }
double floor_of(double x) { return std::floor(x); }
double round_of(double x) { return std::round(x); }
double trunc_of(double x) { return std::trunc(x); }
double abs_of(double x) { return std::fabs(x); }
double sqrt_of(double x) { return std::sqrt(x); }
double sign_of_double(double x) { return std::isnan(x) ? x : static_cast<double>((x > 0) - (x < 0)); }

Outcome sqrt_of_int(Arguments a, Work&) { return of_double(std::sqrt(static_cast<double>(a[0].as<std::int64_t>()))); }
Outcome sqrt_of_uint(Arguments a, Work&) { return of_double(std::sqrt(static_cast<double>(a[0].as<std::uint64_t>()))); }

Outcome abs_of_int(Arguments a, Work&) {
  const auto x = a[0].as<std::int64_t>();
  if (x == std::numeric_limits<std::int64_t>::min())
    return fail(EvalErrc::Overflow, "the result does not fit into an int");
  return of_int(x < 0 ? -x : x);
}

Outcome sign_of_int(Arguments a, Work&) {
  const auto x = a[0].as<std::int64_t>();
  return of_int((x > 0) - (x < 0));
}

Outcome sign_of_uint(Arguments a, Work&) { return of_uint(a[0].as<std::uint64_t>() > 0 ? 1 : 0); }

Outcome is_nan(Arguments a, Work&) { return of_bool(std::isnan(a[0].as<double>())); }
Outcome is_inf(Arguments a, Work&) { return of_bool(std::isinf(a[0].as<double>())); }
Outcome is_finite(Arguments a, Work&) { return of_bool(std::isfinite(a[0].as<double>())); }

enum class Bits { And, Or, Xor };

template <typename T, Bits bits>
Outcome combine(Arguments a, Work&) {
  const T x = a[0].as<T>();
  const T y = a[1].as<T>();
  return Value::of<T>(bits == Bits::And ? x & y : bits == Bits::Or ? x | y : x ^ y);
}

template <typename T>
Outcome invert(Arguments a, Work&) {
  return Value::of<T>(~a[0].as<T>());
}

// Zeros come in at either end, whatever the sign.
template <typename T, bool left>
Outcome shift(Arguments a, Work&) {
  const auto by = a[1].as<std::int64_t>();
  if (by < 0) return fail(EvalErrc::BadValue, "bits can't be shifted by a negative number");
  if (by > 63) return Value::of<T>(0);
  const auto bits = static_cast<std::uint64_t>(a[0].as<T>());
  return Value::of<T>(static_cast<T>(left ? bits << by : bits >> by));
}

}  // namespace

std::span<const Definition> math_functions() {
  using Int = std::int64_t;
  using Uint = std::uint64_t;
  static constexpr Definition definitions[] = {
      {"math.greatest(dyn...) -> dyn", extreme<true>},
      {"math.least(dyn...) -> dyn", extreme<false>},
      {"math.ceil(double) -> double", of_doubles<ceil_of>},
      {"math.floor(double) -> double", of_doubles<floor_of>},
      {"math.round(double) -> double", of_doubles<round_of>},
      {"math.trunc(double) -> double", of_doubles<trunc_of>},
      {"math.abs(double) -> double", of_doubles<abs_of>},
      {"math.abs(int) -> int", abs_of_int},
      {"math.abs(uint) -> uint", unchanged},
      {"math.sign(double) -> double", of_doubles<sign_of_double>},
      {"math.sign(int) -> int", sign_of_int},
      {"math.sign(uint) -> uint", sign_of_uint},
      {"math.sqrt(double) -> double", of_doubles<sqrt_of>},
      {"math.sqrt(int) -> double", sqrt_of_int},
      {"math.sqrt(uint) -> double", sqrt_of_uint},
      {"math.isNaN(double) -> bool", is_nan},
      {"math.isInf(double) -> bool", is_inf},
      {"math.isFinite(double) -> bool", is_finite},
      {"math.bitAnd(int, int) -> int", combine<Int, Bits::And>},
      {"math.bitAnd(uint, uint) -> uint", combine<Uint, Bits::And>},
      {"math.bitOr(int, int) -> int", combine<Int, Bits::Or>},
      {"math.bitOr(uint, uint) -> uint", combine<Uint, Bits::Or>},
      {"math.bitXor(int, int) -> int", combine<Int, Bits::Xor>},
      {"math.bitXor(uint, uint) -> uint", combine<Uint, Bits::Xor>},
      {"math.bitNot(int) -> int", invert<Int>},
      {"math.bitNot(uint) -> uint", invert<Uint>},
      {"math.bitShiftLeft(int, int) -> int", shift<Int, true>},
      {"math.bitShiftLeft(uint, int) -> uint", shift<Uint, true>},
      {"math.bitShiftRight(int, int) -> int", shift<Int, false>},
      {"math.bitShiftRight(uint, int) -> uint", shift<Uint, false>},
  };
  return definitions;
}

}  // namespace ork::expr
