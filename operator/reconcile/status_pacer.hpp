#pragma once

// When a changed status may be stored: at once while things are quiet, seldom when they are busy.
// The Jobs are the truth until then, so waiting costs nothing but freshness.
//
// Runs beyond the rate stand in line, and each is called once, when its turn has come: were they all
// woken to try again, a thousand runs would be planned again and again for nothing.
//
// Who gives way (a run that only tells that it waits to begin) stands in a line of its own, which gets a turn after a
// few of the others'. Of these the last to come is called first: it waits longest from now on, and those in front of it
// have begun, and more to tell, before their turn had come.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

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

  // True: write now. False: the run stands in line, and on_turn will name it.
  bool admit(const std::string& key, bool gives_way = false);
  // A write was answered after so long; what a write costs follows the last few.
  void wrote(runtime::Duration took);
  // The run has nothing to write any more, or writes its last status, which waits for nobody.
  void withdraw(const std::string& key);

  std::size_t waiting() const { return tickets_.size(); }

 private:
  struct Ticket {
    std::uint64_t number;
    bool gives_way;
  };
  using Line = std::map<std::uint64_t, std::string>;  // by number, that is as they came

  void refill();
  void arm();
  Line& line_of(Ticket ticket) { return ticket.gives_way ? giving_way_ : line_; }
  std::string take_next();
  void call_next();

  runtime::Loop& loop_;
  std::function<void(const std::string& key)> on_turn_;
  // Milliseconds: what the writes of all runs may still take, and what one takes.
  double budget_ = static_cast<double>(limits::status_burst.count());
  double cost_ = static_cast<double>(limits::status_least_cost.count());
  runtime::Instant refilled_;
  std::uint64_t tickets_given_ = 0;
  Line line_;
  Line giving_way_;
  std::size_t let_by_ = 0;                           // since one who gives way was called
  std::unordered_map<std::string, Ticket> tickets_;  // of those in line
  std::unordered_set<std::string> called_;           // it is their turn; their cost is taken
  std::unique_ptr<runtime::Timer> timer_;
};

}  // namespace ork::reconcile
