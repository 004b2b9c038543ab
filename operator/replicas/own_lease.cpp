#include "operator/replicas/own_lease.hpp"

#include <algorithm>
#include <utility>

namespace ork::replicas {

using runtime::Duration;
using runtime::Instant;

Duration wished_wait(const kube::Error& error) {
  return std::min(error.retry_after.value_or(Duration{0}), limits::longest_wished_wait);
}

Duration wait_before_retry(runtime::Loop& loop, Duration least, const kube::Error* error) {
  const Duration wait = std::max(least, error == nullptr ? Duration{0} : wished_wait(*error));
  const double spread = 1.0 + 0.1 * loop.random();
  return Duration{static_cast<Duration::rep>(static_cast<double>(wait.count()) * spread)};
}

OwnLease::OwnLease(kube::Transport& transport, runtime::Loop& loop, Member member, LeaseTimes times, Hooks hooks)
    : transport_(transport), loop_(loop), member_(std::move(member)), times_(times), hooks_(std::move(hooks)) {
  member_.duration = times_.duration;
}

OwnLease::~OwnLease() = default;

void OwnLease::send(kube::Request request, Duration timeout, std::function<void(const Answer&)> handler) {
  request.timeout = std::max(timeout, Duration{1});
  request.accept = kube::accept_metadata_only;
  transport_.call(std::move(request), [handler = std::move(handler), epoch = *epoch_,
                                       alive = std::weak_ptr<int>(epoch_)](const Answer& answer) {
    const auto current = alive.lock();
    if (current && *current == epoch) handler(answer);
  });
}

// --- being one of them ---

void OwnLease::join() {
  if (state_ != State::Idle) return;
  state_ = State::Joining;
  create();
}

void OwnLease::create() {
  const Instant sent = loop_.now();
  send(kube::create_request(lease_resource(), member_.ns, new_member_lease(member_, loop_.wall_ms())), limits::call,
       [this, sent](const Answer& answer) {
         // Made by us, though the answer was lost: nobody else has that name.
         if (!answer && answer.error().code == kube::Errc::AlreadyExists) return renew();
         if (!answer) return failed(answer.error());
         accepted(sent);
       });
}

void OwnLease::renew() {
  const Instant sent = loop_.now();
  const Duration left = state_ == State::Member ? std::chrono::ceil<Duration>(valid_until_ - sent) : limits::call;
  if (state_ == State::Member) next_ = loop_.after(times_.renew_interval, [this] { renew(); });
  const std::string name = member_lease_name(member_.group, member_.identity);
  send(kube::patch_request(lease_resource(), member_.ns, name, "", kube::PatchType::Merge,
                           renewed_member_lease(member_, loop_.wall_ms())),
       left, [this, sent](const Answer& answer) { on_renewed(answer, sent); });
}

void OwnLease::on_renewed(const Answer& answer, Instant sent) {
  if (answer) return accepted(sent);
  if (answer.error().code != kube::Errc::NotFound) return failed(answer.error());
  if (state_ == State::Member) return removed();
  next_ = loop_.after(times_.renew_retry, [this] { create(); });
}

void OwnLease::accepted(Instant sent) {
  // The answer may come late: the lease counts from when we asked for it.
  const Instant until = sent + times_.renew_deadline;
  const Instant now = loop_.now();
  if (state_ == State::Member && now >= valid_until_) return lose("the renew deadline passed while no answer came");
  if (state_ == State::Joining && now >= until) return renew();
  hold(until);
  if (state_ == State::Member) return;
  state_ = State::Member;
  const auto wait = std::chrono::ceil<Duration>(sent + times_.renew_interval - now);
  next_ = loop_.after(std::max(wait, Duration{0}), [this] { renew(); });
  if (hooks_.on_joined) hooks_.on_joined();
}

void OwnLease::failed(const kube::Error& error) {
  next_ = loop_.after(wait_before_retry(loop_, times_.renew_retry, &error),
                      [this] { state_ == State::Joining ? create() : renew(); });
  if (hooks_.on_trouble) hooks_.on_trouble("the Lease of this replica: " + error.message);
}

void OwnLease::hold(Instant until) {
  if (until <= valid_until_) return;  // an earlier renewal whose answer came after a later one's
  valid_until_ = until;
  deadline_ = loop_.after(std::chrono::floor<Duration>(until - loop_.now()), [this] {
    lose("its Lease could not be renewed for " + std::to_string(times_.renew_deadline.count()) + " ms");
  });
}

void OwnLease::removed() {
  if (state_ == State::Member)
    lose("its Lease was removed: another has taken this replica for dead, or a person did it");
}

void OwnLease::lose(const std::string& why) {
  end(State::Lost);
  if (hooks_.on_lost) hooks_.on_lost(why);
}

void OwnLease::end(State state) {
  ++*epoch_;
  next_.reset();
  deadline_.reset();
  valid_until_ = {};
  state_ = state;
}

// --- going away ---

void OwnLease::leave(std::function<void()> done) {
  const bool is_there = state_ == State::Joining || state_ == State::Member;
  end(State::Left);
  if (!is_there) {
    return loop_.post([done = std::move(done), alive = std::weak_ptr<int>(epoch_)] {
      if (!alive.expired()) done();
    });
  }
  const std::string name = member_lease_name(member_.group, member_.identity);
  send(kube::delete_request(lease_resource(), member_.ns, name, ""), limits::leave_call,
       [done = std::move(done)](const Answer&) { done(); });
}

}  // namespace ork::replicas
