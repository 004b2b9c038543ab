#include "controllers/expr/evaluator.hpp"

namespace ork::expr {

// Calls `function` while the names that the macro gives stand for this element.
template <typename Function>
auto Evaluator::with_element(const Fold& n, const std::pair<Value, Value>& element, Function function) {
  const std::size_t before = locals_.size();
  if (n.second.empty()) {
    locals_.emplace_back(n.first, element.second);
  } else {
    locals_.emplace_back(n.first, element.first);
    locals_.emplace_back(n.second, element.second);
  }
  auto out = function();
  locals_.resize(before);
  return out;
}

// What a macro goes through. With two names: index and item, or key and value; with one: the item, or the key.
Result<Elements, EvalError> Evaluator::elements_of(const Fold& n, const Value& range) {
  Elements out;
  if (const auto* list = range.get_if<ListPtr>()) {
    const std::size_t size = (*list)->size();
    if (!work_.spend(size)) return costly(*n.range);
    out.reserve(size);
    for (std::size_t i = 0; i < size; ++i) out.emplace_back(of_int(static_cast<std::int64_t>(i)), (*list)->at(i));
    return out;
  }
  const auto* map = range.get_if<MapPtr>();
  if (map == nullptr) {
    return failed(EvalErrc::WrongType,
                  std::string(name_of(n.macro)) + " goes through a list or a map, and " + quoted(*n.range) + " is " +
                      std::string(kind_in_words(range)),
                  *n.range);
  }
  if (!work_.spend((*map)->size())) return costly(*n.range);
  for (std::size_t i = 0; i < (*map)->size(); ++i) {
    Value key = (*map)->key_at(i);
    Value second = n.second.empty() ? key : *(*map)->find(key);
    out.emplace_back(std::move(key), std::move(second));
  }
  return out;
}

Result<bool, EvalError> Evaluator::holds(const Node& condition) {
  Answer answer = of(condition);
  if (!answer) return Err(std::move(answer).error());
  if (const auto* yes = answer->get_if<bool>()) return *yes;
  return failed(EvalErrc::WrongType,
                quoted(condition) + " is " + std::string(kind_in_words(*answer)) + ", and a condition is a bool",
                condition);
}

// As && and || have it: one element that decides makes good what has failed beside it.
Evaluator::Answer Evaluator::all_or_any(const Fold& n, const Elements& elements) {
  const bool all = n.macro == Macro::All;
  std::optional<EvalError> error;
  for (const auto& element : elements) {
    auto yes = with_element(n, element, [&] { return holds(*n.condition); });
    if (yes && *yes != all) return of_bool(!all);
    if (!yes && !error) error = std::move(yes).error();
  }
  if (error) return Err(std::move(*error));
  return of_bool(all);
}

Evaluator::Answer Evaluator::exactly_one(const Fold& n, const Elements& elements) {
  std::size_t count = 0;
  for (const auto& element : elements) {
    auto yes = with_element(n, element, [&] { return holds(*n.condition); });
    if (!yes) return Err(std::move(yes).error());
    count += *yes ? 1 : 0;
  }
  return of_bool(count == 1);
}

Evaluator::Answer Evaluator::into_list(const Fold& n, const Elements& elements) {
  std::vector<Value> out;
  for (const auto& element : elements) {
    auto next = with_element(n, element, [&]() -> Result<std::optional<Value>, EvalError> {
      if (n.condition) {
        auto yes = holds(*n.condition);
        if (!yes) return Err(std::move(yes).error());
        if (!*yes) return std::optional<Value>();
      }
      if (!n.result) return std::optional(element.second);
      Answer result = of(*n.result);
      if (!result) return Err(std::move(result).error());
      return std::optional(std::move(*result));
    });
    if (!next) return Err(std::move(next).error());
    if (!*next) continue;
    if (!work_.make(1)) return costly(*n.range);
    out.push_back(std::move(**next));
  }
  return of_list(std::move(out));
}

// transformMap keeps the keys; transformMapEntry has maps as results, whose entries it takes.
Evaluator::Answer Evaluator::into_map(const Fold& n, const Elements& elements) {
  Elements entries;
  std::set<Value, KeyLess> keys;
  for (const auto& element : elements) {
    auto added = with_element(n, element, [&]() -> std::optional<EvalError> {
      if (n.condition) {
        auto yes = holds(*n.condition);
        if (!yes) return std::move(yes).error();
        if (!*yes) return std::nullopt;
      }
      Answer result = of(*n.result);
      if (!result) return std::move(result).error();
      if (n.macro == Macro::TransformMap) return add_entry(element.first, std::move(*result), *n.result, entries, keys);
      const auto* map = result->get_if<MapPtr>();
      if (map == nullptr)
        return failed(EvalErrc::WrongType, "transformMapEntry takes a map for each element", *n.result).error;
      for (std::size_t i = 0; i < (*map)->size(); ++i) {
        const Value key = (*map)->key_at(i);
        if (auto error = add_entry(key, *(*map)->find(key), *n.result, entries, keys)) return error;
      }
      return std::nullopt;
    });
    if (added) return Err(std::move(*added));
  }
  return of_map(std::move(entries));
}

Evaluator::Answer Evaluator::sorted(const Fold& n, const Elements& elements, const Node& node) {
  std::vector<Value> values;
  std::vector<Value> keys;
  for (const auto& element : elements) {
    Answer key = with_element(n, element, [&] { return of(*n.result); });
    if (!key) return key;
    values.push_back(element.second);
    keys.push_back(std::move(*key));
  }
  if (!work_.make(values.size())) return costly(*n.range);
  return with_place(sorted_by(std::move(values), keys, work_), node);
}

Evaluator::Answer Evaluator::into_optional(const Fold& n, const Value& range) {
  const auto* optional = range.get_if<Optional>();
  const std::string name(name_of(n.macro));
  if (optional == nullptr)
    return failed(EvalErrc::WrongType, name + " is asked of an optional, not of " + std::string(kind_in_words(range)),
                  *n.range);
  if (!optional->value) return no_optional();
  Answer result = with_element(n, {Value(), *optional->value}, [&] { return of(*n.result); });
  if (!result) return result;
  if (n.macro == Macro::OptMap) return of_optional(std::move(*result));
  if (!result->is(Kind::Optional))
    return failed(EvalErrc::WrongType,
                  name + " takes an optional as result, not " + std::string(kind_in_words(*result)), *n.result);
  return result;
}

Evaluator::Answer Evaluator::visit(const Fold& n, const Node& node) {
  Answer range = of(*n.range);
  if (!range) return range;
  if (n.macro == Macro::OptMap || n.macro == Macro::OptFlatMap) return into_optional(n, *range);
  auto elements = elements_of(n, *range);
  if (!elements) return Err(std::move(elements).error());
  switch (n.macro) {
    case Macro::All:
    case Macro::Exists: return all_or_any(n, *elements);
    case Macro::ExistsOne: return exactly_one(n, *elements);
    case Macro::SortBy: return sorted(n, *elements, node);
    case Macro::TransformMap:
    case Macro::TransformMapEntry: return into_map(n, *elements);
    default: return into_list(n, *elements);
  }
}

}  // namespace ork::expr
