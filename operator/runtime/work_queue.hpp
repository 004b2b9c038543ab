#pragma once

// Keys that need work. Each key is worked on by one at a time, first come first served, at most
// `max_in_flight` of them at once; however often a key is added while it waits, it is worked on
// once. Adding starts nothing within the call: work starts from the loop, so a burst of events
// that arrives in one piece becomes one piece of work.
//
//   WorkQueue queue(loop, [&](const std::string& key) { begin(key); });   // may end later
//   queue.add("ns/run");           // an event
//   ... when the work on the key has ended:
//   queue.forget("ns/run");        // it went well   (or: queue.retry("ns/run") - it failed)
//   queue.done("ns/run");          // always, last
//
// Starting a key drops its pending wake-up (add_after): whoever works on it decides anew when it
// must be looked at again.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "operator/runtime/backoff.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::runtime {

struct QueueOptions {
  std::size_t max_in_flight = 64;
  BackoffPolicy backoff = queue_backoff;
};

struct QueueStats {
  std::uint64_t adds = 0;    // add() and add_after() calls
  std::uint64_t dedups = 0;  // of them, those that found the key waiting already
  std::uint64_t starts = 0;
  std::uint64_t retries = 0;
  Duration longest_wait{0};  // from being ready to being started
};

class WorkQueue {
 public:
  using Process = std::function<void(const std::string& key)>;

  // `loop` must outlive the queue. `process` begins the work on a key and may call any function of
  // the queue, done() included, at once or later; it must not destroy the queue. If it throws, it
  // must have begun nothing: the key counts as failed and done, and the loop gets the exception.
  WorkQueue(Loop& loop, Process process, QueueOptions options = {});
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // Work is needed as soon as may be. While the key is worked on: once more afterwards.
  void add(std::string_view key);
  // Work is needed after `delay`; of several such wishes the earliest holds.
  void add_after(std::string_view key, Duration delay);

  // Starts of this key keep this distance from now on. Forgotten once the key has been idle for as
  // long, so it is best set each time the key is worked on.
  void set_spacing(std::string_view key, Duration spacing);

  // The work failed: again after a delay that doubles with each failure in a row, but not before
  // `at_least` has passed. An add() may overtake the backoff, never `at_least` (the server's wish).
  void retry(std::string_view key, std::optional<Duration> at_least = std::nullopt);
  // The work went well: the next failure is the first again.
  void forget(std::string_view key);
  // The work has ended, well or not: the key may be started again.
  void done(std::string_view key);

  std::size_t depth() const { return ready_.size(); }  // ready and not started
  std::size_t in_flight() const { return in_flight_; }
  std::size_t delayed() const { return delayed_.size(); }
  std::size_t known_keys() const { return items_.size(); }
  const QueueStats& stats() const { return stats_; }

 private:
  struct Item {
    bool ready = false;
    bool running = false;
    bool again = false;  // added while running
    int failures = 0;
    Duration spacing{0};
    Instant ready_since{};
    Instant ended{};       // when it was last done
    Instant not_before{};  // the server's wish
    std::optional<Instant> last_start;
    std::optional<Instant> due;  // then it is in delayed_, under this and due_sequence
    std::uint64_t due_sequence = 0;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  // Nodes stay where they are, so a pointer to one names the key.
  using Items = std::unordered_map<std::string, Item, TextHash, std::equal_to<>>;
  using Node = Items::value_type;

  Node& node_of(std::string_view key);
  Instant allowed_at(const Item& item) const;
  void want(Node& node, Instant at);
  void make_ready(Node& node);
  void delay_until(Node& node, Instant at);
  void drop_delay(Node& node);
  void arm();
  void on_due();
  void post_pump();
  void pump();
  void start(Node& node);
  bool is_idle(const Item& item) const;
  void sweep_idle();
  void on_exception(const std::string& key);

  Loop& loop_;
  Process process_;
  QueueOptions options_;
  Items items_;
  std::deque<Node*> ready_;
  std::map<std::pair<Instant, std::uint64_t>, Node*> delayed_;
  std::unique_ptr<Timer> timer_;
  std::optional<Instant> armed_for_;
  std::uint64_t sequence_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t sweep_at_;
  bool pump_posted_ = false;
  QueueStats stats_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::runtime
