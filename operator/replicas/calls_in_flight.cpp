#include "operator/replicas/calls_in_flight.hpp"

namespace ork::replicas {

void CallsInFlight::call(kube::Request request, kube::ResponseHandler handler) {
  const std::uint64_t number = ++last_;
  unanswered_.insert(number);
  transport_.call(std::move(request), [this, number, handler = std::move(handler),
                                       alive = std::weak_ptr<int>(alive_)](Result<kube::Response, kube::Error> answer) {
    handler(std::move(answer));
    if (alive.expired()) return;  // the handler may have ended it all
    unanswered_.erase(number);
    tell_who_waits();
  });
}

void CallsInFlight::when_quiet(std::function<void()> then) {
  waiting_.emplace_back(last_, std::move(then));
  tell_who_waits();
}

void CallsInFlight::tell_who_waits() {
  std::erase_if(waiting_, [this](auto& wait) {
    if (!unanswered_.empty() && *unanswered_.begin() <= wait.first) return false;
    loop_.post([then = std::move(wait.second), alive = std::weak_ptr<int>(alive_)] {
      if (!alive.expired()) then();
    });
    return true;
  });
}

}  // namespace ork::replicas
