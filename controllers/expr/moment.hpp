#pragma once

// Timestamps and durations: arithmetic within their ranges, text in and out, parts of a calendar date.
// UTC by the proleptic Gregorian calendar; what a zone's clock shows then is its offset's business.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/expr/value.hpp"

namespace ork::expr {

inline constexpr std::int64_t first_second = -62135596800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t last_second = 253402300799;   // 9999-12-31T23:59:59Z
inline constexpr std::int64_t longest_duration_s = 9'223'372'036;

// All of these: nullopt where the result would be out of its range.
std::optional<Timestamp> make_timestamp(std::int64_t seconds, std::int64_t nanos = 0);
std::optional<Duration> make_duration(std::int64_t seconds, std::int64_t nanos = 0);  // any signs
std::optional<Timestamp> plus(const Timestamp& time, const Duration& duration);
std::optional<Timestamp> minus(const Timestamp& time, const Duration& duration);
std::optional<Duration> minus(const Timestamp& later, const Timestamp& earlier);
std::optional<Duration> plus(const Duration& a, const Duration& b);
std::optional<Duration> minus(const Duration& a, const Duration& b);

// RFC 3339: 2026-01-31T12:00:00.5Z, 2026-01-31T12:00:00+02:00. nullopt: it is none.
std::optional<Timestamp> parse_timestamp(std::string_view text);
// In UTC, with as many digits of a second as it takes.
std::string format_timestamp(const Timestamp& time);

// A sum of numbers with units h, m, s, ms, us, ns, as 1h30m or -1.5s. nullopt: it is none, or too long.
std::optional<Duration> parse_duration(std::string_view text);
// In seconds: "90s", "-1.5s".
std::string format_duration(const Duration& duration);

// "+02:00", "-03:30", "02:00" in seconds; nullopt: it is no fixed offset.
std::optional<std::int64_t> parse_offset(std::string_view text);

// What a clock shows that is `offset_s` ahead of UTC. Numbers as CEL has them: month 0 to 11, day of the year
// and of the month from 0, day of the week 0 (Sunday) to 6; `date` is the day of the month from 1.
struct CalendarParts {
  std::int64_t year = 0, month = 0, date = 0, day_of_year = 0, day_of_week = 0;
  std::int64_t hours = 0, minutes = 0, seconds = 0, milliseconds = 0;
};
CalendarParts parts_of(const Timestamp& time, std::int64_t offset_s);

}  // namespace ork::expr
