#include "controllers/expr/operators.hpp"

#include <cmath>
#include <limits>

#include "controllers/expr/compare.hpp"
#include "controllers/expr/moment.hpp"

namespace ork::expr {
namespace {

Err<Failure> overflow(std::string_view type) {
  return fail(EvalErrc::Overflow, "the result does not fit into " + std::string(type));
}

Err<Failure> no_operation(BinaryOperator op, const Value& left, const Value& right) {
  std::string message = "there is no " + std::string(kind_in_words(left)) + " " + std::string(sign_of(op)) + " " +
                        std::string(kind_in_words(right));
  // "an int + a double" is the commonest of them.
  if (is_number(left) && is_number(right) && left.kind() != right.kind())
    message += ": convert one of them, as in double(x)";
  return fail(EvalErrc::WrongType, std::move(message));
}

template <typename T>
Outcome calculate(BinaryOperator op, T a, T b, std::string_view type) {
  T out{};
  bool over = false;
  switch (op) {
    case BinaryOperator::Add: over = __builtin_add_overflow(a, b, &out); break;
    case BinaryOperator::Subtract: over = __builtin_sub_overflow(a, b, &out); break;
    case BinaryOperator::Multiply: over = __builtin_mul_overflow(a, b, &out); break;
    default: {
      if (b == 0)
        return fail(EvalErrc::DivideByZero, op == BinaryOperator::Divide ? "division by zero" : "modulus by zero");
      if constexpr (std::is_signed_v<T>) {
        over = a == std::numeric_limits<T>::min() && b == -1;
      }
      if (!over) out = op == BinaryOperator::Divide ? a / b : a % b;
    }
  }
  if (over) return overflow(type);
  return Value::of(out);
}

Outcome calculate_doubles(BinaryOperator op, const Value& left, const Value& right) {
  const double a = left.as<double>();
  const double b = right.as<double>();
  switch (op) {
    case BinaryOperator::Add: return of_double(a + b);
    case BinaryOperator::Subtract: return of_double(a - b);
    case BinaryOperator::Multiply: return of_double(a * b);
    case BinaryOperator::Divide: return of_double(a / b);
    default: return no_operation(op, left, right);
  }
}

Outcome joined(const List& a, const List& b, Work& work) {
  if (!work.spend(a.size() + b.size()) || !work.make(a.size() + b.size())) return too_costly();
  std::vector<Value> out;
  out.reserve(a.size() + b.size());
  for (std::size_t i = 0; i < a.size(); ++i) out.push_back(a.at(i));
  for (std::size_t i = 0; i < b.size(); ++i) out.push_back(b.at(i));
  return of_list(std::move(out));
}

Outcome add_same_kind(const Value& left, const Value& right, Work& work) {
  switch (left.kind()) {
    case Kind::String: {
      const auto& a = left.as<std::string>();
      const auto& b = right.as<std::string>();
      if (!work.make(a.size() + b.size())) return too_costly();
      return of_string(a + b);
    }
    case Kind::Bytes: {
      const auto& a = left.as<Bytes>().octets;
      const auto& b = right.as<Bytes>().octets;
      if (!work.make(a.size() + b.size())) return too_costly();
      return Value::of(Bytes{a + b});
    }
    case Kind::List: return joined(*left.as<ListPtr>(), *right.as<ListPtr>(), work);
    default: return no_operation(BinaryOperator::Add, left, right);
  }
}

template <typename T>
Outcome in_range(const std::optional<T>& moment) {
  if (!moment)
    return overflow(std::is_same_v<T, Timestamp> ? "a timestamp: years 1 to 9999" : "a duration: 292 years at most");
  return Value::of(*moment);
}

// nullopt: these are no times.
std::optional<Outcome> with_times(BinaryOperator op, const Value& left, const Value& right) {
  const bool add = op == BinaryOperator::Add;
  if (!add && op != BinaryOperator::Subtract) return std::nullopt;
  const auto* a = left.get_if<Timestamp>();
  const auto* b = right.get_if<Timestamp>();
  const auto* x = left.get_if<Duration>();
  const auto* y = right.get_if<Duration>();
  if (a && y) return in_range(add ? plus(*a, *y) : minus(*a, *y));
  if (x && b && add) return in_range(plus(*b, *x));
  if (a && b && !add) return in_range(minus(*a, *b));
  if (x && y) return in_range(add ? plus(*x, *y) : minus(*x, *y));
  return std::nullopt;
}

Outcome arithmetic(BinaryOperator op, const Value& left, const Value& right, Work& work) {
  if (auto time = with_times(op, left, right)) return std::move(*time);
  if (left.kind() != right.kind()) return no_operation(op, left, right);
  switch (left.kind()) {
    case Kind::Int: return calculate(op, left.as<std::int64_t>(), right.as<std::int64_t>(), "an int");
    case Kind::Uint: return calculate(op, left.as<std::uint64_t>(), right.as<std::uint64_t>(), "a uint");
    case Kind::Double: return calculate_doubles(op, left, right);
    default: return op == BinaryOperator::Add ? add_same_kind(left, right, work) : no_operation(op, left, right);
  }
}

Outcome ordered(BinaryOperator op, const Value& left, const Value& right) {
  const auto order = compare(left, right);
  if (!order) return no_operation(op, left, right);
  switch (op) {
    case BinaryOperator::Less: return of_bool(*order < 0);
    case BinaryOperator::LessEqual: return of_bool(*order <= 0);
    case BinaryOperator::Greater: return of_bool(*order > 0);
    default: return of_bool(*order >= 0);
  }
}

// How much there is to look through, one level deep; what is below is bounded by what may be made.
std::size_t extent(const Value& value) {
  if (const auto* list = value.get_if<ListPtr>()) return (*list)->size();
  if (const auto* map = value.get_if<MapPtr>()) return (*map)->size();
  if (const auto* text = value.get_if<std::string>()) return text->size() / 64;
  return 1;
}

Outcome contained(const Value& item, const Value& container, Work& work) {
  if (const auto* map = container.get_if<MapPtr>()) return of_bool((*map)->find(item).has_value());
  const auto* list = container.get_if<ListPtr>();
  if (list == nullptr) return no_operation(BinaryOperator::In, item, container);
  for (std::size_t i = 0; i < (*list)->size(); ++i) {
    const Value other = (*list)->at(i);
    if (!work.spend(1 + std::min(extent(item), extent(other)))) return too_costly();
    if (equal(item, other)) return of_bool(true);
  }
  return of_bool(false);
}

// The place in a list that a number names, whatever its type; nullopt: it names none.
std::optional<std::int64_t> place_of(const Value& index) {
  if (const auto* i = index.get_if<std::int64_t>()) return *i;
  if (!is_number(index)) return std::nullopt;
  if (const auto* d = index.get_if<double>(); d != nullptr && (std::fabs(*d) > 1e15 || std::trunc(*d) != *d))
    return std::nullopt;
  if (const auto* d = index.get_if<double>()) return static_cast<std::int64_t>(*d);
  const auto u = index.as<std::uint64_t>();
  return u > std::uint64_t{1} << 62 ? std::int64_t{1} << 62 : static_cast<std::int64_t>(u);
}

}  // namespace

Outcome apply(BinaryOperator op, const Value& left, const Value& right, Work& work) {
  switch (op) {
    case BinaryOperator::Equal:
    case BinaryOperator::NotEqual:
      if (!work.spend(std::min(extent(left), extent(right)))) return too_costly();
      return of_bool(equal(left, right) == (op == BinaryOperator::Equal));
    case BinaryOperator::In: return contained(left, right, work);
    case BinaryOperator::Less:
    case BinaryOperator::LessEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterEqual: return ordered(op, left, right);
    default: return arithmetic(op, left, right, work);
  }
}

Outcome apply(UnaryOperator op, const Value& operand) {
  if (op == UnaryOperator::Not) {
    if (const auto* yes = operand.get_if<bool>()) return of_bool(!*yes);
    return fail(EvalErrc::WrongType, "! takes a bool, not " + std::string(kind_in_words(operand)));
  }
  if (const auto* number = operand.get_if<double>()) return of_double(-*number);
  const auto* number = operand.get_if<std::int64_t>();
  if (number == nullptr)
    return fail(EvalErrc::WrongType, "- takes an int or a double, not " + std::string(kind_in_words(operand)));
  if (*number == std::numeric_limits<std::int64_t>::min()) return overflow("an int");
  return of_int(-*number);
}

Element element_of(const Value& container, const Value& index) {
  if (const auto* map = container.get_if<MapPtr>()) {
    auto value = (*map)->find(index);
    const bool missing = !value;
    return {std::move(value), missing && (is_key(index) || index.is(Kind::Double))};
  }
  const auto* list = container.get_if<ListPtr>();
  if (list == nullptr) return {};
  const auto place = place_of(index);
  if (!place) return {};
  if (*place < 0 || static_cast<std::size_t>(*place) >= (*list)->size()) return {std::nullopt, true};
  return {(*list)->at(static_cast<std::size_t>(*place)), false};
}

}  // namespace ork::expr
