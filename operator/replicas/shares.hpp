#pragma once

// Which buckets of the work are this process', among all replicas of it. Each replica keeps a Lease of its own; one
// more Lease says who holds which bucket, and is changed only by who read its last version.
//
//   a bucket:  nobody's --take, written--> ours --give: nothing new begins, all is answered, written--> nobody's
//
// What may be relied on
// - holds(b) is true for one process at a time, as long as OwnLease keeps its promise: a bucket goes from one to
// another
//   only by the one who holds it, once what was sent for it is answered; or after its holder's Lease was removed, which
//   nobody does before it has run out.
// - What a watch shows late costs time only: a claim that starts from an old version is refused.
// - Somebody who edits or removes the group's Lease by hand moves work about, and loses none.
//
// Ends: Lost (the own Lease ran out or was removed), and by leave().

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controllers/shard/shares.hpp"
#include "operator/kube/transport.hpp"
#include "operator/replicas/group_view.hpp"
#include "operator/replicas/own_lease.hpp"
#include "operator/runtime/watcher.hpp"

namespace ork::replicas {

using Buckets = std::bitset<shard::bucket_count>;

struct SharesOptions {
  std::string ns;
  std::string group = "ork";
  // Of this process, used by no other: e.g. the Pod's name and a random suffix. With the group's name before it, it
  // has to be a name that Kubernetes takes.
  std::string identity;
  LeaseTimes times;
};

// A hook must not destroy the shares.
struct SharesHooks {
  std::function<void(const Buckets&)> on_gained;  // these are worked on from now on
  std::function<void(const Buckets&)> on_left;    // and these no more: forget what is known of the work
  // Calls back from the loop once all that was sent before has been answered.
  std::function<void(std::function<void()>)> when_quiet;
  std::function<void(const std::string& why)> on_lost;      // stop writing at once
  std::function<void(const std::string& what)> on_trouble;  // a sentence for the log
};

class Shares {
 public:
  // `transport` should be one of its own connection: a renewal must not queue behind our own bursts.
  Shares(kube::Transport& transport, runtime::Loop& loop, const SharesOptions& options, SharesHooks hooks);
  ~Shares();
  Shares(const Shares&) = delete;
  Shares& operator=(const Shares&) = delete;

  void start();
  // Holds nothing any more, waits for what is on its way, and goes. `done` is called once from the loop.
  void leave(std::function<void()> done);

  bool holds(shard::Bucket bucket) const { return works_[static_cast<std::size_t>(bucket)] && lease_.is_valid(); }
  // The version of the group's Lease in which it became ours; 0: it never was, or versions are no numbers.
  std::uint64_t taken_at(shard::Bucket bucket) const { return taken_at_[static_cast<std::size_t>(bucket)]; }
  std::size_t held() const { return works_.count(); }
  // This one among them.
  std::size_t members() const { return current_members().size(); }

 private:
  using Answer = Result<kube::Response, kube::Error>;

  shard::Members current_members() const;
  void move_on();
  void notice_own_end();
  void follow_holders();
  void remove_silent_members();
  void on_removed(const std::string& identity, const Answer& answer);
  void give(const Buckets& buckets);
  void keep_after_all(const Buckets& buckets);
  void write(const Buckets& buckets, const std::string& holder);
  void on_written(const std::string& from, shard::Holders holders, const Answer& answer);
  void try_again_after(const std::string& refused_on, const kube::Error* error);
  void wait_for_next_expiry();
  void lose(const std::string& why);

  kube::Transport& transport_;
  runtime::Loop& loop_;
  Member member_;
  SharesHooks hooks_;
  OwnLease lease_;
  GroupView view_;
  runtime::Watcher watcher_;
  Buckets ours_;  // by the newest version of the group's Lease that is known
  std::array<std::uint64_t, shard::bucket_count> taken_at_{};
  Buckets works_;                           // of ours, those that are not to be given
  Buckets leaving_;                         // of ours, those that are
  bool is_quiet_ = false;                   // nothing sent for those of leaving_ is without an answer
  std::uint64_t leave_round_ = 0;           // moves on where others are to be given
  bool is_writing_ = false;                 // the group's Lease
  std::optional<std::string> refused_on_;   // the version of it that a write failed on, for a while
  runtime::Instant write_not_before_{};     // the server's wish
  bool is_ending_ = false;                  // or has ended
  bool was_shown_ = false;                  // our own Lease, by the watch
  std::set<std::string> removing_;          // identities
  std::function<void()> ended_;             // of leave()
  std::unique_ptr<runtime::Timer> next_;    // the next write, or the end of waiting
  std::unique_ptr<runtime::Timer> expiry_;  // of the next member that may be silent
  // Answers that come after the end find nobody.
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::replicas
