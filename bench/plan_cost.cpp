// What one plan costs in the middle of a large run: 2,000 tasks, of which 1,000 are done and 100 run.
// Prints the median and the best of many, in microseconds. Not a test: a machine has moods.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>

#include "controllers/run/plan.hpp"
#include "controllers/run/status_patch.hpp"
#include "controllers/workflow/compile.hpp"

namespace {

using namespace ork;
using api::Json;
using api::Phase;

constexpr int task_count = 2'000;
constexpr int done_count = 1'000;
constexpr int running_count = 100;
constexpr api::TimeMs now = 1'795'262'400'000;

std::string name_of(int i) { return "transform-" + std::to_string(i); }

// Layers of 100, each task depending on three of the layer before.
std::shared_ptr<const workflow::Definition> make_definition() {
  Json spec = {{"defaults", {{"image", "busybox"}}}, {"tasks", Json::array()}};
  for (int i = 0; i < task_count; ++i) {
    Json task = {{"name", name_of(i)}};
    for (int k = 0; k < 3 && i >= 100; ++k)
      task["dependsOn"].push_back(name_of((i / 100 - 1) * 100 + (i + k * 7) % 100));
    spec["tasks"].push_back(std::move(task));
  }
  auto compiled = workflow::compile(spec);
  if (!compiled) return nullptr;
  return std::make_shared<const workflow::Definition>(std::move(*compiled));
}

api::TaskStatusPtr make_status(int i) {
  auto status = std::make_shared<api::TaskStatus>();
  status->name = name_of(i);
  if (i < done_count + running_count) {
    status->phase = i < done_count ? Phase::Succeeded : Phase::Running;
    status->attempt = 1;
    status->job = "nightly-" + name_of(i) + "-1-abcde";
    status->start_ms = now - 60'000;
  } else {
    status->reason = "Upstream";
  }
  if (i < done_count) {
    status->completion_ms = now - 10'000;
    status->exit_code = 0;
    status->output = Json{{"rows", i}, {"files", {"a.csv", "b.csv"}}};
  }
  return status;
}

struct Fixture {
  api::WorkflowRun run;
  std::deque<api::Job> jobs;
  std::deque<api::Pod> pods;
  run::Snapshot snapshot;

  Fixture() {
    run.meta = {.ns = "data", .name = "nightly", .uid = "run-uid", .resource_version = "7", .generation = 1};
    run.spec.workflow_ref = "flow";
    run.status.observed_generation = 1;
    run.status.phase = Phase::Running;
    run.status.start_ms = now - 100'000;
    run.status.workflow = "flow";
    run.status.revision = "flow-1";
    for (int i = 0; i < task_count; ++i) run.status.tasks.push_back(make_status(i));
    snapshot.run = &run;
    snapshot.definition = make_definition();
    snapshot.workflow_name = "flow";
    snapshot.revision = "flow-1";
    for (int i = 0; i < done_count + running_count; ++i) add_job(i);
  }

  void add_job(int i) {
    api::Job job;
    job.meta.name = run.status.tasks[static_cast<std::size_t>(i)]->job;
    job.meta.uid = "uid-" + job.meta.name;
    job.task = name_of(i);
    job.attempt = 1;
    job.complete = job.finished = i < done_count;
    job.start_ms = now - 60'000;
    jobs.push_back(job);
    api::Pod pod;
    pod.meta.name = job.meta.name + "-x";
    pod.phase = i < done_count ? api::PodPhase::Succeeded : api::PodPhase::Running;
    pod.start_ms = now - 60'000;
    pods.push_back(pod);
    snapshot.jobs.push_back({&jobs.back(), {&pods.back()}});
  }
};

template <typename Work>
void measure(const char* what, Work work) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> microseconds;
  for (int i = 0; i < 2'000; ++i) {
    const auto start = Clock::now();
    work();
    microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(microseconds.begin(), microseconds.end());
  std::printf("%-34s median %7.1f us   best %7.1f us\n", what, microseconds[microseconds.size() / 2], microseconds[0]);
}

}  // namespace

int main() {
  Fixture fixture;
  run::Plan first = run::plan(fixture.snapshot, now);
  fixture.run.status = first.status;  // as it is once it was stored
  std::size_t made = 0;
  measure("plan, nothing new", [&] { made += run::plan(fixture.snapshot, now).create.size(); });
  for (int i = done_count; i < done_count + 10; ++i) {
    fixture.pods[static_cast<std::size_t>(i)].phase = api::PodPhase::Succeeded;
    fixture.pods[static_cast<std::size_t>(i)].termination_message = "{\"rows\":7}";
  }
  measure("plan, 10 Pods have ended", [&] { made += run::plan(fixture.snapshot, now).create.size(); });
  const run::Plan next = run::plan(fixture.snapshot, now);
  measure("status patch of 10 tasks", [&] { made += run::status_patch(fixture.run, next.status).size(); });
  std::printf("(%zu)\n", made);
  return next.status_changed ? 0 : 1;
}
