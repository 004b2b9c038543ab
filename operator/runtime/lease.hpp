#pragma once

// One leader among replicas, by a coordination.k8s.io/v1 Lease.
//
//   Idle --start--> Trying --the lease is ours--> Leading --renew deadline--> Lost
//                     ^  |                          |  or another holds it     |
//                     |  +-- another holds it:      +--release--> Released     |
//                     |      again every 2 s                                   |
//                     +----------------------------- start --------------------+
//
// What may be relied on
// - leading() is true only until valid_until(), which is `renew_deadline` (10 s) after the last
//   accepted renewal was *sent*, on this process' monotonic clock. No message is needed to stop.
// - Another replica takes over no sooner than `duration` (15 s) after it saw the last renewal, on
//   its own monotonic clock. Wall clocks are written for people and never compared.
// - So two replicas never lead at once while their clocks' rates differ by less than 15 / 10.
//   Beyond that (and for writes already on their way) the API server decides: every write of ours
//   carries a resourceVersion or creates a name that is used once.
// - A clean end (release) lets the next one start at its next look, without waiting for 15 s.
//
// A replica that does not lead looks every 2 s and does nothing else. A warm standby, which watches
// the lease and keeps its stores synced, comes in a later issue.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "operator/kube/transport.hpp"
#include "operator/runtime/lease_record.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::runtime {

enum class LeaseState { Idle, Trying, Leading, Lost, Released };

std::string_view to_string(LeaseState state);

struct LeaseOptions {
  std::string ns;
  std::string name = "ork";
  std::string identity;       // of this process, used by no other: e.g. Pod name and a random suffix
  Duration duration{15'000};  // whole seconds: what is written into the Lease
  Duration renew_interval{5'000};
  Duration renew_deadline{10'000};  // less than duration
  Duration retry_interval{2'000};   // between looks at another's lease, and after errors while Trying
  Duration renew_retry{500};        // after a renewal that failed
};

// All are optional. A hook may call start() or release(), but must not destroy the lease.
struct LeaseHooks {
  std::function<void()> on_leading;
  std::function<void(const std::string& why)> on_lost;      // stop writing at once
  std::function<void(const std::string& what)> on_trouble;  // an attempt failed; it is tried again
};

struct LeaseStats {
  std::uint64_t acquired = 0;
  std::uint64_t renewals = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;  // calls that failed for any reason but a conflict
};

class Lease {
 public:
  // `transport` should be one of its own connection: a renewal must not queue behind our own bursts.
  Lease(kube::Transport& transport, Loop& loop, LeaseOptions options, LeaseHooks hooks = {});
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  // From Idle, Lost or Released: begins to try.
  void start();
  // Stops trying or leading at once; where it led, the lease is given back. `done` is called once
  // from the loop, whether or not that worked: a failure costs the next leader the usual 15 s.
  // start() abandons a release that is under way.
  void release(std::function<void()> done);

  LeaseState state() const { return state_; }
  bool leading() const { return state_ == LeaseState::Leading && loop_.now() < valid_until_; }
  // Nothing may be written after this instant. Zero unless Leading.
  Instant valid_until() const { return valid_until_; }
  const std::string& observed_holder() const { return observed_.holder; }  // "" : nobody, or unknown
  const LeaseStats& stats() const { return stats_; }

 private:
  // Another's lease as we saw it change, on our clock.
  struct Observed {
    std::string resource_version;
    std::string holder;
    Instant expires{};
  };
  using Answer = Result<kube::Response, kube::Error>;

  void send(kube::Request request, Duration timeout, std::function<void(const Answer&)> handler);
  Duration call_timeout() const;
  LeaseClaim claim() const;

  void look();
  void on_look(const Answer& answer);
  // Whether the lease is ours to take; remembers who holds it and since when.
  bool observe(const LeaseRecord& record);
  void create();
  void replace();
  void renew();
  void write(kube::Request request);
  void on_written(const Answer& answer, Instant sent);
  void hold(Instant until);
  void look_if_unanswered();
  bool overdue();
  void lose(const std::string& why);
  void try_again(const std::string& what, std::optional<Duration> at_least = std::nullopt);

  void give_back(int tries);
  void on_given_back(const Answer& answer, int tries);
  void finish_release();

  kube::Transport& transport_;
  Loop& loop_;
  LeaseOptions options_;
  LeaseHooks hooks_;
  LeaseState state_ = LeaseState::Idle;
  Instant valid_until_{};
  Observed observed_;
  std::optional<LeaseRecord> record_;  // as the server last gave it to us
  std::function<void()> released_;     // a release is under way
  LeaseStats stats_;
  std::uint64_t round_ = 0;          // moves on with each renewal: looks and failures of earlier rounds are void
  std::unique_ptr<Timer> next_;      // the next look or renewal
  std::unique_ptr<Timer> deadline_;  // the end of valid_until_
  // Moves on when a start, loss or release makes the answers still to come meaningless.
  std::shared_ptr<std::uint64_t> epoch_ = std::make_shared<std::uint64_t>(0);
};

}  // namespace ork::runtime
