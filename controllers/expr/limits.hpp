#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::expr {

// Of an expression's text. Long enough for what a person writes, short enough to be quoted in a message.
inline constexpr std::size_t max_expression_length = 4096;

// Levels of the parsed tree: what goes through it recurses that deep. Far more than anybody reads (and than the
// CEL specification asks for), and 1 MiB of stack under a sanitizer.
inline constexpr std::size_t max_depth = 200;

// Work of one evaluation: a step for each node, and for each 64 bytes or items that something goes through.
// About 100 ms; macros inside each other over a list of 1,000 fit.
inline constexpr std::size_t max_steps = 2'000'000;

// Bytes and items that one evaluation may make: what it gives out has to fit into a status of 1 MiB.
inline constexpr std::size_t max_made = 1'000'000;

// How much of a name, and how many names, a message quotes. Names may come from a program's
// output, so they may be anything.
inline constexpr std::size_t max_quoted_name = 63;
inline constexpr std::size_t max_quoted_path = 200;
inline constexpr std::size_t max_listed_fields = 8;

}  // namespace ork::expr
