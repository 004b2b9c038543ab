#include <algorithm>

#include "controllers/expr/parser.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

// How many arguments a macro takes, and what they are: one name or two, then with or without a condition, then
// with or without a result.
struct Form {
  std::string_view name;
  std::size_t count;
  Macro macro;
  bool two_names;
  bool condition;
  bool result;
};

constexpr Form forms[] = {
    {"all", 2, Macro::All, false, true, false},
    {"all", 3, Macro::All, true, true, false},
    {"exists", 2, Macro::Exists, false, true, false},
    {"exists", 3, Macro::Exists, true, true, false},
    {"exists_one", 2, Macro::ExistsOne, false, true, false},
    {"exists_one", 3, Macro::ExistsOne, true, true, false},
    {"existsOne", 2, Macro::ExistsOne, false, true, false},
    {"existsOne", 3, Macro::ExistsOne, true, true, false},
    {"filter", 2, Macro::Filter, false, true, false},
    {"map", 2, Macro::Map, false, false, true},
    {"map", 3, Macro::Map, false, true, true},
    {"transformList", 3, Macro::TransformList, true, false, true},
    {"transformList", 4, Macro::TransformList, true, true, true},
    {"transformMap", 3, Macro::TransformMap, true, false, true},
    {"transformMap", 4, Macro::TransformMap, true, true, true},
    {"transformMapEntry", 3, Macro::TransformMapEntry, true, false, true},
    {"transformMapEntry", 4, Macro::TransformMapEntry, true, true, true},
    {"sortBy", 2, Macro::SortBy, false, false, true},
    {"optMap", 2, Macro::OptMap, false, false, true},
    {"optFlatMap", 2, Macro::OptFlatMap, false, false, true},
};

const Form* form_of(std::string_view name, std::size_t count) {
  const auto* found = std::find_if(std::begin(forms), std::end(forms),
                                   [&](const Form& form) { return form.name == name && form.count == count; });
  return found == std::end(forms) ? nullptr : found;
}

}  // namespace

bool Parser::is_macro(std::string_view name, std::size_t count) const { return form_of(name, count) != nullptr; }

std::optional<std::string> Parser::variable_of(const Node& node, std::string_view macro) {
  if (const auto* name = std::get_if<Identifier>(&node.as)) return name->name;
  fail(node.begin, std::string(macro) + " needs a name here, which it gives to each element");
  return std::nullopt;
}

NodePtr Parser::fold(NodePtr range, std::string_view name, Arguments arguments) {
  const Form& form = *form_of(name, arguments.nodes.size());
  Fold out;
  out.macro = form.macro;
  const std::size_t begin = range->begin;
  out.range = std::move(range);
  auto next = arguments.nodes.begin();
  auto first = variable_of(**next++, name);
  if (!first) return nullptr;
  out.first = std::move(*first);
  if (form.two_names) {
    const Node& node = **next++;
    auto second = variable_of(node, name);
    if (!second) return nullptr;
    if (*second == out.first)
      return fail(node.begin, in_quotes(*second) + " is the name of both the key and the value");
    out.second = std::move(*second);
  }
  if (form.condition) out.condition = std::move(*next++);
  if (form.result) out.result = std::move(*next++);
  return make(std::move(out), begin);
}

NodePtr Parser::bind(std::size_t begin, Arguments arguments) {
  if (arguments.nodes.size() != 3)
    return fail(begin, "cel.bind takes a name, its value, and an expression that uses it");
  auto name = variable_of(*arguments.nodes[0], "cel.bind");
  if (!name) return nullptr;
  return make(Bind{std::move(*name), std::move(arguments.nodes[1]), std::move(arguments.nodes[2])}, begin);
}

NodePtr Parser::has(std::size_t begin, Arguments arguments) {
  const bool one = arguments.nodes.size() == 1;
  auto* select = one ? std::get_if<Select>(&arguments.nodes[0]->as) : nullptr;
  if (select == nullptr || select->optional) return fail(begin, "has takes a field, as in has(params.day)");
  return make(Has{std::move(select->operand), std::move(select->field)}, begin);
}

}  // namespace ork::expr
