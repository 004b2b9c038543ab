// With a real engine, where there is one: ORK_TEST_ENGINE=podman ORK_TEST_IMAGE=busybox:test node_test.

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "operator/embedded/node/real_node.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

using testing::Json;

class EngineTest : public testing::RealNode {
 protected:
  void SetUp() override {
    const char* engine = std::getenv("ORK_TEST_ENGINE");
    const char* image = std::getenv("ORK_TEST_IMAGE");
    if (engine == nullptr || image == nullptr) GTEST_SKIP() << "needs ORK_TEST_ENGINE and ORK_TEST_IMAGE";
    image_ = image;
    options.engine = engine;
    options.environment.clear();
    for (char** variable = environ; *variable != nullptr; ++variable) options.environment.emplace_back(*variable);
    start();
  }
  void create(const std::string& name, Json container, const Json& spec = Json::object()) {
    container["name"] = "main";
    container["image"] = image_;
    Json all = {{"containers", Json::array({container})}};
    all.merge_patch(spec);
    create_pod(name, "", all);
  }
  // A Pod that runs this script, with the project's folder at /p and a gate to wait at there.
  void create_at_gate(const std::string& name, const std::string& script, const Json& spec = Json::object()) {
    ASSERT_EQ(::mkfifo((folder.path() / "project/gate").c_str(), 0600), 0);
    Json all = {{"volumes", {{{"name", "p"}, {"hostPath", {{"path", options.project_folder}}}}}}};
    all.merge_patch(spec);
    create(name, {{"command", {"sh", "-c", script}}, {"volumeMounts", {{{"name", "p"}, {"mountPath", "/p"}}}}}, all);
  }
  void open_gate() { folder.write("project/gate", "go\n"); }
  void await_ready(const std::string& pod) {
    run_until_phase(pod, "Running");
    folder.read("project/gate");
  }
  void kill_agent() {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const int pid = std::atoi(entry.path().filename().c_str());
      std::ifstream in(entry.path() / "cmdline");
      std::string words((std::istreambuf_iterator<char>(in)), {});
      std::replace(words.begin(), words.end(), '\0', ' ');
      if (pid > 0 && words.find(" --dir " + options.dir + " ") != std::string::npos) ::kill(pid, SIGKILL);
    }
  }

  std::string image_;
};

TEST_F(EngineTest, RunsAnImageWithItsCommandVariablesAndFiles) {
  cluster.create("secrets", {{"metadata", {{"name", "s"}, {"namespace", "n"}}},
                             {"data", {{"key", kube::base64_encode("secret")}}}});
  create("a",
         {{"command", {"sh", "-c"}},
          {"args", {"cat /s/key; echo \" $A $(hostname) $(pwd)\"; printf said > /dev/termination-log; exit 3"}},
          {"env", {{{"name", "A"}, {"value", "one two"}}}},
          {"workingDir", "/s"},
          {"volumeMounts", {{{"name", "s"}, {"mountPath", "/s"}, {"readOnly", true}}}}},
         {{"hostname", "job-0"}, {"volumes", {{{"name", "s"}, {"secret", {{"secretName", "s"}}}}}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "exitCode"), 3);
  EXPECT_EQ(terminated("a", "message"), "said");
  EXPECT_EQ(log_of("a").substr(0, 15), "secret one two ");
  EXPECT_NE(log_of("a").find(" /s\n"), std::string::npos) << log_of("a");
}

TEST_F(EngineTest, ReportsWhatIsOutOfMemory) {
  create("a", {{"command", {"sh", "-c", "head -c 200m /dev/zero | tail > /dev/null"}},
               {"resources", {{"limits", {{"memory", "16Mi"}}}}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "reason"), "OOMKilled");
  EXPECT_EQ(terminated("a", "exitCode"), 137);
}

TEST_F(EngineTest, InitContainersLeaveFilesForTheOthers) {
  const Json mounts = {{{"name", "e"}, {"mountPath", "/e"}}};
  const auto container = [&](const std::string& name, const std::string& script) {
    Json out = {{"name", name}, {"image", image_}, {"command", {"sh", "-c", script}}, {"volumeMounts", mounts}};
    return out;
  };
  create_pod("a", "",
             {{"volumes", {{{"name", "e"}, {"emptyDir", Json::object()}}}},
              {"initContainers", {container("i", "echo from i > /e/f")}},
              {"containers", {container("main", "cat /e/f")}}});
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(log_of("a"), "from i\n");
}

TEST_F(EngineTest, SaysWhyItCanNotRun) {
  create_pod("a", "",
             {{"containers", {{{"name", "main"}, {"image", "nowhere.invalid/none:1"}, {"imagePullPolicy", "Never"}}}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "reason"), "ContainerCannotRun");
  EXPECT_NE(terminated("a", "message").get<std::string>().find("nowhere.invalid/none:1"), std::string::npos);
}

TEST_F(EngineTest, ADeletedPodIsToldToEnd) {
  Json last;
  create("a", {{"command", {"sh", "-c", "trap 'exit 9' TERM; sleep 1000 & echo ready; wait"}}});
  cluster.on_change = [&](const std::string&, const Json& object) {
    if (object.at("metadata").at("name") == "a") last = object;
    look();
  };
  run_until_phase("a", "Running");
  run_until_log("a", "ready\n");
  cluster.remove("pods", "n/a");
  run_until_gone("a");
  EXPECT_EQ(last.at("status").at("containerStatuses").at(0).at("state").at("terminated").at("exitCode"), 9);
}

TEST_F(EngineTest, ADeletedPodThatDoesNotListenIsKilled) {
  create("a", {{"command", {"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}}},
         {{"terminationGracePeriodSeconds", 1}});
  run_until_phase("a", "Running");
  run_until_log("a", "ready\n");
  cluster.remove("pods", "n/a");
  run_until_gone("a");
}

TEST_F(EngineTest, FindsItsContainersAgainAfterItWasKilled) {
  create_at_gate("a", "echo begun >> /p/tally; echo ready > /p/gate; read line < /p/gate; exit 4");
  await_ready("a");
  crash();
  start();
  open_gate();
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "exitCode"), 4);
  EXPECT_EQ(folder.read("project/tally"), "begun\n");
}

TEST_F(EngineTest, HearsHowOneEndedThatEndedMeanwhile) {
  create_at_gate("a", "echo ready > /p/gate; read line < /p/gate; printf said > /dev/termination-log; exit 4");
  await_ready("a");
  crash();
  open_gate();
  start();
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "exitCode"), 4);
  EXPECT_EQ(terminated("a", "message"), "said");
}

TEST_F(EngineTest, NothingGoesOnOfAPodWhoseAgentIsGone) {
  create_at_gate("a", "echo ready > /p/gate; read line < /p/gate; echo lives >> /p/tally");
  await_ready("a");
  crash();
  kill_agent();
  start();
  run_until_phase("a", "Failed");
  EXPECT_EQ(status("a", "/reason"), "NodeLost");
  EXPECT_LT(::open((folder.path() / "project/gate").c_str(), O_WRONLY | O_NONBLOCK), 0) << "somebody reads";
  EXPECT_FALSE(exists("project/tally"));
}

}  // namespace
}  // namespace ork::embedded
