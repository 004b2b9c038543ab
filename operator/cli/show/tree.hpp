#pragma once

// A run as a tree of its tasks, one line each:
//
//   etl-bp2bq  Running  7s  3 tasks: 1 running, 1 pending, 1 succeeded
//   ├─ list    Succeeded  1s
//   ├─ load    Running    5s  2/3 done, 1 running
//   └─ report  Pending        waits for load
//
// Pure: the same run, time and screen give the same lines.

#include <string>
#include <vector>

#include "operator/cli/show/run_view.hpp"
#include "operator/cli/show/screen.hpp"

namespace ork::show {

// For a screen that is painted again and again: cut to its width, and to its height, if it has one. Where there
// are more tasks than lines, those that failed or run are shown, and the others counted in a last line.
std::vector<std::string> live_tree(const RunView& view, const Screen& screen);

// All there is to know: every task, below it its attempts and its output, whatever the screen's height.
std::vector<std::string> full_tree(const RunView& view, const Screen& screen);

}  // namespace ork::show
