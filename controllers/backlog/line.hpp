#pragma once

// Where more runs are made than the cluster can begin, some wait, so that those under way go on as fast as ever.
//
// What is crowded shows in tasks that have a Job, and whose Pods no node has taken yet: the API server, the Job
// controller and the scheduler have them in hand, or no node has room. As long as there are few, runs begin at once;
// beyond the limit, one begins for each such task that finds its node. The limit is a window for those that somebody
// has in hand, beside those that fit on no node (they keep nobody busy, and are what an autoscaler makes nodes for),
// and has an upper bound for both. Runs that have begun are never held up, nor do tasks that run for hours hold up
// anybody.
//
// Namespaces take turns: next is a run of the one with the fewest such tasks, the oldest of its runs first. And each
// may always have its share of the limit, however many of another's find no node.
//
//   Line line(100);                    // at most
//   line.join(run);                    // it could begin
//   for (key : line.let_in()) ...      // these begin now; each counts as one task until noted
//   line.note(run, 2);                 // it has begun: so many of its tasks wait for a node
//   line.note(run, 2, 1);              // one of them fits nowhere
//   line.leave(key);                   // it has ended, is gone, or does not want to begin any more

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "controllers/api/time.hpp"

namespace ork::backlog {

struct Run {
  std::string key;  // names it
  std::string ns;
  api::TimeMs made_ms = 0;
};

class Line {
 public:
  // most: at least 1; the window too, until set.
  explicit Line(std::size_t most) : most_(most), window_(most) {}

  // Nobody waits and there is room: a run of that namespace need not join.
  bool is_open(std::string_view ns) const;
  // Nothing happens to one that is let in, or stands in line already.
  void join(const Run& run);
  // Those whose turn it is, in the order in which they may begin.
  std::vector<std::string> let_in();
  bool is_let_in(const std::string& key) const;
  // How many tasks of a run that has begun wait for a node, and how many of these because no node has room for them. It
  // does not stand in line any more.
  void note(const Run& run, std::size_t unplaced, std::size_t without_room = 0);
  void leave(const std::string& key);

  // At least 1. Who is in stays in.
  void set_window(std::size_t window) { window_ = window; }
  std::size_t limit() const { return std::min(most_, window_ + without_room_); }
  std::size_t unplaced() const { return unplaced_; }  // tasks, of all runs
  std::size_t waiting() const { return waiting_; }    // runs

 private:
  using Turn = std::pair<api::TimeMs, std::string>;         // when a run was made, its key
  using Rank = std::tuple<std::size_t, Turn, std::string>;  // tasks of a namespace, the first of its runs, its name
  struct Namespace {
    std::size_t unplaced = 0;
    std::set<Turn> waiting;
  };
  struct Place {
    Run run;
    std::size_t unplaced = 0;  // at least 1 once it is let in
    std::size_t without_room = 0;
    bool waits() const { return unplaced == 0; }
  };

  // A namespace is changed between these two, and is not ranked, or forgotten, meanwhile.
  Namespace& take_out(const std::string& ns);
  void put_back(const std::string& ns);
  bool has_room(std::size_t unplaced_of_namespace, std::size_t namespaces) const;

  std::size_t most_;
  std::size_t window_;
  std::size_t unplaced_ = 0;
  std::size_t without_room_ = 0;
  std::size_t waiting_ = 0;
  std::unordered_map<std::string, Place> places_;             // by key
  std::map<std::string, Namespace, std::less<>> namespaces_;  // those that have tasks to be placed, or runs that wait
  std::set<Rank> ranks_;                                      // of those with runs that wait
};

}  // namespace ork::backlog
