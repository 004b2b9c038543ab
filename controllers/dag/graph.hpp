#pragma once

// A directed graph without cycles: which task waits for which. Built once from names, used by
// index afterwards; an index is the node's place in the declaration. Immutable, and compact: two
// integers an edge. Everything is deterministic, and nothing recurses, whatever the input.
//
//        a          Node{"a", {}}, Node{"b", {"a"}}, Node{"c", {"a"}}, Node{"d", {"b", "c"}}
//       / \         upstream(3)   = {1, 2}
//      b   c        downstream(0) = {1, 2}
//       \ /         order()       = {0, 1, 2, 3}
//        d          layer(3)      = 2

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/dag/limits.hpp"
#include "controllers/result/result.hpp"

namespace ork::dag {

// What build() reads. The names must outlive the call, not the graph.
struct Node {
  std::string_view name;
  std::vector<std::string_view> depends_on;  // a name twice counts once
};

enum class GraphErrc { DuplicateName, UnknownDependency, SelfDependency, Cycle };

struct GraphError {
  GraphErrc code = GraphErrc::DuplicateName;
  int node = 0;           // where it is; for a cycle its first node in declared order
  int dependency = -1;    // place in depends_on, of UnknownDependency and SelfDependency
  int first = -1;         // DuplicateName: the node that has the name already
  std::string nearest;    // UnknownDependency: the name probably meant, or empty
  std::vector<int> path;  // Cycle: each node depends on the one before it, and the last is the first
                          // again: {a, b, c, a} where b depends on a, c on b, a on c
  friend bool operator==(const GraphError&, const GraphError&) = default;
};

struct CriticalPath {
  std::int64_t length = 0;  // sum of the weights along the path
  std::vector<int> nodes;   // in order of dependency
};

// An index, as the standard containers want it.
inline std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Lists of nodes by node, in two arrays ("compressed sparse rows"): the list of node i is
// items[start[i] .. start[i + 1]).
struct Rows {
  std::vector<int> start{0};
  std::vector<int> items;

  int size() const { return static_cast<int>(start.size()) - 1; }
  std::span<const int> operator[](int node) const {
    const auto from = static_cast<std::size_t>(start[static_cast<std::size_t>(node)]);
    const auto to = static_cast<std::size_t>(start[static_cast<std::size_t>(node) + 1]);
    return std::span<const int>(items).subspan(from, to - from);
  }
};

class Graph {
 public:
  // Nothing depends on anything, and there is nothing.
  Graph() = default;

  // All errors at once: by node first, then one short cycle for each knot of cycles; at most
  // max_errors of them, never none.
  static Result<Graph, std::vector<GraphError>> build(std::span<const Node> nodes);

  int size() const { return static_cast<int>(order_.size()); }
  std::size_t edges() const { return up_.items.size(); }

  // What `node` depends on, and what depends on it, in declared order.
  std::span<const int> upstream(int node) const { return up_[node]; }
  std::span<const int> downstream(int node) const { return down_[node]; }

  // Every node after all that it depends on; where that leaves a choice, in declared order.
  std::span<const int> order() const { return order_; }
  // The number of edges of the longest path that ends here; 0: depends on nothing.
  int layer(int node) const { return layer_[static_cast<std::size_t>(node)]; }

  // The heaviest path. Weights by node, none negative. The first in declared order on a tie.
  CriticalPath critical_path(std::span<const std::int64_t> weights) const;

  // The nodes not done whose upstream is all done, in declared order. Flags by node.
  std::vector<int> ready(const std::vector<bool>& done) const;

 private:
  Rows up_, down_;
  std::vector<int> order_;
  std::vector<int> layer_;
};

}  // namespace ork::dag
