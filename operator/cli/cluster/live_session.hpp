#pragma once

// The Session of the real process: Asio's loop, curl's transport.

#include <memory>

#include "operator/cli/cluster/session.hpp"
#include "operator/kube/client_config.hpp"
#include "operator/kube/curl_transport.hpp"
#include "operator/runtime/asio_loop.hpp"

namespace ork::cli {

class LiveSession final : public Session {
 public:
  explicit LiveSession(kube::ClientConfig config) : transport_(loop_.context(), std::move(config)) {}

  kube::Transport& transport() override { return transport_; }
  runtime::Loop& loop() override { return loop_; }
  void run() override { loop_.run(); }
  void stop() override { loop_.stop(); }
  void on_interrupt(std::function<void()> handler) override;

 private:
  runtime::AsioLoop loop_;
  kube::CurlTransport transport_;
  std::function<void()> on_interrupt_;
  bool interrupted_ = false;
};

}  // namespace ork::cli
