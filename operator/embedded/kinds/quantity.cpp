#include "operator/embedded/kinds/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ork::embedded {
namespace {

constexpr Nanos unit = 1'000'000'000;

Nanos power_of_ten(int exponent) {
  Nanos value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

const Nanos most = power_of_ten(38);                      // 10^29 units
const Nanos most_binary = ((Nanos{1} << 63) - 1) * unit;  // an amount of bytes has 63 bits

struct Suffix {
  std::string_view name;
  int exponent;  // of 10, or of 2
  Quantity::Format format;
};

constexpr std::array<Suffix, 16> suffixes = {{
    {"", 0, Quantity::Format::DecimalSi},
    {"n", -9, Quantity::Format::DecimalSi},
    {"u", -6, Quantity::Format::DecimalSi},
    {"m", -3, Quantity::Format::DecimalSi},
    {"k", 3, Quantity::Format::DecimalSi},
    {"M", 6, Quantity::Format::DecimalSi},
    {"G", 9, Quantity::Format::DecimalSi},
    {"T", 12, Quantity::Format::DecimalSi},
    {"P", 15, Quantity::Format::DecimalSi},
    {"E", 18, Quantity::Format::DecimalSi},
    {"Ki", 10, Quantity::Format::BinarySi},
    {"Mi", 20, Quantity::Format::BinarySi},
    {"Gi", 30, Quantity::Format::BinarySi},
    {"Ti", 40, Quantity::Format::BinarySi},
    {"Pi", 50, Quantity::Format::BinarySi},
    {"Ei", 60, Quantity::Format::BinarySi},
}};

std::optional<Suffix> suffix_of(std::string_view text) {
  for (const Suffix& one : suffixes) {
    if (one.name == text) return one;
  }
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(text[1] == '+' ? 2 : 1);
  int exponent = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (end != text.data() + text.size() || text.empty() || error != std::errc()) return std::nullopt;
  return Suffix{"e", exponent, Quantity::Format::DecimalExponent};
}

// A decimal number as digits and the power of ten that they are to be multiplied with.
struct Decimal {
  std::string digits;  // no zeros at the front; empty: 0
  int exponent = 0;
};

Decimal decimal_of(std::string_view number) {
  Decimal out;
  std::size_t point = std::min(number.find('.'), number.size());
  out.digits = std::string(number.substr(0, point));
  if (point < number.size()) {
    out.digits += number.substr(point + 1);
    out.exponent = -static_cast<int>(number.size() - point - 1);
  }
  out.digits.erase(0, std::min(out.digits.find_first_not_of('0'), out.digits.size()));
  while (!out.digits.empty() && out.digits.back() == '0') {
    out.digits.pop_back();
    ++out.exponent;
  }
  return out;
}

// digits * 2^shift, in long multiplication on decimal digits: at most 60 rounds over a short text.
void shift_left(std::string& digits, int shift) {
  for (int i = 0; i < shift; ++i) {
    int carry = 0;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      int value = (*digit - '0') * 2 + carry;
      *digit = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    if (carry > 0) digits.insert(digits.begin(), static_cast<char>('0' + carry));
  }
}

// digits * 10^exponent, rounded up to an integer, at most `bound`.
Nanos rounded_up(const Decimal& decimal, Nanos bound) {
  if (decimal.digits.empty()) return 0;
  int whole = static_cast<int>(decimal.digits.size()) + decimal.exponent;  // digits before the point
  if (whole > 39) return bound;
  Nanos value = 0;
  for (int i = 0; i < whole; ++i) {
    auto at = static_cast<std::size_t>(i);
    Nanos digit = at < decimal.digits.size() ? static_cast<unsigned>(decimal.digits[at] - '0') : 0;
    if (value > (bound - digit) / 10) return bound;
    value = value * 10 + digit;
  }
  bool rest = whole < static_cast<int>(decimal.digits.size());  // no zeros at the end, so it is not nothing
  return std::min(rest ? value + 1 : value, bound);
}

std::string digits_of(Nanos value) {
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return text;
}

std::string printed_decimal(const Quantity& quantity) {
  int exponent = -9;
  Nanos value = quantity.nanos;
  while (exponent < 18 && value % 1000 == 0) {
    value /= 1000;
    exponent += 3;
  }
  if (quantity.format == Quantity::Format::DecimalExponent) {
    return digits_of(value) + (exponent == 0 ? "" : "e" + std::to_string(exponent));
  }
  auto suffix = std::find_if(suffixes.begin(), suffixes.end(), [&](const Suffix& one) {
    return one.exponent == exponent && one.format == Quantity::Format::DecimalSi;
  });
  return digits_of(value) + std::string(suffix->name);
}

std::string printed_binary(const Quantity& quantity) {
  Nanos value = quantity.nanos / unit;
  int exponent = 0;
  while (exponent < 60 && value % 1024 == 0) {
    value /= 1024;
    exponent += 10;
  }
  auto suffix = std::find_if(suffixes.begin(), suffixes.end(), [&](const Suffix& one) {
    return one.exponent == exponent && (exponent == 0 || one.format == Quantity::Format::BinarySi);
  });
  return digits_of(value) + std::string(suffix->name);
}

// Whether Kubernetes takes the text itself for canonical: its quick way, for numbers that fit into 64
// bits with room to spare, looks no closer than this.
bool keeps_text(std::string_view number, const Suffix& suffix) {
  std::size_t point = std::min(number.find('.'), number.size());
  std::string whole(number.substr(0, point));
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.empty()) whole = "0";
  std::string fraction(point < number.size() ? number.substr(point + 1) : "");
  if (suffix.format == Quantity::Format::BinarySi) {
    int room = 14 - static_cast<int>(whole.size()) - suffix.exponent * 3 / 10;
    // The last three digits tell whether a number is a multiple of eight.
    int rest = 0;
    for (char digit : whole.substr(whole.size() - std::min<std::size_t>(whole.size(), 3)))
      rest = rest * 10 + digit - '0';
    return fraction.empty() && room >= 0 && rest % 8 != 0;
  }
  std::string digits = whole + fraction;
  int scale = suffix.exponent - static_cast<int>(fraction.size());
  return digits.size() <= 18 && scale >= -9 && scale % 3 == 0 && !digits.ends_with("000") && digits[0] != '0';
}

}  // namespace

Result<Quantity, std::string> parse_quantity(std::string_view text) {
  const std::string wrong_format =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  constexpr std::size_t longest = 256;  // no amount that is meant needs more; the arithmetic is quadratic
  if (text.empty() || text.size() > longest) return Err(wrong_format);
  Quantity quantity;
  quantity.negative = text[0] == '-';
  std::string_view rest = text.substr(text[0] == '-' || text[0] == '+' ? 1 : 0);
  std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (end < rest.size() && rest[end] == '.') {
    end = std::min(rest.find_first_not_of("0123456789", end + 1), rest.size());
  }
  std::string_view number = rest.substr(0, end), suffix = rest.substr(end);
  std::size_t letters = std::min(suffix.find_first_not_of("eEinumkKMGTP"), suffix.size());
  std::size_t digits = letters;
  if (digits < suffix.size() && (suffix[digits] == '-' || suffix[digits] == '+')) ++digits;
  if (suffix.find_first_not_of("0123456789", digits) != std::string_view::npos) return Err(wrong_format);

  auto known = suffix_of(suffix);
  if (!known) return Err(std::string("unable to parse quantity's suffix"));
  quantity.format = known->format;
  Decimal decimal = decimal_of(number);
  bool binary = known->format == Quantity::Format::BinarySi;
  if (binary) {
    shift_left(decimal.digits, known->exponent);
  } else {
    decimal.exponent += std::clamp(known->exponent, -1000, 1000);
  }
  decimal.exponent += 9;
  while (!decimal.digits.empty() && decimal.digits.back() == '0') {
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  quantity.nanos = rounded_up(decimal, binary ? most_binary : most);
  if (quantity.is_zero()) {
    quantity.negative = false;
  } else if (keeps_text(number, *known)) {
    quantity.text = std::string(text);
  }
  return quantity;
}

std::string printed(const Quantity& quantity) {
  if (quantity.is_zero()) return "0";
  if (!quantity.text.empty()) return quantity.text;
  bool binary = quantity.format == Quantity::Format::BinarySi && quantity.nanos >= 1024 * unit && quantity.is_whole();
  Quantity shown = quantity;
  if (quantity.format == Quantity::Format::BinarySi && !binary) shown.format = Quantity::Format::DecimalSi;
  return (quantity.negative ? "-" : "") + (binary ? printed_binary(shown) : printed_decimal(shown));
}

int compared(const Quantity& a, const Quantity& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
  return a.negative ? -order : order;
}

Quantity in_thousandths(Quantity quantity) {
  constexpr Nanos step = 1'000'000;
  Nanos rest = quantity.nanos % step;
  if (rest == 0) return quantity;
  quantity.nanos += step - rest;
  quantity.text.clear();
  return quantity;
}

}  // namespace ork::embedded
