// The other half of Lane: how transfers end.

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "operator/kube/answer.hpp"
#include "operator/kube/easy_options.hpp"
#include "operator/kube/lane.hpp"
#include "operator/kube/lane_wake.hpp"
#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

using std::chrono::milliseconds;

// Timers that ring a little late but together.
constexpr milliseconds wake_grain{5};

std::optional<milliseconds> retry_after_of(CURL* easy) {
  curl_off_t seconds = 0;
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds(std::min<curl_off_t>(seconds, 86'400));
}

}  // namespace

Ending Lane::ending_of(const Transfer& t, CURLcode code) const {
  Ending ending;
  ending.code = code;
  long number = 0;
  curl_easy_getinfo(t.easy->handle, CURLINFO_RESPONSE_CODE, &number);
  ending.status = static_cast<int>(number);
  curl_easy_getinfo(t.easy->handle, CURLINFO_REQUEST_SIZE, &number);
  ending.sent = number > 0;
  if (code != CURLE_OK) ending.detail = t.easy->error[0] != '\0' ? t.easy->error.data() : curl_easy_strerror(code);
  return ending;
}

void Lane::on_done(CURL* easy, CURLcode code) {
  Transfer* found = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &found);
  const std::shared_ptr<Transfer> transfer = found->shared_from_this();
  const Ending ending = ending_of(*transfer, code);
  const auto retry_after = retry_after_of(easy);
  transfer->status = ending.status;
  if (protocol_ == Protocol::Unknown && ending.status != 0) learn_protocol(easy);
  const std::uint64_t generation = transfer->easy->material->generation;
  if (code == CURLE_OPERATION_TIMEDOUT && ending.sent) leave_connection(*transfer);
  detach(*transfer);
  if (untrusted(code)) credentials_->reload_ca();
  if (code == CURLE_OK && ending.status == 401 && repeat(transfer, generation)) return;
  std::optional<Error> error;
  if (code != CURLE_OK || ending.status < 200 || ending.status >= 300) {
    error = error_of(*transfer, ending, retry_after);
    const bool wait = error->retry_after && (ending.status == 429 || ending.status == 503);
    if (wait) gate_->close_for(*error->retry_after, Clock::now());
  }
  pump();
  settle(transfer, std::move(error));
}

Error Lane::error_of(const Transfer& t, const Ending& ending, std::optional<milliseconds> retry_after) const {
  if (t.overflowed) {
    Error error = error_about(t.request, Errc::TooLarge,
                              "was answered with more than " + std::to_string(limits::answer_bytes >> 20) + " MiB");
    error.status = ending.status;
    return error;
  }
  // A whole answer, or an error's status line with a part of its body: the status says more than
  // the way its body broke off.
  if (ending.code == CURLE_OK || ending.status >= 300) {
    return error_from_answer(t.request, ending.status, retry_after, t.body);
  }
  return error_from_ending(t.request, ending);
}

// Once for each request: a token that has been rotated under us must not fail anything. The request
// waits in the queue, where its time is watched.
bool Lane::repeat(const std::shared_ptr<Transfer>& transfer, std::uint64_t seen) {
  if (transfer->repeated || transfer->settled || !renew(seen)) return false;
  observe(*transfer, Errc::Unauthorized);
  transfer->repeated = true;
  transfer->status = 0;
  transfer->answered = false;
  transfer->body.clear();
  queue_.push_front(transfer);
  wake_at(transfer->deadline);
  return true;
}

// A request without an answer may mean a connection whose other end is gone without a word. What is
// in flight on it may still end well; what comes next gets a new one.
void Lane::leave_connection(const Transfer& t) {
  if (t.multi != multi_ || !multi_) return;
  if (Clock::now() - multi_->born() > limits::connection_min_age) multi_.reset();
}

void Lane::observe(const Transfer& t, std::optional<Errc> error) const {
  if (!observer_) return;
  CallInfo info = call_info(t.request, t.stream);
  info.status = t.status;
  info.error = error;
  info.repeated = t.repeated;
  info.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - t.asked);
  observer_(info);
}

void Lane::settle(const std::shared_ptr<Transfer>& transfer, std::optional<Error> error) {
  Transfer& t = *transfer;
  if (t.settled) return;
  observe(t, error ? std::optional(error->code) : std::nullopt);
  if (t.stream && !error && !t.body.empty()) deliver(t);
  if (t.settled || closed_) return;
  t.settled = true;
  if (t.stream) {
    t.handlers.on_end(std::move(error));
  } else if (error) {
    t.on_answer(Err(std::move(*error)));
  } else {
    t.on_answer(Response{t.status, std::move(t.body)});
  }
}

void Lane::fail_later(std::shared_ptr<Transfer> transfer, Error error) {
  boost::asio::post(io_, [weak = weak_from_this(), transfer = std::move(transfer), error = std::move(error)] {
    const auto self = weak.lock();
    if (self && !self->closed_) self->settle(transfer, error);
  });
}

void Lane::fail_queue(const Error& error) {
  const auto queued = std::move(queue_);
  queue_.clear();
  for (const auto& transfer : queued) {
    if (closed_) return;
    Error own = error;
    own.message = describe(transfer->request) + " was not sent: " + error.message;
    settle(transfer, std::move(own));
  }
}

void Lane::wake_at(Clock::time_point when) {
  if (closed_ || when == Clock::time_point::max()) return;
  if (wake_->armed && *wake_->armed <= when) return;
  wake_->armed = when;
  wake_->timer.expires_at(when);
  wake_->timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self || self->closed_) return;
    self->wake_->armed.reset();
    self->sweep();
  });
}

void Lane::sweep() {
  const auto now = Clock::now();
  auto next = Clock::time_point::max();
  std::vector<std::shared_ptr<Transfer>> late;
  const auto check = [&](const std::shared_ptr<Transfer>& t) {
    if (t->deadline <= now) {
      late.push_back(t);
    } else {
      next = std::min(next, t->deadline);
    }
  };
  for (const auto& transfer : queue_) check(transfer);
  for (const auto& transfer : active_) {
    if (transfer->stream) check(transfer);  // a call's time is curl's work
  }
  for (const auto& transfer : late) {
    if (!transfer->settled) end_late(transfer, now);
    if (closed_) return;
  }
  pump();
  if (next != Clock::time_point::max()) wake_at(std::max(next, now + wake_grain));
}

void Lane::end_late(const std::shared_ptr<Transfer>& transfer, Clock::time_point now) {
  Transfer& t = *transfer;
  if (t.easy) {
    Ending ending = ending_of(t, CURLE_OPERATION_TIMEDOUT);
    ending.detail = t.answered ? "no byte for " + std::to_string(t.request.idle_timeout.count()) + " ms"
                               : "not established within " + std::to_string(t.request.timeout.count()) + " ms";
    if (ending.sent) leave_connection(t);
    detach(t);
    return settle(transfer, error_from_ending(t.request, ending));
  }
  std::erase(queue_, transfer);
  if (gate_->closed(now)) {
    Error error = error_about(t.request, Errc::TooManyRequests, "was not sent: the server asked us to wait");
    error.retry_after = std::chrono::ceil<milliseconds>(gate_->opens() - now);
    return settle(transfer, std::move(error));
  }
  settle(transfer, error_about(t.request, Errc::Connect, "was not sent: it waited too long for its turn"));
}

}  // namespace ork::kube
