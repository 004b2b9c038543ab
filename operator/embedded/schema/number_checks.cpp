#include "operator/embedded/schema/number_checks.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

constexpr double largest_whole = 9007199254740991.0;  // 2^53 - 1

// int64(x) of Go, without what is undefined in C++.
std::int64_t truncated(double value) {
  constexpr double bound = 9223372036854775808.0;  // 2^63
  if (!(value > -bound && value < bound)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

// An integer is compared with the bound's integer part, a float with the bound itself.
struct Comparison {
  int order;  // value against bound: -1, 0, 1
  std::string bound;
};

Comparison compared(const Json& value, double bound) {
  if (is_int64(value)) {
    auto number = value.get<std::int64_t>();
    std::int64_t other = truncated(bound);
    return {number < other ? -1 : number > other ? 1 : 0, std::to_string(other)};
  }
  double number = value.get<double>();
  return {number < bound ? -1 : number > bound ? 1 : 0, go_text::number(bound)};
}

bool is_multiple(const Json& value, double factor) {
  if (is_int64(value)) return value.get<std::int64_t>() % truncated(factor) == 0;
  double number = value.get<double>();
  return is_whole(factor < 1 ? 1 / factor * number : number / factor);
}

}  // namespace

bool is_whole(double value) {
  if (!std::isfinite(value) || std::fabs(value) > largest_whole) return false;
  double whole = std::trunc(value);
  if (value == whole) return true;
  double near = std::round(value);
  // The relative error that counts as none, as in go-openapi's swag.
  constexpr double epsilon = 1e-9;
  return value > 0 && std::fabs(value - whole) / (value + whole) < epsilon && near == whole;
}

bool is_int64(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
  return value.is_number_integer();
}

void check_number(const Checks& checks, const Json& value,
                  const std::function<void(const Json&, const std::string&, const std::string&)>& report) {
  if (checks.multiple_of) {
    double factor = checks.multiple_of->value;
    std::string text = is_int64(value) ? std::to_string(truncated(factor)) : go_text::number(factor);
    if (is_int64(value) ? truncated(factor) <= 0 : factor <= 0) {
      // An integer meets the factor's integer part, and 0.25 has none.
      report(Json(truncated(factor)), "factor MultipleOf declared for ", " must be positive: " + text);
    } else if (!is_multiple(value, factor)) {
      report(value, "", " in body should be a multiple of " + text);
    }
  }
  if (checks.minimum) {
    Comparison against = compared(value, checks.minimum->value);
    bool exclusive = checks.minimum->exclusive;
    if (against.order < 0 || (exclusive && against.order == 0)) {
      report(value, "",
             (exclusive ? " in body should be greater than " : " in body should be greater than or equal to ") +
                 against.bound);
    }
  }
  if (checks.maximum) {
    Comparison against = compared(value, checks.maximum->value);
    bool exclusive = checks.maximum->exclusive;
    if (against.order > 0 || (exclusive && against.order == 0)) {
      report(
          value, "",
          (exclusive ? " in body should be less than " : " in body should be less than or equal to ") + against.bound);
    }
  }
}

}  // namespace ork::embedded
