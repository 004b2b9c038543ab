#include "controllers/expr/compare.hpp"

#include <cmath>

namespace ork::expr {
namespace {

// As the specification has it: within the range of an int, the int is rounded to a double.
std::partial_ordering int_with_double(std::int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b > int_bound) return std::partial_ordering::less;
  if (b < -int_bound) return std::partial_ordering::greater;
  return static_cast<double>(a) <=> b;
}

std::partial_ordering uint_with_double(std::uint64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b > uint_bound) return std::partial_ordering::less;
  if (b < 0) return std::partial_ordering::greater;
  return static_cast<double>(a) <=> b;
}

std::partial_ordering int_with_uint(std::int64_t a, std::uint64_t b) {
  if (a < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

std::partial_ordering reversed(std::partial_ordering order) { return 0 <=> order; }

std::partial_ordering int_with(std::int64_t a, const Value& b) {
  if (const auto* i = b.get_if<std::int64_t>()) return a <=> *i;
  if (const auto* u = b.get_if<std::uint64_t>()) return int_with_uint(a, *u);
  return int_with_double(a, b.as<double>());
}

std::partial_ordering uint_with(std::uint64_t a, const Value& b) {
  if (const auto* i = b.get_if<std::int64_t>()) return reversed(int_with_uint(*i, a));
  if (const auto* u = b.get_if<std::uint64_t>()) return a <=> *u;
  return uint_with_double(a, b.as<double>());
}

std::partial_ordering double_with(double a, const Value& b) {
  if (const auto* i = b.get_if<std::int64_t>()) return reversed(int_with_double(*i, a));
  if (const auto* u = b.get_if<std::uint64_t>()) return reversed(uint_with_double(*u, a));
  return a <=> b.as<double>();
}

bool equal_lists(const List& a, const List& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal(a.at(i), b.at(i))) return false;
  }
  return true;
}

bool equal_maps(const Map& a, const Map& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Value key = a.key_at(i);
    const auto other = b.find(key);
    if (!other || !equal(*a.find(key), *other)) return false;
  }
  return true;
}

bool equal_optionals(const Optional& a, const Optional& b) {
  if (!a.value || !b.value) return !a.value && !b.value;
  return equal(*a.value, *b.value);
}

template <typename T>
std::partial_ordering order_of(const Value& a, const Value& b) {
  return a.as<T>() <=> b.as<T>();
}

}  // namespace

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  if (const auto* i = a.get_if<std::int64_t>()) return int_with(*i, b);
  if (const auto* u = a.get_if<std::uint64_t>()) return uint_with(*u, b);
  return double_with(a.as<double>(), b);
}

bool equal(const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return compare_numbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::Null: return true;
    case Kind::List: return equal_lists(*a.as<ListPtr>(), *b.as<ListPtr>());
    case Kind::Map: return equal_maps(*a.as<MapPtr>(), *b.as<MapPtr>());
    case Kind::Type: return a.as<TypeName>() == b.as<TypeName>();
    case Kind::Optional: return equal_optionals(a.as<Optional>(), b.as<Optional>());
    default: return compare(a, b) == std::partial_ordering::equivalent;
  }
}

std::optional<std::partial_ordering> compare(const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return compare_numbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::Bool: return order_of<bool>(a, b);
    case Kind::String: return order_of<std::string>(a, b);
    case Kind::Bytes: return order_of<Bytes>(a, b);
    case Kind::Timestamp: return order_of<Timestamp>(a, b);
    case Kind::Duration: return order_of<Duration>(a, b);
    default: return std::nullopt;
  }
}

bool KeyLess::operator()(const Value& a, const Value& b) const {
  if (const auto order = compare(a, b)) return *order == std::partial_ordering::less;
  const auto rank = [](const Value& key) { return is_number(key) ? Kind::Int : key.kind(); };
  return rank(a) < rank(b);
}

}  // namespace ork::expr
