#pragma once

// The API server for whoever lives in the same process: the operator, the Job controller, the node.
// No bytes on a wire, the same answers.

#include <memory>
#include <string>

#include "operator/embedded/api/call.hpp"
#include "operator/kube/transport.hpp"

namespace ork::embedded {

class InProcessTransport final : public kube::Transport {
 public:
  // `user_agent` says who writes: it becomes the manager of the fields. `handler` must outlive this.
  InProcessTransport(Handler& handler, std::string user_agent)
      : handler_(handler), user_agent_(std::move(user_agent)) {}

  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

 private:
  Call call_of(const kube::Request& request) const;

  Handler& handler_;
  std::string user_agent_;
};

}  // namespace ork::embedded
