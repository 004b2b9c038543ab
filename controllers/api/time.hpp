#pragma once

// Times and durations as they stand in our objects. Instants are milliseconds since the Unix
// epoch, UTC; durations are Go strings ("1h30m", "90s", "250ms") in YAML and milliseconds inside.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ork::api {

using TimeMs = std::int64_t;      // 0: not set
using DurationMs = std::int64_t;

// RFC 3339 with a zone, fractions allowed: "2026-11-21T03:32:00Z", "2026-11-21T03:32:00.123+01:00".
std::optional<TimeMs> parse_time(std::string_view text);
// "2026-11-21T03:32:00.123Z"
std::string format_time(TimeMs time);

// One or more number+unit pairs; units ms, s, m, h; never negative; at most ten years.
std::optional<DurationMs> parse_duration(std::string_view text);
// The shortest exact Go string: 90000 -> "1m30s".
std::string format_duration(DurationMs duration);

}  // namespace ork::api
