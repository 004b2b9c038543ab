#pragma once

// When a changed status may be stored: at once while things are quiet, seldom when they are busy.
// The Jobs are the truth until then, so waiting costs nothing but freshness.
//
// Runs beyond the rate stand in line, and each is called once, when its turn has come: were they all
// woken to try again, a thousand runs would be planned again and again for nothing.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "operator/reconcile/limits.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

// How long a run of so many tasks still has to wait after its last write; 0: no longer.
runtime::Duration spacing_left(runtime::Instant now, std::optional<runtime::Instant> last_write, std::size_t tasks);

class StatusPacer {
 public:
  // `on_turn` is called from the loop with the key of a run that may now write; it must not call back
  // into the pacer at once. `loop` must outlive the pacer.
  StatusPacer(runtime::Loop& loop, std::function<void(const std::string& key)> on_turn);

  // True: write now. False: the run stands in line, and on_turn will name it. Who gives way lets four others by who
  // come later, and no more.
  bool admit(const std::string& key, bool gives_way = false);
  // A write was answered after so long; what a write costs follows the last few.
  void wrote(runtime::Duration took);
  // The run has nothing to write any more, or writes its last status, which waits for nobody.
  void withdraw(const std::string& key);

  std::size_t waiting() const { return line_.size(); }

 private:
  using Ticket = std::pair<std::uint64_t, bool>;  // with the same number, who gives way comes second

  void refill();
  void arm();
  void call_next();

  runtime::Loop& loop_;
  std::function<void(const std::string& key)> on_turn_;
  // Milliseconds: what the writes of all runs may still take, and what one takes.
  double budget_ = static_cast<double>(limits::status_burst.count());
  double cost_ = static_cast<double>(limits::status_least_cost.count());
  runtime::Instant refilled_;
  std::uint64_t tickets_given_ = 0;
  std::uint64_t given_to_last_who_gives_way_ = 0;
  std::map<Ticket, std::string> line_;               // first come, first served
  std::unordered_map<std::string, Ticket> tickets_;  // of those in line
  std::unordered_set<std::string> called_;           // it is their turn; their cost is taken
  std::unique_ptr<runtime::Timer> timer_;
};

}  // namespace ork::reconcile
