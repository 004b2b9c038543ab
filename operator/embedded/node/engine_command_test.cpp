#include "operator/embedded/node/engine_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "operator/embedded/node/agent/spawn.hpp"
#include "operator/embedded/node/test_pods.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;

int exit_code_of(const std::vector<std::string>& argv) {
  const auto spawned =
      spawn({.argv = argv, .env = {"PATH=/usr/bin:/bin"}, .cwd = "/", .input = 0, .output = 1, .cgroup_procs = {}});
  int status = -1;
  if (spawned) ::waitpid(spawned->pid, &status, 0);
  return WEXITSTATUS(status);
}

class EngineRun : public ::testing::Test {
 protected:
  EngineCommand run(const std::string& container, const std::string& pod_fields = "") {
    pod = testing::pod_with("{" + pod_fields + R"("containers":[{"name":"main","image":"busybox:1.36",)" + container +
                            "}]}");
    return engine_run({.program = program,
                       .label = label,
                       .pod = pod,
                       .container = pod.containers[0],
                       .variables = variables,
                       .mounts = mounts,
                       .environment = environment,
                       .name = "ork-x"});
  }
  // The command without what is the same in each.
  std::vector<std::string> words(const std::string& container) {
    const std::vector<std::string> all = run(container).argv;
    const std::vector<std::string> same = {"podman",         "run",
                                           "--rm",           "--quiet",
                                           "--name",         "ork-x",
                                           "--log-driver",   "none",
                                           "--security-opt", "label=disable",
                                           "--label",        "ork.dev/node=/f",
                                           "--label",        "ork.dev/pod=n/p",
                                           "--hostname",     "p"};
    EXPECT_THAT(std::vector(all.begin(), all.begin() + 16), ::testing::ElementsAreArray(same));
    return {all.begin() + 16, all.end()};
  }

  std::string program = "podman";
  std::string label = engine_label("/f");
  PodSpec pod;
  Variables variables;
  std::vector<PlannedMount> mounts;
  std::vector<std::string> environment = {"PATH=/bin"};
};

TEST_F(EngineRun, TheCommandsFirstWordIsTheEntrypoint) {
  EXPECT_THAT(words(R"("command":["sh","-c"],"args":["date"])"),
              ElementsAre("--entrypoint", "sh", "busybox:1.36", "-c", "date"));
  EXPECT_THAT(words(R"("args":["date"])"), ElementsAre("busybox:1.36", "date"));
  EXPECT_THAT(words(R"("command":["date"])"), ElementsAre("--entrypoint", "date", "busybox:1.36"));
  EXPECT_THAT(words(R"("env":[])"), ElementsAre("busybox:1.36"));
}

TEST_F(EngineRun, ExpandsVariables) {
  variables = {{"A", "1"}};
  EXPECT_THAT(words(R"j("command":["run","$(A)"],"args":["$$(A)","$(B)"])j"),
              ElementsAre("--env", "A", "--entrypoint", "run", "busybox:1.36", "1", "$(A)", "$(B)"));
}

TEST_F(EngineRun, ValuesStandInTheEnvironmentWhereNobodyElseReadsThem) {
  variables = {{"PASSWORD", "hunter2"}, {"PATH", "/own"}};
  const EngineCommand command = run(R"("args":["x"])");
  EXPECT_THAT(words(R"("args":["x"])"), ElementsAre("--env", "PASSWORD", "--env", "PATH=/own", "busybox:1.36", "x"));
  EXPECT_THAT(command.env, ElementsAre("PATH=/bin", "PASSWORD=hunter2"));
}

TEST_F(EngineRun, ValuesThatItsCommandWouldHeedDoNotReachIt) {
  variables = {{"DOCKER_HOST", "tcp://h"}, {"LD_PRELOAD", "x"}, {"https_proxy", "p"}, {"GODEBUG", "d"}, {"OWN", "o"}};
  const EngineCommand command = run(R"("args":["x"])");
  EXPECT_THAT(words(R"("args":["x"])"),
              ElementsAre("--env", "DOCKER_HOST=tcp://h", "--env", "LD_PRELOAD=x", "--env", "https_proxy=p", "--env",
                          "GODEBUG=d", "--env", "OWN", "busybox:1.36", "x"));
  EXPECT_THAT(command.env, ElementsAre("PATH=/bin", "OWN=o"));
}

TEST_F(EngineRun, MountsForReal) {
  mounts = {{"/in", "/real", true, false}, {"/out", "/a,\"b\"", false, false}};
  EXPECT_THAT(words(R"("workingDir":"/in")"),
              ElementsAre("--mount", "type=bind,source=/real,target=/in,readonly", "--mount",
                          "type=bind,\"source=/a,\"\"b\"\"\",target=/out", "--workdir", "/in", "busybox:1.36"));
}

TEST_F(EngineRun, PassesLimitsOn) {
  EXPECT_THAT(words(R"("resources":{"limits":{"cpu":"1500m","memory":"16Mi"}})"),
              ElementsAre("--memory", "16777216", "--memory-swap", "16777216", "--cpus", "1.500", "busybox:1.36"));
}

TEST_F(EngineRun, PullsAsItIsTold) {
  EXPECT_THAT(words(R"("imagePullPolicy":"Always")"), ElementsAre("--pull", "always", "busybox:1.36"));
  EXPECT_THAT(words(R"("imagePullPolicy":"Never")"), ElementsAre("--pull", "never", "busybox:1.36"));
  EXPECT_THAT(words(R"("imagePullPolicy":"IfNotPresent")"), ElementsAre("busybox:1.36"));
}

TEST_F(EngineRun, HasThePodsHostname) {
  EXPECT_EQ(run(R"("args":["x"])", R"("hostname":"job-3",)").argv.at(15), "job-3");
}

// An engine that lists three containers and notes what it is asked for.
TEST(EngineSweep, KillsAndRemovesAllButThoseToKeep) {
  const kube::testing::TemporaryFolder folder;
  const std::string engine = folder.write("engine",
                                          "#!/bin/sh\necho \"$@\" >> \"${0%engine}asked\"\n"
                                          "[ \"$1\" = ps ] && printf 'ork-a\\nork-b\\nork-c\\n'\n");
  ASSERT_EQ(::chmod(engine.c_str(), 0755), 0);
  EXPECT_EQ(exit_code_of(engine_sweep(engine, "ork.dev/node=/f o", {"ork-b", "ork-z"})), 0);
  EXPECT_EQ(folder.read("asked"),
            "ps --all --filter label=ork.dev/node=/f o --format {{.Names}}\n"
            "kill ork-a\nrm --force ork-a\nkill ork-c\nrm --force ork-c\n");
}

TEST(EngineSweep, FailsWhereTheEngineDoesNotAnswer) { EXPECT_EQ(exit_code_of(engine_sweep("false", "l", {})), 1); }

TEST(EngineName, IsOneThatEnginesTake) { EXPECT_EQ(engine_name("1-2/main/0"), "ork-1-2_main_0"); }

}  // namespace
}  // namespace ork::embedded
