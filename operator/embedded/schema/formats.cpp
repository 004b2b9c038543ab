#include "operator/embedded/schema/formats.hpp"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "operator/embedded/schema/go_duration.hpp"

namespace ork::embedded {
namespace {

using re2::RE2;

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  int value = 0;
  for (std::size_t i = at; i < at + length; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

// The full-date of RFC 3339: a day that exists.
bool is_date(std::string_view text) {
  static const RE2 shape("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  if (!matches(text, shape)) return false;
  int year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool is_date_time(std::string_view text) {
  static const RE2 time(R"(([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?([zZ]|([+-][0-9]{2}:[0-9]{2})))");
  std::size_t split = text.find_first_of("tT");
  if (split == std::string_view::npos || !is_date(text.substr(0, split))) return false;
  std::string_view rest = text.substr(split + 1);
  rest = rest.substr(0, rest.find_first_of("tT"));
  return matches(rest, time) && number_at(rest, 0, 2) <= 23 && number_at(rest, 3, 2) <= 59 &&
         number_at(rest, 6, 2) <= 59;
}

// Go's time.ParseDuration, or any text with a number and a unit in it ("3 days").
bool is_duration(std::string_view text) {
  static const RE2 loose(
      R"((?i)[0-9]+\s*(ns|us|µs|ms|s|m|h|d|w|hr|wk|nano[a-zµ]*|micro[a-zµ]*|milli[a-zµ]*|sec[a-zµ]*|min[a-zµ]*|hour[a-zµ]*|day[a-zµ]*|week[a-zµ]*)([^a-zµ]|$))");
  return parse_go_duration(text) || RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), loose);
}

bool is_base64(std::string_view text) {
  static const RE2 shape("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})");
  return matches(text, shape);
}

bool is_ip(int family, std::string_view text) {
  std::array<unsigned char, 16> address{};
  return text.find('\0') == std::string_view::npos && inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

bool is_ipv4(std::string_view text) { return is_ip(AF_INET, text); }
bool is_ipv6(std::string_view text) { return is_ip(AF_INET6, text); }

bool is_uuid(std::string_view text) {
  static const RE2 shape("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
  return matches(text, shape);
}

bool is_short_name(std::string_view text) {
  static const RE2 shape("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  return text.size() <= 63 && matches(text, shape);
}

bool is_long_name(std::string_view text) {
  static const RE2 shape(R"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)");
  return text.size() <= 253 && matches(text, shape);
}

bool is_anything(std::string_view) { return true; }

constexpr std::array<std::pair<std::string_view, FormatCheck>, 10> checks = {{
    {"date", is_date},
    {"datetime", is_date_time},
    {"duration", is_duration},
    {"byte", is_base64},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"uuid", is_uuid},
    {"password", is_anything},
    {"k8sshortname", is_short_name},
    {"k8slongname", is_long_name},
}};

constexpr std::array<std::string_view, 16> unchecked = {
    "bsonobjectid", "uri",  "email",  "hostname", "cidr", "mac",      "uuid3",    "uuid4",
    "uuid5",        "isbn", "isbn10", "isbn13",   "ssn",  "hexcolor", "rgbcolor", "creditcard"};

// Kubernetes compares names of formats without their dashes.
std::string plain(std::string_view format) {
  std::string name(format);
  std::erase(name, '-');
  return name;
}

}  // namespace

FormatCheck format_check(std::string_view format) {
  if (format.empty()) return nullptr;
  std::string name = plain(format);
  auto found = std::find_if(checks.begin(), checks.end(), [&](const auto& check) { return check.first == name; });
  return found == checks.end() ? nullptr : found->second;
}

bool is_known_format(std::string_view format) {
  return std::find(unchecked.begin(), unchecked.end(), plain(format)) == unchecked.end();
}

}  // namespace ork::embedded
