#include "controllers/expr/type.hpp"

#include <array>

namespace ork::expr {
namespace {

// In the order of Type::Is.
constexpr std::array<std::string_view, 15> names{"dyn",       "null",     "bool",  "int",      "uint",
                                                 "double",    "string",   "bytes", "list",     "map",
                                                 "timestamp", "duration", "type",  "optional", ""};

// Reads "name(type, type)" from the front of `text`.
std::optional<Type> take_type(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("(), "), text.size());
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  Type out;
  if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') {
    out.is = Type::Is::Parameter;
    out.name = name;
    return out;
  }
  std::size_t is = 0;
  while (is < names.size() && names[is] != name) ++is;
  if (name.empty() || is == names.size()) return std::nullopt;
  out.is = static_cast<Type::Is>(is);
  if (!text.starts_with('(')) return out;
  do {
    text.remove_prefix(1);
    while (text.starts_with(' ')) text.remove_prefix(1);
    auto part = take_type(text);
    if (!part) return std::nullopt;
    out.of.push_back(std::move(*part));
  } while (text.starts_with(','));
  if (!text.starts_with(')')) return std::nullopt;
  text.remove_prefix(1);
  return out;
}

}  // namespace

Type type_of_kind(Type::Is is) {
  Type out;
  out.is = is;
  return out;
}

Type list_of(Type item) {
  Type out = type_of_kind(Type::Is::List);
  out.of.push_back(std::move(item));
  return out;
}

Type map_of(Type key, Type value) {
  Type out = type_of_kind(Type::Is::Map);
  out.of.push_back(std::move(key));
  out.of.push_back(std::move(value));
  return out;
}

Type optional_of(Type held) {
  Type out = type_of_kind(Type::Is::Optional);
  out.of.push_back(std::move(held));
  return out;
}

std::string text_of(const Type& type) {
  if (type.is == Type::Is::Parameter) return type.name;
  std::string out(names[static_cast<std::size_t>(type.is)]);
  if (type.of.empty()) return out;
  out += "(";
  for (std::size_t i = 0; i < type.of.size(); ++i) out += (i > 0 ? ", " : "") + text_of(type.of[i]);
  return out + ")";
}

std::optional<Type> parse_type(std::string_view text) {
  auto out = take_type(text);
  if (!text.empty()) return std::nullopt;
  return out;
}

bool admits(const Type& type, Kind kind) {
  if (type.is == Type::Is::Any || type.is == Type::Is::Parameter) return true;
  return static_cast<int>(type.is) == static_cast<int>(kind) + 1;
}

}  // namespace ork::expr
