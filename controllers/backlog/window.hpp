#pragma once

// How many tasks may wait for a node before no more runs begin: as many as the cluster places without keeping any of
// them waiting.
//
// The sign is how long a task takes from the create of its Job to the node of its first Pod. When there is little to do
// that is the least it can be, and it stays so while there is room; beyond that each further task only makes all of
// them wait longer. So the window grows by one for each window of tasks that were placed in less than twice the least,
// and shrinks by a tenth where they took longer. (The control of congestion that TCP Vegas and, for requests, Envoy's
// gradient controller rest on: Brakmo and Peterson, 1994.)
//
//   Window window(64);
//   window.placed(took_ms, now_ms, others_wait);
//   line.set_window(window.size());

#include <cstddef>

#include "controllers/api/time.hpp"

namespace ork::backlog {

// Fewer would leave the scheduler idle between two of our looks at it.
inline constexpr std::size_t least_window = 4;
// Until something is known. More than a small control plane wants, less than what a large one notices.
inline constexpr std::size_t first_window = 16;
// What is measured anew at least so often: nodes come and go, and a floor that was once seen is not what it is now.
inline constexpr api::DurationMs floor_period_ms = 5 * 60'000;
// Times the floor.
inline constexpr double tolerated_times = 2.0;
// Whatever the floor: the scheduler's own rounds, and clocks that tick in milliseconds.
inline constexpr api::DurationMs tolerated_ms = 20;

class Window {
 public:
  // most: at least 1.
  explicit Window(std::size_t most);

  // A task has found its node, that long after its Job was asked for. `others_wait`: runs stand in line, so that the
  // window is what holds them. now_ms: of a clock that nobody sets.
  void placed(api::DurationMs took_ms, api::TimeMs now_ms, bool others_wait);

  std::size_t size() const { return static_cast<std::size_t>(size_); }

 private:
  void note_floor(double took, api::TimeMs now);

  double most_;
  double size_;
  double usual_ = 0;  // of the last few; 0: nothing yet
  double floor_ = 0;  // of this period, and of the one before; 0: nothing yet
  double earlier_floor_ = 0;
  api::TimeMs period_began_ = 0;
};

}  // namespace ork::backlog
