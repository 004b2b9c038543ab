#include "operator/embedded/api/in_process_transport.hpp"

#include "operator/kube/answer.hpp"

namespace ork::embedded {
namespace {

std::optional<std::chrono::milliseconds> retry_after(const Answer& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (name == "Retry-After") return std::chrono::seconds(std::atoi(value.c_str()));
  }
  return std::nullopt;
}

bool succeeded(const Answer& answer) { return answer.status >= 200 && answer.status < 300; }

// What open_stream returns before the server has answered. Destroyed, nothing is heard of it any more.
class PendingStream final : public kube::Stream {
 public:
  struct State {
    kube::StreamHandlers handlers;
    std::unique_ptr<kube::Stream> stream;
  };
  explicit PendingStream(std::shared_ptr<State> state) : state_(std::move(state)) {}

 private:
  std::shared_ptr<State> state_;
};

}  // namespace

Call InProcessTransport::call_of(const kube::Request& request) const {
  Call call;
  call.method = request.method;
  call.target = request.path;
  call.body = request.body;
  call.content_type = request.content_type;
  call.accept = request.accept;
  call.user_agent = user_agent_;
  return call;
}

void InProcessTransport::call(kube::Request request, kube::ResponseHandler handler) {
  Call call = call_of(request);
  handler_.serve(std::move(call), [request = std::move(request), handler = std::move(handler)](Answer answer) {
    if (succeeded(answer)) return handler(kube::Response{answer.status, std::move(answer.body)});
    handler(Err(kube::error_from_answer(request, answer.status, retry_after(answer), answer.body)));
  });
}

std::unique_ptr<kube::Stream> InProcessTransport::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  Call call = call_of(request);
  auto state = std::make_shared<PendingStream::State>();
  state->handlers = std::move(handlers);
  auto stream = std::make_unique<PendingStream>(state);
  handler_.serve(std::move(call), [request = std::move(request), weak = std::weak_ptr(state)](Answer answer) {
    const auto waiting = weak.lock();
    if (waiting == nullptr) return;
    if (!succeeded(answer)) {
      return waiting->handlers.on_end(
          kube::error_from_answer(request, answer.status, retry_after(answer), answer.body));
    }
    if (answer.open) {
      waiting->stream = answer.open(waiting->handlers);
      return;
    }
    if (!answer.body.empty()) waiting->handlers.on_data(answer.body);
    if (!weak.expired()) waiting->handlers.on_end(std::nullopt);
  });
  return stream;
}

}  // namespace ork::embedded
