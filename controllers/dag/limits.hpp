#pragma once

// Every bound of this folder, each with its reason.

#include <cstddef>

namespace ork::dag {

// A graph with more errors than this is reported by the first ones: nobody mends 20 at once, and
// the report must fit a condition's message.
inline constexpr std::size_t max_errors = 20;

// The search for a short cycle walks at most this many edges in all. Any cycle is a right answer;
// a shorter one only reads better.
inline constexpr std::size_t max_cycle_search_edges = 2'000'000;

// A name this far away is still "the nearest": two slips of the finger.
inline constexpr int max_edit_distance = 2;

// Longer names are near to nothing: no name of ours may be longer, and comparing costs time.
inline constexpr std::size_t max_compared_name = 63;

}  // namespace ork::dag
