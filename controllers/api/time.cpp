#include "controllers/api/time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace ork::api {
namespace {

// 0000-01-01T00:00:00Z.
constexpr TimeMs min_time_ms = -62'167'219'200'000;

constexpr DurationMs max_duration_ms = 10LL * 366 * 24 * 3600 * 1000;

// Reads exactly `digits` decimal digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// ".123456": any number of digits, of which milliseconds are kept.
std::optional<int> take_fraction_ms(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int ms = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 3) ms = ms * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) ms *= 10;
  return ms;
}

// "Z" or "+01:00", in minutes east of UTC.
std::optional<int> take_zone(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const int sign = take(text, '-') ? -1 : take(text, '+') ? 1 : 0;
  if (sign == 0) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// "90" or "1.5": digits, and digits on both sides of a point.
std::optional<double> take_decimal(std::string_view& text) {
  const auto digits = [&text](double& value) {
    double scale = 1;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      value = value * 10 + (text.front() - '0');
      scale *= 10;
    }
    return scale;
  };
  double whole = 0;
  if (digits(whole) == 1) return std::nullopt;
  if (!take(text, '.')) return whole;
  double fraction = 0;
  const double scale = digits(fraction);
  if (scale == 1) return std::nullopt;
  return whole + fraction / scale;
}

// "12:00:00.5", since midnight. The second may be 60: a leap second counts as the next one.
std::optional<std::int64_t> take_clock_ms(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  const auto fraction = take_fraction_ms(text);
  if (!second || *second > 60 || !fraction) return std::nullopt;
  return ((*hour * 60LL + *minute) * 60 + *second) * 1000 + *fraction;
}

std::optional<double> unit_ms(std::string_view& text) {
  if (text.starts_with("ms")) {
    text.remove_prefix(2);
    return 1;
  }
  if (take(text, 's')) return 1000;
  if (take(text, 'm')) return 60'000;
  if (take(text, 'h')) return 3'600'000;
  return std::nullopt;
}

}  // namespace

std::optional<TimeMs> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
  const auto clock = take_clock_ms(text);
  const auto zone = take_zone(text);
  if (!clock || !zone || !text.empty()) return std::nullopt;
  const std::int64_t days = date->time_since_epoch().count();
  // A leap second or a zone may lead out of the years that can be written.
  return std::clamp((days * 24 * 60 - *zone) * 60'000 + *clock, min_time_ms, max_time_ms);
}

std::string format_time(TimeMs time) {
  using namespace std::chrono;
  const sys_time<milliseconds> instant{milliseconds(std::clamp(time, min_time_ms, max_time_ms))};
  const auto midnight = floor<days>(instant);
  const year_month_day date{midnight};
  const hh_mm_ss clock{instant - midnight};
  std::array<char, 64> out{};
  const int n =
      std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(out.data(), static_cast<std::size_t>(n));
}

TimeMs later_by_seconds(TimeMs time, std::int64_t seconds) {
  if (seconds >= (max_time_ms - time) / 1000) return max_time_ms;
  return time + seconds * 1000;
}

std::optional<DurationMs> parse_duration(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    const auto value = take_decimal(text);
    const auto unit = unit_ms(text);
    if (!value || !unit) return std::nullopt;
    total += *value * *unit;
  }
  if (total > static_cast<double>(max_duration_ms)) return std::nullopt;
  return static_cast<DurationMs>(total + 0.5);
}

std::string format_duration(DurationMs duration) {
  if (duration <= 0) return "0s";
  std::string out;
  const auto part = [&](DurationMs unit, const char* name) {
    if (duration >= unit) {
      out += std::to_string(duration / unit) + name;
      duration %= unit;
    }
  };
  part(3'600'000, "h");
  part(60'000, "m");
  part(1000, "s");
  part(1, "ms");
  return out;
}

}  // namespace ork::api
