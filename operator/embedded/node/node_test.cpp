#include "operator/embedded/node/node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include "operator/embedded/node/real_node.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

using kube::Method;
using ::testing::HasSubstr;
using testing::Json;

class NodeTest : public testing::RealNode {
 protected:
  void make_gate(const std::string& name = "gate") {
    ASSERT_EQ(::mkfifo((folder.path() / "project" / name).c_str(), 0600), 0);
  }
  void open_gate(const std::string& name = "gate") { folder.write("project/" + name, "go\n"); }
  // The Pod's script has come to the gate.
  void await_ready(const std::string& pod) {
    run_until_phase(pod, "Running");
    folder.read("project/gate");
  }
  std::string pod_path(const std::string& pod) const { return "node/pods/" + pod + "_" + uid(pod); }
};

// --- the way of a Pod ---

TEST_F(NodeTest, RunsAPodToItsEnd) {
  start();
  create_pod("a", "echo out; echo err >&2");
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(terminated("a", "exitCode"), 0);
  EXPECT_EQ(terminated("a", "reason"), "Completed");
  EXPECT_EQ(terminated("a", "containerID"), "process://" + uid("a") + "/main/0");
  EXPECT_EQ(log_of("a"), "out\nerr\n");
  settle();
  EXPECT_TRUE(exists(pod_path("a") + ".main.log"));
  EXPECT_FALSE(exists(pod_path("a") + ".main.termination"));
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
  make_gate();
  create_pod("a", "read line < gate; exit 3");
  run_until_phase("a", "Running");
  EXPECT_EQ(status("a", "/containerStatuses/0/ready"), true);
  open_gate();
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "exitCode"), 3);
  EXPECT_EQ(terminated("a", "reason"), "Error");
  EXPECT_EQ(cluster.requests(Method::Patch, "/pods/a/status"), 2U);
}

TEST_F(NodeTest, RunsInitContainersInTurnThenAllOthersTogether) {
  start();
  const auto container = [](const std::string& name, const std::string& script) {
    return Json{{"name", name}, {"command", {"sh", "-c", script}}};
  };
  make_gate();
  create_pod("a", "",
             {{"initContainers", {container("i", "echo i >> order"), container("j", "echo j >> order")}},
              {"containers", {container("x", "echo go > gate"), container("y", "read line < gate; exit 4")}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(folder.read("project/order"), "i\nj\n");
  EXPECT_EQ(status("a", "/initContainerStatuses/1/state/terminated/exitCode"), 0);
  EXPECT_EQ(status("a", "/containerStatuses/0/state/terminated/exitCode"), 0);
  EXPECT_EQ(status("a", "/containerStatuses/1/state/terminated/exitCode"), 4);
}

TEST_F(NodeTest, RestartsAContainerThatFails) {
  start();
  create_pod("a", "if [ -e been ]; then exit 0; fi; touch been; exit 1", {{"restartPolicy", "OnFailure"}});
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(status("a", "/containerStatuses/0/restartCount"), 1);
  EXPECT_EQ(status("a", "/containerStatuses/0/lastState/terminated/exitCode"), 1);
}

TEST_F(NodeTest, EndsAPodAtItsDeadline) {
  start();
  create_pod("a", "sleep 1000", {{"activeDeadlineSeconds", 1}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(status("a", "/reason"), "DeadlineExceeded");
  EXPECT_EQ(terminated("a", "exitCode"), 143);
}

TEST_F(NodeTest, AProgramThatIsNotThereIsAStartError) {
  start();
  create_pod("a", "", {{"containers", {{{"name", "main"}, {"command", {"no-such-program"}}}}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "reason"), "StartError");
  EXPECT_EQ(terminated("a", "exitCode"), 128);
  EXPECT_EQ(terminated("a", "message"), "exec: \"no-such-program\": executable file not found in $PATH");
}

TEST_F(NodeTest, WithoutACommandItSaysWhatToDo) {
  start();
  create_pod("a", "", {{"containers", {{{"name", "main"}, {"image", "busybox"}}}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "reason"), "ContainerCannotRun");
  EXPECT_THAT(terminated("a", "message").get<std::string>(), HasSubstr("give it a command, or use --runtime docker"));
}

TEST_F(NodeTest, ReportsWhatIsOutOfMemory) {
  start();
  create_pod("a", "",
             {{"containers",
               {{{"name", "main"},
                 {"command", {"sh", "-c", "head -c 200m /dev/zero | tail > /dev/null"}},
                 {"resources", {{"limits", {{"memory", "16Mi"}}}}}}}}});
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "reason"), "OOMKilled");
  EXPECT_EQ(terminated("a", "exitCode"), 137);
}

// --- what it runs with ---

TEST_F(NodeTest, GivesAContainerItsOwnEnvironmentAndLittleOfTheMachines) {
  start();
  create_pod("a", "",
             {{"containers",
               {{{"name", "main"},
                 {"command", {"sh", "-c", "tr '\\0' '\\n' < /proc/self/environ"}},
                 {"env",
                  {{{"name", "POD"}, {"valueFrom", {{"fieldRef", {{"fieldPath", "metadata.name"}}}}}},
                   {{"name", "BOTH"}, {"value", "$(POD)-x"}}}}}}}});
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(log_of("a"), "PATH=/usr/local/bin:/usr/bin:/bin\nHOME=/nowhere\nPOD=a\nBOTH=a-x\n");
}

TEST_F(NodeTest, TakesTheTerminationMessageFromAPrivateFile) {
  start();
  create_pod("a", "",
             {{"containers",
               {{{"name", "main"},
                 {"command", {"sh", "-c", "printf said > $ORK_OUTPUT"}},
                 {"env", {{{"name", "ORK_OUTPUT"}, {"value", "/dev/termination-log"}}}}}}}});
  create_pod("b", "printf directly > /dev/termination-log");
  run_until_phase("a", "Succeeded");
  run_until_phase("b", "Succeeded");
  EXPECT_EQ(terminated("a", "message"), "said");
  EXPECT_EQ(terminated("b", "message"), "directly");
}

TEST_F(NodeTest, KeepsTheEndOfALongTerminationMessage) {
  start();
  create_pod("a", "head -c 5000 /dev/zero | tr '\\0' x > /dev/termination-log; printf end >> /dev/termination-log");
  run_until_phase("a", "Succeeded");
  const std::string message = terminated("a", "message");
  EXPECT_EQ(message.size(), 4096U);
  EXPECT_TRUE(message.ends_with("xxend"));
}

TEST_F(NodeTest, FallsBackToTheLogOfAFailureIfAsked) {
  start();
  const Json asked = {{"containers",
                       {{{"name", "main"},
                         {"command", {"sh", "-c", "seq 200; exit 1"}},
                         {"terminationMessagePolicy", "FallbackToLogsOnError"}}}}};
  create_pod("asked", "", asked);
  create_pod("not", "seq 200; exit 1");
  run_until_phase("asked", "Failed");
  run_until_phase("not", "Failed");
  const std::string message = terminated("asked", "message");
  EXPECT_TRUE(message.starts_with("121\n") && message.ends_with("\n200\n")) << "the last 80 lines: " << message;
  EXPECT_EQ(terminated("not", "message"), Json());
}

TEST_F(NodeTest, RunsInTheProjectFolderAndSaysOnceThatAnotherIsMissing) {
  start();
  const auto container = [](const std::string& name) {
    return Json{{"name", name}, {"command", {"pwd"}}, {"workingDir", "/no/such/folder"}};
  };
  create_pod("a", "", {{"containers", {container("main"), container("other")}}});
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(log_of("a"), (folder.path() / "project").string() + "\n");
  settle();
  ASSERT_EQ(cluster.count("events"), 1U);
  EXPECT_THAT(cluster.at("events", cluster.keys("events")[0], "/note").get<std::string>(),
              HasSubstr("This machine has no folder /no/such/folder"));
}

TEST_F(NodeTest, VolumesAreFoldersAndPathsLeadThere) {
  start();
  cluster.create("configmaps", {{"metadata", {{"name", "c"}, {"namespace", "n"}}}, {"data", {{"key", "mapped"}}}});
  cluster.create("secrets", {{"metadata", {{"name", "s"}, {"namespace", "n"}}},
                             {"data", {{"key", kube::base64_encode("secret")}}}});
  create_pod("a", "",
             {{"volumes",
               {{{"name", "c"}, {"configMap", {{"name", "c"}}}},
                {{"name", "s"}, {"secret", {{"secretName", "s"}}}},
                {{"name", "e"}, {"emptyDir", Json::object()}}}},
              {"initContainers",
               {{{"name", "i"},
                 {"command", {"sh", "-c", "cp /c/key /e/from-init"}},
                 {"volumeMounts", {{{"name", "c"}, {"mountPath", "/c"}}, {{"name", "e"}, {"mountPath", "/e"}}}}}}},
              {"containers",
               {{{"name", "main"},
                 {"command", {"sh", "-c", "cat /e/from-init $FILE"}},
                 {"env", {{{"name", "FILE"}, {"value", "/s/key"}}}},
                 {"volumeMounts", {{{"name", "s"}, {"mountPath", "/s"}}, {{"name", "e"}, {"mountPath", "/e"}}}}}}}});
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(log_of("a"), "mappedsecret");
}

TEST_F(NodeTest, WaitsForAConfigMapThatIsNotThereYet) {
  start();
  create_pod("a", "",
             {{"containers",
               {{{"name", "main"},
                 {"command", {"sh", "-c", "echo $KEY"}},
                 {"env", {{{"name", "KEY"}, {"valueFrom", {{"configMapKeyRef", {{"name", "c"}, {"key", "k"}}}}}}}}}}}});
  run_until([&] { return status("a", "/containerStatuses/0/state/waiting/reason") == "CreateContainerConfigError"; });
  EXPECT_EQ(status("a", "/containerStatuses/0/state/waiting/message"), "configmap \"c\" not found");
  cluster.create("configmaps", {{"metadata", {{"name", "c"}, {"namespace", "n"}}}, {"data", {{"k", "now"}}}});
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(log_of("a"), "now\n");
}

// --- deletion ---

TEST_F(NodeTest, ADeletedPodIsToldToEndThenSaysHowItDidThenIsGone) {
  start();
  make_gate();
  Json last;
  create_pod("a", "trap 'exit 9' TERM; echo ready > gate; sleep 1000 & wait");
  await_ready("a");
  cluster.on_change = [&](const std::string&, const Json& object) {
    if (object.at("metadata").at("name") == "a") last = object;
    look();
  };
  const std::string kept = pod_path("a") + ".main.log";
  cluster.remove("pods", "n/a");
  run_until_gone("a");
  EXPECT_EQ(last.at("status").at("phase"), "Failed");
  EXPECT_EQ(last.at("status").at("containerStatuses").at(0).at("state").at("terminated").at("exitCode"), 9);
  settle();
  EXPECT_FALSE(exists(kept));
}

TEST_F(NodeTest, ADeletedPodThatDoesNotListenIsKilledAfterItsGrace) {
  start();
  make_gate();
  create_pod("a", "trap '' TERM; echo ready > gate; while :; do sleep 1000; done",
             {{"terminationGracePeriodSeconds", 1}});
  await_ready("a");
  cluster.remove("pods", "n/a");
  run_until_gone("a");
}

TEST_F(NodeTest, AShorterGraceHolds) {
  start();
  make_gate();
  create_pod("a", "trap '' TERM; echo ready > gate; while :; do sleep 1000; done",
             {{"terminationGracePeriodSeconds", 600}});
  await_ready("a");
  cluster.remove("pods", "n/a");
  cluster.patch("pods", "n/a", {{"metadata", {{"deletionGracePeriodSeconds", 1}}}});
  run_until_gone("a");
}

TEST_F(NodeTest, APodThatIsGoneAtOnceIsKilledAtOnce) {
  start();
  make_gate();
  create_pod("a", "echo $$$$ > pid; echo ready > gate; sleep 1000");
  await_ready("a");
  const std::string kept = pod_path("a") + ".main.log";
  cluster.remove("pods", "n/a", 0);
  run_until([&] { return node->pods_running() == 0 || (loop.post([this] { look(); }), false); });
  EXPECT_NE(::kill(std::atoi(folder.read("project/pid").c_str()), 0), 0);
  settle();
  EXPECT_FALSE(exists(kept));
}

TEST_F(NodeTest, AFinishedPodsLogsGoWithIt) {
  start();
  create_pod("a", "echo x");
  run_until_phase("a", "Succeeded");
  const std::string kept = pod_path("a") + ".main.log";
  EXPECT_TRUE(exists(kept));
  cluster.remove("pods", "n/a");
  run_until_gone("a");
  settle();
  EXPECT_FALSE(exists(kept));
}

// --- room ---

TEST_F(NodeTest, PodsWaitTheirTurnAndNothingIsWrittenAboutThem) {
  options.max_pods = 1;
  start();
  make_gate();
  create_pod("a", "read line < gate; echo a >> order");
  create_pod("b", "echo b >> order");
  create_pod("c", "echo c >> order");
  run_until_phase("a", "Running");
  EXPECT_EQ(node->pods_waiting(), 2U);
  EXPECT_EQ(status("b", "/conditions"), Json());
  open_gate();
  run_until_phase("c", "Succeeded");
  EXPECT_EQ(folder.read("project/order"), "a\nb\nc\n");
}

TEST_F(NodeTest, ALargePodIsNotOvertaken) {
  options.cpu_millis = 1000;
  start();
  make_gate();
  const auto wants = [](const std::string& cpu) { return Json{{"resources", {{"requests", {{"cpu", cpu}}}}}}; };
  const auto pod = [&](const std::string& name, const std::string& script, const std::string& cpu) {
    Json container = {{"name", "main"}, {"command", {"sh", "-c", script}}};
    container.merge_patch(wants(cpu));
    create_pod(name, "", {{"containers", {container}}});
  };
  pod("a", "read line < gate; echo a >> order", "600m");
  pod("large", "echo large >> order", "1");
  pod("small", "echo small >> order", "1m");
  run_until_phase("a", "Running");
  EXPECT_EQ(node->pods_waiting(), 2U);
  open_gate();
  run_until_phase("small", "Succeeded");
  EXPECT_EQ(folder.read("project/order"), "a\nlarge\nsmall\n");
}

TEST_F(NodeTest, SaysThatAPodWillNeverFit) {
  options.memory_bytes = 1 << 20;
  start();
  create_pod("a", "",
             {{"containers",
               {{{"name", "main"}, {"command", {"true"}}, {"resources", {{"requests", {{"memory", "1Gi"}}}}}}}}});
  run_until([&] { return status("a", "/conditions/0/reason") == "Unschedulable"; });
  EXPECT_EQ(status("a", "/phase"), "Pending");
  EXPECT_THAT(status("a", "/conditions/0/message").get<std::string>(), HasSubstr("1 Insufficient memory"));
  cluster.remove("pods", "n/a");
  run_until_gone("a");
}

TEST_F(NodeTest, BindsPodsThatHaveNoNode) {
  start();
  create_pod("a", "true", {{"nodeName", nullptr}});
  create_pod("theirs", "true", {{"nodeName", nullptr}, {"schedulerName", "other"}});
  create_pod("elsewhere", "true", {{"nodeName", "elsewhere"}});
  create_pod("choosy", "true", {{"nodeName", nullptr}, {"nodeSelector", {{"color", "ultraviolet"}}}});
  run_until_phase("a", "Succeeded");
  run_until([&] { return status("choosy", "/conditions/0/reason") == "Unschedulable"; });
  EXPECT_EQ(cluster.at("pods", "n/a", "/spec/nodeName"), "local");
  EXPECT_EQ(cluster.at("pods", "n/theirs", "/spec/nodeName"), Json());
  EXPECT_EQ(status("elsewhere", "/phase"), "Pending");
}

// --- coming back ---

TEST_F(NodeTest, FindsItsContainersAgainAfterItWasKilled) {
  start();
  make_gate();
  make_gate("other");
  create_pod("runs", "read line < gate; exit 6");
  create_pod("ends", "read line < other; printf said > /dev/termination-log; exit 7");
  run_until_phase("runs", "Running");
  run_until_phase("ends", "Running");
  crash();
  open_gate("other");
  start();
  open_gate();
  run_until_phase("runs", "Failed");
  run_until_phase("ends", "Failed");
  EXPECT_EQ(terminated("runs", "exitCode"), 6);
  EXPECT_EQ(terminated("ends", "exitCode"), 7);
  EXPECT_EQ(terminated("ends", "message"), "said");
}

TEST_F(NodeTest, GoesOnWithAPodThatWasHalfDone) {
  start();
  make_gate();
  cluster.create("configmaps", {{"metadata", {{"name", "c"}, {"namespace", "n"}}}, {"data", {{"key", "mapped"}}}});
  const Json mounts = {{{"name", "c"}, {"mountPath", "/c"}}, {{"name", "e"}, {"mountPath", "/e"}}};
  create_pod(
      "a", "",
      {{"volumes", {{{"name", "c"}, {"configMap", {{"name", "c"}}}}, {{"name", "e"}, {"emptyDir", Json::object()}}}},
       {"initContainers",
        {{{"name", "i"},
          {"command", {"sh", "-c", "echo -n begun > /e/f; printf said > /dev/termination-log; read line < gate"}},
          {"volumeMounts", mounts}}}},
       {"containers", {{{"name", "main"}, {"command", {"sh", "-c", "cat /e/f /c/key"}}, {"volumeMounts", mounts}}}}});
  run_until([&] { return !status("a", "/initContainerStatuses/0/state/running").is_null(); });
  crash();
  start();
  open_gate();
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(log_of("a"), "begunmapped");
  EXPECT_EQ(status("a", "/initContainerStatuses/0/state/terminated/message"), "said");
}

TEST_F(NodeTest, APodThatWasDeletedMeanwhileIsKilled) {
  start();
  make_gate();
  create_pod("a", "echo $$$$ > pid; echo ready > gate; sleep 1000");
  await_ready("a");
  const std::string kept = pod_path("a") + ".main.log";
  crash();
  cluster.remove("pods", "n/a", 0);
  start();
  create_pod("b", "while kill -0 $(cat pid) 2> /dev/null; do :; done");
  run_until_phase("b", "Succeeded");
  EXPECT_FALSE(exists(kept));
}

TEST_F(NodeTest, APodWhoseAgentIsGoneWasDisrupted) {
  start();
  make_gate();
  create_pod("a", "echo $PPID > agent; echo ready > gate; sleep 1000");
  await_ready("a");
  crash();
  ASSERT_EQ(::kill(std::atoi(folder.read("project/agent").c_str()), SIGKILL), 0);
  start();
  run_until_phase("a", "Failed");
  EXPECT_EQ(status("a", "/reason"), "NodeLost");
  EXPECT_EQ(terminated("a", "reason"), "ContainerStatusUnknown");
  EXPECT_EQ(status("a", "/conditions/4/type"), "DisruptionTarget");
}

TEST_F(NodeTest, AnAgentThatDiesUnderItIsReplacedAndItsPodsWereDisrupted) {
  start();
  make_gate();
  create_pod("a", "echo $PPID > agent; echo ready > gate; sleep 1000");
  await_ready("a");
  ASSERT_EQ(::kill(std::atoi(folder.read("project/agent").c_str()), SIGKILL), 0);
  run_until_phase("a", "Failed");
  EXPECT_EQ(status("a", "/reason"), "NodeLost");
  create_pod("b", "true");
  run_until_phase("b", "Succeeded");
}

TEST_F(NodeTest, ShutDownItEndsItsPodsAsDisrupted) {
  start();
  make_gate();
  create_pod("a", "trap 'exit 0' TERM; echo ready > gate; sleep 1000 & wait");
  await_ready("a");
  bool done = false;
  node->shut_down(5, [&] {
    done = true;
    look();
  });
  run_until([&] { return done; });
  EXPECT_EQ(status("a", "/phase"), "Failed");
  EXPECT_EQ(status("a", "/reason"), "Terminated");
  EXPECT_EQ(status("a", "/conditions/4/reason"), "TerminationByKubelet");
}

TEST_F(NodeTest, AStatusThatCouldNotBeStoredIsStoredLater) {
  start();
  int refusals = 3;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Patch || refusals-- <= 0) return std::nullopt;
    return kube::Error{.code = kube::Errc::Server, .status = 500, .message = "the disk is full"};
  };
  create_pod("a", "exit 3");
  run_until_phase("a", "Failed");
  EXPECT_EQ(terminated("a", "exitCode"), 3);
}

// --- logs ---

class NodeLogsTest : public NodeTest {
 protected:
  // Reads a log to the end of its stream.
  std::string read_log(LogRequest request) {
    std::string text;
    bool ended = false;
    request.ns = "n";
    request.container = "main";
    request.uid = uid(request.pod);
    auto stream = node->open(request, {.on_data = [&](std::string_view piece) { text += piece; },
                                       .on_end =
                                           [&](const std::optional<kube::Error>&) {
                                             ended = true;
                                             look();
                                           }});
    if (!stream) return "error: " + stream.error();
    run_until([&] { return ended; });
    return text;
  }
};

TEST_F(NodeLogsTest, GivesOutALogOrItsLastLinesOrItsFirstBytes) {
  start();
  create_pod("a", "seq 5");
  run_until_phase("a", "Succeeded");
  EXPECT_EQ(read_log({.pod = "a"}), "1\n2\n3\n4\n5\n");
  EXPECT_EQ(read_log({.pod = "a", .tail_lines = 2}), "4\n5\n");
  EXPECT_EQ(read_log({.pod = "a", .tail_lines = 0}), "");
  EXPECT_EQ(read_log({.pod = "a", .tail_lines = 99}), "1\n2\n3\n4\n5\n");
  EXPECT_EQ(read_log({.pod = "a", .limit_bytes = 3}), "1\n2");
  EXPECT_EQ(read_log({.pod = "a", .tail_lines = 2, .limit_bytes = 3}), "4\n5");
  EXPECT_EQ(read_log({.pod = "a", .follow = true}), "1\n2\n3\n4\n5\n");
}

TEST_F(NodeLogsTest, FollowsALogWhileItsContainerRuns) {
  start();
  make_gate();
  make_gate("other");
  create_pod("a", "echo first; read line < gate; echo second; read line < other; echo third");
  run_until_phase("a", "Running");
  std::string text;
  bool ended = false;
  auto stream = node->open({.ns = "n", .pod = "a", .uid = uid("a"), .container = "main", .follow = true},
                           {.on_data =
                                [&](std::string_view piece) {
                                  text += piece;
                                  if (text == "first\n") open_gate();
                                  if (text == "first\nsecond\n") open_gate("other");
                                },
                            .on_end =
                                [&](const std::optional<kube::Error>& error) {
                                  EXPECT_EQ(error, std::nullopt);
                                  ended = true;
                                  look();
                                }});
  ASSERT_TRUE(stream.ok());
  run_until([&] { return ended; });
  EXPECT_EQ(text, "first\nsecond\nthird\n");
}

TEST_F(NodeLogsTest, SaysWhyThereIsNone) {
  options.max_pods = 1;
  start();
  make_gate();
  create_pod("a", "read line < gate");
  create_pod("b", "true");
  run_until_phase("a", "Running");
  EXPECT_EQ(read_log({.pod = "b"}), "error: container \"main\" in pod \"b\" is waiting to start: ContainerCreating");
  open_gate();
  run_until_phase("b", "Succeeded");
  std::filesystem::remove_all(folder.path() / (pod_path("b") + ".main.log"));
  EXPECT_EQ(read_log({.pod = "b"}),
            "error: the log of container \"main\" in pod \"b\" can't be read: its log is not there: No such file or "
            "directory");
}

}  // namespace
}  // namespace ork::embedded
