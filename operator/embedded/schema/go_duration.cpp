#include "operator/embedded/schema/go_duration.hpp"

#include <array>
#include <utility>

namespace ork::embedded {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 63;  // nanoseconds of a negative one

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 8> units = {{
    {"ns", 1},
    {"us", 1'000},
    {"µs", 1'000},
    {"μs", 1'000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// digits * 10 + digit; false when that passes `most`.
bool append_digit(std::uint64_t& digits, char digit) {
  auto value = static_cast<std::uint64_t>(digit - '0');
  if (digits > (most - value) / 10) return false;
  digits = digits * 10 + value;
  return true;
}

// One number with its unit, cut from the front of `rest`, in nanoseconds.
std::optional<std::uint64_t> cut_part(std::string_view& rest) {
  std::uint64_t whole = 0, fraction = 0;
  double scale = 1;
  std::size_t at = 0;
  for (; at < rest.size() && is_digit(rest[at]); ++at) {
    if (!append_digit(whole, rest[at])) return std::nullopt;
  }
  bool digits = at > 0;
  if (at < rest.size() && rest[at] == '.') {
    bool fits = true;  // digits beyond 64 bits make no difference
    for (++at; at < rest.size() && is_digit(rest[at]); ++at) {
      digits = true;
      fits = fits && append_digit(fraction, rest[at]);
      if (fits) scale *= 10;
    }
  }
  if (!digits) return std::nullopt;
  rest.remove_prefix(at);
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != '.' && !is_digit(rest[end])) ++end;
  for (const auto& [name, ns] : units) {
    if (rest.substr(0, end) != name) continue;
    rest.remove_prefix(end);
    if (whole > most / ns) return std::nullopt;
    std::uint64_t value = whole * ns;
    if (fraction > 0)
      value += static_cast<std::uint64_t>(static_cast<double>(fraction) * (static_cast<double>(ns) / scale));
    return value > most ? std::nullopt : std::optional(value);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_go_duration(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    auto part = cut_part(text);
    if (!part) return std::nullopt;
    total += *part;  // both are at most 2^63, so the sum wraps round to 0 at the most
    if (total > most || total < *part) return std::nullopt;
  }
  if (negative) return static_cast<std::int64_t>(0 - total);
  if (total == most) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

}  // namespace ork::embedded
