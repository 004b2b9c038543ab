#include "operator/embedded/table/table_fixture.hpp"

namespace ork::embedded {
namespace {

using testing::column_names;
using testing::kind;
using testing::noon;

// A Pod of containers a and b, with the statuses that are given.
Json pod(const char* phase, const char* container_statuses, const char* init_statuses = "[]") {
  Json out = Json::parse(R"({"metadata": {"name": "x"}, "spec": {"containers": [{"name": "a"}, {"name": "b"}]}})");
  out["status"] = {{"phase", phase},
                   {"containerStatuses", Json::parse(container_statuses)},
                   {"initContainerStatuses", Json::parse(init_statuses)}};
  return out;
}

// Name, Ready, Status, Restarts, Age: without what -o wide adds.
std::string row(const Json& object) {
  const Json all = Json::parse(testing::cells(kind("", "pods"), object));
  std::string text;
  for (std::size_t i = 0; i < 5; ++i) text += (i == 0 ? "" : " | ") + all[i].get<std::string>();
  return text;
}

constexpr const char* running = R"({"ready": true, "started": true, "state": {"running": {}}})";
std::string list(std::initializer_list<std::string> statuses) {
  std::string text;
  for (const std::string& status : statuses) text += (text.empty() ? "[" : ",") + status;
  return text + "]";
}
std::string ended(int code, const char* reason, int signal = 0) {
  return R"({"state": {"terminated": {"exitCode": )" + std::to_string(code) + R"(, "reason": ")" + reason +
         R"(", "signal": )" + std::to_string(signal) + "}}}";
}
std::string waiting(const char* reason) {
  return R"({"state": {"waiting": {"reason": ")" + std::string(reason) + R"("}}})";
}

// The texts of all these rows were seen in the tables of kube-apiserver 1.34.
TEST(PodRow, HasTheColumnsOfAPod) {
  EXPECT_EQ(column_names(kind("", "pods"), false), "Name, Ready, Status, Restarts, Age");
  EXPECT_EQ(column_names(kind("", "pods"), true),
            "Name, Ready, Status, Restarts, Age, IP, Node, Nominated Node, Readiness Gates");
}

TEST(PodRow, CountsReadyContainers) {
  EXPECT_EQ(row(pod("Running", list({running, running}).c_str())), "x | 2/2 | Running | 0 | 60m");
  EXPECT_EQ(row(pod("Pending", "[]")), "x | 0/2 | Pending | 0 | 60m");
}

TEST(PodRow, SaysHowItsContainersEnded) {
  EXPECT_EQ(row(pod("Succeeded", list({ended(0, "Completed"), ended(0, "Completed")}).c_str())),
            "x | 0/2 | Completed | 0 | 60m");
  EXPECT_EQ(row(pod("Failed", list({ended(1, "Error"), ended(0, "Completed")}).c_str())), "x | 0/2 | Error | 0 | 60m");
  EXPECT_EQ(row(pod("Failed", list({ended(0, "Completed"), ended(1, "OOMKilled")}).c_str())),
            "x | 0/2 | Completed | 0 | 60m");  // the first container has the last word
  EXPECT_EQ(row(pod("Failed", list({ended(3, "")}).c_str())), "x | 0/2 | ExitCode:3 | 0 | 60m");
  EXPECT_EQ(row(pod("Failed", list({ended(137, "", 9)}).c_str())), "x | 0/2 | Signal:9 | 0 | 60m");
}

TEST(PodRow, SaysWhatItWaitsFor) {
  EXPECT_EQ(row(pod("Pending", list({waiting("ContainerCreating"), waiting("ErrImagePull")}).c_str())),
            "x | 0/2 | ContainerCreating | 0 | 60m");
  EXPECT_EQ(row(pod("Running", list({waiting("CrashLoopBackOff"), running}).c_str())),
            "x | 1/2 | CrashLoopBackOff | 0 | 60m");
}

TEST(PodRow, IsNotCompletedWhileOneContainerRuns) {
  Json half = pod("Running", list({ended(0, "Completed"), running}).c_str());
  EXPECT_EQ(row(half), "x | 1/2 | NotReady | 0 | 60m");
  half["status"]["conditions"] = Json::parse(R"([{"type": "Ready", "status": "True"}])");
  EXPECT_EQ(row(half), "x | 1/2 | Running | 0 | 60m");
}

TEST(PodRow, CountsRestartsAndSaysWhenTheLastOneWas) {
  const char* twice =
      R"([{"restartCount": 2, "lastState": {"terminated": {"finishedAt": "2026-11-21T11:59:00Z"}}, "ready": true,
           "state": {"running": {}}},
          {"restartCount": 1, "lastState": {"terminated": {"finishedAt": "2026-11-21T11:50:00Z"}}, "ready": true,
           "state": {"running": {}}}])";
  EXPECT_EQ(row(pod("Running", twice)), "x | 2/2 | Running | 3 (60s ago) | 60m");
  EXPECT_EQ(row(pod("Running", R"([{"restartCount": 1, "state": {"running": {}}}])")), "x | 0/2 | Running | 1 | 60m");
}

TEST(PodRow, SaysHowFarItsInitContainersAre) {
  Json object = pod("Pending", "[]", list({ended(0, "Completed"), running}).c_str());
  object["spec"]["initContainers"] = Json::parse(R"([{"name": "i"}, {"name": "j"}])");
  EXPECT_EQ(row(object), "x | 0/2 | Init:1/2 | 0 | 60m");
  const auto with = [&](const std::string& statuses) {
    object["status"]["initContainerStatuses"] = Json::parse(statuses);
    return row(object);
  };
  EXPECT_EQ(with(list({waiting("PodInitializing")})), "x | 0/2 | Init:0/2 | 0 | 60m");
  EXPECT_EQ(with(list({waiting("ImagePullBackOff")})), "x | 0/2 | Init:ImagePullBackOff | 0 | 60m");
  EXPECT_EQ(with(list({ended(1, "Error")})), "x | 0/2 | Init:Error | 0 | 60m");
  EXPECT_EQ(with(list({ended(7, "")})), "x | 0/2 | Init:ExitCode:7 | 0 | 60m");
  EXPECT_EQ(with(list({ended(7, "", 15)})), "x | 0/2 | Init:Signal:15 | 0 | 60m");
  EXPECT_EQ(with(R"([{"restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                      "lastState": {"terminated": {"finishedAt": "2026-11-21T11:59:50Z"}}}])"),
            "x | 0/2 | Init:CrashLoopBackOff | 4 (10s ago) | 60m");
  EXPECT_EQ(with(list({ended(0, "Completed"), ended(0, "Completed")})), "x | 0/2 | Pending | 0 | 60m");
}

TEST(PodRow, CountsSidecarsAmongTheContainers) {
  Json object = pod("Running", list({running, running}).c_str());
  object["spec"]["initContainers"] = Json::parse(R"([{"name": "s", "restartPolicy": "Always"}])");
  object["status"]["initContainerStatuses"] =
      Json::parse(R"([{"name": "s", "started": true, "ready": true, "restartCount": 2, "state": {"running": {}}}])");
  EXPECT_EQ(row(object), "x | 3/3 | Running | 2 | 60m");
  object["status"]["initContainerStatuses"][0]["started"] = false;
  EXPECT_EQ(row(object), "x | 0/3 | Init:0/1 | 2 | 60m");
}

TEST(PodRow, SaysThatItIsEnding) {
  Json object = pod("Running", list({running, running}).c_str());
  object["metadata"]["deletionTimestamp"] = "2026-11-21T12:00:00Z";
  EXPECT_EQ(row(object), "x | 2/2 | Terminating | 0 | 60m");
  object["status"]["phase"] = "Failed";
  EXPECT_EQ(row(object), "x | 2/2 | Failed | 0 | 60m");
  object["status"]["reason"] = "NodeLost";
  EXPECT_EQ(row(object), "x | 2/2 | Unknown | 0 | 60m");
}

TEST(PodRow, PrefersTheReasonOfTheStatusToItsPhase) {
  Json object = pod("Failed", "[]");
  object["status"]["reason"] = "DeadlineExceeded";
  EXPECT_EQ(row(object), "x | 0/2 | DeadlineExceeded | 0 | 60m");
}

TEST(PodRow, SaysThatItMayNotBeScheduledYet) {
  Json object = pod("Pending", "[]");
  object["status"]["conditions"] =
      Json::parse(R"([{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}])");
  EXPECT_EQ(row(object), "x | 0/2 | SchedulingGated | 0 | 60m");
}

TEST(PodRow, TellsMoreWithWide) {
  const auto wide = [](const Json& object) {
    Json all = Json::parse(testing::cells(kind("", "pods"), object));
    all.erase(all.begin(), all.begin() + 5);
    return all.dump();
  };
  EXPECT_EQ(wide(pod("Pending", "[]")), R"(["<none>","<none>","<none>","<none>"])");
  Json object = pod("Running", "[]");
  object["spec"]["nodeName"] = "local";
  object["status"]["nominatedNodeName"] = "other";
  object["status"]["podIPs"] = Json::parse(R"([{"ip": "127.0.0.1"}, {"ip": "::1"}])");
  object["spec"]["readinessGates"] = Json::parse(R"([{"conditionType": "a"}, {"conditionType": "b"}])");
  object["status"]["conditions"] = Json::parse(R"([{"type": "b", "status": "True"}])");
  EXPECT_EQ(wide(object), R"(["127.0.0.1","local","other","1/2"])");
}

TEST(PodRow, IsMarkedWhenItIsOver) {
  const auto conditions = [](const char* phase) {
    const std::vector<Json> objects = {pod(phase, "[]")};
    return table_of(kind("", "pods"), objects, IncludeObject::None, noon, Json(), false)["rows"][0].value("conditions",
                                                                                                          Json());
  };
  EXPECT_EQ(conditions("Running"), Json());
  EXPECT_EQ(conditions("Succeeded"), Json::parse(R"([{"type": "Completed", "status": "True", "reason": "Succeeded",
                                                      "message": "The pod has completed successfully."}])"));
  EXPECT_EQ(conditions("Failed"), Json::parse(R"([{"type": "Completed", "status": "True", "reason": "Failed",
                                                   "message": "The pod failed."}])"));
}

TEST(PodRow, IsPrintedOfAnythingThatIsCalledAPod) {
  EXPECT_EQ(row(Json::object()), "x | 0/0 |  | 0 | 60m");
  EXPECT_EQ(row(Json::parse(R"({"spec": [], "status": "odd"})")), "x | 0/0 |  | 0 | 60m");
  EXPECT_EQ(row(Json::parse(R"({"spec": {"containers": {"a": 1}, "initContainers": 5, "readinessGates": "x"},
      "status": {"phase": 7, "conditions": [1, null, {"type": []}], "podIPs": [[]],
                 "containerStatuses": [null, "x", {"restartCount": "many", "state": {"terminated": {"exitCode": {}}}}],
                 "initContainerStatuses": [{"state": 5}]}})")),
            "x | 0/0 | Init:0/0 | 0 | 60m");
}

}  // namespace
}  // namespace ork::embedded
