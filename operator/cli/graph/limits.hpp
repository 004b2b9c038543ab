#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::cli::limits {

// Lines side by side that an eye can follow; a graph that needs more is told layer by layer.
inline constexpr std::size_t drawn_lanes = 8;
// From so many on, tasks of a layer that wait for the same and are waited for by the same stand in one line.
inline constexpr std::size_t grouped_tasks = 4;

}  // namespace ork::cli::limits
