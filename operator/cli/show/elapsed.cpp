#include "operator/cli/show/elapsed.hpp"

#include <cstdint>

namespace ork::show {
namespace {

std::string two(std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
  std::string out = std::to_string(large) + large_unit;
  if (small > 0) out += std::to_string(small) + small_unit;
  return out;
}

}  // namespace

std::string elapsed(api::DurationMs duration) {
  const std::int64_t seconds = duration > 0 ? duration / 1000 : 0;
  if (seconds < 60) return std::to_string(seconds) + "s";
  if (seconds < 3600) return two(seconds / 60, "m", seconds % 60, "s");
  if (seconds < 86'400) return two(seconds / 3600, "h", seconds % 3600 / 60, "m");
  return two(seconds / 86'400, "d", seconds % 86'400 / 3600, "h");
}

std::string elapsed(api::TimeMs start, api::TimeMs end, api::TimeMs now) {
  if (start == 0) return {};
  return elapsed((end != 0 ? end : now) - start);
}

}  // namespace ork::show
