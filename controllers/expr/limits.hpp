#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::expr {

// As in the CRD's schema. Long enough for any path, short enough to be quoted in a message.
inline constexpr std::size_t max_expression_length = 1024;

// Fields and indexes after the root. An output is at most 4096 bytes, so deeper makes no sense.
inline constexpr std::size_t max_path_steps = 64;

// How much of a name, and how many names, a message quotes. Names may come from a program's
// output, so they may be anything.
inline constexpr std::size_t max_quoted_name = 63;
inline constexpr std::size_t max_quoted_path = 200;
inline constexpr std::size_t max_listed_fields = 8;

}  // namespace ork::expr
