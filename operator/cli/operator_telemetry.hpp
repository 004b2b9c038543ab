#pragma once

// What `ork operator` shows of itself: /metrics, /healthz and /readyz on its own loop, and spans to a collector.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "operator/cli/operator_command.hpp"
#include "operator/instruments/instruments.hpp"
#include "operator/kube/curl_transport.hpp"
#include "operator/reconcile/replica.hpp"
#include "operator/runtime/asio_loop.hpp"
#include "operator/telemetry/listener.hpp"
#include "operator/telemetry/span_exporter.hpp"

namespace ork::cli {

// Empty, or what is wrong with the flags about it.
std::string wrong_telemetry(const OperatorFlags& flags);

class OperatorTelemetry {
 public:
  // `flags` are right. `identity` names this process.
  OperatorTelemetry(runtime::AsioLoop& loop, const OperatorFlags& flags, const std::string& identity);

  reconcile::Observer* observer() { return &instruments_; }
  kube::CallObserver call_observer();

  // Begins to listen; `replica` is looked at whenever somebody asks. That it can't listen ends nothing: work goes on,
  // and a probe finds nobody.
  void start(const reconcile::Replica& replica);
  // The last spans go; `done` comes from the loop, or at once.
  void finish(std::function<void()> done);

 private:
  telemetry::Answered answer(const telemetry::Asked& asked, const reconcile::Replica& replica);
  void send(std::string body, std::function<void(telemetry::Delivery)> told);

  runtime::AsioLoop& loop_;
  const std::string address_;
  const std::string endpoint_;
  std::unique_ptr<kube::CurlTransport> collector_;
  std::optional<telemetry::SpanExporter> exporter_;
  instruments::Instruments instruments_;
  std::unique_ptr<telemetry::Listener> listener_;
};

}  // namespace ork::cli
