#include "controllers/expr/functions.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace ork::expr {
namespace {

// "string.startsWith(string) -> bool", "math.least(dyn...) -> dyn". What stands before a point is a type, of a
// method, or a space. The table is ours, so that a mistake in it is a bug, which the tests would meet first.
Overload read_signature(const Definition& definition) {
  Overload out;
  out.signature = definition.signature;
  out.native = definition.native;
  const std::string_view text = definition.signature;
  const std::size_t arrow = text.rfind(" -> ");
  // The "(" of the arguments: not one of a type before the point.
  std::size_t open = text.find('(');
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos && open < point && point < arrow && text[point - 1] == ')')
    open = text.find('(', point);
  std::string_view name = text.substr(0, open);
  std::string_view given = text.substr(open + 1, arrow - open - 2);
  if (const std::size_t last = name.rfind('.'); last != std::string_view::npos) {
    auto target = parse_type(name.substr(0, last));
    if (target && !is_function_space(name.substr(0, last))) {
      out.method = true;
      out.takes.push_back(std::move(*target));
      name.remove_prefix(last + 1);
    }
  }
  out.name = name;
  if (given.ends_with("...")) {
    out.repeats = true;
    given.remove_suffix(3);
  }
  // A list type reads what stands between the brackets, however nested.
  if (!given.empty()) {
    auto list = parse_type("list(" + std::string(given) + ")");
    assert(list.has_value());
    for (Type& type : list->of) out.takes.push_back(std::move(type));
  }
  auto gives = parse_type(text.substr(arrow + 4));
  assert(gives.has_value());
  out.gives = std::move(*gives);
  return out;
}

std::vector<Overload> read_all() {
  std::vector<Overload> out;
  for (const auto part : {conversions(), text_functions(), text_extra_functions(), math_functions(), list_functions(),
                          time_functions(), optional_functions()}) {
    for (const Definition& definition : part) out.push_back(read_signature(definition));
  }
  std::stable_sort(out.begin(), out.end(), [](const Overload& a, const Overload& b) {
    return std::tie(a.name, a.method) < std::tie(b.name, b.method);
  });
  return out;
}

}  // namespace

const std::vector<Overload>& all_functions() {
  static const std::vector<Overload> all = read_all();
  return all;
}

std::span<const Overload> functions_named(std::string_view name, bool method) {
  const auto key = [](const Overload& o) { return std::pair<std::string_view, bool>(o.name, o.method); };
  return std::ranges::equal_range(all_functions(), std::pair(name, method), {}, key);
}

bool is_function_space(std::string_view name) {
  constexpr std::array<std::string_view, 6> spaces{"math", "strings", "lists", "sets", "optional", "base64"};
  return std::find(spaces.begin(), spaces.end(), name) != spaces.end();
}

std::string signatures_of(std::span<const Overload> overloads) {
  std::string out;
  for (const Overload& overload : overloads) {
    if (!out.empty()) out += ", ";
    out += overload.signature.substr(0, overload.signature.rfind(" -> "));
  }
  return out;
}

}  // namespace ork::expr
