#pragma once

// All that is told about the work of one operator: figures, spans, lines of its log.

#include <functional>
#include <string>
#include <vector>

#include "controllers/observe/span.hpp"
#include "operator/instruments/operator_metrics.hpp"
#include "operator/instruments/process_figures.hpp"
#include "operator/instruments/run_metrics.hpp"
#include "operator/reconcile/observer.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/telemetry/exposition.hpp"
#include "operator/telemetry/metrics.hpp"

namespace ork::instruments {

struct InstrumentsOptions {
  bool per_task = false;  // figures of tasks by their names
  std::string version;
};

class Instruments final : public reconcile::Observer {
 public:
  using TakeSpans = std::function<void(std::vector<observe::Span>)>;

  // `take_spans` empty: nobody wants them.
  Instruments(runtime::Loop& loop, const InstrumentsOptions& options, TakeSpans take_spans);

  void status_stored(const api::RunStatus& before, const api::WorkflowRun& after,
                     const workflow::Definition* definition) override;
  void reconciled(std::string_view kind, bool changed, std::chrono::microseconds took) override;
  void trouble(const api::WorkflowRun& run, const std::string& what) override;
  void request_ended(const kube::CallInfo& info) { operator_.request_ended(info); }

  // The text of /metrics as of now.
  std::string metrics(const reconcile::Operator& work, std::size_t held, const telemetry::ExportStats& spans,
                      telemetry::Exposition exposition);
  const telemetry::Registry& registry() const { return registry_; }

 private:
  runtime::Loop& loop_;
  TakeSpans take_spans_;
  telemetry::Registry registry_;
  RunMetrics runs_;
  OperatorMetrics operator_;
  ProcessFigures process_;
};

}  // namespace ork::instruments
