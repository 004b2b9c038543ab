// More runs than the cluster can begin: who waits, and that his turn comes whatever happens to those before him.

#include <gtest/gtest.h>

#include "operator/reconcile/test_operator.hpp"

namespace ork::reconcile::testing {
namespace {

using kube::Method;

class BacklogTest : public OperatorTest {
 protected:
  void start_with(std::size_t unplaced_tasks) {
    process = std::make_unique<Process>(
        cluster, loop, OperatorOptions{.ns = "", .instance = "test", .unplaced_tasks = unplaced_tasks});
  }
  void make(const std::string& name, const std::string& ns = "a", Json more = Json::object()) {
    Json run = inline_run(name, {task("t")}, std::move(more));
    run["metadata"]["namespace"] = ns;
    cluster.create("workflowruns", std::move(run));
  }
  // No node takes anything; what waits is told of.
  void wait() { loop.advance(runtime::Duration{5'000}); }
};

TEST_F(BacklogTest, BeginsAsManyRunsAsMayWaitForANode) {
  start_with(2);
  for (const char* name : {"r1", "r2", "r3", "r4"}) make(name);
  wait();
  EXPECT_EQ(cluster.count("jobs"), 2U);
  EXPECT_EQ(cluster.phase("a/r4"), "Pending");
  EXPECT_EQ(cluster.reason("a/r4"), "Backlog");
}

TEST_F(BacklogTest, BeginsTheNextOnceATaskIsPlaced) {
  start_with(2);
  for (const char* name : {"r1", "r2", "r3", "r4"}) make(name);
  wait();
  cluster.run_jobs();
  wait();
  EXPECT_EQ(cluster.count("jobs"), 4U);
}

TEST_F(BacklogTest, EndsAllOfThemInTheEnd) {
  start_with(1);
  for (int i = 0; i < 20; ++i) make("r" + std::to_string(i), i % 2 == 0 ? "a" : "b");
  cluster.settle();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(cluster.phase((i % 2 == 0 ? "a/r" : "b/r") + std::to_string(i)), "Succeeded") << i;
  expect_one_pod_a_job();
}

TEST_F(BacklogTest, LetsAnotherNamespaceBegin) {
  start_with(2);
  for (int i = 0; i < 10; ++i) make("r" + std::to_string(i), "a");
  wait();
  make("late", "b");
  wait();
  EXPECT_EQ(cluster.phase("b/late"), "Running");
}

TEST_F(BacklogTest, GoesOnWhereWhoWasLetInIsDeleted) {
  start_with(1);
  make("r1");
  make("r2");
  wait();
  EXPECT_EQ(cluster.reason("a/r2"), "Backlog");
  cluster.remove("workflowruns", "a/r1");
  wait();
  EXPECT_EQ(cluster.phase("a/r2"), "Running");
}

TEST_F(BacklogTest, GoesOnWhereWhoWasLetInIsSuspended) {
  start_with(1);
  make("r1");
  make("r2");
  make("r3");
  wait();
  cluster.patch("workflowruns", "a/r2", {{"spec", {{"suspend", true}}}});
  cluster.run_jobs();
  wait();
  EXPECT_EQ(cluster.phase("a/r3"), "Running");
  EXPECT_EQ(cluster.reason("a/r2"), "Suspended");
}

TEST_F(BacklogTest, CancelsOneThatWaits) {
  start_with(1);
  make("r1");
  make("r2");
  wait();
  cluster.patch("workflowruns", "a/r2", {{"spec", {{"cancel", true}}}});
  wait();
  EXPECT_EQ(cluster.phase("a/r2"), "Cancelled");
  EXPECT_EQ(cluster.count("jobs"), 1U);
}

TEST_F(BacklogTest, NeverHoldsUpWhatHasBegun) {
  start_with(1);
  cluster.create("workflowruns", inline_run("wide", {task("t1"), task("t2"), task("t3")}));
  wait();
  EXPECT_EQ(cluster.count("jobs"), 3U);
}

TEST_F(BacklogTest, IsFoundAgainByAnotherProcess) {
  start_with(1);
  for (const char* name : {"r1", "r2", "r3"}) make(name);
  wait();
  process.reset();
  start_with(1);
  wait();
  EXPECT_LE(cluster.count("jobs"), 2U);
  cluster.settle();
  for (const char* key : {"a/r1", "a/r2", "a/r3"}) EXPECT_EQ(cluster.phase(key), "Succeeded") << key;
}

// News of those that wait cost no more than the pace of all statuses, and are told once.
TEST_F(BacklogTest, TellsEachThatWaitsOnce) {
  start_with(1);
  for (int i = 0; i < 50; ++i) make("r" + std::to_string(i));
  loop.advance(runtime::Duration{120'000});
  for (int i = 1; i < 50; ++i)
    EXPECT_EQ(cluster.requests(Method::Patch, "/workflowruns/r" + std::to_string(i) + "/status"), 1U) << i;
  const int writes = cluster.writes();
  loop.advance(runtime::Duration{120'000});
  EXPECT_EQ(cluster.writes(), writes);
}

}  // namespace
}  // namespace ork::reconcile::testing
