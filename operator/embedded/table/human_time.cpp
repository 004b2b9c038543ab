#include "operator/embedded/table/human_time.hpp"

#include "controllers/api/time.hpp"

namespace ork::embedded {
namespace {

// "5m" or "5m10s": the second unit only where it is not nothing.
std::string two(std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
  std::string text = std::to_string(large) + large_unit;
  if (small != 0) text += std::to_string(small) + small_unit;
  return text;
}

}  // namespace

std::string human_duration(std::int64_t milliseconds) {
  const std::int64_t seconds = milliseconds / 1000;  // towards zero, as Go does
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  const std::int64_t minutes = seconds / 60;
  const std::int64_t hours = minutes / 60;
  const std::int64_t days = hours / 24;
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (minutes < 10) return two(minutes, "m", seconds % 60, "s");
  if (hours < 3) return std::to_string(minutes) + "m";
  if (hours < 8) return two(hours, "h", minutes % 60, "m");
  if (hours < 48) return std::to_string(hours) + "h";
  if (days < 8) return two(days, "d", hours % 24, "h");
  if (days < 365 * 2) return std::to_string(days) + "d";
  if (days < 365 * 8) return two(days / 365, "y", days % 365, "d");
  return std::to_string(days / 365) + "y";
}

std::string age_of(const Json& timestamp, std::int64_t now_ms) {
  if (!timestamp.is_string()) return "<unknown>";
  const auto time = api::parse_time(timestamp.get_ref<const std::string&>());
  return time ? human_duration(now_ms - *time) : "<unknown>";
}

}  // namespace ork::embedded
