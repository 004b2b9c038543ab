#include "controllers/dag/graph.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>

#include "controllers/dag/cycles.hpp"
#include "controllers/dag/nearest.hpp"

namespace ork::dag {
namespace {

// Turns names into indexes, and notes every name that can't be.
class Resolver {
 public:
  explicit Resolver(std::span<const Node> nodes) : nodes_(nodes) { index_.reserve(nodes.size()); }

  void resolve() {
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
      const auto [found, added] = index_.emplace(nodes_[at(i)].name, i);
      if (!added) note({.code = GraphErrc::DuplicateName, .node = i, .first = found->second});
    }
    last_seen_by_.assign(nodes_.size(), -1);
    up.start.reserve(nodes_.size() + 1);
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) resolve_node(i);
    up.items.shrink_to_fit();
    std::stable_sort(errors.begin(), errors.end(),
                     [](const GraphError& a, const GraphError& b) { return a.node < b.node; });
  }

  Rows up;
  std::vector<GraphError> errors;

 private:
  void resolve_node(int node) {
    const auto& names = nodes_[at(node)].depends_on;
    const auto row = static_cast<std::ptrdiff_t>(up.items.size());
    for (int d = 0; d < static_cast<int>(names.size()); ++d) {
      const auto found = index_.find(names[at(d)]);
      if (found == index_.end()) {
        note_unknown(node, d);
      } else if (found->second == node) {
        note({.code = GraphErrc::SelfDependency, .node = node, .dependency = d});
      } else if (std::exchange(last_seen_by_[at(found->second)], node) != node) {
        up.items.push_back(found->second);
      }
    }
    std::sort(up.items.begin() + row, up.items.end());
    up.start.push_back(static_cast<int>(up.items.size()));
  }

  void note_unknown(int node, int dependency) {
    if (errors.size() >= max_errors) return;  // before the search below, which is not cheap
    if (candidates_.empty()) {
      for (const Node& n : nodes_) candidates_.push_back(n.name);
    }
    const std::string_view name = nodes_[at(node)].depends_on[at(dependency)];
    note({.code = GraphErrc::UnknownDependency,
          .node = node,
          .dependency = dependency,
          .nearest = std::string(nearest(name, candidates_))});
  }

  void note(GraphError error) {
    if (errors.size() < max_errors) errors.push_back(std::move(error));
  }

  std::span<const Node> nodes_;
  std::unordered_map<std::string_view, int> index_;
  std::vector<int> last_seen_by_;  // by dependency: the node that named it last, to drop repeats
  std::vector<std::string_view> candidates_;
};

// The same edges the other way round. Rows come out sorted because nodes are taken in order.
Rows reversed(const Rows& rows) {
  Rows result;
  result.start.assign(at(rows.size()) + 1, 0);
  result.items.resize(rows.items.size());
  for (const int item : rows.items) ++result.start[at(item) + 1];
  for (std::size_t i = 1; i < result.start.size(); ++i) result.start[i] += result.start[i - 1];
  std::vector<int> next(result.start.begin(), result.start.end() - 1);
  for (int node = 0; node < rows.size(); ++node) {
    for (const int item : rows[node]) result.items[at(next[at(item)]++)] = node;
  }
  return result;
}

}  // namespace

// Kahn's algorithm (A. B. Kahn, "Topological sorting of large networks", 1962) with a heap for the
// nodes that are free, so that the declared order decides among them. What never gets free is on a
// cycle or behind one.
Result<Graph, std::vector<GraphError>> Graph::build(std::span<const Node> nodes) {
  Resolver resolver(nodes);
  resolver.resolve();

  Graph graph;
  graph.up_ = std::move(resolver.up);
  graph.down_ = reversed(graph.up_);
  graph.layer_.assign(nodes.size(), 0);
  graph.order_.reserve(nodes.size());

  std::vector<int> waiting_for(nodes.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> free;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    waiting_for[at(i)] = static_cast<int>(graph.up_[i].size());
    if (waiting_for[at(i)] == 0) free.push(i);
  }
  while (!free.empty()) {
    const int node = free.top();
    free.pop();
    graph.order_.push_back(node);
    for (const int next : graph.down_[node]) {
      graph.layer_[at(next)] = std::max(graph.layer_[at(next)], graph.layer_[at(node)] + 1);
      if (--waiting_for[at(next)] == 0) free.push(next);
    }
  }

  auto errors = std::move(resolver.errors);
  if (graph.order_.size() < nodes.size() && errors.size() < max_errors) {
    for (auto& path : find_cycles(graph.up_, graph.down_, max_errors - errors.size())) {
      const int first = path.front();
      errors.push_back({.code = GraphErrc::Cycle, .node = first, .path = std::move(path)});
    }
  }
  if (!errors.empty()) return Err(std::move(errors));
  return graph;
}

CriticalPath Graph::critical_path(std::span<const std::int64_t> weights) const {
  if (order_.empty()) return {};
  std::vector<std::int64_t> length(order_.size());
  std::vector<int> before(order_.size(), -1);
  for (const int node : order_) {
    for (const int up : up_[node]) {
      const int best = before[at(node)];
      if (best < 0 || length[at(up)] > length[at(best)]) before[at(node)] = up;
    }
    length[at(node)] = weights[at(node)] + (before[at(node)] < 0 ? 0 : length[at(before[at(node)])]);
  }
  int node = static_cast<int>(std::max_element(length.begin(), length.end()) - length.begin());
  CriticalPath path{.length = length[at(node)]};
  for (; node >= 0; node = before[at(node)]) path.nodes.push_back(node);
  std::reverse(path.nodes.begin(), path.nodes.end());
  return path;
}

std::vector<int> Graph::ready(const std::vector<bool>& done) const {
  std::vector<int> result;
  for (int node = 0; node < size(); ++node) {
    if (done[at(node)]) continue;
    const auto before = up_[node];
    if (std::all_of(before.begin(), before.end(), [&](int i) { return done[at(i)]; })) result.push_back(node);
  }
  return result;
}

}  // namespace ork::dag
