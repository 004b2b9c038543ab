// Properties over random graphs: names "0", "1", ...; edges anywhere, so about half have cycles.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controllers/dag/graph.hpp"

namespace ork::dag {
namespace {

using Edges = std::vector<std::set<int>>;  // by node: what it depends on

struct Input {
  std::vector<std::string> names;
  std::vector<Node> nodes;
};

// Edges only from lower to higher ranks, under a random naming: never a cycle.
Edges acyclic_edges() {
  const int n = *rc::gen::inRange(0, 30);
  std::vector<int> rank;
  for (int i = 0; i < n; ++i) rank.push_back(i);
  for (std::size_t i = rank.size(); i > 1; --i) std::swap(rank[i - 1], rank[*rc::gen::inRange<std::size_t>(0, i)]);
  Edges edges(static_cast<std::size_t>(n));
  for (int node = 0; node < n; ++node) {
    for (const int up : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, n))) {
      const auto a = static_cast<std::size_t>(node), b = static_cast<std::size_t>(up);
      if (rank[b] < rank[a]) edges[a].insert(up);
    }
  }
  return edges;
}

Edges any_edges() {
  const int n = *rc::gen::inRange(1, 12);
  Edges edges(static_cast<std::size_t>(n));
  for (auto& row : edges) {
    for (const int up : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, n))) {
      if (*rc::gen::inRange(0, 4) == 0) row.insert(up);
    }
  }
  return edges;
}

// Dependencies in the order that `shuffle` makes of them.
template <typename Shuffle>
Input input_of(const Edges& edges, Shuffle shuffle) {
  Input input;
  for (std::size_t i = 0; i < edges.size(); ++i) input.names.push_back(std::to_string(i));
  for (std::size_t i = 0; i < edges.size(); ++i) {
    Node node{input.names[i], {}};
    for (const int up : edges[i]) node.depends_on.push_back(input.names[static_cast<std::size_t>(up)]);
    shuffle(node.depends_on);
    input.nodes.push_back(std::move(node));
  }
  return input;
}

auto as_is = [](auto&) {};

// By removing, again and again, what depends on nothing that is left.
bool has_cycle(Edges edges) {
  std::set<int> left;
  for (std::size_t i = 0; i < edges.size(); ++i) left.insert(static_cast<int>(i));
  for (bool moved = true; moved;) {
    moved = false;
    for (auto i = left.begin(); i != left.end();) {
      const auto& row = edges[static_cast<std::size_t>(*i)];
      const bool waits = std::any_of(row.begin(), row.end(), [&](int up) { return left.count(up) > 0; });
      moved = moved || !waits;
      i = waits ? std::next(i) : left.erase(i);
    }
  }
  return !left.empty();
}

RC_GTEST_PROP(GraphProperty, OrderHoldsEveryNodeOnceAndAfterAllThatItDependsOn, ()) {
  const Edges edges = acyclic_edges();
  const Input input = input_of(edges, as_is);
  const auto graph = Graph::build(input.nodes);
  RC_ASSERT(graph.ok());
  std::vector<int> place(edges.size(), -1);
  RC_ASSERT(graph->order().size() == edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i)
    place[static_cast<std::size_t>(graph->order()[i])] = static_cast<int>(i);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    RC_ASSERT(place[i] >= 0);
    int deepest = -1;
    for (const int up : edges[i]) {
      RC_ASSERT(place[static_cast<std::size_t>(up)] < place[i]);
      deepest = std::max(deepest, graph->layer(up));
    }
    RC_ASSERT(graph->layer(static_cast<int>(i)) == deepest + 1);
  }
}

RC_GTEST_PROP(GraphProperty, NoNodeOfTheOrderCouldHaveComeBeforeALaterDeclaredOne, ()) {
  const Edges edges = acyclic_edges();
  const Input input = input_of(edges, as_is);
  const auto graph = Graph::build(input.nodes);
  RC_ASSERT(graph.ok());
  std::vector<bool> done(edges.size(), false);
  for (const int node : graph->order()) {
    RC_ASSERT(graph->ready(done).front() == node);
    done[static_cast<std::size_t>(node)] = true;
  }
}

RC_GTEST_PROP(GraphProperty, NeighboursAreTheEdgesInBothDirections, ()) {
  const Edges edges = acyclic_edges();
  const Input input = input_of(edges, as_is);
  const auto graph = Graph::build(input.nodes);
  RC_ASSERT(graph.ok());
  Edges reversed(edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (const int up : edges[i]) reversed[static_cast<std::size_t>(up)].insert(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const auto up = graph->upstream(static_cast<int>(i));
    const auto down = graph->downstream(static_cast<int>(i));
    RC_ASSERT(std::equal(up.begin(), up.end(), edges[i].begin(), edges[i].end()));
    RC_ASSERT(std::equal(down.begin(), down.end(), reversed[i].begin(), reversed[i].end()));
  }
}

RC_GTEST_PROP(GraphProperty, TheOrderInWhichDependenciesAreWrittenChangesNothing, ()) {
  const Edges edges = any_edges();
  const Input plain = input_of(edges, as_is);
  const Input reversed = input_of(edges, [](auto& names) { std::reverse(names.begin(), names.end()); });
  const auto a = Graph::build(plain.nodes);
  const auto b = Graph::build(reversed.nodes);
  RC_ASSERT(a.ok() == b.ok());
  if (a.ok()) {
    RC_ASSERT(std::equal(a->order().begin(), a->order().end(), b->order().begin(), b->order().end()));
    return;
  }
  RC_ASSERT(a.error().size() == b.error().size());
  for (std::size_t i = 0; i < a.error().size(); ++i) {
    RC_ASSERT(a.error()[i].code == b.error()[i].code);
    RC_ASSERT(a.error()[i].path == b.error()[i].path);
  }
}

RC_GTEST_PROP(GraphProperty, ACycleIsAlwaysFoundAndTheReportedPathIsOne, ()) {
  const Edges edges = any_edges();
  const Input input = input_of(edges, as_is);
  const auto graph = Graph::build(input.nodes);
  RC_ASSERT(graph.ok() == !has_cycle(edges));
  if (graph.ok()) return;
  for (const GraphError& error : graph.error()) {
    RC_ASSERT(error.code == GraphErrc::Cycle || error.code == GraphErrc::SelfDependency);
    if (error.code == GraphErrc::SelfDependency) continue;
    RC_ASSERT(error.path.size() >= 3u);
    RC_ASSERT(error.path.front() == error.path.back());
    RC_ASSERT(std::set<int>(error.path.begin(), error.path.end()).size() == error.path.size() - 1);
    for (std::size_t i = 1; i < error.path.size(); ++i) {
      RC_ASSERT(edges[static_cast<std::size_t>(error.path[i])].count(error.path[i - 1]) == 1u);
    }
  }
}

RC_GTEST_PROP(GraphProperty, ReadyIsWhatBruteForceFinds, ()) {
  const Edges edges = acyclic_edges();
  const Input input = input_of(edges, as_is);
  const auto graph = Graph::build(input.nodes);
  RC_ASSERT(graph.ok());
  const auto done = *rc::gen::container<std::vector<bool>>(edges.size(), rc::gen::arbitrary<bool>());
  std::vector<int> expected;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    bool ready = !done[i];
    for (const int up : edges[i]) ready = ready && done[static_cast<std::size_t>(up)];
    if (ready) expected.push_back(static_cast<int>(i));
  }
  RC_ASSERT(graph->ready(done) == expected);
}

RC_GTEST_PROP(GraphProperty, TheCriticalPathIsAPathAndNoNodeEndsAHeavierOne, ()) {
  const Edges edges = acyclic_edges();
  const Input input = input_of(edges, as_is);
  const auto graph = Graph::build(input.nodes);
  RC_ASSERT(graph.ok());
  const auto weights =
      *rc::gen::container<std::vector<std::int64_t>>(edges.size(), rc::gen::inRange<std::int64_t>(0, 50));
  const auto path = graph->critical_path(weights);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < path.nodes.size(); ++i) {
    const auto node = static_cast<std::size_t>(path.nodes[i]);
    sum += weights[node];
    if (i > 0) RC_ASSERT(edges[node].count(path.nodes[i - 1]) == 1u);
  }
  RC_ASSERT(sum == path.length);
  std::vector<std::int64_t> heaviest(edges.size(), 0);
  for (const int node : graph->order()) {
    auto& best = heaviest[static_cast<std::size_t>(node)];
    for (const int up : edges[static_cast<std::size_t>(node)]) {
      best = std::max(best, heaviest[static_cast<std::size_t>(up)]);
    }
    best += weights[static_cast<std::size_t>(node)];
    RC_ASSERT(best <= path.length);
  }
}

}  // namespace
}  // namespace ork::dag
