#pragma once

// Every bound of this folder, with its reason.

#include <cstddef>

namespace ork::embedded::table_limits {

// Steps of a printer column's path. Ours have five; one that is longer than this is a mistake.
inline constexpr std::size_t path_steps = 64;
// Values that a path with [*] or a slice may lead to at once; a cell shows the first.
inline constexpr std::size_t path_values = 1'000;
// Containers, conditions and the like that are looked at for one cell. A Pod has a few; more than
// this could only come from an object made to be slow.
inline constexpr std::size_t items = 1'000;

}  // namespace ork::embedded::table_limits
