#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

#include "operator/runtime/loop.hpp"

namespace ork::show::limits {

// Faster than that nobody reads, and slow terminals fall behind.
inline constexpr runtime::Duration repaint{100};
// A longer name is cut: what a task does must fit beside it.
inline constexpr std::size_t name_columns = 40;
// "waits for a, b, c and 7 more".
inline constexpr std::size_t names_listed = 3;
// Of an output, in one line of a tree that is not cut by a terminal.
inline constexpr std::size_t output_columns = 200;
// Of a message; the whole of it is in `-o yaml`.
inline constexpr std::size_t message_columns = 400;
// Last lines of a failed task's log.
inline constexpr std::size_t log_lines = 10;
// With fewer lines than that a live tree is of no use; it is drawn as if there were so many.
inline constexpr int least_height = 5;
inline constexpr int least_width = 20;

}  // namespace ork::show::limits
