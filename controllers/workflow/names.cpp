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

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= max_name && in_label(text.front()) && in_label(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return in_label(c) || c == '-'; });
}

// Takes "v", a number, and what Kubernetes has for what is not yet stable.
bool is_version(std::string_view text) {
  const auto take_number = [&] {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(digits);
    return digits > 0;
  };
  if (!text.starts_with('v')) return false;
  text.remove_prefix(1);
  if (!take_number()) return false;
  for (const std::string_view word : {"alpha", "beta"}) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    if (!take_number()) return false;
    break;
  }
  return text.empty();
}

}  // namespace

bool is_task_name(std::string_view name) { return is_label(name); }

bool is_object_name(std::string_view name) {
  if (name.size() > max_object_name) return false;
  while (true) {
    const std::size_t point = name.find('.');
    if (!is_label(name.substr(0, point))) return false;
    if (point == std::string_view::npos) return true;
    name.remove_prefix(point + 1);
  }
}

bool is_api_version(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return is_version(text);
  return is_object_name(text.substr(0, slash)) && is_version(text.substr(slash + 1));
}

bool is_kind(std::string_view text) {
  return !text.empty() && text.size() <= max_name && is_upper(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_upper(c) || is_digit(c); });
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
