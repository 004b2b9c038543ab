#include "controllers/expr/type_rules.hpp"

namespace ork::expr {
namespace {

using Is = Type::Is;

bool is_time(const Type& type) { return type.is == Is::Timestamp || type.is == Is::Duration; }

bool has_order(const Type& type) {
  return is_numeric(type) || is_time(type) || type.is == Is::Bool || type.is == Is::String || type.is == Is::Bytes;
}

std::optional<Type> sum(BinaryOperator op, const Type& a, const Type& b) {
  const bool add = op == BinaryOperator::Add;
  if (a.is == Is::Timestamp && b.is == Is::Duration) return a;
  if (a.is == Is::Duration && b.is == Is::Timestamp && add) return b;
  if (a.is == Is::Timestamp && b.is == Is::Timestamp && !add) return type_of_kind(Is::Duration);
  if (a.is != b.is) return std::nullopt;
  if (is_numeric(a) || a.is == Is::Duration) return a;
  if (!add) return std::nullopt;
  if (a.is == Is::String || a.is == Is::Bytes) return a;
  if (a.is == Is::List) return joined(a, b);
  return std::nullopt;
}

std::optional<Type> product(BinaryOperator op, const Type& a, const Type& b) {
  if (a.is != b.is || !is_numeric(a)) return std::nullopt;
  if (op == BinaryOperator::Modulo && a.is == Is::Double) return std::nullopt;
  return a;
}

}  // namespace

bool is_any(const Type& type) { return type.is == Is::Any || type.is == Is::Parameter; }

bool is_numeric(const Type& type) { return type.is == Is::Int || type.is == Is::Uint || type.is == Is::Double; }

Type joined(const Type& a, const Type& b) {
  if (a.is != b.is) return {};
  Type out = type_of_kind(a.is);
  if (a.fields == b.fields) out.fields = a.fields;
  if (a.of.size() != b.of.size()) return out;
  for (std::size_t i = 0; i < a.of.size(); ++i) out.of.push_back(joined(a.of[i], b.of[i]));
  return out;
}

bool may_equal(const Type& a, const Type& b) {
  return is_any(a) || is_any(b) || a.is == b.is || (is_numeric(a) && is_numeric(b)) || a.is == Is::Null ||
         b.is == Is::Null;
}

bool accepts(const Type& wanted, const Type& given, Bindings& bindings) {
  if (wanted.is == Is::Any || is_any(given)) return true;
  if (wanted.is == Is::Parameter) {
    const auto [bound, first] = bindings.emplace(wanted.name, given);
    if (!first) bound->second = joined(bound->second, given);
    return true;
  }
  if (wanted.is != given.is) return false;
  for (std::size_t i = 0; i < wanted.of.size() && i < given.of.size(); ++i) {
    if (!accepts(wanted.of[i], given.of[i], bindings)) return false;
  }
  return true;
}

Type with_bindings(const Type& type, const Bindings& bindings) {
  if (type.is == Is::Parameter) {
    const auto bound = bindings.find(type.name);
    return bound == bindings.end() ? Type{} : bound->second;
  }
  Type out = type;
  for (Type& part : out.of) part = with_bindings(part, bindings);
  return out;
}

std::optional<Type> result_of(BinaryOperator op, const Type& left, const Type& right) {
  const Type yes_or_no = type_of_kind(Is::Bool);
  const bool unknown = is_any(left) || is_any(right);
  switch (op) {
    case BinaryOperator::Equal:
    case BinaryOperator::NotEqual: return may_equal(left, right) ? std::optional(yes_or_no) : std::nullopt;
    case BinaryOperator::In: {
      if (right.is == Is::Any || right.is == Is::Map) return yes_or_no;
      if (right.is != Is::List) return std::nullopt;
      return right.of.empty() || may_equal(left, right.of[0]) ? std::optional(yes_or_no) : std::nullopt;
    }
    case BinaryOperator::Less:
    case BinaryOperator::LessEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterEqual: {
      const bool same = left.is == right.is || (is_numeric(left) && is_numeric(right));
      const bool possible = (is_any(left) || has_order(left)) && (is_any(right) || has_order(right));
      return possible && (unknown || same) ? std::optional(yes_or_no) : std::nullopt;
    }
    case BinaryOperator::Add:
    case BinaryOperator::Subtract: return unknown ? Type{} : sum(op, left, right);
    default: return unknown ? Type{} : product(op, left, right);
  }
}

std::optional<Type> result_of(UnaryOperator op, const Type& operand) {
  if (op == UnaryOperator::Not)
    return is_any(operand) || operand.is == Is::Bool ? std::optional(type_of_kind(Is::Bool)) : std::nullopt;
  if (is_any(operand) || operand.is == Is::Int || operand.is == Is::Double) return operand;
  return std::nullopt;
}

}  // namespace ork::expr
