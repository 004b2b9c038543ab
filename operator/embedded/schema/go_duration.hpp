#pragma once

// Go's time.ParseDuration: "1h30m", "-1.5s", "0".

#include <cstdint>
#include <optional>
#include <string_view>

namespace ork::embedded {

// Nanoseconds; none for what is no duration or does not fit into 64 bits.
std::optional<std::int64_t> parse_go_duration(std::string_view text);

}  // namespace ork::embedded
