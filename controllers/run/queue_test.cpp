#include "controllers/run/queue.hpp"

#include <gtest/gtest.h>

#include "controllers/run/plan.hpp"
#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Json;
using api::Phase;
using api::QueueLabels;
using namespace test;

const std::string queue_name(api::label_queue);
const std::string priority = "kueue.x-k8s.io/priority-class";

constexpr const char* flow = R"({"defaults": {"image": "i"}, "tasks": [
  {"name": "plain"},
  {"name": "train", "podTemplate": {"metadata": {"labels": {"kueue.x-k8s.io/queue-name": "gpu", "team": "ml"}},
                                    "spec": {"containers": [{"name": "main", "image": "i"}]}}}]})";

TEST(Queue, IsTheRunsBeforeItsWorkflows) {
  TestRun world(flow);
  EXPECT_TRUE(queue_labels_of(world.snapshot).empty());
  const QueueLabels of_workflow = {{queue_name, "team-a"}, {priority, "low"}};
  world.snapshot.workflow_queue = &of_workflow;
  EXPECT_EQ(queue_labels_of(world.snapshot), of_workflow);
  world.run.queue_labels = {{queue_name, "urgent"}};
  EXPECT_EQ(queue_labels_of(world.snapshot), (QueueLabels{{queue_name, "urgent"}, {priority, "low"}}));
}

TEST(Queue, OfATaskIsItsPodTemplatesBeforeTheRuns) {
  TestRun world(flow);
  world.run.queue_labels = {{queue_name, "team-a"}, {priority, "low"}};
  const auto& tasks = world.snapshot.definition->tasks;
  EXPECT_EQ(queue_labels_of(world.snapshot, tasks[0]), (QueueLabels{{queue_name, "team-a"}, {priority, "low"}}));
  EXPECT_EQ(queue_labels_of(world.snapshot, tasks[1]), (QueueLabels{{queue_name, "gpu"}, {priority, "low"}}));
}

TEST(Queue, TakesTheJobsInSuspendedAndNotTheirPods) {
  TestRun world(flow);
  world.run.queue_labels = {{queue_name, "team-a"}};
  world.store({task_status("plain", Phase::Pending, 0), task_status("train", Phase::Pending, 0)});
  const Plan made = plan(world.snapshot, now);
  ASSERT_EQ(made.create.size(), 2U);
  for (const NewJob& job : made.create) {
    const Json body = Json::parse(job.body);
    EXPECT_TRUE(job.suspended);
    EXPECT_FALSE(job.unseeded);
    EXPECT_EQ(body["spec"]["suspend"], true);
    EXPECT_EQ(body["spec"]["podReplacementPolicy"], "Failed") << "a stopped Pod ends before another begins";
    EXPECT_EQ(body["metadata"]["labels"][queue_name], job.task == "train" ? "gpu" : "team-a");
    EXPECT_FALSE(body["metadata"].contains("annotations")) << "somebody else is to start it";
    EXPECT_FALSE(body["spec"]["template"]["metadata"]["labels"].contains(queue_name)) << job.task;
  }
  EXPECT_EQ(Json::parse(made.create[1].body)["spec"]["template"]["metadata"]["labels"]["team"], "ml");
}

TEST(Queue, GetsARetriedFanOutOnceItIsSeeded) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i", "count": 4, "retry": {"limit": 1}}]})");
  world.run.queue_labels = {{queue_name, "team-a"}, {priority, "low"}};
  api::TaskStatus stored = task_status("a", Phase::Retrying, 1);
  stored.count = 4;
  stored.succeeded_indexes = *api::IndexSet::parse("0,2");
  world.store({stored});
  const Plan retried = plan(world.snapshot, now);
  ASSERT_EQ(retried.create.size(), 1U);
  EXPECT_TRUE(retried.create[0].suspended && retried.create[0].unseeded);
  EXPECT_FALSE(Json::parse(retried.create[0].body)["metadata"]["labels"].contains(queue_name)) << "it might be started";

  api::Job job = jobs::test::job_named(retried.create[0].name);
  job.attempt = 2;
  job.indexed = job.suspended = job.unseeded = true;
  job.completions = 4;
  world.show(job, "a");
  const Plan seeded = plan(world.snapshot, now);
  ASSERT_EQ(seeded.seed.size(), 1U);
  EXPECT_EQ(seeded.seed[0].queue, "team-a");
  const Json patch = Json::parse(seeded.seed[0].spec_body);
  EXPECT_EQ(patch["metadata"]["labels"], Json(world.run.queue_labels));
  EXPECT_EQ(patch["metadata"]["annotations"], Json({{std::string(api::annotation_unseeded), nullptr}}));
  EXPECT_FALSE(patch.contains("spec")) << "the queue starts it";
}

TEST(Queue, IsHandedOnToChildRuns) {
  TestRun world(R"({"tasks": [{"name": "a", "workflow": {"name": "other"}}]})");
  world.run.queue_labels = {{queue_name, "team-a"}};
  world.store({task_status("a", Phase::Pending, 0)});
  const Plan made = plan(world.snapshot, now);
  ASSERT_EQ(made.create.size(), 1U);
  const Json labels = Json::parse(made.create[0].body)["metadata"]["labels"];
  EXPECT_EQ(labels[queue_name], "team-a");
  EXPECT_EQ(labels[std::string(api::label_task)], "a");
}

// What the whole wait costs is the queue's: a task is not given up for it.
TEST(Queue, IsWaitedForWithoutEnd) {
  TestRun world(R"({"tasks": [{"name": "a", "image": "i", "pendingTimeout": "1m"}]})");
  api::Job job = jobs::test::job_named(world.snapshot.run->meta.name + "-a-1");
  job.queue = "team-a";
  job.suspended = job.held = true;
  job.start_ms = 0;
  world.show(job, "a");
  world.store({task_status("a", Phase::Running, 1)});
  const Plan waiting = plan(world.snapshot, now + 3'600'000);
  ASSERT_EQ(waiting.status.tasks.size(), 1U);
  EXPECT_EQ(waiting.status.tasks[0]->phase, Phase::Queued);
  EXPECT_EQ(waiting.status.tasks[0]->reason, "JobSuspended");
  EXPECT_NE(waiting.status.tasks[0]->message.find("queue team-a"), std::string::npos);
}

}  // namespace
}  // namespace ork::run
