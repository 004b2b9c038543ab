#include "controllers/dag/cycles.hpp"

#include <algorithm>
#include <utility>

#include "controllers/dag/limits.hpp"

namespace ork::dag {
namespace {

// Tarjan's algorithm (R. Tarjan, "Depth-first search and linear graph algorithms", 1972) with its
// stack of calls on the heap: a chain of 5,000 tasks must not be 5,000 frames deep.
class Knots {
 public:
  explicit Knots(const Rows& edges)
      : edges_(edges), number_(at(edges.size()), -1), low_(at(edges.size()), 0), on_stack_(at(edges.size()), false) {}

  // Components of more than one node, each sorted, in order of their first node.
  std::vector<std::vector<int>> find() {
    for (int node = 0; node < edges_.size(); ++node) {
      if (number_[at(node)] < 0) visit(node);
    }
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  struct Frame {
    int node;
    std::size_t next;  // the edge to follow next
  };

  void enter(int node) {
    number_[at(node)] = low_[at(node)] = counter_++;
    stack_.push_back(node);
    on_stack_[at(node)] = true;
    frames_.push_back({node, 0});
  }

  void visit(int root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const auto row = edges_[frame.node];
      if (frame.next < row.size()) {
        const int from = frame.node;
        const int to = row[frame.next++];
        if (number_[at(to)] < 0) {
          enter(to);  // `frame` is dangling from here on
        } else if (on_stack_[at(to)]) {
          low_[at(from)] = std::min(low_[at(from)], number_[at(to)]);
        }
        continue;
      }
      leave(frame.node);
    }
  }

  void leave(int node) {
    frames_.pop_back();
    if (!frames_.empty()) {
      int& parent = low_[at(frames_.back().node)];
      parent = std::min(parent, low_[at(node)]);
    }
    if (low_[at(node)] != number_[at(node)]) return;
    const auto first = std::find(stack_.rbegin(), stack_.rend(), node).base() - 1;
    for (auto i = first; i != stack_.end(); ++i) on_stack_[at(*i)] = false;
    if (stack_.end() - first > 1) {
      found_.emplace_back(first, stack_.end());
      std::sort(found_.back().begin(), found_.back().end());
    }
    stack_.erase(first, stack_.end());
  }

  const Rows& edges_;
  std::vector<int> number_, low_;
  std::vector<bool> on_stack_;
  std::vector<int> stack_;
  std::vector<Frame> frames_;
  std::vector<std::vector<int>> found_;
  int counter_ = 0;
};

// Breadth-first search, again and again over the same arrays; a stamp tells which search set a value.
class ShortestCycle {
 public:
  explicit ShortestCycle(const Rows& down)
      : down_(down), knot_(at(down.size()), -1), stamp_(at(down.size()), -1), parent_(at(down.size()), -1) {}

  void mark(const std::vector<int>& nodes, int knot) {
    for (const int node : nodes) knot_[at(node)] = knot;
  }

  // A shortest cycle through `start` that stays in its knot, where it has fewer than `below` nodes;
  // else nothing. Starts with `start`, and does not repeat it.
  std::vector<int> through(int start, std::size_t below) {
    ++search_;
    queue_.assign(1, start);
    stamp_[at(start)] = search_;
    std::size_t level_end = 1;  // where the nodes of the current depth end in the queue
    std::size_t depth = 1;      // nodes on the path to them
    for (std::size_t head = 0; head < queue_.size(); ++head) {
      if (head == level_end) {
        level_end = queue_.size();
        ++depth;
      }
      if (depth >= below) break;
      if (const int last = expand(queue_[head], start); last >= 0) return path_to(last);
    }
    return {};
  }

  std::size_t walked() const { return walked_; }

 private:
  // `node` where it has an edge back to the start, else -1.
  int expand(int node, int start) {
    for (const int next : down_[node]) {
      ++walked_;
      if (next == start) return node;
      if (knot_[at(next)] != knot_[at(start)] || stamp_[at(next)] == search_) continue;
      stamp_[at(next)] = search_;
      parent_[at(next)] = node;
      queue_.push_back(next);
    }
    return -1;
  }

  std::vector<int> path_to(int node) const {
    std::vector<int> path{node};
    while (node != queue_.front()) path.push_back(node = parent_[at(node)]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Rows& down_;
  std::vector<int> knot_;
  std::vector<int> stamp_, parent_;
  std::vector<int> queue_;
  int search_ = 0;
  std::size_t walked_ = 0;
};

}  // namespace

std::vector<std::vector<int>> find_cycles(const Rows& up, const Rows& down, std::size_t max) {
  auto knots = Knots(up).find();
  if (knots.size() > max) knots.resize(max);

  ShortestCycle search(down);
  std::vector<std::vector<int>> cycles;
  for (std::size_t k = 0; k < knots.size(); ++k) {
    search.mark(knots[k], static_cast<int>(k));
    std::vector<int> best;
    for (const int start : knots[k]) {
      // The first search of a knot always ends with a cycle; the others may only improve on it.
      if (!best.empty() && (best.size() == 2 || search.walked() > max_cycle_search_edges)) break;
      auto cycle = search.through(start, best.empty() ? knots[k].size() + 1 : best.size());
      if (!cycle.empty()) best = std::move(cycle);
    }
    std::rotate(best.begin(), std::min_element(best.begin(), best.end()), best.end());
    best.push_back(best.front());
    cycles.push_back(std::move(best));
  }
  return cycles;
}

}  // namespace ork::dag
