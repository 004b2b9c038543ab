#include "operator/runtime/fake_transport.hpp"

#include <algorithm>
#include <utility>

namespace ork::runtime::testing {

namespace {

bool fits(const kube::Request& request, std::string_view prefix) { return request.path.starts_with(prefix); }

kube::Errc code_of(int status, std::string_view reason) {
  switch (status) {
    case 400:
    case 422: return kube::Errc::Invalid;
    case 401: return kube::Errc::Unauthorized;
    case 403: return kube::Errc::Forbidden;
    case 404: return kube::Errc::NotFound;
    case 409: return reason == "AlreadyExists" ? kube::Errc::AlreadyExists : kube::Errc::Conflict;
    case 410: return kube::Errc::Gone;
    case 413: return kube::Errc::TooLarge;
    case 429: return kube::Errc::TooManyRequests;
    default: return kube::Errc::Server;
  }
}

kube::Error timeout_error(const kube::Request& request) {
  kube::Error error;
  error.code = kube::Errc::Timeout;
  error.message = request.path + ": no answer in time";
  return error;
}

// What the reader of a stream holds: destroying it closes the server's side.
class ReaderEnd final : public kube::Stream {
 public:
  explicit ReaderEnd(std::function<void()> close) : close_(std::move(close)) {}
  ~ReaderEnd() override { close_(); }
  ReaderEnd(const ReaderEnd&) = delete;
  ReaderEnd& operator=(const ReaderEnd&) = delete;

 private:
  std::function<void()> close_;
};

}  // namespace

kube::Error status_error(int status, std::string reason) {
  kube::Error error;
  error.code = code_of(status, reason);
  error.status = status;
  error.message = "the server answered " + std::to_string(status) + " " + reason;
  error.reason = std::move(reason);
  return error;
}

// --- FakeStream ---

FakeStream::FakeStream(Loop& loop, kube::Request request, kube::StreamHandlers handlers)
    : loop_(loop),
      request_(std::move(request)),
      handlers_(std::make_shared<kube::StreamHandlers>(std::move(handlers))) {
  watch_silence();
}

void FakeStream::data(std::string_view bytes) {
  if (!open_) return;
  watch_silence();
  const auto handlers = handlers_;  // the reader may close the stream from within
  handlers->on_data(bytes);
}

void FakeStream::end(std::optional<kube::Error> error) {
  if (!open_) return;
  open_ = false;
  silence_.reset();
  const auto handlers = std::move(handlers_);
  handlers->on_end(std::move(error));
}

void FakeStream::watch_silence() {
  if (request_.idle_timeout.count() <= 0) return;
  silence_ = loop_.after(request_.idle_timeout, [this] { end(timeout_error(request_)); });
}

// --- FakeTransport ---

void FakeTransport::answer(kube::Method method, std::string prefix, int status, std::string body) {
  if (status >= 300) return answer(method, std::move(prefix), status_error(status, std::move(body)));
  script_.push_back(
      {method, std::move(prefix),
       [response = kube::Response{status, std::move(body)}](const kube::Request&) -> Answer { return response; },
       true});
}

void FakeTransport::answer(kube::Method method, std::string prefix, kube::Error error) {
  script_.push_back({method, std::move(prefix),
                     [error = std::move(error)](const kube::Request&) -> Answer { return Err(error); }, true});
}

void FakeTransport::on(kube::Method method, std::string prefix, Rule rule) {
  script_.push_back({method, std::move(prefix), std::move(rule), false});
}

void FakeTransport::refuse_stream(std::string prefix, kube::Error error) {
  refusals_.emplace_back(std::move(prefix), std::move(error));
}

void FakeTransport::on_stream(std::string prefix, StreamRule rule) {
  stream_rules_.emplace_back(std::move(prefix), std::move(rule));
}

std::size_t FakeTransport::count(kube::Method method, std::string_view prefix) const {
  return static_cast<std::size_t>(std::count_if(requests_.begin(), requests_.end(), [&](const Recorded& r) {
    return r.request.method == method && fits(r.request, prefix);
  }));
}

std::vector<kube::Request> FakeTransport::pending() const {
  std::vector<kube::Request> waiting;
  for (const auto& call : calls_) {
    if (!call.answer) waiting.push_back(call.request);
  }
  return waiting;
}

bool FakeTransport::reply(int status, std::string body) {
  if (status >= 300) return reply(Err(status_error(status, std::move(body))));
  return reply(kube::Response{status, std::move(body)});
}

bool FakeTransport::reply(Answer answer) {
  for (auto call = calls_.begin(); call != calls_.end(); ++call) {
    if (call->answer) continue;
    finish(call, std::move(answer));
    return true;
  }
  return false;
}

std::size_t FakeTransport::open_streams() const {
  return static_cast<std::size_t>(
      std::count_if(streams_.begin(), streams_.end(), [](const auto& stream) { return stream->is_open(); }));
}

std::optional<FakeTransport::Answer> FakeTransport::scripted_answer(const kube::Request& request) {
  const auto matches = [&](const Scripted& s) { return s.method == request.method && fits(request, s.prefix); };
  const auto once =
      std::find_if(script_.begin(), script_.end(), [&](const Scripted& s) { return s.once && matches(s); });
  if (once != script_.end()) {
    const auto rule = std::move(once->rule);
    script_.erase(once);
    return rule(request);
  }
  const auto always =
      std::find_if(script_.rbegin(), script_.rend(), [&](const Scripted& s) { return !s.once && matches(s); });
  if (always == script_.rend()) return std::nullopt;
  return always->rule(request);
}

void FakeTransport::call(kube::Request request, kube::ResponseHandler handler) {
  requests_.push_back({loop_.now(), request, false});
  auto answer = cut_ ? std::nullopt : scripted_answer(request);
  const auto call = calls_.insert(calls_.end(), {std::move(request), std::move(handler), std::nullopt, nullptr});
  if (answer) {
    finish(call, std::move(*answer));
    return;
  }
  call->timer = loop_.after(call->request.timeout, [this, call] { finish(call, Err(timeout_error(call->request))); });
}

void FakeTransport::finish(Calls::iterator call, Answer answer) {
  call->answer = std::move(answer);
  call->timer = loop_.after(latency_, [this, call] {
    // Out of the list first: the handler may call again, or end the test's world.
    Calls done;
    done.splice(done.end(), calls_, call);
    done.front().handler(std::move(*done.front().answer));
  });
}

std::unique_ptr<kube::Stream> FakeTransport::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  requests_.push_back({loop_.now(), request, true});
  const auto stream = std::make_shared<FakeStream>(loop_, std::move(request), std::move(handlers));
  streams_.push_back(stream);
  const auto refusal =
      std::find_if(refusals_.begin(), refusals_.end(), [&](const auto& r) { return fits(stream->request(), r.first); });
  if (refusal != refusals_.end()) {
    loop_.post([stream, error = std::move(refusal->second)] { stream->end(error); });
    refusals_.erase(refusal);
  } else if (!cut_) {
    for (const auto& [prefix, rule] : stream_rules_) {
      if (!fits(stream->request(), prefix)) continue;
      loop_.post([stream, rule = rule] {
        if (stream->is_open()) rule(*stream);
      });
    }
  }
  return std::make_unique<ReaderEnd>([stream] {
    stream->open_ = false;
    stream->silence_.reset();
  });
}

}  // namespace ork::runtime::testing
