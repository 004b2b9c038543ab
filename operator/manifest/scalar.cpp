#include "operator/manifest/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "operator/manifest/go_number.hpp"
#include "operator/manifest/timestamp.hpp"

namespace ork::manifest {
namespace {

constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";

constexpr std::array true_words = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
constexpr std::array false_words = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array null_words = {"", "~", "null", "Null", "NULL"};
constexpr std::array not_finite = {".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF",
                                   "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<const char*, n>& words) {
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return text == word; });
}

// Takes digits off the front; how many there were.
std::size_t take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

// [-+]? ( .digits | digits [.digits?] ) ( [eE] [-+]? digits )?
bool looks_like_float(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::size_t whole = take_digits(text);
  std::size_t fraction = 0;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return take_digits(text) > 0 && text.empty();
}

std::optional<double> read_float(const std::string& text) {
  if (!looks_like_float(text)) return std::nullopt;
  const double number = std::strtod(text.c_str(), nullptr);
  // One that is too large stays a string, as in Go.
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// The digits of an integer literal, and their base by the prefix: 0x, 0b, 0o, 0 or none.
std::pair<std::string_view, int> split_base(std::string_view digits) {
  if (digits.size() < 2 || digits[0] != '0') return {digits, 10};
  switch (digits[1]) {
    case 'x':
    case 'X': return {digits.substr(2), 16};
    case 'b':
    case 'B': return {digits.substr(2), 2};
    case 'o':
    case 'O': return {digits.substr(2), 8};
    default: return {digits.substr(1), 8};
  }
}

// A whole literal; an integer of 64 bits, signed or not.
std::optional<Json> read_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const bool with_sign = negative || (!text.empty() && text.front() == '+');
  const auto [digits, base] = split_base(with_sign ? text.substr(1) : text);
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number, base);
  if (digits.empty() || error != std::errc() || rest != end) return std::nullopt;
  constexpr std::uint64_t most = INT64_MAX;
  if (negative) {
    if (number > most + 1) return std::nullopt;
    return Json(static_cast<std::int64_t>(0 - number));
  }
  if (number <= most) return Json(static_cast<std::int64_t>(number));
  if (with_sign) return std::nullopt;
  return Json(static_cast<double>(number));
}

// What a plain scalar is; floats stay floats. A discarded value stands for infinity and not-a-number,
// which JSON does not have.
Json resolve(std::string_view text) {
  if (is_one_of(text, null_words)) return nullptr;
  if (is_one_of(text, true_words)) return true;
  if (is_one_of(text, false_words)) return false;
  if (is_one_of(text, not_finite)) return Json(Json::value_t::discarded);
  const char first = text.front();
  if (first != '.' && first != '+' && first != '-' && !is_digit(first)) return std::string(text);
  std::string plain(text);
  std::erase(plain, '_');
  if (first != '.') {
    if (auto integer = read_integer(plain)) return *std::move(integer);
  }
  if (const auto number = read_float(plain)) return *number;
  return std::string(text);
}

// 1.0 is 1, and 1e20 (no 64-bit integer) stays a float.
Json normalised(Json value) {
  if (!value.is_number_float()) return value;
  const auto number = value.get<double>();
  constexpr double beyond = 9223372036854775808.0;  // 2^63
  if (std::trunc(number) != number || number >= beyond || number < -beyond) return value;
  return static_cast<std::int64_t>(number);
}

Result<Json, std::string> tagged(std::string_view kind, std::string_view text) {
  if (kind == "str" || kind == "timestamp") return Json(std::string(text));
  if (kind == "binary") return Err<std::string>("!!binary is not supported: write the base64 text as a string");
  Json value = resolve(text);
  const bool fits = kind == "int"     ? value.is_number_integer()
                    : kind == "float" ? value.is_number()
                    : kind == "bool"  ? value.is_boolean()
                    : kind == "null"  ? value.is_null()
                                      : false;
  if (fits) return value;
  if (kind == "int" || kind == "float" || kind == "bool" || kind == "null") {
    return Err(expr::in_quotes(text) + " can't be read as !!" + std::string(kind));
  }
  return Json(std::string(text));
}

Result<Json, std::string> typed(std::string_view tag, std::string_view text) {
  if (tag == "!") return Json(std::string(text));
  if (tag.starts_with(tag_prefix)) return tagged(tag.substr(tag_prefix.size()), text);
  if (tag != "?" && !tag.empty()) return Json(std::string(text));
  Json value = resolve(text);
  if (value.is_discarded()) return Err(expr::in_quotes(text) + " is no number that JSON can hold: put it in quotes");
  return value;
}

}  // namespace

Result<Json, std::string> scalar_value(std::string_view tag, std::string_view text) {
  auto value = typed(tag, text);
  if (!value) return value;
  return normalised(*std::move(value));
}

Result<std::string, std::string> scalar_key(std::string_view tag, std::string_view text) {
  auto value = typed(tag, text);
  if (!value) return Err(value.error());
  if (value->is_string()) return value->get<std::string>();
  if (value->is_null()) return Err<std::string>("a field's name can't be null: put it in quotes");
  if (value->is_boolean()) return std::string(value->get<bool>() ? "true" : "false");
  if (value->is_number_float()) return go_number(value->get<double>(), /*single=*/true);
  return value->dump();
}

bool reads_as_other_type(std::string_view text) { return !resolve(text).is_string() || is_timestamp(text); }

}  // namespace ork::manifest
