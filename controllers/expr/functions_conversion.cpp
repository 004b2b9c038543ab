#include <charconv>
#include <cmath>
#include <limits>

#include "controllers/expr/compare.hpp"
#include "controllers/expr/format.hpp"
#include "controllers/expr/functions.hpp"
#include "controllers/expr/moment.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

Err<Failure> out_of_range(std::string_view type) {
  return fail(EvalErrc::Overflow, "the number does not fit into " + std::string(type));
}

Err<Failure> no_number(const std::string& text, std::string_view type) {
  return fail(EvalErrc::BadValue, in_quotes(text) + " is no " + std::string(type));
}

Outcome int_of_uint(Arguments a, Work&) {
  const auto number = a[0].as<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return out_of_range("an int");
  return of_int(static_cast<std::int64_t>(number));
}

// Both ends of the range are refused: as doubles they stand for numbers beside it as well.
Outcome int_of_double(Arguments a, Work&) {
  const double number = a[0].as<double>();
  if (!(number > -int_bound && number < int_bound)) return out_of_range("an int");
  return of_int(static_cast<std::int64_t>(number));
}

template <typename T>
std::optional<T> whole_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  T number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

Outcome int_of_string(Arguments a, Work&) {
  const auto& text = a[0].as<std::string>();
  const auto number = whole_number<std::int64_t>(text);
  if (!number) return no_number(text, "int");
  return of_int(*number);
}

Outcome int_of_timestamp(Arguments a, Work&) { return of_int(a[0].as<Timestamp>().seconds); }

Outcome uint_of_int(Arguments a, Work&) {
  const auto number = a[0].as<std::int64_t>();
  if (number < 0) return out_of_range("a uint");
  return of_uint(static_cast<std::uint64_t>(number));
}

Outcome uint_of_double(Arguments a, Work&) {
  const double number = a[0].as<double>();
  if (!(number >= 0 && number < uint_bound)) return out_of_range("a uint");
  return of_uint(static_cast<std::uint64_t>(number));
}

Outcome uint_of_string(Arguments a, Work&) {
  const auto& text = a[0].as<std::string>();
  const auto number = whole_number<std::uint64_t>(text);
  if (!number) return no_number(text, "uint");
  return of_uint(*number);
}

Outcome double_of_int(Arguments a, Work&) { return of_double(static_cast<double>(a[0].as<std::int64_t>())); }
Outcome double_of_uint(Arguments a, Work&) { return of_double(static_cast<double>(a[0].as<std::uint64_t>())); }

Outcome double_of_string(Arguments a, Work&) {
  const auto& whole = a[0].as<std::string>();
  std::string_view text = whole;
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return no_number(whole, "double");
  return of_double(number);
}

// Not as format() writes them.
Outcome string_of_double(Arguments a, Work&) {
  const double number = a[0].as<double>();
  if (std::isinf(number)) return of_string(number > 0 ? "+Inf" : "-Inf");
  return of_string(display(a[0]));
}

Outcome string_of(Arguments a, Work&) { return of_string(display(a[0])); }

Outcome string_of_bytes(Arguments a, Work&) {
  const std::string& octets = a[0].as<Bytes>().octets;
  if (!is_utf8(octets)) return fail(EvalErrc::BadValue, "the bytes are no UTF-8");
  return of_string(octets);
}

Outcome bytes_of_string(Arguments a, Work&) { return Value::of(Bytes{a[0].as<std::string>()}); }

Outcome bool_of_string(Arguments a, Work&) {
  const auto& text = a[0].as<std::string>();
  for (const std::string_view word : {"true", "True", "TRUE", "t", "1"}) {
    if (text == word) return of_bool(true);
  }
  for (const std::string_view word : {"false", "False", "FALSE", "f", "0"}) {
    if (text == word) return of_bool(false);
  }
  return fail(EvalErrc::BadValue, in_quotes(text) + " is no bool: write \"true\" or \"false\"");
}

Outcome timestamp_of_string(Arguments a, Work&) {
  const auto& text = a[0].as<std::string>();
  const auto time = parse_timestamp(text);
  if (!time) return fail(EvalErrc::BadValue, in_quotes(text) + " is no timestamp such as 2026-01-31T12:00:00Z");
  return Value::of(*time);
}

Outcome timestamp_of_int(Arguments a, Work&) {
  const auto time = make_timestamp(a[0].as<std::int64_t>());
  if (!time) return fail(EvalErrc::Overflow, "a timestamp lies between the years 1 and 9999");
  return Value::of(*time);
}

Outcome duration_of_string(Arguments a, Work&) {
  const auto& text = a[0].as<std::string>();
  const auto duration = parse_duration(text);
  if (!duration) return fail(EvalErrc::BadValue, in_quotes(text) + " is no duration such as 90s or 1h30m");
  return Value::of(*duration);
}

Outcome duration_of_int(Arguments a, Work&) {
  const auto duration = make_duration(a[0].as<std::int64_t>());
  if (!duration) return fail(EvalErrc::Overflow, "a duration is 292 years at most");
  return Value::of(*duration);
}

Outcome type_of(Arguments a, Work&) { return Value::of(TypeName{std::string(type_name(a[0]))}); }

}  // namespace

std::span<const Definition> conversions() {
  static constexpr Definition definitions[] = {
      {"int(int) -> int", unchanged},
      {"int(uint) -> int", int_of_uint},
      {"int(double) -> int", int_of_double},
      {"int(string) -> int", int_of_string},
      {"int(timestamp) -> int", int_of_timestamp},
      {"uint(uint) -> uint", unchanged},
      {"uint(int) -> uint", uint_of_int},
      {"uint(double) -> uint", uint_of_double},
      {"uint(string) -> uint", uint_of_string},
      {"double(double) -> double", unchanged},
      {"double(int) -> double", double_of_int},
      {"double(uint) -> double", double_of_uint},
      {"double(string) -> double", double_of_string},
      {"string(string) -> string", unchanged},
      {"string(int) -> string", string_of},
      {"string(uint) -> string", string_of},
      {"string(double) -> string", string_of_double},
      {"string(bool) -> string", string_of},
      {"string(bytes) -> string", string_of_bytes},
      {"string(timestamp) -> string", string_of},
      {"string(duration) -> string", string_of},
      {"bytes(bytes) -> bytes", unchanged},
      {"bytes(string) -> bytes", bytes_of_string},
      {"bool(bool) -> bool", unchanged},
      {"bool(string) -> bool", bool_of_string},
      {"timestamp(timestamp) -> timestamp", unchanged},
      {"timestamp(string) -> timestamp", timestamp_of_string},
      {"timestamp(int) -> timestamp", timestamp_of_int},
      {"duration(duration) -> duration", unchanged},
      {"duration(string) -> duration", duration_of_string},
      {"duration(int) -> duration", duration_of_int},
      {"type(dyn) -> type", type_of},
      {"dyn(dyn) -> dyn", unchanged},
  };
  return definitions;
}

}  // namespace ork::expr
