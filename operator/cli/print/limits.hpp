#pragma once

// Bounds of what is printed, with their reasons.

#include <cstddef>

namespace ork::print::limits {

// Of a diff: its time and memory grow with the square of this, which is 4 MB; nobody reads a longer one.
inline constexpr std::size_t diff_steps = 1'000;
// Lines around a change: as diff and git have it.
inline constexpr std::size_t diff_context = 3;

}  // namespace ork::print::limits
