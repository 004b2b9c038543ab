#pragma once

// Durations for people: two units at most, "7s", "1m12s", "2h5m", "3d4h".

#include <string>

#include "controllers/api/time.hpp"

namespace ork::show {

// Negative ones (clocks differ) are "0s".
std::string elapsed(api::DurationMs duration);

// From start to end, or to `now` while there is no end; empty where it has not started.
std::string elapsed(api::TimeMs start, api::TimeMs end, api::TimeMs now);

}  // namespace ork::show
