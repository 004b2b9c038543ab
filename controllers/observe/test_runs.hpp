#pragma once

// For tests: statuses of runs, as they are before and after.

#include <memory>
#include <string>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/compile.hpp"

namespace ork::observe::test {

inline constexpr api::TimeMs began = 1'000'000;

// One that has a start has run for five seconds.
inline api::TaskStatus task(const std::string& name, api::Phase phase) {
  api::TaskStatus status;
  status.name = name;
  status.phase = phase;
  if (phase == api::Phase::Pending) return status;
  status.attempt = 1;
  status.job = "job-" + name + "-1";
  status.start_ms = began + 1'000;
  if (api::is_final(phase)) status.completion_ms = began + 6'000;
  return status;
}

inline api::WorkflowRun run_with(std::vector<api::TaskStatus> tasks) {
  api::WorkflowRun run;
  run.meta.ns = "data";
  run.meta.name = "etl-1";
  run.meta.uid = "u-1";
  run.spec.workflow_ref = "etl";
  run.status.phase = api::Phase::Running;
  run.status.start_ms = began;
  for (api::TaskStatus& one : tasks)
    run.status.tasks.push_back(std::make_shared<const api::TaskStatus>(std::move(one)));
  return run;
}

inline api::WorkflowRun ended(api::WorkflowRun run, api::Phase phase, const std::string& reason = "") {
  run.status.phase = phase;
  run.status.completion_ms = began + 60'000;
  run.status.conditions = {{.type = "Succeeded", .reason = reason}};
  return run;
}

inline std::shared_ptr<const workflow::Definition> definition_of(const char* spec) {
  auto compiled = workflow::compile(api::Json::parse(spec));
  return compiled ? std::make_shared<const workflow::Definition>(std::move(*compiled)) : nullptr;
}

}  // namespace ork::observe::test
