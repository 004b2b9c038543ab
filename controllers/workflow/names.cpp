#include "controllers/workflow/names.hpp"

#include <algorithm>

#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

// Not those of <cctype>: they ask the locale.
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_label(char c) { return is_lower(c) || is_digit(c); }

}  // namespace

bool is_task_name(std::string_view name) {
  return !name.empty() && name.size() <= max_name && in_label(name.front()) && in_label(name.back()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return in_label(c) || c == '-'; });
}

bool is_identifier(std::string_view name) {
  return !name.empty() && name.size() <= max_name && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; });
}

std::string env_name_of_input(std::string_view name) {
  std::string out = "ORK_INPUT_";
  for (const char c : name) out += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

}  // namespace ork::workflow
