// Functions of lists and maps, with those of CEL's lists and sets extensions.

#include <algorithm>

#include "controllers/expr/compare.hpp"
#include "controllers/expr/functions.hpp"

namespace ork::expr {
namespace {

const List& list_of_value(const Value& value) { return *value.as<ListPtr>(); }

std::optional<std::vector<Value>> items_of(const Value& value, Work& work) {
  const List& list = list_of_value(value);
  if (!work.spend(list.size()) || !work.make(list.size())) return std::nullopt;
  std::vector<Value> out;
  out.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.at(i));
  return out;
}

Outcome size_of_list(Arguments a, Work&) { return of_int(static_cast<std::int64_t>(list_of_value(a[0]).size())); }
Outcome size_of_map(Arguments a, Work&) { return of_int(static_cast<std::int64_t>(a[0].as<MapPtr>()->size())); }

Outcome slice(Arguments a, Work& work) {
  const List& list = list_of_value(a[0]);
  const auto begin = a[1].as<std::int64_t>();
  const auto end = a[2].as<std::int64_t>();
  const auto size = static_cast<std::int64_t>(list.size());
  if (begin < 0 || end < begin || end > size) {
    return fail(EvalErrc::OutOfRange, "a list of " + std::to_string(size) + " has no part from " +
                                          std::to_string(begin) + " to " + std::to_string(end));
  }
  if (!work.spend(static_cast<std::size_t>(end - begin)) || !work.make(static_cast<std::size_t>(end - begin)))
    return too_costly();
  std::vector<Value> out;
  for (std::int64_t i = begin; i < end; ++i) out.push_back(list.at(static_cast<std::size_t>(i)));
  return of_list(std::move(out));
}

// Lists within lists, `depth` levels of them, as one. False: too much work.
bool flatten_into(const List& list, std::int64_t depth, std::vector<Value>& out, Work& work) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!work.spend(1) || !work.make(1)) return false;
    Value item = list.at(i);
    if (depth > 0 && item.is(Kind::List)) {
      if (!flatten_into(list_of_value(item), depth - 1, out, work)) return false;
    } else {
      out.push_back(std::move(item));
    }
  }
  return true;
}

Outcome flatten(Arguments a, Work& work) {
  const std::int64_t depth = a.size() > 1 ? a[1].as<std::int64_t>() : 1;
  if (depth < 0) return fail(EvalErrc::BadValue, "flatten takes a number of levels, which can't be negative");
  std::vector<Value> out;
  if (!flatten_into(list_of_value(a[0]), depth, out, work)) return too_costly();
  return of_list(std::move(out));
}

Outcome reverse(Arguments a, Work& work) {
  auto items = items_of(a[0], work);
  if (!items) return too_costly();
  std::reverse(items->begin(), items->end());
  return of_list(std::move(*items));
}

Outcome distinct(Arguments a, Work& work) {
  auto items = items_of(a[0], work);
  if (!items) return too_costly();
  std::vector<Value> out;
  for (Value& item : *items) {
    if (!work.spend(out.size() + 1)) return too_costly();
    const bool known = std::any_of(out.begin(), out.end(), [&](const Value& other) { return equal(item, other); });
    if (!known) out.push_back(std::move(item));
  }
  return of_list(std::move(out));
}

Outcome sort(Arguments a, Work& work) {
  auto items = items_of(a[0], work);
  if (!items) return too_costly();
  const std::vector<Value> keys = *items;
  return sorted_by(std::move(*items), keys, work);
}

Outcome range(Arguments a, Work& work) {
  const auto count = a[0].as<std::int64_t>();
  if (count < 0) return fail(EvalErrc::BadValue, "a range has a length that is not negative");
  if (!work.spend(static_cast<std::size_t>(count)) || !work.make(static_cast<std::size_t>(count))) return too_costly();
  std::vector<Value> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back(of_int(i));
  return of_list(std::move(out));
}

Outcome first(Arguments a, Work&) {
  const List& list = list_of_value(a[0]);
  return list.size() == 0 ? no_optional() : of_optional(list.at(0));
}

Outcome last(Arguments a, Work&) {
  const List& list = list_of_value(a[0]);
  return list.size() == 0 ? no_optional() : of_optional(list.at(list.size() - 1));
}

bool holds(const std::vector<Value>& items, const Value& wanted) {
  return std::any_of(items.begin(), items.end(), [&](const Value& item) { return equal(item, wanted); });
}

bool holds_all(const std::vector<Value>& items, const std::vector<Value>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const Value& item) { return holds(items, item); });
}

enum class SetQuestion { Contains, Equivalent, Intersects };

template <SetQuestion question>
Outcome compare_sets(Arguments a, Work& work) {
  const auto x = items_of(a[0], work);
  const auto y = items_of(a[1], work);
  if (!x || !y || !work.spend(x->size() * y->size())) return too_costly();
  if constexpr (question == SetQuestion::Contains) return of_bool(holds_all(*x, *y));
  if constexpr (question == SetQuestion::Equivalent) return of_bool(holds_all(*x, *y) && holds_all(*y, *x));
  return of_bool(std::any_of(y->begin(), y->end(), [&](const Value& item) { return holds(*x, item); }));
}

}  // namespace

Outcome sorted_by(std::vector<Value> values, const std::vector<Value>& keys, Work& work) {
  if (!work.spend(keys.size() * 16)) return too_costly();
  std::vector<std::size_t> order(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    order[i] = i;
    // NaN has no place among numbers.
    const bool fits =
        keys[i].kind() == keys[0].kind() && compare(keys[i], keys[i]) == std::partial_ordering::equivalent;
    if (!fits) return fail(EvalErrc::WrongType, "only values of one kind that have an order can be sorted");
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return *compare(keys[x], keys[y]) == std::partial_ordering::less;
  });
  std::vector<Value> out;
  for (const std::size_t i : order) out.push_back(std::move(values[i]));
  return of_list(std::move(out));
}

std::span<const Definition> list_functions() {
  static constexpr Definition definitions[] = {
      {"size(list(A)) -> int", size_of_list},
      {"list(A).size() -> int", size_of_list},
      {"size(map(A, B)) -> int", size_of_map},
      {"map(A, B).size() -> int", size_of_map},
      {"list(A).slice(int, int) -> list(A)", slice},
      {"list(A).flatten() -> list(dyn)", flatten},
      {"list(A).flatten(int) -> list(dyn)", flatten},
      {"list(A).reverse() -> list(A)", reverse},
      {"list(A).distinct() -> list(A)", distinct},
      {"list(A).sort() -> list(A)", sort},
      {"list(A).first() -> optional(A)", first},
      {"list(A).last() -> optional(A)", last},
      {"lists.range(int) -> list(int)", range},
      {"sets.contains(list(A), list(A)) -> bool", compare_sets<SetQuestion::Contains>},
      {"sets.equivalent(list(A), list(A)) -> bool", compare_sets<SetQuestion::Equivalent>},
      {"sets.intersects(list(A), list(A)) -> bool", compare_sets<SetQuestion::Intersects>},
  };
  return definitions;
}

}  // namespace ork::expr
