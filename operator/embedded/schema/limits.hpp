#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::embedded::limits {

// How deep a schema may nest, $refs followed. Kubernetes' deepest (a Pod's) has 17 levels.
inline constexpr std::size_t schema_depth = 64;

// How deep a value is followed: each level is a stack frame. encoding/json of the real API server
// gives up at 10,000; nothing that a kind describes comes near a hundred.
inline constexpr std::size_t value_depth = 256;

}  // namespace ork::embedded::limits
