#include "operator/embedded/node/node.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "operator/embedded/node/real_node.hpp"

namespace ork::embedded {
namespace {

using kube::Method;
using testing::Json;

class NodeTest : public testing::RealNode {};

TEST_F(NodeTest, RunsAPodToItsEnd) {
  start();
  create_pod("a", "echo out; echo err >&2");
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(terminated("a", "exitCode"), 0);
  EXPECT_EQ(terminated("a", "reason"), "Completed");
  EXPECT_EQ(terminated("a", "containerID"), "process://" + uid("a") + "/main/0");
  EXPECT_EQ(log_of("a"), "out\nerr\n");
  settle();
  EXPECT_FALSE(exists("node/pods/" + uid("a")));
}

TEST_F(NodeTest, AQuickPodCostsOneStatus) {
  start();
  cluster.forget_requests();
  create_pod("a", "true");
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(cluster.log().size(), 1U);
  EXPECT_EQ(cluster.requests(Method::Patch, "/pods/a/status"), 1U);
}

TEST_F(NodeTest, SaysThatAPodRunsAndWhatItEndedWith) {
  start();
  create_pod("a", "read line < gate; exit 3");
  ASSERT_EQ(::mkfifo((folder.path() / "project/gate").c_str(), 0600), 0);
  run_until_phase("a", "Running");
  EXPECT_EQ(status("a", "/containerStatuses/0/ready"), true);
  folder.write("project/gate", "go\n");
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "exitCode"), 3);
  EXPECT_EQ(terminated("a", "reason"), "Error");
}

}  // namespace
}  // namespace ork::embedded
