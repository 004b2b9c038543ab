#pragma once

// From a task's attempt to the batch/v1 Job that runs it. A plain task's Pod holds exactly the
// user's container: no sidecar, no init container; the output is the container's termination message.

#include <string>

#include "controllers/api/index_set.hpp"
#include "controllers/api/queue_labels.hpp"
#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::jobs {

struct JobRequest {
  const api::WorkflowRun& run;
  const workflow::CompiledTask& task;
  std::string_view workflow;  // the Workflow's name; empty for an inline one
  int attempt = 1;
  const api::Json& inputs;       // object: input name -> value, of those that all indexes have alike
  std::int64_t count = 0;        // indexes; fan-out only
  std::int64_t parallelism = 1;  // Pods at the same time; fan-out only
  std::string items = {};        // the ConfigMap of what the indexes have of their own; empty: nothing
  // A fan-out's retry: the Job is made suspended, for indexes must be marked as done before it starts (see
  // seeded_status). It gets its queue's labels only then, lest its queue starts it.
  bool unseeded = false;
  api::QueueLabels queue = {};  // of a queue that is named, the Job is made suspended: it starts it
  int memory_growths = 0;       // attempts that ran out of memory, as far as onOOM answers them with more
};

// The Job as JSON text: the same request gives the same bytes.
std::string build_job(const JobRequest& request);

// The body of a merge patch on the Job's /status that marks `done` as completed. The Job controller
// keeps its record of finished indexes nowhere else, so it starts only the others, and a retried
// index keeps its number (docs/design/0003). Only of the Job with this uid: another is a conflict.
std::string seeded_status(std::string_view uid, const api::IndexSet& done);

// The body of a merge patch that lets a seeded Job go: to run, or to its queue, which starts it.
std::string seeded_job(std::string_view uid, const api::QueueLabels& queue);

}  // namespace ork::jobs
