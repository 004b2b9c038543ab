// A node under virtual time, with containers that a test starts and ends: hours pass in no time.

#include <gtest/gtest.h>

#include "operator/embedded/client/test_cluster.hpp"
#include "operator/embedded/node/fake_runner.hpp"
#include "operator/embedded/node/node.hpp"
#include "operator/kube/temporary_folder.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

using runtime::Duration;
using testing::FakeContainers;
using testing::FakeRunner;
using testing::Json;

class VirtualNodeTest : public ::testing::Test {
 protected:
  void start() {
    auto made = std::make_unique<FakeRunner>(loop, containers);
    runner = made.get();
    NodeOptions options;
    options.dir = folder.path() / "node";
    options.project_folder = folder.path();
    options.max_pods = 2;
    node = std::make_unique<Node>(
        cluster, loop, std::move(made), nullptr, options,
        NodeHooks{.on_ready = {}, .on_trouble = [this](const std::string& what) { troubles.push_back(what); }});
    ASSERT_TRUE(node->start().ok());
    loop.run_until_idle();
  }
  void create_pod(const std::string& name, const Json& spec) {
    Json pod = {
        {"metadata", {{"name", name}, {"namespace", "n"}}},
        {"spec", {{"nodeName", "local"}, {"containers", Json::array({{{"name", "main"}, {"command", {"x"}}}})}}}};
    pod["spec"].merge_patch(spec);
    cluster.create("pods", pod);
    loop.run_until_idle();
  }
  std::string id(const std::string& pod, int restart = 0) const {
    return cluster.at("pods", "n/" + pod, "/metadata/uid").get<std::string>() + "/main/" + std::to_string(restart);
  }
  void end(const std::string& pod, int restart, int exit_code) {
    runner->end(id(pod, restart), exit_code);
    loop.run_until_idle();
  }
  Json status(const std::string& pod, const std::string& pointer) const {
    return cluster.at("pods", "n/" + pod, "/status" + pointer);
  }
  bool runs(const std::string& pod, int restart) const { return containers.running.contains(id(pod, restart)); }

  runtime::ManualLoop loop;
  testing::TestCluster cluster{loop};
  kube::testing::TemporaryFolder folder;
  FakeContainers containers;
  std::vector<std::string> troubles;
  FakeRunner* runner = nullptr;
  std::unique_ptr<Node> node;
};

TEST_F(VirtualNodeTest, SaysThatAPodRunsAfterAMomentAndOnce) {
  start();
  create_pod("a", {{"restartPolicy", "Never"}});
  loop.advance(Duration{49});
  EXPECT_EQ(status("a", "/phase"), "Pending");
  loop.advance(Duration{1});
  EXPECT_EQ(status("a", "/phase"), "Running");
  loop.advance(Duration{3'600'000});
  EXPECT_EQ(cluster.requests(kube::Method::Patch, "/status"), 1U);
}

TEST_F(VirtualNodeTest, AContainerThatCrashesForHoursIsRestartedEveryFiveMinutes) {
  start();
  create_pod("a", {{"restartPolicy", "Always"}});
  int restart = 0;
  for (int wait : {0, 10, 20, 40, 80, 160, 300, 300}) {
    end("a", restart, 1);
    if (wait > 0) {
      loop.advance(Duration{wait * 1000 - 1});
      EXPECT_FALSE(runs("a", restart + 1)) << wait;
      EXPECT_EQ(status("a", "/containerStatuses/0/state/waiting/reason"), "CrashLoopBackOff");
      loop.advance(Duration{1});
    }
    ++restart;
    ASSERT_TRUE(runs("a", restart)) << wait;
  }
  loop.advance(Duration{100});
  EXPECT_EQ(status("a", "/containerStatuses/0/restartCount"), 8);
  EXPECT_EQ(containers.ended.size(), 0U) << "what is superseded need not be kept";
}

TEST_F(VirtualNodeTest, KeepsTheRestartCountAcrossAComeback) {
  start();
  create_pod("a", {{"restartPolicy", "Always"}});
  end("a", 0, 1);
  end("a", 1, 1);
  loop.advance(Duration{10'000});
  ASSERT_TRUE(runs("a", 2));
  node->stop();
  start();
  loop.advance(Duration{100});
  EXPECT_EQ(status("a", "/containerStatuses/0/restartCount"), 2);
  end("a", 2, 1);
  EXPECT_EQ(containers.log.back(), "start " + id("a", 3));
}

TEST_F(VirtualNodeTest, AsksAgainForAStartThatNobodyHeard) {
  start();
  containers.deaf = true;
  create_pod("a", {{"restartPolicy", "Never"}});
  containers.deaf = false;
  runner->relist(false);
  loop.run_until_idle();
  EXPECT_TRUE(runs("a", 0));
  end("a", 0, 0);
  EXPECT_EQ(status("a", "/phase"), "Succeeded");
}

TEST_F(VirtualNodeTest, APodThatComesBeforeItKnowsItsContainersKeepsItsFolders) {
  const std::filesystem::path left = folder.path() / "node/pods/gone_12";
  std::filesystem::create_directories(left);
  containers.slow = true;
  start();
  create_pod("a",
             {{"restartPolicy", "Never"}, {"volumes", Json::array({{{"name", "v"}, {"emptyDir", Json::object()}}})}});
  EXPECT_FALSE(runs("a", 0));
  runner->relist(false);
  loop.run_until_idle();
  ASSERT_TRUE(runs("a", 0));
  const std::string uid = cluster.at("pods", "n/a", "/metadata/uid");
  EXPECT_TRUE(std::filesystem::exists(folder.path() / ("node/pods/a_" + uid)));
  EXPECT_FALSE(std::filesystem::exists(left)) << "of a Pod that nobody knows";
}

TEST_F(VirtualNodeTest, HearsOfAnEndThatItMissed) {
  start();
  create_pod("a", {{"restartPolicy", "Never"}});
  containers.ended[id("a")] = {.id = id("a"), .start_ms = 1, .end_ms = 2, .exit_code = 3};
  containers.running.clear();
  runner->relist(false);
  loop.run_until_idle();
  EXPECT_EQ(status("a", "/containerStatuses/0/state/terminated/exitCode"), 3);
}

TEST_F(VirtualNodeTest, TerminatesThenKillsAtTheEndOfTheGrace) {
  start();
  create_pod("a", {{"restartPolicy", "Never"}, {"terminationGracePeriodSeconds", 30}});
  cluster.remove("pods", "n/a");
  loop.run_until_idle();
  EXPECT_EQ(containers.log.back(), "signal " + id("a") + " 15");
  loop.advance(Duration{29'999});
  EXPECT_EQ(containers.log.back(), "signal " + id("a") + " 15");
  loop.advance(Duration{1});
  EXPECT_EQ(containers.log.back(), "signal " + id("a") + " 9");
  end("a", 0, 137);
  EXPECT_EQ(cluster.find("pods", "n/a"), nullptr);
}

TEST_F(VirtualNodeTest, APodThatIsDeletedBeforeItsTurnIsSimplyGone) {
  start();
  for (const char* name : {"a", "b", "c"}) create_pod(name, {{"restartPolicy", "Never"}});
  EXPECT_EQ(node->pods_waiting(), 1U);
  const std::string waiting = id("c");
  cluster.remove("pods", "n/c");
  loop.run_until_idle();
  EXPECT_EQ(cluster.find("pods", "n/c"), nullptr);
  end("a", 0, 0);
  EXPECT_FALSE(containers.running.contains(waiting));
  EXPECT_EQ(node->pods_running(), 1U);
}

TEST_F(VirtualNodeTest, AFinishedPodIsNotRunAgainByAnEventFromBeforeItsEnd) {
  start();
  create_pod("a", {{"restartPolicy", "Never"}});
  const std::string first = id("a");
  end("a", 0, 0);
  ASSERT_EQ(status("a", "/phase"), "Succeeded");
  // What was on its way when the end was stored.
  cluster.patch("pods", "n/a", {{"metadata", {{"labels", {{"touched", "yes"}}}}}});
  loop.run_until_idle();
  EXPECT_EQ(std::count(containers.log.begin(), containers.log.end(), "start " + first), 1);
}

TEST_F(VirtualNodeTest, SaysOnceThatProcessorsAreNotLimitedHere) {
  const Json limited = {
      {"containers",
       {{{"name", "main"}, {"command", {"x"}}, {"resources", {{"limits", {{"cpu", "500m"}, {"memory", "1Mi"}}}}}}}}};
  start();
  create_pod("modest", {{"restartPolicy", "Never"}});
  end("modest", 0, 0);
  EXPECT_TRUE(troubles.empty());
  create_pod("a", limited);
  create_pod("b", limited);
  EXPECT_EQ(troubles, std::vector<std::string>{"limits of processors are not enforced here: this user may make no "
                                               "cgroup that has them"});
}

TEST_F(VirtualNodeTest, SaysNothingWhereTheyAre) {
  containers.limits_cpu = true;
  start();
  create_pod(
      "a", {{"containers", {{{"name", "main"}, {"command", {"x"}}, {"resources", {{"limits", {{"cpu", "500m"}}}}}}}}});
  EXPECT_TRUE(runs("a", 0));
  EXPECT_TRUE(troubles.empty());
}

TEST_F(VirtualNodeTest, HoldsNothingOfPodsThatAreDone) {
  start();
  for (int i = 0; i < 20; ++i) {
    const std::string name = "p" + std::to_string(i);
    create_pod(name, {{"restartPolicy", "Never"}});
    end(name, 0, 0);
  }
  EXPECT_EQ(node->pods_running(), 0U);
  EXPECT_TRUE(containers.ended.empty());
  EXPECT_EQ(node->stats().pods, 20U);
  EXPECT_EQ(cluster.requests(kube::Method::Patch, "/status"), 20U);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "node/pods")) << "there are no logs of virtual containers";
}

}  // namespace
}  // namespace ork::embedded
