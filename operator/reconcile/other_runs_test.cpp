// What runs have to do with each other, on a small cluster under virtual time.

#include <gtest/gtest.h>

#include "operator/reconcile/operator.hpp"
#include "operator/reconcile/test_cluster.hpp"

namespace ork::reconcile::testing {
namespace {

using runtime::ManualLoop;

struct Process {
  Process(TestCluster& cluster, ManualLoop& loop)
      : connection(cluster),
        op(connection, loop, {.ns = "", .instance = "test"}, {.on_trouble = [](const std::string&) {}}) {
    op.start();
  }
  Connection connection;
  Operator op;
};

Json run_of(const std::string& name, Json tasks, Json workflow = Json::object()) {
  workflow["tasks"] = std::move(tasks);
  return {{"metadata", {{"name", name}, {"namespace", "a"}}}, {"spec", {{"workflow", std::move(workflow)}}}};
}

Json call(const std::string& name, Json more = Json::object()) {
  more.update({{"name", name}, {"workflow", {{"name", "callee"}}}});
  return more;
}

class OtherRuns : public ::testing::Test {
 protected:
  OtherRuns() {
    cluster.pod_end = [](const Json&, int) { return PodEnd{0, "7"}; };
    cluster.create("workflows", {{"metadata", {{"name", "callee"}, {"namespace", "a"}}},
                                 {"spec",
                                  {{"output", "tasks.x.output"},
                                   {"ttlSecondsAfterFinished", 0},
                                   {"tasks", {{{"name", "x"}, {"image", "i"}}}}}}});
  }
  void start() { process = std::make_unique<Process>(cluster, loop); }
  Json task_of(const std::string& run, std::size_t at = 0) {
    return cluster.find("workflowruns", "a/" + run)->at("status").at("tasks").at(at);
  }
  std::string child_of(const std::string& run, std::size_t at = 0) {
    return "a/" + std::string(task_of(run, at).at("run"));
  }

  ManualLoop loop;
  TestCluster cluster{loop};
  std::unique_ptr<Process> process;
};

TEST_F(OtherRuns, AChildRunGivesItsOutputToItsTaskAndStaysUntilItsParentGoes) {
  start();
  cluster.create("workflowruns", run_of("r", {call("sub")}, {{"output", "tasks.sub.output + 1"}}));
  cluster.settle();
  ASSERT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(cluster.find("workflowruns", "a/r")->at("status").at("output"), 8);
  EXPECT_EQ(cluster.phase(child_of("r")), "Succeeded");
  EXPECT_EQ(cluster.count("workflowruns"), 2U);
  cluster.remove("workflowruns", "a/r");
  cluster.settle();
  EXPECT_EQ(cluster.count("workflowruns"), 0U);
}

TEST_F(OtherRuns, ChildRunsOfAFanOutAreMadeAndHeardOfOnce) {
  start();
  cluster.settle();
  cluster.forget_requests();
  cluster.create("workflowruns", run_of("r", {call("sub", {{"count", 5}, {"parallelism", 2}})}));
  cluster.settle();
  ASSERT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(task_of("r").at("output"), Json::parse("[7,7,7,7,7]"));
  EXPECT_EQ(cluster.requests(kube::Method::Post, "/workflowruns"), 5U);
  EXPECT_EQ(cluster.requests(kube::Method::Get, ""), 0U);
}

TEST_F(OtherRuns, ACancelledParentCancelsWhatItHasCalled) {
  start();
  cluster.settle();
  cluster.create("workflowruns", run_of("r", {call("sub")}));
  loop.advance(runtime::Duration{2'000});
  const std::string child = child_of("r");
  ASSERT_EQ(cluster.phase(child), "Running");
  cluster.patch("workflowruns", "a/r", {{"spec", {{"cancel", true}}}});
  loop.advance(runtime::Duration{2'000});
  EXPECT_EQ(cluster.phase("a/r"), "Cancelled");
  EXPECT_EQ(cluster.phase(child), "Cancelled");
  EXPECT_EQ(cluster.count("jobs"), 0U);
}

TEST_F(OtherRuns, ARunWaitsForAnotherThatComesLater) {
  start();
  cluster.create("workflowruns", run_of("r", {{{"name", "hold"}, {"wait", {{"run", {{"name", "'other'"}}}}}}}));
  cluster.settle();
  EXPECT_EQ(task_of("r").at("reason"), "RunNotFound");
  cluster.create("workflowruns", run_of("other", {{{"name", "x"}, {"image", "i"}}}, {{"output", "tasks.x.output"}}));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(task_of("r").at("output"), 7);
}

// Every write of a run with a child run and a fan-out of them, in each of three positions.
class CrashWithChildren : public ::testing::TestWithParam<int> {};

TEST_P(CrashWithChildren, LosesNothingAndDoublesNothing) {
  const int position = GetParam();  // 0: before it is sent, 1: carried out but unanswered, 2: answered
  int at = 1;
  for (bool reached = true; reached; ++at) {
    reached = false;
    ManualLoop loop;
    TestCluster cluster(loop);
    auto process = std::make_unique<Process>(cluster, loop);
    cluster.pod_end = [](const Json&, int) { return PodEnd{0, "7"}; };
    cluster.fault = [&](const kube::Request&, int write) {
      if (write != at) return Fault::None;
      reached = true;
      process->connection.cut();
      loop.post([&] { process = std::make_unique<Process>(cluster, loop); });
      return position == 0 ? Fault::DropRequest : position == 1 ? Fault::LoseAnswer : Fault::None;
    };
    cluster.create("workflows",
                   {{"metadata", {{"name", "callee"}, {"namespace", "a"}}},
                    {"spec", {{"output", "tasks.x.output"}, {"tasks", {{{"name", "x"}, {"image", "i"}}}}}}});
    Json many = call("many", {{"count", 2}});
    many["dependsOn"] = {"one"};
    cluster.create("workflowruns", run_of("r", {call("one"), many}, {{"output", "tasks.many.output"}}));
    cluster.settle();
    ASSERT_EQ(cluster.phase("a/r"), "Succeeded") << "crash at write " << at;
    EXPECT_EQ(cluster.find("workflowruns", "a/r")->at("status").at("output"), Json::parse("[7,7]"));
    EXPECT_EQ(cluster.count("workflowruns"), 4U) << "crash at write " << at;
    EXPECT_EQ(cluster.count("jobs"), 3U) << "crash at write " << at;
  }
  EXPECT_GT(at, 12) << "too few writes were reached for this to prove anything";
}

INSTANTIATE_TEST_SUITE_P(Positions, CrashWithChildren, ::testing::Values(0, 1, 2));

}  // namespace
}  // namespace ork::reconcile::testing
