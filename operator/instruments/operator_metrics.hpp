#pragma once

// Figures about the operator itself.

#include <chrono>
#include <string>
#include <string_view>

#include "operator/kube/call_info.hpp"
#include "operator/reconcile/operator.hpp"
#include "operator/telemetry/metrics.hpp"
#include "operator/telemetry/span_exporter.hpp"

namespace ork::instruments {

class OperatorMetrics {
 public:
  OperatorMetrics(telemetry::Registry& registry, const std::string& version);

  void reconciled(std::string_view kind, bool changed, std::chrono::microseconds took);
  void status_stored(std::size_t bytes);
  // Watches are left out: they last as long as they last, and have figures of their own.
  void request_ended(const kube::CallInfo& info);
  // What there is now, and what the operator has counted itself.
  void read(const reconcile::Operator& work, std::size_t held, const telemetry::ExportStats& spans);

 private:
  telemetry::Family& reconciles_;
  telemetry::Family& reconcile_duration_;
  telemetry::Family& queue_;
  telemetry::Family& backlog_runs_;
  telemetry::Family& unplaced_;
  telemetry::Family& window_;
  telemetry::Family& requests_;
  telemetry::Family& watch_restarts_;
  telemetry::Family& status_bytes_;
  telemetry::Family& status_writes_;
  telemetry::Family& jobs_created_;
  telemetry::Family& conflicts_;
  telemetry::Family& events_dropped_;
  telemetry::Family& spans_;
  telemetry::Family& share_;
  telemetry::Family& build_;
};

}  // namespace ork::instruments
