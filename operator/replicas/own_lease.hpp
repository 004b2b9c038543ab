#pragma once

// This process' own Lease: as long as it is renewed, nobody else touches what the process works on.
//
//   Idle --join--> Joining --the Lease is made--> Member --renew deadline, or somebody removed it--> Lost
//                                                   |
//                                                   +--leave--> Left
//
// What may be relied on
// - is_valid() is true only until `renew_deadline` after the last accepted renewal was *sent*, on this process'
//   monotonic clock. No message is needed to stop.
// - Others take it for dead no sooner than `duration` after they saw the last renewal, on their own monotonic clocks,
//   and only by removing the Lease as they saw it. Wall clocks are written for people and never compared.
// - So nobody takes over what this process still works on while clocks' rates differ by less than duration to
//   renew_deadline. Beyond that, and for writes already on their way, the API server decides: every write of ours
//   carries a resourceVersion or creates a name that is used once.
// - The identity is used by no other process, so nobody else renews the Lease, and once removed it stays away: a Lost
//   process is of no more use, what it knows being old by then.

#include <functional>
#include <memory>
#include <string>

#include "operator/kube/transport.hpp"
#include "operator/replicas/leases.hpp"
#include "operator/replicas/limits.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::replicas {

struct LeaseTimes {
  runtime::Duration duration = limits::lease_duration;  // whole seconds: what is written into the Lease
  // Renewals are sent this far apart, whether or not the last one is answered: whichever answers first will do.
  runtime::Duration renew_interval = duration * 32 / 100;
  runtime::Duration renew_deadline = duration * 66 / 100;
  runtime::Duration renew_retry = limits::try_again;  // after one that failed
};

// How long the server asks us to wait before we ask again; 0: it does not say.
runtime::Duration wished_wait(const kube::Error& error);

// How long to wait after a request that failed: as long as the server asks for, at least `least`, and up to a tenth
// longer by chance, so that replicas do not come all at once. `error` nullptr: there was an answer, of no use.
runtime::Duration wait_before_retry(runtime::Loop& loop, runtime::Duration least, const kube::Error* error);

class OwnLease {
 public:
  enum class State { Idle, Joining, Member, Lost, Left };
  // A hook must not destroy the lease.
  struct Hooks {
    std::function<void()> on_joined;
    std::function<void(const std::string& why)> on_lost;      // stop writing at once
    std::function<void(const std::string& what)> on_trouble;  // an attempt failed; it is tried again
  };

  // `transport` should be one of its own connection: a renewal must not queue behind our own bursts.
  OwnLease(kube::Transport& transport, runtime::Loop& loop, Member member, LeaseTimes times, Hooks hooks);
  ~OwnLease();
  OwnLease(const OwnLease&) = delete;
  OwnLease& operator=(const OwnLease&) = delete;

  void join();
  // From now on it is not valid; the Lease is removed. `done` is called once from the loop, whether or not that
  // worked: a failure costs the others the usual wait.
  void leave(std::function<void()> done);
  // Somebody has removed it.
  void removed();

  State state() const { return state_; }
  bool is_valid() const { return state_ == State::Member && loop_.now() < valid_until_; }

 private:
  using Answer = Result<kube::Response, kube::Error>;

  void send(kube::Request request, runtime::Duration timeout, std::function<void(const Answer&)> handler);
  void create();
  void renew();
  void on_renewed(const Answer& answer, runtime::Instant sent);
  void accepted(runtime::Instant sent);
  void failed(const kube::Error& error);
  void hold(runtime::Instant until);
  void lose(const std::string& why);
  void end(State state);

  kube::Transport& transport_;
  runtime::Loop& loop_;
  Member member_;
  LeaseTimes times_;
  Hooks hooks_;
  State state_ = State::Idle;
  runtime::Instant valid_until_{};
  std::unique_ptr<runtime::Timer> next_;      // the next attempt or renewal
  std::unique_ptr<runtime::Timer> deadline_;  // the end of valid_until_
  // Moves on when an end makes the answers still to come meaningless.
  std::shared_ptr<int> epoch_ = std::make_shared<int>(0);
};

}  // namespace ork::replicas
