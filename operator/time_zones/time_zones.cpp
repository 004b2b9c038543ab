#include "operator/time_zones/time_zones.hpp"

#include <date/tz.h>

#include <chrono>
#include <exception>
#include <string>

namespace ork::time_zones {

std::optional<std::int64_t> utc_offset_s(std::string_view zone, std::int64_t unix_s) {
  // The library knows no other way to say that there is none.
  try {
    const date::sys_seconds time{std::chrono::seconds(unix_s)};
    return date::locate_zone(std::string(zone))->get_info(time).offset.count();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace ork::time_zones
