#include "controllers/schema/schema.hpp"

#include <algorithm>
#include <array>

#include "controllers/expr/quote.hpp"

namespace ork::schema {
namespace {

constexpr std::array<std::string_view, 7> type_names{"", "string", "integer", "number", "boolean", "array", "object"};

// Not those of <cctype>: they ask the locale.
bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

std::string_view to_string(Type type) { return type_names[static_cast<std::size_t>(type)]; }

std::string field(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), is_plain);
  return plain ? "." + std::string(name) : "[" + expr::in_quotes(name) + "]";
}

std::string item(std::size_t index) { return "[" + std::to_string(index) + "]"; }

}  // namespace ork::schema
