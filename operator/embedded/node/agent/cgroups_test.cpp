// On folders that look like cgroups: what is written, and where. What the kernel makes of it can only
// be seen where it lets us.

#include "operator/embedded/node/agent/cgroups.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "operator/embedded/node/agent/container_table.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

class CgroupsTest : public ::testing::Test {
 protected:
  // A cgroup with what the kernel puts into it.
  void have(const std::string& path, const std::string& controllers) {
    folder.write(path + "/cgroup.subtree_control", controllers);
    folder.write(path + "/cgroup.procs", "");
  }
  std::unique_ptr<Cgroups> open(const std::string& own) {
    return Cgroups::open({.root = folder.path(), .own = own}, "ork-agent-", 77);
  }
  kube::testing::TemporaryFolder folder;
};

TEST_F(CgroupsTest, MakesItsFolderWhereLimitsAreSharedOut) {
  have("user/service", "cpu memory pids");
  have("user/service/scope", "");
  const auto cgroups = open("/user/service/scope");
  ASSERT_NE(cgroups, nullptr);
  EXPECT_TRUE(cgroups->limits_cpu());
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "user/service/ork-agent-77"));
}

TEST_F(CgroupsTest, DoesWithoutWhereItMayNot) {
  have("user/service", "cpu pids");
  EXPECT_EQ(open("/user/service"), nullptr) << "memory is not shared out";
  EXPECT_EQ(open(""), nullptr) << "no cgroup2";
  EXPECT_EQ(open("/no/such"), nullptr);
}

TEST_F(CgroupsTest, WritesLimits) {
  have("s", "cpu memory");
  const auto cgroups = open("/s");
  EXPECT_EQ(cgroups->make("c", 16 << 20, 1500), folder.path() / "s/ork-agent-77/c/cgroup.procs");
  EXPECT_EQ(folder.read("s/ork-agent-77/c/memory.max"), "16777216");
  EXPECT_EQ(folder.read("s/ork-agent-77/c/memory.oom.group"), "1");
  EXPECT_EQ(folder.read("s/ork-agent-77/c/cpu.max"), "150000 100000");
}

TEST_F(CgroupsTest, LeavesProcessorsAloneWhereTheyAreNotSharedOut) {
  have("s", "memory");
  const auto cgroups = open("/s");
  EXPECT_FALSE(cgroups->limits_cpu());
  cgroups->make("c", 0, 500);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "s/ork-agent-77/c/cpu.max"));
}

TEST_F(CgroupsTest, KnowsWhomTheKernelKilled) {
  have("s", "memory");
  const auto cgroups = open("/s");
  cgroups->make("c", 1, 0);
  EXPECT_FALSE(cgroups->out_of_memory("c"));
  folder.write("s/ork-agent-77/c/memory.events", "low 0\nmax 7\noom 1\noom_kill 1\n");
  EXPECT_TRUE(cgroups->out_of_memory("c"));
}

TEST_F(CgroupsTest, KillsWhatIsLeft) {
  have("s", "memory");
  const auto cgroups = open("/s");
  cgroups->make("c", 1, 0);
  cgroups->end("c");
  EXPECT_EQ(folder.read("s/ork-agent-77/c/cgroup.kill"), "1");
}

TEST_F(CgroupsTest, AContainerThatTheKernelLetsInNowhereRunsAndIsWatched) {
  have("s", "memory");
  ContainerTable table(folder.path(), open("/s"));
  EXPECT_TRUE(table.limits_memory());
  // No cgroup.procs appears in a folder of these.
  const Notice notice = table.start({.id = "a",
                                     .argv = {"sleep", "100"},
                                     .env = {"PATH=/bin:/usr/bin"},
                                     .cwd = "/",
                                     .log = folder.path() / "log",
                                     .memory_bytes = 16 << 20},
                                    1);
  ASSERT_TRUE(std::holds_alternative<ContainerStarted>(notice));
  EXPECT_TRUE(table.watches_memory());
  table.signal("a", SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(std::get<ContainerStarted>(notice).pid), &info, WEXITED | WNOWAIT), 0);
  ASSERT_EQ(table.reap(2).size(), 1U);
  EXPECT_FALSE(table.watches_memory());
}

TEST_F(CgroupsTest, EmptiesFoldersOfAgentsThatAreGone) {
  have("s", "memory");
  const std::string gone = "s/ork-agent-" + std::to_string(INT32_MAX);
  const std::string lives = "s/ork-agent-" + std::to_string(::getpid());
  folder.write(gone + "/cgroup.procs", "");
  folder.write(lives + "/cgroup.procs", "");
  folder.write("s/ork-agent-x/cgroup.procs", "");
  open("/s");
  EXPECT_EQ(folder.read(gone + "/cgroup.kill"), "1");
  EXPECT_EQ(folder.read(lives + "/cgroup.kill"), "");
  EXPECT_EQ(folder.read("s/ork-agent-x/cgroup.kill"), "");
}

}  // namespace
}  // namespace ork::embedded
