#pragma once

// Times and durations as they stand in our objects. Instants are milliseconds since the Unix
// epoch, UTC; durations are Go strings ("1h30m", "90s", "250ms") in YAML and milliseconds inside.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ork::api {

using TimeMs = std::int64_t;  // 0: not set
using DurationMs = std::int64_t;

// Clocks that are kept in step differ by less; a stored time further in the future is a wrong one.
inline constexpr DurationMs clock_tolerance_ms = 1'000;

// 9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can say.
inline constexpr TimeMs max_time_ms = 253'402'300'799'999;

// How many seconds the clocks of `zone` (Europe/Berlin) are ahead of UTC at `unix_s`; nullopt: there is no such zone.
// The same answer for the same question, as long as the zones' rules stay as they are.
using UtcOffset = std::optional<std::int64_t> (*)(std::string_view zone, std::int64_t unix_s);

// RFC 3339 with a zone, fractions allowed: "2026-11-21T03:32:00Z", "2026-11-21T03:32:00.123+01:00".
std::optional<TimeMs> parse_time(std::string_view text);
// "2026-11-21T03:32:00.123Z"; an instant outside the years 0 to 9999 as the nearest one inside, so
// that whatever was written can be read back.
std::string format_time(TimeMs time);
// `seconds` (not negative) after `time`, at most max_time_ms: "keep it for 10^18 s" means for ever.
TimeMs later_by_seconds(TimeMs time, std::int64_t seconds);

// One or more number+unit pairs; units ms, s, m, h; never negative; at most ten years.
std::optional<DurationMs> parse_duration(std::string_view text);
// The shortest exact Go string: 90000 -> "1m30s".
std::string format_duration(DurationMs duration);

}  // namespace ork::api
