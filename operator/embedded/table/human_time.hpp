#pragma once

// Durations and ages as kubectl's tables show them, with two to three figures: "95s", "4m10s", "3h12m",
// "2d7h", "340d", "2y". The steps are those of apimachinery's duration.HumanDuration.

#include <cstdint>
#include <string>

#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

// Up to two seconds into the future count as now; further, it is "<invalid>".
std::string human_duration(std::int64_t milliseconds);

// Of an object's timestamp: "<unknown>" where there is none.
std::string age_of(const Json& timestamp, std::int64_t now_ms);

}  // namespace ork::embedded
