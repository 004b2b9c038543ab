#pragma once

// For tests: a run with its definition, and the Jobs and Pods that a snapshot shows of it.

#include <deque>

#include "controllers/jobs/test_objects.hpp"
#include "controllers/run/snapshot.hpp"
#include "controllers/workflow/compile.hpp"

namespace ork::run::test {

using namespace jobs::test;

inline constexpr api::TimeMs now = 1'100'000;

inline std::shared_ptr<const workflow::Definition> definition_of(const char* spec) {
  auto compiled = workflow::compile(api::Json::parse(spec));
  if (!compiled) return nullptr;
  return std::make_shared<const workflow::Definition>(std::move(*compiled));
}

inline api::TaskStatus task_status(const std::string& name, api::Phase phase = api::Phase::Pending, int attempt = 0) {
  api::TaskStatus status;
  status.name = name;
  status.phase = phase;
  status.attempt = attempt;
  if (attempt > 0) status.job = "job-" + name;
  return status;
}

inline api::TaskStatusPtr ptr(api::TaskStatus status) {
  return std::make_shared<const api::TaskStatus>(std::move(status));
}

// What is added stays where it is, so that a snapshot may point at it.
struct TestRun {
  api::WorkflowRun run;
  std::deque<api::Job> jobs;
  std::deque<api::Pod> pods;
  Snapshot snapshot;

  explicit TestRun(const char* spec) {
    run.meta.ns = "data";
    run.meta.name = "etl";
    run.meta.uid = "run-uid";
    run.meta.generation = 1;
    run.meta.creation_ms = now;
    run.meta.resource_version = "7";
    run.spec.workflow_ref = "flow";
    snapshot.run = &run;
    snapshot.definition = definition_of(spec);
    snapshot.workflow_name = "flow";
    snapshot.revision = "flow-1";
  }

  void store(std::vector<api::TaskStatus> tasks) {
    run.status.observed_generation = 1;
    run.status.phase = api::Phase::Running;
    run.status.revision = "flow-1";
    run.status.start_ms = now;
    run.status.tasks.clear();
    for (api::TaskStatus& task : tasks) run.status.tasks.push_back(ptr(std::move(task)));
  }

  ObservedJob& show(api::Job job, const std::string& task, std::vector<api::Pod> shown = {}) {
    job.task = task;
    jobs.push_back(std::move(job));
    snapshot.jobs.push_back({&jobs.back(), {}});
    for (api::Pod& pod : shown) {
      pods.push_back(std::move(pod));
      snapshot.jobs.back().pods.push_back(&pods.back());
    }
    return snapshot.jobs.back();
  }
};

}  // namespace ork::run::test
