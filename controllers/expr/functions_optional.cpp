#include "controllers/expr/functions.hpp"

namespace ork::expr {
namespace {

const std::shared_ptr<const Value>& held(const Value& value) { return value.as<Optional>().value; }

Outcome of(Arguments a, Work&) { return of_optional(a[0]); }
Outcome none(Arguments, Work&) { return no_optional(); }

// What a variable of this kind is without having been set.
bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::Null: return true;
    case Kind::Bool: return !value.as<bool>();
    case Kind::Int: return value.as<std::int64_t>() == 0;
    case Kind::Uint: return value.as<std::uint64_t>() == 0;
    case Kind::Double: return value.as<double>() == 0;
    case Kind::String: return value.as<std::string>().empty();
    case Kind::Bytes: return value.as<Bytes>().octets.empty();
    case Kind::List: return value.as<ListPtr>()->size() == 0;
    case Kind::Map: return value.as<MapPtr>()->size() == 0;
    case Kind::Duration: return value.as<Duration>() == Duration{};
    case Kind::Optional: return !held(value);
    default: return false;
  }
}

Outcome of_non_zero(Arguments a, Work&) { return is_zero(a[0]) ? no_optional() : of_optional(a[0]); }
Outcome has_value(Arguments a, Work&) { return of_bool(held(a[0]) != nullptr); }

Outcome value(Arguments a, Work&) {
  if (!held(a[0])) return fail(EvalErrc::BadValue, "the optional holds no value");
  return *held(a[0]);
}

Outcome or_other(Arguments a, Work&) { return held(a[0]) ? a[0] : a[1]; }
Outcome or_value(Arguments a, Work&) { return held(a[0]) ? *held(a[0]) : a[1]; }

// The values of those that hold one.
Outcome unwrap(Arguments a, Work& work) {
  const List& list = *a[0].as<ListPtr>();
  if (!work.spend(list.size()) || !work.make(list.size())) return too_costly();
  std::vector<Value> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value item = list.at(i);
    if (!item.is(Kind::Optional))
      return fail(EvalErrc::WrongType,
                  "item " + std::to_string(i) + " is " + std::string(kind_in_words(item)) + ", not an optional");
    if (held(item)) out.push_back(*held(item));
  }
  return of_list(std::move(out));
}

}  // namespace

std::span<const Definition> optional_functions() {
  static constexpr Definition definitions[] = {
      {"optional.of(A) -> optional(A)", of},
      {"optional.none() -> optional(A)", none},
      {"optional.ofNonZeroValue(A) -> optional(A)", of_non_zero},
      {"optional.unwrap(list(optional(A))) -> list(A)", unwrap},
      {"list(optional(A)).unwrapOpt() -> list(A)", unwrap},
      {"optional(A).hasValue() -> bool", has_value},
      {"optional(A).value() -> A", value},
      {"optional(A).or(optional(A)) -> optional(A)", or_other},
      {"optional(A).orValue(A) -> A", or_value},
  };
  return definitions;
}

}  // namespace ork::expr
