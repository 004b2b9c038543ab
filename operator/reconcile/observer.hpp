#pragma once

// Who watches over the reconcilers: what counts, traces and logs. It is told what has happened, on the loop, and can
// change nothing by it.

#include <chrono>
#include <string>
#include <string_view>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::reconcile {

class Observer {
 public:
  virtual ~Observer() = default;
  // The API server has taken a status of ours: `after`, in place of `before`. Once for each, and never for what a watch
  // shows: so nothing is counted twice, and what is lost with an answer is not counted. `definition`: nullptr where it
  // is not known.
  virtual void status_stored(const api::RunStatus& before, const api::WorkflowRun& after,
                             const workflow::Definition* definition) = 0;
  // An object of that kind was looked at, and so long it took; `changed`: something was to be done.
  virtual void reconciled(std::string_view kind, bool changed, std::chrono::microseconds took) = 0;
  // A request about the run has failed in a way that a person should read about.
  virtual void trouble(const api::WorkflowRun& run, const std::string& what) = 0;
};

}  // namespace ork::reconcile
