#include "controllers/expr/moment.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace ork::expr {
namespace {

constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr std::int64_t day_s = 86'400;

// Reads from the front of a text; each take_* moves on only if it finds what it looks for.
class Front {
 public:
  explicit Front(std::string_view text) : text_(text) {}
  bool at_end() const { return text_.empty(); }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // All digits that stand here.
  std::string_view take_digits() {
    std::size_t n = 0;
    while (n < text_.size() && text_[n] >= '0' && text_[n] <= '9') ++n;
    const std::string_view digits = text_.substr(0, n);
    text_.remove_prefix(n);
    return digits;
  }
  // Exactly `count` digits as a number up to `most`.
  std::optional<int> take_number(std::size_t count, int most) {
    if (text_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    if (value > most) return std::nullopt;
    text_.remove_prefix(count);
    return value;
  }

 private:
  std::string_view text_;
};

// The digits after a point as nanoseconds; what is finer is cut off.
std::int64_t nanos_of(std::string_view digits) {
  std::int64_t nanos = 0;
  for (std::size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return nanos;
}

// ".5" of half a second; "" of none.
std::string fraction_text(std::int32_t nanos) {
  if (nanos == 0) return {};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), ".%09d", nanos);
  std::string out = text.data();
  while (out.back() == '0') out.pop_back();
  return out;
}

// "Z", "+02:00", "-03:30".
std::optional<std::int64_t> take_zone(Front& front) {
  if (front.take('Z') || front.take('z')) return 0;
  const bool negative = front.take('-');
  if (!negative && !front.take('+')) return std::nullopt;
  const auto hours = front.take_number(2, 23);
  if (!hours || !front.take(':')) return std::nullopt;
  const auto minutes = front.take_number(2, 59);
  if (!minutes) return std::nullopt;
  const std::int64_t offset = *hours * 3600 + *minutes * 60;
  return negative ? -offset : offset;
}

std::optional<std::int64_t> take_date(Front& front) {
  const auto year = front.take_number(4, 9999);
  if (!year || !front.take('-')) return std::nullopt;
  const auto month = front.take_number(2, 12);
  if (!month || !front.take('-')) return std::nullopt;
  const auto day = front.take_number(2, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * day_s;
}

std::optional<std::int64_t> take_clock(Front& front) {
  const auto hours = front.take_number(2, 23);
  if (!hours || !front.take(':')) return std::nullopt;
  const auto minutes = front.take_number(2, 59);
  if (!minutes || !front.take(':')) return std::nullopt;
  const auto seconds = front.take_number(2, 59);
  if (!seconds) return std::nullopt;
  return *hours * 3600 + *minutes * 60 + *seconds;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Nanoseconds of one unit; 0: there is no unit here.
std::int64_t take_unit(Front& front) {
  if (front.take("ns")) return 1;
  if (front.take("us") || front.take("\u00b5s") || front.take("\u03bcs")) return 1'000;
  if (front.take("ms")) return 1'000'000;
  if (front.take('s')) return nanos_per_second;
  if (front.take('m')) return 60 * nanos_per_second;
  if (front.take('h')) return 3600 * nanos_per_second;
  return 0;
}

// One number with its unit, in nanoseconds.
std::optional<std::int64_t> take_term(Front& front) {
  const std::string_view whole = front.take_digits();
  std::string_view fraction;
  if (front.take('.')) fraction = front.take_digits();
  if (whole.size() + fraction.size() == 0) return std::nullopt;
  const std::int64_t unit = take_unit(front);
  if (unit == 0) return std::nullopt;
  std::int64_t number = 0;
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), number);
  if (!whole.empty() && read.ec != std::errc()) return std::nullopt;
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(number, unit, &nanos)) return std::nullopt;
  // A billionth of an hour is 3.6 microseconds: parts of a nanosecond are cut off.
  const std::int64_t rest = unit >= nanos_per_second ? nanos_of(fraction) * (unit / nanos_per_second)
                                                     : nanos_of(fraction) / (nanos_per_second / unit);
  if (__builtin_add_overflow(nanos, rest, &nanos)) return std::nullopt;
  return nanos;
}

}  // namespace

std::optional<Timestamp> make_timestamp(std::int64_t seconds, std::int64_t nanos) {
  const std::int64_t carry = floor_divide(nanos, nanos_per_second);
  if (__builtin_add_overflow(seconds, carry, &seconds)) return std::nullopt;
  if (seconds < first_second || seconds > last_second) return std::nullopt;
  return Timestamp{seconds, static_cast<std::int32_t>(nanos - carry * nanos_per_second)};
}

std::optional<Duration> make_duration(std::int64_t seconds, std::int64_t nanos) {
  if (__builtin_add_overflow(seconds, nanos / nanos_per_second, &seconds)) return std::nullopt;
  nanos %= nanos_per_second;
  if (seconds > 0 && nanos < 0) {
    --seconds;
    nanos += nanos_per_second;
  } else if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= nanos_per_second;
  }
  if (seconds > longest_duration_s || seconds < -longest_duration_s) return std::nullopt;
  return Duration{seconds, static_cast<std::int32_t>(nanos)};
}

std::optional<Timestamp> plus(const Timestamp& time, const Duration& duration) {
  return make_timestamp(time.seconds + duration.seconds, std::int64_t{time.nanos} + duration.nanos);
}

std::optional<Timestamp> minus(const Timestamp& time, const Duration& duration) {
  return make_timestamp(time.seconds - duration.seconds, std::int64_t{time.nanos} - duration.nanos);
}

std::optional<Duration> minus(const Timestamp& later, const Timestamp& earlier) {
  return make_duration(later.seconds - earlier.seconds, std::int64_t{later.nanos} - earlier.nanos);
}

std::optional<Duration> plus(const Duration& a, const Duration& b) {
  return make_duration(a.seconds + b.seconds, std::int64_t{a.nanos} + b.nanos);
}

std::optional<Duration> minus(const Duration& a, const Duration& b) {
  return make_duration(a.seconds - b.seconds, std::int64_t{a.nanos} - b.nanos);
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Front front(text);
  const auto day = take_date(front);
  if (!day || (!front.take('T') && !front.take('t'))) return std::nullopt;
  const auto clock = take_clock(front);
  if (!clock) return std::nullopt;
  std::int64_t nanos = 0;
  if (front.take('.')) {
    const std::string_view digits = front.take_digits();
    if (digits.empty()) return std::nullopt;
    nanos = nanos_of(digits);
  }
  const auto offset = take_zone(front);
  if (!offset || !front.at_end()) return std::nullopt;
  return make_timestamp(*day + *clock - *offset, nanos);
}

std::string format_timestamp(const Timestamp& time) {
  const CalendarParts parts = parts_of(time, 0);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(parts.year),
                static_cast<int>(parts.month + 1), static_cast<int>(parts.date), static_cast<int>(parts.hours),
                static_cast<int>(parts.minutes), static_cast<int>(parts.seconds));
  return text.data() + fraction_text(time.nanos) + "Z";
}

std::optional<Duration> parse_duration(std::string_view text) {
  Front front(text);
  const bool negative = front.take('-');
  if (!negative) front.take('+');
  if (front.take('0') && front.at_end()) return Duration{};
  front = Front(text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0));
  std::int64_t nanos = 0;
  do {
    const auto term = take_term(front);
    if (!term || __builtin_add_overflow(nanos, *term, &nanos)) return std::nullopt;
  } while (!front.at_end());
  if (negative) nanos = -nanos;
  return make_duration(nanos / nanos_per_second, nanos % nanos_per_second);
}

std::string format_duration(const Duration& duration) {
  const bool negative = duration.seconds < 0 || duration.nanos < 0;
  const std::int64_t seconds = negative ? -duration.seconds : duration.seconds;
  return (negative ? "-" : "") + std::to_string(seconds) + fraction_text(negative ? -duration.nanos : duration.nanos) +
         "s";
}

std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "UTC" || text == "Z") return 0;
  std::string signed_text(text);
  if (!text.empty() && text.front() >= '0' && text.front() <= '9') signed_text.insert(0, 1, '+');
  Front front(signed_text);
  const auto offset = take_zone(front);
  if (!offset || !front.at_end()) return std::nullopt;
  return offset;
}

CalendarParts parts_of(const Timestamp& time, std::int64_t offset_s) {
  const std::int64_t local = time.seconds + offset_s;
  const std::int64_t days = floor_divide(local, day_s);
  const std::int64_t clock = local - days * day_s;
  const std::chrono::sys_days day{std::chrono::days(days)};
  const std::chrono::year_month_day date(day);
  const std::chrono::sys_days new_year = date.year() / std::chrono::January / 1;
  CalendarParts out;
  out.year = static_cast<int>(date.year());
  out.month = static_cast<unsigned>(date.month()) - 1;
  out.date = static_cast<unsigned>(date.day());
  out.day_of_year = (day - new_year).count();
  out.day_of_week = std::chrono::weekday(day).c_encoding();
  out.hours = clock / 3600;
  out.minutes = clock / 60 % 60;
  out.seconds = clock % 60;
  out.milliseconds = time.nanos / 1'000'000;
  return out;
}

}  // namespace ork::expr
