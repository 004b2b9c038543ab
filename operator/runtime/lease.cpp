#include "operator/runtime/lease.hpp"

#include <algorithm>
#include <utility>

#include "operator/runtime/limits.hpp"

namespace ork::runtime {

namespace {
const kube::Resource& leases() {
  static const kube::Resource resource{"coordination.k8s.io", "v1", "leases", "Lease"};
  return resource;
}

// Somebody was faster: not a failure of the server.
bool is_conflict(const kube::Error& error) {
  return error.code == kube::Errc::Conflict || error.code == kube::Errc::AlreadyExists ||
         error.code == kube::Errc::NotFound;
}
}  // namespace

std::string_view to_string(LeaseState state) {
  switch (state) {
    case LeaseState::Idle: return "Idle";
    case LeaseState::Trying: return "Trying";
    case LeaseState::Leading: return "Leading";
    case LeaseState::Lost: return "Lost";
    case LeaseState::Released: return "Released";
  }
  return "?";
}

Lease::Lease(kube::Transport& transport, Loop& loop, LeaseOptions options, LeaseHooks hooks)
    : transport_(transport), loop_(loop), options_(std::move(options)), hooks_(std::move(hooks)) {}

Lease::~Lease() = default;

void Lease::start() {
  if (state_ == LeaseState::Trying || state_ == LeaseState::Leading) return;
  ++*epoch_;
  released_ = nullptr;
  state_ = LeaseState::Trying;
  look();
}

void Lease::send(kube::Request request, Duration timeout, std::function<void(const Answer&)> handler) {
  request.timeout = timeout;
  request.accept = "application/json";  // the answer's spec is needed, not only its metadata
  transport_.call(std::move(request), [epoch = *epoch_, handler = std::move(handler),
                                       alive = std::weak_ptr<std::uint64_t>(epoch_)](const Answer& answer) {
    const auto current = alive.lock();
    if (current && *current == epoch) handler(answer);
  });
}

// A leader's calls may take all the time that is left; another may be under way beside them.
Duration Lease::call_timeout() const {
  if (state_ != LeaseState::Leading) return limits::lease_call;
  return std::max(std::chrono::ceil<Duration>(valid_until_ - loop_.now()), Duration{1});
}

// After a pause of the process the answer to a renewal may be found before the deadline's timer.
bool Lease::overdue() {
  if (state_ != LeaseState::Leading || loop_.now() < valid_until_) return false;
  lose("the renew deadline passed while no answer came");
  return true;
}

LeaseClaim Lease::claim() const {
  return {options_.ns, options_.name, options_.identity, options_.duration, loop_.wall_ms()};
}

// --- taking and keeping ---

void Lease::look() {
  look_if_unanswered();
  send(kube::get_request(leases(), options_.ns, options_.name), call_timeout(),
       [this, round = round_](const Answer& answer) {
         if (round == round_) on_look(answer);
       });
}

void Lease::look_if_unanswered() {
  if (state_ == LeaseState::Leading) next_ = loop_.after(limits::lease_patience, [this] { look(); });
}

void Lease::on_look(const Answer& answer) {
  if (overdue()) return;
  if (!answer) {
    if (answer.error().code == kube::Errc::NotFound) return create();
    ++stats_.failures;
    return try_again(answer.error().message, answer.error().retry_after);
  }
  auto record = read_lease(answer->body);
  if (!record) {
    ++stats_.failures;
    return try_again(record.error());
  }
  record_ = std::move(*record);
  if (observe(*record_)) return replace();
  if (state_ == LeaseState::Leading) return lose("the lease is held by " + record_->holder);
  try_again({});
}

bool Lease::observe(const LeaseRecord& record) {
  if (record.holder.empty() || record.holder == options_.identity) {
    observed_ = {record.resource_version, record.holder, {}};
    return true;
  }
  if (observed_.resource_version != record.resource_version) {
    // Its holder is alive: it has until then, counted from when we saw this.
    const auto duration = record.duration.count() > 0 ? record.duration : options_.duration;
    observed_ = {record.resource_version, record.holder, loop_.now() + duration};
  }
  return state_ != LeaseState::Leading && loop_.now() >= observed_.expires;
}

void Lease::create() { write(kube::create_request(leases(), options_.ns, new_lease(claim()))); }

void Lease::replace() {
  write(kube::replace_request(leases(), options_.ns, options_.name, claimed_lease(*record_, claim())));
}

void Lease::write(kube::Request request) {
  send(std::move(request), call_timeout(), [this, sent = loop_.now(), round = round_](const Answer& answer) {
    if (answer || round == round_) on_written(answer, sent);
  });
}

void Lease::renew() {
  if (!record_) return look();
  look_if_unanswered();
  replace();
}

void Lease::on_written(const Answer& answer, Instant sent) {
  if (overdue()) return;
  if (!answer) {
    const auto& error = answer.error();
    ++(is_conflict(error) ? stats_.conflicts : stats_.failures);
    return try_again(error.message, error.retry_after);
  }
  // The answer may come late: the lease counts from when we asked for it.
  const Instant until = sent + options_.renew_deadline;
  if (loop_.now() >= until) return try_again("the lease was written, but the answer came after the renew deadline");
  auto record = read_lease(answer->body);
  record_.reset();
  if (record) {
    record_ = std::move(*record);
    observed_ = {record_->resource_version, record_->holder, {}};
  }
  ++stats_.renewals;
  ++round_;
  hold(until);
  const auto since = loop_.now() - sent;
  const auto wait =
      std::chrono::ceil<Duration>(std::max(options_.renew_interval - since, std::chrono::microseconds{0}));
  next_ = loop_.after(wait, [this] { renew(); });
  if (state_ == LeaseState::Leading) return;
  state_ = LeaseState::Leading;
  ++stats_.acquired;
  if (hooks_.on_leading) hooks_.on_leading();
}

void Lease::hold(Instant until) {
  if (until <= valid_until_) return;  // an earlier renewal whose answer came after a later one's
  valid_until_ = until;
  deadline_ = loop_.after(std::chrono::floor<Duration>(until - loop_.now()), [this] {
    lose("the lease could not be renewed for " + std::to_string(options_.renew_deadline.count()) + " ms");
  });
}

void Lease::lose(const std::string& why) {
  ++*epoch_;
  next_.reset();
  deadline_.reset();
  valid_until_ = {};
  state_ = LeaseState::Lost;
  if (hooks_.on_lost) hooks_.on_lost(why);
}

// Always by looking first: after an answer that never came, nobody knows what the lease holds.
void Lease::try_again(const std::string& what, std::optional<Duration> at_least) {
  const bool leads = state_ == LeaseState::Leading;
  // A look at another's lease takes up to a tenth longer by chance, so that replicas spread.
  const auto spread = leads ? 1.0 : 1.0 + 0.1 * loop_.random();
  const auto interval = leads ? options_.renew_retry : options_.retry_interval;
  const Duration delay{static_cast<Duration::rep>(static_cast<double>(interval.count()) * spread)};
  next_ = loop_.after(std::max(delay, at_least.value_or(Duration{0})), [this] { look(); });
  if (!what.empty() && hooks_.on_trouble) hooks_.on_trouble(what);
}

// --- giving back ---

void Lease::release(std::function<void()> done) {
  const bool led = state_ == LeaseState::Leading;
  ++*epoch_;
  next_.reset();
  deadline_.reset();
  valid_until_ = {};
  state_ = LeaseState::Released;
  released_ = std::move(done);
  if (led) return give_back(limits::release_tries);
  loop_.post([this, epoch = *epoch_, alive = std::weak_ptr<std::uint64_t>(epoch_)] {
    const auto current = alive.lock();
    if (current && *current == epoch) finish_release();
  });
}

// Looks first: a renewal may still be on its way, and only the newest version can be replaced.
void Lease::give_back(int tries) {
  auto get = kube::get_request(leases(), options_.ns, options_.name);
  send(std::move(get), limits::release_call, [this, tries](const Answer& looked) {
    if (!looked) return finish_release();
    const auto record = read_lease(looked->body);
    if (!record || record->holder != options_.identity) return finish_release();
    send(kube::replace_request(leases(), options_.ns, options_.name, released_lease(*record, loop_.wall_ms())),
         limits::release_call, [this, tries](const Answer& answer) { on_given_back(answer, tries - 1); });
  });
}

void Lease::on_given_back(const Answer& answer, int tries) {
  const bool overtaken = !answer && answer.error().code == kube::Errc::Conflict;
  if (overtaken && tries > 0) return give_back(tries);
  finish_release();
}

void Lease::finish_release() {
  if (const auto done = std::exchange(released_, nullptr)) done();
}

}  // namespace ork::runtime
