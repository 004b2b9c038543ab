#include "operator/embedded/job_controller/job_controller.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/client/test_cluster.hpp"
#include "operator/embedded/job_controller/limits.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

using kube::Method;
using runtime::Duration;
using testing::Fault;
using testing::Json;

Json job(const std::string& name, Json spec = Json::object()) {
  spec["template"] = {{"spec", {{"containers", Json::array({{{"name", "main"}}})}}}};
  if (!spec.contains("completions") && !spec.contains("completionMode")) spec["completions"] = 1;
  if (!spec.contains("backoffLimit") && !spec.contains("backoffLimitPerIndex")) spec["backoffLimit"] = 0;
  return {{"metadata", {{"name", name}, {"namespace", "n"}}}, {"spec", std::move(spec)}};
}

Json fan_out(const std::string& name, int completions, int parallelism) {
  return job(name, {{"completionMode", "Indexed"},
                    {"completions", completions},
                    {"parallelism", parallelism},
                    {"backoffLimitPerIndex", 0}});
}

class JobControllerTest : public ::testing::Test {
 protected:
  void start() {
    connection = std::make_unique<testing::Connection>(cluster);
    controller = std::make_unique<JobController>(*connection, loop, JobControllerOptions{});
    controller->start();
    loop.run_until_idle();
  }
  // kill -9, and another process.
  void restart() {
    connection->cut();
    controller.reset();
    start();
  }

  // Ends one Pod, or lets all that are there succeed.
  void end_pod(const std::string& name, const std::string& phase) {
    cluster.patch("pods", name, {{"status", {{"phase", phase}}}});
    loop.run_until_idle();
  }
  void run_pods(const std::function<std::string(const Json& pod)>& phase_of = [](const Json&) { return "Succeeded"; }) {
    for (const std::string& key : live_pods()) {
      const std::string phase = phase_of(*cluster.find("pods", key));
      if (!phase.empty()) cluster.patch("pods", key, {{"status", {{"phase", phase}}}});
    }
    loop.run_until_idle();
  }
  std::vector<std::string> live_pods() const {
    std::vector<std::string> out;
    for (const std::string& key : cluster.keys("pods")) {
      const Json phase = cluster.at("pods", key, "/status/phase");
      if (phase != "Succeeded" && phase != "Failed") out.push_back(key);
    }
    return out;
  }
  Json status(const std::string& name, const std::string& pointer) const {
    return cluster.at("jobs", "n/" + name, "/status" + pointer);
  }
  std::string end_of(const std::string& name) const {
    const Json conditions = status(name, "/conditions");
    for (const Json& c : conditions.is_array() ? conditions : Json::array()) {
      if (c.at("type") == "Complete" || c.at("type") == "Failed") {
        return c.at("type").get<std::string>() + " " + c.at("reason").get<std::string>();
      }
    }
    return "";
  }

  runtime::ManualLoop loop;
  testing::TestCluster cluster{loop};
  std::unique_ptr<testing::Connection> connection;
  std::unique_ptr<JobController> controller;
};

TEST_F(JobControllerTest, RunsAJobToItsEnd) {
  start();
  cluster.create("jobs", job("a"));
  loop.run_until_idle();
  ASSERT_EQ(cluster.count("pods"), 1U);
  EXPECT_EQ(cluster.at("pods", cluster.keys("pods")[0], "/spec/nodeName"), "local");
  run_pods();
  EXPECT_EQ(end_of("a"), "Complete CompletionsReached");
  EXPECT_EQ(status("a", "/succeeded"), 1);
  EXPECT_EQ(controller->live_jobs(), 0U) << "a finished Job costs nothing";
  EXPECT_EQ(controller->remembered_jobs(), 0U);
}

TEST_F(JobControllerTest, AQuickJobCostsOneCreateAndOneStatus) {
  start();
  cluster.forget_requests();
  cluster.create("jobs", job("a"));
  loop.advance(Duration{limits::status_spacing.count() - 1});
  run_pods();
  EXPECT_EQ(end_of("a"), "Complete CompletionsReached");
  EXPECT_EQ(cluster.log().size(), 2U);
  EXPECT_EQ(cluster.requests(Method::Post, "/pods"), 1U);
  EXPECT_EQ(cluster.requests(Method::Patch, "/status"), 1U);
}

TEST_F(JobControllerTest, ALongJobCostsOneStatusMore) {
  start();
  cluster.forget_requests();
  cluster.create("jobs", job("a"));
  loop.advance(Duration{10'000});
  EXPECT_EQ(status("a", "/active"), 1);
  run_pods();
  loop.advance(Duration{10'000});
  EXPECT_EQ(cluster.requests(Method::Patch, "/status"), 2U);
  EXPECT_EQ(cluster.log().size(), 3U);
}

TEST_F(JobControllerTest, AFanOutRunsEachIndexOnceWithinItsParallelism) {
  start();
  cluster.create("jobs", fan_out("f", 200, 50));
  loop.run_until_idle();
  EXPECT_EQ(cluster.count("pods"), 50U);
  while (!live_pods().empty()) {
    EXPECT_LE(live_pods().size(), 50U);
    run_pods();
  }
  EXPECT_EQ(cluster.count("pods"), 200U);
  EXPECT_EQ(status("f", "/completedIndexes"), "0-199");
  EXPECT_EQ(end_of("f"), "Complete CompletionsReached");
}

TEST_F(JobControllerTest, AFanOutsStatusIsWrittenAtMostOnceAWindow) {
  start();
  cluster.create("jobs", fan_out("f", 100, 1));
  for (int i = 0; i < 99; ++i) {
    loop.advance(Duration{10});
    run_pods();
  }
  const std::size_t windows = 990 / static_cast<std::size_t>(limits::status_spacing.count());
  EXPECT_LE(cluster.requests(Method::Patch, "/status"), windows + 1);
  EXPECT_GE(cluster.requests(Method::Patch, "/status"), windows - 1);
}

TEST_F(JobControllerTest, ManyJobsThatWaitTellOfTheirProgressInTurn) {
  start();
  constexpr std::size_t jobs = 300;
  for (std::size_t i = 0; i < jobs; ++i) cluster.create("jobs", job("j" + std::to_string(i)));
  loop.advance(limits::status_spacing);
  EXPECT_EQ(cluster.requests(Method::Patch, "/status"), limits::progress_at_once);
  loop.advance(Duration{1000});
  EXPECT_LE(cluster.requests(Method::Patch, "/status"), limits::progress_at_once + limits::progress_per_second);
  EXPECT_GE(cluster.requests(Method::Patch, "/status"), limits::progress_per_second);
  loop.advance(Duration{2000});
  EXPECT_EQ(cluster.requests(Method::Patch, "/status"), jobs);
  for (std::size_t i = 0; i < jobs; ++i) EXPECT_EQ(status("j" + std::to_string(i), "/active"), 1);
}

TEST_F(JobControllerTest, WhoHasEndedTellsSoAtOnceAndOfNoProgressBefore) {
  start();
  constexpr std::size_t jobs = 300;
  for (std::size_t i = 0; i < jobs; ++i) cluster.create("jobs", job("j" + std::to_string(i)));
  loop.advance(limits::status_spacing);
  run_pods();
  for (std::size_t i = 0; i < jobs; ++i) EXPECT_EQ(end_of("j" + std::to_string(i)), "Complete CompletionsReached");
  cluster.create("jobs", job("later"));
  loop.advance(Duration{limits::status_spacing.count() * 2});
  EXPECT_EQ(status("later", "/active"), 1) << "nobody is in line any more";
  EXPECT_EQ(cluster.requests(Method::Patch, "/status"), limits::progress_at_once + jobs + 1);
}

TEST_F(JobControllerTest, MakesNoMorePodsAtATimeThanItsSlots) {
  start();
  std::size_t on_their_way = 0;
  cluster.create("jobs", fan_out("f", 500, 500));
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method == Method::Post) ++on_their_way;
    return std::nullopt;
  };
  cluster.on_change = [&](const std::string& plural, const Json&) {
    if (plural != "pods") return;
    EXPECT_LE(on_their_way, limits::pod_requests_in_flight);
    --on_their_way;
  };
  loop.run_until_idle();
  EXPECT_EQ(cluster.count("pods"), 500U);
}

TEST_F(JobControllerTest, StartsOnlyTheIndexesThatASeededStatusLeaves) {
  start();
  Json seeded = fan_out("f", 4, 4);
  seeded["spec"]["suspend"] = true;
  cluster.create("jobs", seeded);
  cluster.patch("jobs", "n/f", {{"status", {{"completedIndexes", "0,2"}, {"succeeded", 2}}}});
  cluster.patch("jobs", "n/f", {{"spec", {{"suspend", false}}}});
  loop.run_until_idle();
  std::vector<Json> indexes;
  for (const std::string& key : cluster.keys("pods")) {
    indexes.push_back(cluster.at("pods", key, "/metadata/annotations/batch.kubernetes.io~1job-completion-index"));
  }
  EXPECT_EQ(indexes, (std::vector<Json>{"1", "3"}));
  run_pods();
  EXPECT_EQ(status("f", "/completedIndexes"), "0-3");
  EXPECT_EQ(end_of("f"), "Complete CompletionsReached");
}

TEST_F(JobControllerTest, StartsASeededJobThatWasSuspendedForLong) {
  start();
  Json seeded = fan_out("f", 4, 4);
  seeded["spec"]["suspend"] = true;
  cluster.create("jobs", seeded);
  loop.advance(Duration{5'000});
  EXPECT_EQ(status("f", "/conditions/0/type"), "Suspended");
  cluster.patch("jobs", "n/f", {{"status", {{"completedIndexes", "0-2"}, {"succeeded", 3}}}});
  loop.advance(Duration{5'000});
  cluster.patch("jobs", "n/f", {{"spec", {{"suspend", false}}}});
  loop.run_until_idle();
  EXPECT_EQ(cluster.count("pods"), 1U);
  EXPECT_EQ(status("f", "/conditions/0/status"), "False");
}

TEST_F(JobControllerTest, EndsWithTheReasonOfItsFailure) {
  start();
  cluster.create("jobs", job("a"));
  loop.run_until_idle();
  run_pods([](const Json&) { return "Failed"; });
  EXPECT_EQ(end_of("a"), "Failed BackoffLimitExceeded");
  EXPECT_EQ(status("a", "/failed"), 1);
}

TEST_F(JobControllerTest, AtTheDeadlineStoresTheReasonThenDeletesThePodThenIsFailed) {
  start();
  cluster.create("jobs", job("a", {{"activeDeadlineSeconds", 4}}));
  loop.run_until_idle();
  const std::string pod = cluster.keys("pods").at(0);
  loop.advance(Duration{4'000});
  EXPECT_EQ(status("a", "/conditions/0/type"), "FailureTarget");
  EXPECT_FALSE(cluster.at("pods", pod, "/metadata/deletionTimestamp").is_null());
  EXPECT_EQ(end_of("a"), "");
  end_pod(pod, "Failed");
  cluster.remove("pods", pod, 0);
  loop.run_until_idle();
  EXPECT_EQ(end_of("a"), "Failed DeadlineExceeded");
  EXPECT_EQ(status("a", "/failed"), 1);
}

TEST_F(JobControllerTest, SuspendingIsNoFailureEvenAcrossARestart) {
  start();
  cluster.create("jobs", job("a"));
  loop.run_until_idle();
  const std::string first = cluster.keys("pods").at(0);
  cluster.patch("jobs", "n/a", {{"spec", {{"suspend", true}}}});
  loop.run_until_idle();
  EXPECT_FALSE(cluster.at("pods", first, "/metadata/deletionTimestamp").is_null());
  restart();
  end_pod(first, "Failed");
  cluster.patch("jobs", "n/a", {{"spec", {{"suspend", false}}}});
  loop.run_until_idle();
  EXPECT_EQ(end_of("a"), "");
  EXPECT_EQ(cluster.count("pods"), 2U);
}

TEST_F(JobControllerTest, APodThatIsDeletedIsAFailureOfItsJob) {
  start();
  cluster.create("jobs", job("a"));
  loop.run_until_idle();
  cluster.remove("pods", cluster.keys("pods").at(0), 0);
  loop.run_until_idle();
  EXPECT_EQ(end_of("a"), "Failed BackoffLimitExceeded");
}

TEST_F(JobControllerTest, APodThatIsDeletedAfterItsEndIsNotRunAgain) {
  start();
  cluster.create("jobs", job("a", {{"completions", 3}, {"parallelism", 1}}));
  loop.run_until_idle();
  run_pods();
  loop.advance(Duration{1'000});
  for (const std::string& key : cluster.keys("pods")) {
    if (cluster.at("pods", key, "/status/phase") == "Succeeded") cluster.remove("pods", key, 0);
  }
  restart();
  EXPECT_EQ(cluster.count("pods"), 1U);
  EXPECT_EQ(status("a", "/succeeded"), 1);
  run_pods();
  run_pods();
  EXPECT_EQ(end_of("a"), "Complete CompletionsReached");
  EXPECT_EQ(status("a", "/succeeded"), 3);
  EXPECT_EQ(cluster.count("pods"), 2U);
}

TEST_F(JobControllerTest, DeletesAFinishedJobAfterItsTtl) {
  start();
  cluster.create("jobs", job("a", {{"ttlSecondsAfterFinished", 5}}));
  loop.run_until_idle();
  run_pods();
  loop.advance(Duration{3'000});
  EXPECT_EQ(cluster.count("jobs"), 1U);
  loop.advance(Duration{2'100});
  EXPECT_EQ(cluster.count("jobs"), 0U);
  loop.run_until_idle();
  EXPECT_EQ(controller->live_jobs(), 0U);
}

TEST_F(JobControllerTest, RemembersNothingOfJobsThatAreGoneOrDone) {
  start();
  for (int i = 0; i < 20; ++i) cluster.create("jobs", job("j" + std::to_string(i)));
  loop.run_until_idle();
  for (int i = 0; i < 10; ++i) cluster.remove("jobs", "n/j" + std::to_string(i));
  run_pods();
  loop.advance(Duration{1'000});
  EXPECT_EQ(controller->live_jobs(), 0U);
  EXPECT_EQ(controller->remembered_jobs(), 0U);
}

TEST_F(JobControllerTest, LeavesJobsOfOthersAlone) {
  start();
  cluster.create("jobs", job("a", {{"managedBy", "example.com/other"}}));
  loop.advance(Duration{1'000});
  EXPECT_EQ(cluster.count("pods"), 0U);
  EXPECT_EQ(status("a", ""), Json());
}

TEST_F(JobControllerTest, SaysWhyNoPodCanBeMadeOnceAndTriesAgain) {
  start();
  bool refusing = true;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (!refusing || request.method != Method::Post || !request.path.ends_with("/pods")) return std::nullopt;
    return kube::Error{.code = kube::Errc::Forbidden, .status = 403, .message = "over quota"};
  };
  cluster.create("jobs", job("a"));
  loop.advance(Duration{10'000});
  ASSERT_EQ(cluster.count("events"), 1U);
  EXPECT_EQ(cluster.at("events", cluster.keys("events")[0], "/note"), "Error creating: over quota");
  refusing = false;
  loop.advance(Duration{60'000});
  EXPECT_EQ(cluster.count("pods"), 1U);
}

TEST_F(JobControllerTest, ALostAnswerToACreateMakesNoSecondPod) {
  start();
  int left = 3;
  cluster.fault = [&](const kube::Request& request) {
    return request.method == Method::Post && left-- > 0 ? Fault::LoseAnswer : Fault::None;
  };
  cluster.create("jobs", fan_out("f", 3, 3));
  loop.advance(Duration{5'000});
  EXPECT_EQ(cluster.count("pods"), 3U);
  run_pods();
  EXPECT_EQ(end_of("f"), "Complete CompletionsReached");
}

// Crashes at each write, with the write carried out or not, and goes on as another process: every
// index succeeds or fails as its Pod did, no Pod that ended is run again, and the numbers are exact.
TEST_F(JobControllerTest, SurvivesACrashAtAnyWrite) {
  const auto outcome = [](const Json& pod) {
    const std::string index = pod.at("metadata").at("annotations").at("batch.kubernetes.io/job-completion-index");
    return index == "2" ? "Failed" : "Succeeded";
  };
  bool reached_the_end = false;
  for (int crash_at = 1; !reached_the_end; ++crash_at) {
    for (const Fault how : {Fault::DropRequest, Fault::LoseAnswer}) {
      runtime::ManualLoop own_loop;
      testing::TestCluster own(own_loop);
      auto link = std::make_unique<testing::Connection>(own);
      auto actor = std::make_unique<JobController>(*link, own_loop, JobControllerOptions{});
      int writes = 0;
      own.fault = [&](const kube::Request&) {
        if (++writes != crash_at) return Fault::None;
        link->cut();
        return how;
      };
      actor->start();
      own.create("jobs", fan_out("f", 5, 2));
      bool crashed = false;
      for (int turn = 0; turn < 100; ++turn) {
        own_loop.advance(Duration{60});
        if (writes >= crash_at && !crashed) {
          crashed = true;
          auto next = std::make_unique<testing::Connection>(own);
          actor = std::make_unique<JobController>(*next, own_loop, JobControllerOptions{});
          link = std::move(next);
          actor->start();
          own_loop.run_until_idle();
        }
        for (const std::string& key : own.keys("pods")) {
          if (own.at("pods", key, "/status/phase") != "Pending") continue;
          own.patch("pods", key, {{"status", {{"phase", outcome(*own.find("pods", key))}}}});
          break;
        }
      }
      reached_the_end = !crashed;
      SCOPED_TRACE("crash at write " + std::to_string(crash_at));
      EXPECT_EQ(own.at("jobs", "n/f", "/status/completedIndexes"), "0,1,3,4");
      EXPECT_EQ(own.at("jobs", "n/f", "/status/failedIndexes"), "2");
      EXPECT_EQ(own.at("jobs", "n/f", "/status/failed"), 1);
      EXPECT_EQ(own.at("jobs", "n/f", "/status/conditions/1/reason"), "FailedIndexes");
      EXPECT_EQ(own.count("pods"), 5U);
    }
  }
}

}  // namespace
}  // namespace ork::embedded
