#pragma once

// Dates and times as YAML 1.1 knows them. Read, they stay strings; written, they are quoted, so that
// no reader takes them for anything else.

#include <string_view>

namespace ork::manifest {

// "2026-11-21", "2026-11-21T03:32:00.5+01:00" (or with a small t), "2026-11-21 03:32:00"; months, days
// and the rest may have one digit, and must exist.
bool is_timestamp(std::string_view text);

}  // namespace ork::manifest
