#pragma once

// The IANA time zone database of this machine (tzdata), read when a zone is first asked for.

#include <cstdint>
#include <optional>
#include <string_view>

namespace ork::time_zones {

// How many seconds the clocks of `zone` (Europe/Berlin) are ahead of UTC at `unix_s`. nullopt: there is no such
// zone, or no database.
std::optional<std::int64_t> utc_offset_s(std::string_view zone, std::int64_t unix_s);

}  // namespace ork::time_zones
