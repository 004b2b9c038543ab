#pragma once

// Figures about runs and their tasks.

#include "controllers/api/workflow_run.hpp"
#include "controllers/observe/observations.hpp"
#include "operator/reconcile/operator.hpp"
#include "operator/telemetry/metrics.hpp"

namespace ork::instruments {

class RunMetrics {
 public:
  // `per_task`: tasks are counted by their names, too.
  RunMetrics(telemetry::Registry& registry, bool per_task);

  void count(const observe::Observations& seen, const api::WorkflowRun& run, api::TimeMs now);
  // What there is now, of what this operator works on: so the sum over replicas counts each run once.
  void count_present(const reconcile::Operator& work, api::TimeMs now);

 private:
  void count_task_end(const observe::TaskEnded& task, const api::WorkflowRun& run, const std::string& workflow);

  const bool per_task_;
  telemetry::Family& runs_;
  telemetry::Family& run_duration_;
  telemetry::Family& schedule_lag_;
  telemetry::Family& tasks_;
  telemetry::Family& task_duration_;
  telemetry::Family& start_latency_;
  telemetry::Family& retries_;
  telemetry::Family& runs_active_;
  telemetry::Family& runs_kept_;
  telemetry::Family& run_idle_;
  telemetry::Family& tasks_active_;
  telemetry::Family& pods_;
};

// Since when nothing of an unfinished run has begun or ended, while nothing of it runs; 0: something runs, or it is
// not to go on.
api::TimeMs idle_since(const api::WorkflowRun& run);

}  // namespace ork::instruments
