#include "operator/embedded/node/pod_status.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/node/test_pods.hpp"

namespace ork::embedded {
namespace {

using nlohmann::json;
using State = ContainerRun::State;

class PodStatusTest : public ::testing::Test {
 protected:
  void have(const std::string& spec) {
    pod = testing::pod_with(spec);
    run = new_pod_run(pod, 39'000);
    run.initialized_ms = pod.init_containers.empty() ? 39'000 : 0;
  }
  json status(bool ended) const { return pod_status(pod, run, ended, "127.0.0.1"); }

  PodSpec pod;
  PodRun run;
};

// Each status below is what Kubernetes 1.34 wrote of such a Pod, but for its node's addresses, images,
// the condition PodReadyToStartContainers, and fields about mounts, resources and generations.

TEST_F(PodStatusTest, OfAPodThatRuns) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"main","image":"busybox:1.36"}]})");
  run.containers[0] = {.state = State::Running, .start_ms = 40'500};
  run.ready_ms = 41'000;
  EXPECT_EQ(status(false), json::parse(R"({"phase":"Running","startTime":"1970-01-01T00:00:39Z",
      "hostIP":"127.0.0.1","hostIPs":[{"ip":"127.0.0.1"}],"podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"}],
      "conditions":[
        {"type":"Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:39Z"},
        {"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:41Z"},
        {"type":"ContainersReady","status":"True","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:41Z"},
        {"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:39Z"}],
      "containerStatuses":[{"name":"main","image":"busybox:1.36","imageID":"","lastState":{},"ready":true,"started":true,
        "restartCount":0,"state":{"running":{"startedAt":"1970-01-01T00:00:40Z"}}}]})"));
}

TEST_F(PodStatusTest, OfAPodThatSucceeded) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"main"}]})");
  run.ready_ms = 41'000;
  run.ended_ms = 42'000;
  note_end(run.containers[0], {.reason = "Completed",
                               .message = "out\n",
                               .start_ms = 40'000,
                               .finish_ms = 41'000,
                               .container_id = "process://x"});
  const json out = status(true);
  EXPECT_EQ(out.at("phase"), "Succeeded");
  EXPECT_EQ(out.at("conditions"), json::parse(R"([
      {"type":"Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:39Z","reason":"PodCompleted"},
      {"type":"Ready","status":"False","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:42Z","reason":"PodCompleted"},
      {"type":"ContainersReady","status":"False","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:42Z","reason":"PodCompleted"},
      {"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:39Z"}])"));
  EXPECT_EQ(out.at("containerStatuses").at(0), json::parse(R"({"name":"main","image":"","imageID":"","lastState":{},
      "ready":false,"started":false,"restartCount":0,"containerID":"process://x","state":{"terminated":{"exitCode":0,
      "reason":"Completed","message":"out\n","startedAt":"1970-01-01T00:00:40Z","finishedAt":"1970-01-01T00:00:41Z",
      "containerID":"process://x"}}})"));
}

TEST_F(PodStatusTest, OfAPodThatWasNeverReadyAndFailed) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"main"}]})");
  run.ended_ms = 42'000;
  note_end(run.containers[0], {.exit_code = 3, .reason = "Error", .start_ms = 40'000, .finish_ms = 40'000});
  const json out = status(true);
  EXPECT_EQ(out.at("phase"), "Failed");
  EXPECT_EQ(out.at("conditions").at(1), json::parse(R"({"type":"Ready","status":"False","lastProbeTime":null,
      "lastTransitionTime":"1970-01-01T00:00:39Z","reason":"PodFailed"})"));
}

TEST_F(PodStatusTest, OfAContainerThatCouldNotBeStarted) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"main"}]})");
  note_end(run.containers[0],
           {.exit_code = 128, .reason = "StartError", .message = "exec: no such file", .finish_ms = 40'000});
  EXPECT_EQ(status(true).at("containerStatuses").at(0).at("state"), json::parse(R"({"terminated":{"exitCode":128,
      "reason":"StartError","message":"exec: no such file","startedAt":"1970-01-01T00:00:00Z",
      "finishedAt":"1970-01-01T00:00:40Z"}})"));
}

TEST_F(PodStatusTest, OfAPodThatInitializes) {
  have(
      R"({"restartPolicy":"Never","initContainers":[{"name":"i1"},{"name":"i2"}],"containers":[{"name":"a"},{"name":"b"}]})");
  run.inits[0] = {.state = State::Running, .start_ms = 40'000};
  const json out = status(false);
  EXPECT_EQ(out.at("phase"), "Pending");
  EXPECT_EQ(out.at("conditions").at(0), json::parse(R"({"type":"Initialized","status":"False","lastProbeTime":null,
      "lastTransitionTime":"1970-01-01T00:00:39Z","reason":"ContainersNotInitialized",
      "message":"containers with incomplete status: [i1 i2]"})"));
  EXPECT_EQ(out.at("conditions").at(1).at("message"), "containers with unready status: [a b]");
  EXPECT_EQ(out.at("containerStatuses").at(0).at("state"), json::parse(R"({"waiting":{"reason":"PodInitializing"}})"));
  EXPECT_EQ(out.at("initContainerStatuses").at(0).at("started"), true);
  EXPECT_EQ(out.at("initContainerStatuses").at(0).at("ready"), false);
}

TEST_F(PodStatusTest, AnInitContainerThatSucceededIsReady) {
  have(R"({"restartPolicy":"Never","initContainers":[{"name":"i1"}],"containers":[{"name":"a"}]})");
  note_end(run.inits[0], {.reason = "Completed", .start_ms = 40'000, .finish_ms = 41'000});
  EXPECT_EQ(status(false).at("initContainerStatuses").at(0).at("ready"), true);
}

TEST_F(PodStatusTest, OfAContainerThatWaitsForWhatIsMissing) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"main"}]})");
  run.containers[0].waiting_reason = "CreateContainerConfigError";
  run.containers[0].waiting_message = "configmap \"nope\" not found";
  EXPECT_EQ(status(false).at("containerStatuses").at(0).at("state"), json::parse(R"({"waiting":{
      "reason":"CreateContainerConfigError","message":"configmap \"nope\" not found"}})"));
}

TEST_F(PodStatusTest, OfAContainerThatCrashesAgainAndAgain) {
  have(R"({"restartPolicy":"Always","containers":[{"name":"a"}]})");
  note_end(run.containers[0], {.exit_code = 2, .reason = "Error", .start_ms = 41'000, .finish_ms = 41'000});
  note_restart(run.containers[0]);
  note_end(run.containers[0], {.exit_code = 2, .reason = "Error", .start_ms = 42'000, .finish_ms = 42'000});
  const json out = status(false);
  EXPECT_EQ(out.at("phase"), "Running");
  const json container = out.at("containerStatuses").at(0);
  EXPECT_EQ(container.at("restartCount"), 1);
  EXPECT_EQ(container.at("state"), json::parse(R"j({"waiting":{"reason":"CrashLoopBackOff",
      "message":"back-off 10s restarting failed container=a pod=p_n(u)"}})j"));
  EXPECT_EQ(container.at("lastState").at("terminated").at("finishedAt"), "1970-01-01T00:00:42Z");
}

TEST_F(PodStatusTest, OfAPodBeyondItsDeadline) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"a"}]})");
  run.stop = StopReason::Deadline;
  note_end(run.containers[0],
           {.exit_code = 137, .signal = 9, .reason = "Error", .start_ms = 40'000, .finish_ms = 45'000});
  const json out = status(true);
  EXPECT_EQ(out.at("phase"), "Failed");
  EXPECT_EQ(out.at("reason"), "DeadlineExceeded");
  EXPECT_EQ(out.at("message"), "Pod was active on the node longer than the specified deadline");
  EXPECT_EQ(out.at("containerStatuses").at(0).at("state").at("terminated").at("signal"), 9);
  EXPECT_FALSE(status(false).contains("reason")) << "not before it has ended";
}

TEST_F(PodStatusTest, APodThatTheNodeEndedOrLostIsADisruption) {
  have(R"({"restartPolicy":"Never","containers":[{"name":"a"}]})");
  note_end(run.containers[0], {.exit_code = 137, .reason = "ContainerStatusUnknown", .finish_ms = 45'000});
  run.ended_ms = 45'000;
  run.stop = StopReason::Lost;
  EXPECT_EQ(status(true).at("reason"), "NodeLost");
  EXPECT_EQ(status(true).at("conditions").back(), json::parse(R"({"type":"DisruptionTarget","status":"True",
      "lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:45Z","reason":"TerminationByKubelet",
      "message":"The node was started again, and nobody knows how the Pod's containers ended."})"));
  run.stop = StopReason::Shutdown;
  EXPECT_EQ(status(true).at("reason"), "Terminated");
}

TEST(UnschedulableStatus, IsTheSchedulers) {
  EXPECT_EQ(unschedulable_status("0/1 nodes", 39'000), json::parse(R"({"phase":"Pending","conditions":[{
      "type":"PodScheduled","status":"False","lastProbeTime":null,"lastTransitionTime":"1970-01-01T00:00:39Z",
      "reason":"Unschedulable","message":"0/1 nodes"}]})"));
}

}  // namespace
}  // namespace ork::embedded
