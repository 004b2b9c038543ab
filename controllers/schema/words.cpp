#include "controllers/schema/words.hpp"

#include <algorithm>
#include <cstdlib>

#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/schema/limits.hpp"

namespace ork::schema {
namespace {

using Json = nlohmann::json;

bool is_number_text(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return !text.empty() && end == text.c_str() + text.size();
}

// "echo hello" as [echo, hello]; a text of many words was hardly meant as a list of them.
std::string as_list(const std::string& text) {
  constexpr std::size_t most = 40;
  if (text.empty() || text.size() > most || text.find_first_of("\"'[]{}:#&*\n") != std::string::npos) return "[a, b]";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = text.find_first_not_of(" ,", i);
    if (begin == std::string::npos) break;
    i = std::min(text.find_first_of(" ,", begin), text.size());
    out += (out.empty() ? "" : ", ") + text.substr(begin, i - begin);
  }
  return "[" + out + "]";
}

std::string list_of(const Json& value, std::string_view field) {
  if (value.is_string()) return ": write it as " + as_list(value.get_ref<const std::string&>());
  if (field == "env") return ": write it as [{name: LEVEL, value: debug}]";
  return value.is_object() ? ": begin each entry with \"- \"" : ": put it in brackets";
}

}  // namespace

std::string show_value(const Json& value) {
  if (value.is_string()) return expr::in_quotes(value.get_ref<const std::string&>());
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return expr::printable(value.dump());
}

std::string how_to_write(const Json& value, std::string_view expected, std::string_view field) {
  if (expected.find("duration") != std::string_view::npos && value.is_number()) {
    return ": write it as " + expr::printable(value.dump()) + "s";
  }
  const bool text_wanted = expected == "a string" || expected == "an expression in a text";
  if (text_wanted && value.is_primitive() && !value.is_null()) return ": put it in quotes";
  if (expected == "a list") return list_of(value, field);
  if (expected == "an object" && field == "retry" && value.is_number()) {
    return ": write it as {limit: " + expr::printable(value.dump()) + "}";
  }
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  const bool number = (expected == "an integer" || expected == "a number") && is_number_text(text);
  const bool boolean = (expected == "a boolean" || expected == "true or false") && (text == "true" || text == "false");
  return number || boolean ? ": remove the quotes" : "";
}

std::string type_mismatch(const Json& value, std::string_view type) {
  const bool vowel = type == "integer" || type == "array" || type == "object";
  const std::string expected = (vowel ? "an " : "a ") + std::string(type);
  return "is " + show_value(value) + ", but must be " + expected + how_to_write(value, expected);
}

std::string instead(std::string_view name, std::span<const std::string_view> names) {
  const std::string_view nearest = dag::nearest(name, names);
  if (!nearest.empty()) return "; did you mean " + expr::in_quotes(nearest) + "?";
  std::string listed;
  for (std::size_t i = 0; i < std::min(names.size(), max_listed); ++i) {
    listed += (i > 0 ? ", " : "; there is: ") + expr::printable(names[i]);
  }
  if (names.size() > max_listed) listed += " and " + std::to_string(names.size() - max_listed) + " more";
  return listed;
}

}  // namespace ork::schema
