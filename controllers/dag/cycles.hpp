#pragma once

// Finds the cycles that keep a graph from having an order.

#include <cstddef>
#include <vector>

#include "controllers/dag/graph.hpp"

namespace ork::dag {

// One cycle for each knot (strongly connected component of more than one node), the shortest that a
// search of bounded length finds; at most `max` of them, by first node. As GraphError::path has it:
// every node depends on the one before it, from the smallest index round to it again. `up` and `down`
// hold the same edges in both directions, rows sorted, no edge from a node to itself.
std::vector<std::vector<int>> find_cycles(const Rows& up, const Rows& down, std::size_t max);

}  // namespace ork::dag
