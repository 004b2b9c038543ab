#pragma once

// Kubernetes' quantities: "500m", "1.5", "128Mi", "1e3". Pure.

#include <cstdint>
#include <optional>
#include <string_view>

namespace ork::embedded {

// In thousandths, rounded up, at most INT64_MAX; nullopt for what is no quantity or is negative.
std::optional<std::int64_t> parse_milli_quantity(std::string_view text);
// In whole units, rounded up.
std::optional<std::int64_t> parse_quantity(std::string_view text);

}  // namespace ork::embedded
