#include "operator/replicas/shares.hpp"

#include <algorithm>
#include <utility>

#include "operator/runtime/resource_version.hpp"

namespace ork::replicas {

using runtime::Duration;
using runtime::Instant;
using shard::Bucket;

namespace {

Buckets buckets_of(const std::vector<Bucket>& list) {
  Buckets out;
  for (const Bucket bucket : list) out.set(static_cast<std::size_t>(bucket));
  return out;
}

void assign(const Buckets& buckets, const std::string& holder, shard::Holders& holders) {
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (buckets[i]) holders[i] = holder;
  }
}

// Somebody was faster: what the watch is about to show tells more.
bool is_overtaken(const kube::Error& error) {
  return error.code == kube::Errc::Conflict || error.code == kube::Errc::AlreadyExists ||
         error.code == kube::Errc::NotFound;
}

}  // namespace

Shares::Shares(kube::Transport& transport, runtime::Loop& loop, const SharesOptions& options, SharesHooks hooks)
    : transport_(transport),
      loop_(loop),
      member_{options.ns, options.group, options.identity},
      hooks_(std::move(hooks)),
      lease_(transport, loop, member_, options.times,
             {.on_joined = [this] { move_on(); },
              .on_lost = [this](const std::string& why) { lose(why); },
              .on_trouble = hooks_.on_trouble}),
      view_(loop, options.group, [this] { move_on(); }),
      watcher_(transport, loop, view_,
               {.resource = lease_resource(), .ns = options.ns, .label_selector = group_selector(options.group)},
               {.on_trouble = [this](const std::string& what, Duration) {
                 if (hooks_.on_trouble) hooks_.on_trouble("watching the Leases of the replicas: " + what);
               }}) {}

Shares::~Shares() = default;

void Shares::start() {
  watcher_.start();
  lease_.join();
}

shard::Members Shares::current_members() const {
  shard::Members members;
  for (const auto& [identity, seen] : view_.members()) members.insert(identity);
  members.insert(member_.identity);
  return members;
}

void Shares::move_on() {
  if (is_ending_ || !view_.is_listed()) return;
  notice_own_end();
  if (!lease_.is_valid()) return;
  follow_holders();
  remove_silent_members();
  wait_for_next_expiry();
  const shard::Move move = shard::next_move(view_.holders().holders, current_members(), member_.identity);
  const Buckets to_give = buckets_of(move.give);
  if (to_give != leaving_) keep_after_all(leaving_ & ~to_give);
  if (to_give.any()) give(to_give);
  if (is_writing_ || loop_.now() < write_not_before_ || refused_on_ == view_.holders().resource_version) return;
  if (to_give.any() && is_quiet_) return write(to_give, "");
  if (!move.take.empty()) write(buckets_of(move.take), member_.identity);
}

void Shares::notice_own_end() {
  const bool is_shown = view_.members().contains(member_.identity);
  if (was_shown_ && !is_shown) return lease_.removed();
  was_shown_ = is_shown;
}

// Who holds what is as the newest version says, whoever wrote it.
void Shares::follow_holders() {
  Buckets ours;
  for (std::size_t i = 0; i < ours.size(); ++i) ours[i] = view_.holders().holders[i] == member_.identity;
  const Buckets gained = ours & ~ours_, left = ours_ & ~ours;
  const std::uint64_t version = runtime::parse_resource_version(view_.holders().resource_version);
  for (std::size_t i = 0; i < taken_at_.size(); ++i) taken_at_[i] = gained[i] ? version : taken_at_[i];
  ours_ = ours;
  works_ = (works_ | gained) & ours;
  leaving_ &= ours;
  if (left.any()) hooks_.on_left(left);
  if (gained.any()) hooks_.on_gained(gained);
}

// A member that has been silent for as long as it asked for is removed, on the condition that it still is.
void Shares::remove_silent_members() {
  const Instant now = loop_.now();
  for (const auto& [identity, seen] : view_.members()) {
    if (identity == member_.identity || now < seen.expires || !removing_.insert(identity).second) continue;
    auto request =
        delete_unchanged(member_.ns, member_lease_name(member_.group, identity), seen.uid, seen.resource_version);
    request.timeout = limits::call;
    transport_.call(std::move(request),
                    [this, identity = identity, alive = std::weak_ptr<int>(alive_)](const Answer& answer) {
                      if (!alive.expired()) on_removed(identity, answer);
                    });
  }
}

void Shares::on_removed(const std::string& identity, const Answer& answer) {
  removing_.erase(identity);
  if (answer || answer.error().code == kube::Errc::NotFound) {
    view_.note_removed(identity);
  } else {
    if (!is_overtaken(answer.error()) && hooks_.on_trouble)
      hooks_.on_trouble("removing the Lease of " + identity + ", which is silent: " + answer.error().message);
    view_.spare(identity, loop_.now() + std::max(limits::try_again, wished_wait(answer.error())));
  }
  move_on();
}

// Nothing new begins; what has been sent is waited for.
void Shares::give(const Buckets& buckets) {
  if (buckets == leaving_) return;
  leaving_ = buckets;
  works_ &= ~buckets;
  is_quiet_ = false;
  hooks_.when_quiet([this, round = ++leave_round_, alive = std::weak_ptr<int>(alive_)] {
    if (alive.expired() || round != leave_round_) return;
    is_quiet_ = true;
    move_on();
  });
}

// Who was to have them is not there any more.
void Shares::keep_after_all(const Buckets& buckets) {
  leaving_ &= ~buckets;
  works_ |= buckets;
  ++leave_round_;
  is_quiet_ = false;
  if (buckets.any()) hooks_.on_gained(buckets);
}

void Shares::write(const Buckets& buckets, const std::string& holder) {
  is_writing_ = true;
  const std::string& from = view_.holders().resource_version;
  shard::Holders holders = view_.holders().holders;
  assign(buckets, holder, holders);
  auto request = from.empty() ? kube::create_request(lease_resource(), member_.ns, new_group_lease(member_, holders))
                              : kube::patch_request(lease_resource(), member_.ns, member_.group, "",
                                                    kube::PatchType::Merge, changed_group_lease(holders, from));
  request.timeout = limits::call;
  request.accept = kube::accept_metadata_only;
  transport_.call(std::move(request), [this, from, holders = std::move(holders),
                                       alive = std::weak_ptr<int>(alive_)](const Answer& answer) mutable {
    if (!alive.expired()) on_written(from, std::move(holders), answer);
  });
}

void Shares::on_written(const std::string& from, shard::Holders holders, const Answer& answer) {
  is_writing_ = false;
  auto written = answer ? read_lease(answer->body) : Result<LeaseSeen, std::string>(Err(std::string()));
  if (written) {
    view_.note_written({std::move(written->resource_version), std::move(holders)});
  } else {
    if (!answer && !is_overtaken(answer.error()) && hooks_.on_trouble)
      hooks_.on_trouble("claiming a share of the work: " + answer.error().message);
    try_again_after(from, answer ? nullptr : &answer.error());
  }
  move_on();
}

// Sooner where the watch shows another version before that, and the server has not asked for more time.
void Shares::try_again_after(const std::string& refused_on, const kube::Error* error) {
  refused_on_ = refused_on;
  write_not_before_ = loop_.now() + (error == nullptr ? Duration{0} : wished_wait(*error));
  next_ = loop_.after(wait_before_retry(loop_, limits::try_again, error), [this] {
    refused_on_.reset();
    move_on();
  });
}

void Shares::wait_for_next_expiry() {
  std::optional<Instant> first;
  for (const auto& [identity, seen] : view_.members()) {
    if (identity == member_.identity || removing_.contains(identity)) continue;
    if (!first || seen.expires < *first) first = seen.expires;
  }
  expiry_.reset();
  if (!first) return;
  const auto left = std::chrono::ceil<Duration>(*first - loop_.now());
  expiry_ = loop_.after(std::max(left, Duration{0}), [this] { move_on(); });
}

void Shares::lose(const std::string& why) {
  watcher_.stop();
  next_.reset();
  expiry_.reset();
  works_.reset();
  if (const auto ended = std::exchange(ended_, nullptr)) return ended();
  if (std::exchange(is_ending_, true)) return;
  hooks_.on_lost(why);
}

void Shares::leave(std::function<void()> done) {
  is_ending_ = true;
  works_.reset();
  watcher_.stop();
  expiry_.reset();
  ended_ = std::move(done);
  const auto go = [this, alive = std::weak_ptr<int>(alive_)] {
    if (alive.expired() || ended_ == nullptr) return;
    next_.reset();
    lease_.leave(std::exchange(ended_, nullptr));
  };
  next_ = loop_.after(limits::quiet_at_the_end, go);
  hooks_.when_quiet(go);
}

}  // namespace ork::replicas
