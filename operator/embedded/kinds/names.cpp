#include "operator/embedded/kinds/names.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <initializer_list>

namespace ork::embedded::names {
namespace {

using re2::RE2;

constexpr const char* label_format = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr const char* subdomain_format = R"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)";
constexpr const char* qualified_format = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

std::string too_long(std::size_t most) { return "must be no more than " + std::to_string(most) + " characters"; }

std::string unlike(std::string what, const std::string& format, std::initializer_list<const char*> examples) {
  what += " (";
  bool first = true;
  for (const char* example : examples) {
    what += std::string(first ? "e.g. '" : " or '") + example + "', ";
    first = false;
  }
  return what + "regex used for validation is '" + format + "')";
}

void append_path_names(Wrong& wrong, std::string_view text) {
  if (text == "." || text == "..") {
    wrong.push_back("must not be '" + std::string(text) + "'");
  } else if (text.starts_with("..")) {
    wrong.emplace_back("must not start with '..'");
  }
}

// What qualified_format says. By hand, for each label and annotation of each write is held to it.
bool is_qualified(std::string_view text) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && alphanumeric(text.front()) && alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

// What label_format and subdomain_format say, by hand for the same reason.
bool is_label(std::string_view text) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && alphanumeric(text.front()) && alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return alphanumeric(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// A prefix may end with a dash: a suffix follows.
std::string masked(std::string_view text) {
  std::string out(text);
  if (out.size() > 1 && out.back() == '-') {
    out.resize(out.size() - 2);
    out += 'a';
  }
  return out;
}

}  // namespace

Wrong dns_subdomain(std::string_view text) {
  Wrong wrong;
  if (text.size() > 253) wrong.push_back(too_long(253));
  if (!is_subdomain(text)) {
    wrong.push_back(
        unlike("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
               "'.', and must start and end with an alphanumeric character",
               subdomain_format, {"example.com"}));
  }
  return wrong;
}

Wrong dns_label(std::string_view text) {
  Wrong wrong;
  if (text.size() > 63) wrong.push_back(too_long(63));
  if (!is_label(text)) {
    wrong.push_back(is_subdomain(text)
                        ? "must not contain dots"
                        : unlike("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or "
                                 "'-', and must start and end with an alphanumeric character",
                                 label_format, {"my-name", "123-abc"}));
  }
  return wrong;
}

Wrong qualified_name(std::string_view text) {
  const auto shape = [] {
    return unlike(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        "character",
        qualified_format, {"MyName", "my.name", "123-abc"});
  };
  Wrong wrong;
  auto slashes = std::count(text.begin(), text.end(), '/');
  if (slashes > 1) {
    return {"a qualified name " + shape() +
            " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
  }
  if (slashes == 1) {
    std::string_view prefix = text.substr(0, text.find('/'));
    if (prefix.empty()) wrong.emplace_back("prefix part must be non-empty");
    if (!prefix.empty()) {
      for (const std::string& one : dns_subdomain(prefix)) wrong.push_back("prefix part " + one);
    }
    text.remove_prefix(prefix.size() + 1);
  }
  if (text.empty()) wrong.emplace_back("name part must be non-empty");
  if (text.size() > 63) wrong.push_back("name part " + too_long(63));
  if (!is_qualified(text)) wrong.push_back("name part " + shape());
  return wrong;
}

Wrong label_value(std::string_view text) {
  Wrong wrong;
  if (text.size() > 63) wrong.push_back(too_long(63));
  if (!text.empty() && !is_qualified(text)) {
    wrong.push_back(
        unlike("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
               "'.', and must start and end with an alphanumeric character",
               "(" + std::string(qualified_format) + ")?", {"MyValue", "my_value", "12345"}));
  }
  return wrong;
}

Wrong config_key(std::string_view text) {
  constexpr const char* format = "[-._a-zA-Z0-9]+";
  static const RE2 pattern(format);
  Wrong wrong;
  if (text.size() > 253) wrong.push_back(too_long(253));
  if (!matches(text, pattern)) {
    wrong.push_back(unlike("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", format,
                           {"key.name", "KEY_NAME", "key-name"}));
  }
  append_path_names(wrong, text);
  return wrong;
}

Wrong environment_name(std::string_view text) {
  if (text.empty()) return {"environment variable name must be non-empty"};
  bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '='; });
  if (printable) return {};
  return {"a valid environment variable name must consist only of printable ASCII characters other than '='"};
}

Wrong port_name(std::string_view text) {
  static const RE2 characters("[-a-z0-9]+");
  Wrong wrong;
  if (text.size() > 15) wrong.push_back(too_long(15));
  if (!matches(text, characters)) {
    wrong.emplace_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  bool letter = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letter) wrong.emplace_back("must contain at least one letter (a-z)");
  if (text.find("--") != std::string_view::npos) wrong.emplace_back("must not contain consecutive hyphens");
  if (text.starts_with('-') || text.ends_with('-')) wrong.emplace_back("must not begin or end with a hyphen");
  return wrong;
}

Wrong http_header(std::string_view text) {
  constexpr const char* format = "[-A-Za-z0-9]+";
  static const RE2 pattern(format);
  if (matches(text, pattern)) return {};
  return {unlike("a valid HTTP header must consist of alphanumeric characters or '-'", format, {"X-Header-Name"})};
}

Wrong path_segment(std::string_view text, bool prefix) {
  if (!prefix && (text == "." || text == "..")) return {"may not be '" + std::string(text) + "'"};
  Wrong wrong;
  for (const char* part : {"/", "%"}) {
    if (text.find(part) != std::string_view::npos) wrong.push_back("may not contain '" + std::string(part) + "'");
  }
  return wrong;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string between(long long least, long long most) {
  return "must be between " + std::to_string(least) + " and " + std::to_string(most) + ", inclusive";
}

Wrong subdomain_name(std::string_view text, bool prefix) {
  return prefix ? dns_subdomain(masked(text)) : dns_subdomain(text);
}

Wrong label_name(std::string_view text, bool prefix) { return prefix ? dns_label(masked(text)) : dns_label(text); }

}  // namespace ork::embedded::names
