#include "operator/embedded/node/quantity.hpp"

#include <charconv>
#include <cmath>
#include <string>

namespace ork::embedded {
namespace {

std::optional<long double> scale_of(std::string_view suffix) {
  struct Suffix {
    std::string_view text;
    long double scale;
  };
  static constexpr Suffix suffixes[] = {{"", 1},         {"n", 1e-9L},    {"u", 1e-6L},    {"m", 1e-3L},
                                        {"k", 1e3L},     {"M", 1e6L},     {"G", 1e9L},     {"T", 1e12L},
                                        {"P", 1e15L},    {"E", 1e18L},    {"Ki", 0x1p10L}, {"Mi", 0x1p20L},
                                        {"Gi", 0x1p30L}, {"Ti", 0x1p40L}, {"Pi", 0x1p50L}, {"Ei", 0x1p60L}};
  for (const Suffix& known : suffixes) {
    if (known.text == suffix) return known.scale;
  }
  // A decimal exponent: e3, E-2.
  if (suffix.size() < 2 || (suffix[0] != 'e' && suffix[0] != 'E')) return std::nullopt;
  suffix.remove_prefix(suffix[1] == '+' ? 2 : 1);
  int exponent = 0;
  const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), exponent);
  if (error != std::errc() || end != suffix.data() + suffix.size() || std::abs(exponent) > 60) return std::nullopt;
  return std::pow(10.0L, exponent);
}

std::optional<std::int64_t> parse_scaled(std::string_view text, long double unit) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string number(text.substr(0, digits));
  if (number.find_first_of("0123456789") == std::string::npos || number.size() > 40) return std::nullopt;
  if (number.find('.') != number.rfind('.')) return std::nullopt;
  const auto scale = scale_of(text.substr(digits));
  if (!scale) return std::nullopt;
  // A little less than exact: 0.1 has no exact binary form, and must not be rounded up to the next.
  const long double value = std::ceil(std::stold(number) * *scale * unit - 1e-6L);
  if (value >= 0x1p63L) return INT64_MAX;
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::optional<std::int64_t> parse_milli_quantity(std::string_view text) { return parse_scaled(text, 1e3L); }
std::optional<std::int64_t> parse_quantity(std::string_view text) { return parse_scaled(text, 1); }

}  // namespace ork::embedded
