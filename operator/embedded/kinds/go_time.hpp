#pragma once

// Times as Go's structs read and write them.

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"

namespace ork::embedded {

// metav1.Time: RFC 3339; written in UTC, to the second; empty for the first second
// of the year 1, which Go writes as null. The error is Go's.
Result<std::string, std::string> read_time(std::string_view text);
// metav1.MicroTime: RFC 3339 with exactly six digits of a second; written in UTC.
Result<std::string, std::string> read_micro_time(std::string_view text);

}  // namespace ork::embedded
