#pragma once

// "Did you mean ...?": the candidate that a mistyped name most likely stands for.

#include <span>
#include <string_view>

namespace ork::dag {

// Edits (insert, delete, replace a byte, swap two neighbours) that turn `a` into `b`, where they
// are at most `limit`; otherwise limit + 1. Cost: at most (2 * limit + 1) * length of `a`.
int edit_distance(std::string_view a, std::string_view b, int limit);

// The candidate at the smallest distance, at most max_edit_distance and less than half of the
// name's length (so that "a" is not taken for "b"); the first one on a tie. Empty: none is near.
// The result points into the candidates.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace ork::dag
