// The whole operator on a small cluster under virtual time: what users see, what is asked of the API
// server, and that a crash at any write loses nothing and doubles nothing.

#include "operator/reconcile/operator.hpp"

#include <gtest/gtest.h>

#include "operator/reconcile/test_operator.hpp"

namespace ork::reconcile::testing {
namespace {

using kube::Method;
using runtime::ManualLoop;

Json diamond() {
  return {task("top"), task("left", {"top"}), task("right", {"top"}), task("bottom", {"left", "right"})};
}

TEST_F(OperatorTest, ARunOfADiamondSucceedsWithOneJobForEachTask) {
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(cluster.count("jobs"), 4U);
  expect_one_pod_a_job();
}

TEST_F(OperatorTest, ARunAsksForItsJobsAFewStatusWritesAndNothingElse) {
  start();
  cluster.settle();
  cluster.forget_requests();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  EXPECT_EQ(cluster.requests(Method::Post, "/jobs"), 4U);
  EXPECT_LE(cluster.requests(Method::Patch, "/workflowruns/r/status"), 4U + 2U);
  EXPECT_EQ(cluster.requests(Method::Get, ""), 0U);
  EXPECT_LE(cluster.requests(Method::Post, "/events"), 2U);
  EXPECT_EQ(cluster.requests(Method::Delete, ""), 0U);
}

TEST_F(OperatorTest, NothingIsWrittenOnceARunHasEnded) {
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  const int writes = cluster.writes();
  loop.advance(runtime::Duration{60'000});
  EXPECT_EQ(cluster.writes(), writes);
}

// kubectl wait takes a condition of an older generation for stale.
TEST_F(OperatorTest, AWishAfterTheEndIsToldAsSeenInEachCondition) {
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  const Json before = cluster.find("workflowruns", "a/r")->at("status");
  cluster.patch("workflowruns", "a/r", {{"spec", {{"cancel", true}}}});
  cluster.settle();
  Json after = cluster.find("workflowruns", "a/r")->at("status");
  EXPECT_EQ(after.at("observedGeneration"), 2);
  ASSERT_FALSE(after.at("conditions").empty());
  for (Json& condition : after.at("conditions")) {
    EXPECT_EQ(condition.at("observedGeneration"), 2);
    condition["observedGeneration"] = before.at("conditions").at(0).at("observedGeneration");
  }
  after["observedGeneration"] = before.at("observedGeneration");
  EXPECT_EQ(after, before);
}

TEST_F(OperatorTest, ARestartAfterTheEndWritesNothing) {
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  const int writes = cluster.writes();
  start();
  cluster.settle();
  EXPECT_EQ(cluster.writes(), writes);
}

TEST_F(OperatorTest, AnOutputReachesTheTasksThatAskForIt) {
  cluster.pod_end = [](const Json& job, int) {
    return PodEnd{0, job.at("metadata").at("labels").at("ork.dev/task") == "list" ? R"({"n":7})" : ""};
  };
  start();
  cluster.create("workflowruns",
                 inline_run("r", {task("list"), task("use", {}, {{"inputs", {{"n", "tasks.list.output.n"}}}})}));
  cluster.settle();
  ASSERT_EQ(cluster.phase("a/r"), "Succeeded");
  std::string seen;
  for (const char* name : {"use"}) {
    for (const Json& entry : cluster.find("workflowruns", "a/r")->at("status").at("tasks")) {
      if (entry.at("name") != name) continue;
      const Json& job = *cluster.find("jobs", "a/" + entry.at("job").get<std::string>());
      for (const Json& variable : job.at("spec").at("template").at("spec").at("containers").at(0).at("env")) {
        if (variable.at("name") == "ORK_INPUT_N") seen = variable.at("value");
      }
    }
  }
  EXPECT_EQ(seen, "7");
}

TEST_F(OperatorTest, OnlyTheIndexesThatFailedRunAgainAndKeepTheirNumbers) {
  std::map<int, std::vector<int>> ran;  // attempt -> indexes
  cluster.pod_end = [&](const Json& job, int index) {
    const int attempt = std::stoi(job.at("metadata").at("labels").at("ork.dev/attempt").get<std::string>());
    ran[attempt].push_back(index);
    return PodEnd{attempt == 1 && (index == 1 || index == 3) ? 9 : 0, ""};
  };
  start();
  const Json retry = {{"limit", 2}, {"backoff", {{"initial", "2s"}}}};
  cluster.create("workflowruns", inline_run("r", {task("fan", {}, {{"count", 5}, {"retry", retry}})}));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(ran[1], (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(ran[2], (std::vector<int>{1, 3}));
  EXPECT_EQ(ran.size(), 2U);
}

Json over_items() {
  return {task("load", {}, {{"forEach", {"x", "y"}}, {"retry", {{"limit", 1}, {"backoff", {{"initial", "1s"}}}}}})};
}

std::string items_of_load(const TestCluster& cluster) {
  const Json& job = *cluster.find(
      "jobs", "a/" + cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0).at("job").get<std::string>());
  return job.at("spec").at("template").at("spec").at("volumes").at(0).at("configMap").at("name");
}

TEST_F(OperatorTest, ItemsAreThereBeforeTheJobThatMountsThemAndGoWithTheRun) {
  bool before = true;
  cluster.fault = [&](const kube::Request& request, int) {
    if (request.path.find("/jobs") != std::string::npos) before = before && cluster.count("configmaps") == 1;
    return Fault::None;
  };
  start();
  cluster.create("workflowruns", inline_run("r", over_items()));
  cluster.settle();
  ASSERT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_TRUE(before);
  const Json* items = cluster.find("configmaps", "a/" + items_of_load(cluster));
  ASSERT_NE(items, nullptr);
  EXPECT_EQ(items->at("data"), Json({{"0", "x"}, {"1", "y"}}));
  EXPECT_EQ(cluster.requests(Method::Post, "/configmaps"), 1U);
  EXPECT_EQ(cluster.requests(Method::Get, "/configmaps"), 0U);
  cluster.remove("workflowruns", "a/r");
  EXPECT_EQ(cluster.count("configmaps"), 0U);
}

TEST_F(OperatorTest, ItemsThatAreThereAlreadyAreKeptForARetryIfTheyAreTheRunsOwn) {
  int pods = 0;
  cluster.pod_end = [&](const Json&, int index) { return PodEnd{index == 1 && pods++ == 0 ? 1 : 0, ""}; };
  start();
  cluster.create("workflowruns", inline_run("r", over_items()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(cluster.count("jobs"), 2U);
  EXPECT_EQ(cluster.count("configmaps"), 1U);
  EXPECT_EQ(cluster.requests(Method::Get, "/configmaps"), 1U) << "whose they are is asked once";
}

TEST_F(OperatorTest, ItemsOfSomebodyElseAreNotTaken) {
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Post || request.path.find("/configmaps") == std::string::npos) return std::nullopt;
    Json foreign = Json::parse(request.body);
    foreign["metadata"].erase("ownerReferences");
    cluster.create("configmaps", std::move(foreign));
    return kube::Error{.code = kube::Errc::AlreadyExists, .status = 409, .message = "already exists"};
  };
  start();
  cluster.create("workflowruns", inline_run("r", over_items()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Failed");
  EXPECT_EQ(cluster.count("jobs"), 0U);
  const Json& load = cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0);
  EXPECT_EQ(load.at("reason"), "JobRejected");
  EXPECT_NE(load.at("message").get<std::string>().find("does not belong to this run; delete it"), std::string::npos);
}

TEST_F(OperatorTest, ARunThatIsCancelledWhileItsItemsAreMadeMakesNoJob) {
  start();
  cluster.fault = [&](const kube::Request& request, int) {
    if (request.path.find("/configmaps") != std::string::npos) {
      cluster.patch("workflowruns", "a/r", {{"spec", {{"cancel", true}}}});
    }
    return Fault::None;
  };
  cluster.create("workflowruns", inline_run("r", over_items()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Cancelled");
  EXPECT_EQ(cluster.count("jobs"), 0U);
}

TEST_F(OperatorTest, ARunWaitsForItsWorkflowAndStartsAsSoonAsItIsThere) {
  start();
  Json run = {{"metadata", {{"name", "r"}, {"namespace", "a"}}}, {"spec", {{"workflowRef", {{"name", "w"}}}}}};
  cluster.create("workflowruns", run);
  loop.run_until_idle();
  EXPECT_EQ(cluster.reason("a/r"), "WorkflowNotFound");
  cluster.create("workflows",
                 {{"metadata", {{"name", "w"}, {"namespace", "a"}}}, {"spec", {{"tasks", {task("only")}}}}});
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(cluster.count("controllerrevisions"), 1U);
}

TEST_F(OperatorTest, ARunGoesOnByItsRevisionWhenItsWorkflowIsEditedOrDeleted) {
  start();
  cluster.create("workflows", {{"metadata", {{"name", "w"}, {"namespace", "a"}}},
                               {"spec", {{"tasks", {task("one"), task("two", {"one"})}}}}});
  loop.run_until_idle();
  cluster.create("workflowruns",
                 {{"metadata", {{"name", "r"}, {"namespace", "a"}}}, {"spec", {{"workflowRef", {{"name", "w"}}}}}});
  loop.run_until_idle();
  ASSERT_EQ(cluster.count("jobs"), 1U);
  cluster.patch("workflows", "a/w", {{"spec", {{"tasks", {task("other")}}}}});
  loop.run_until_idle();
  cluster.remove("workflows", "a/w");
  start();  // and nothing of it was only in memory
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(cluster.count("jobs"), 2U);
  EXPECT_EQ(cluster.count("controllerrevisions"), 0U) << "nobody needs them any more";
}

TEST_F(OperatorTest, ACancelledRunStartsNothingMoreAndItsJobsAreDeleted) {
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  loop.run_until_idle();
  ASSERT_EQ(cluster.count("jobs"), 1U);
  cluster.patch("workflowruns", "a/r", {{"spec", {{"cancel", true}}}});
  loop.run_until_idle();
  EXPECT_EQ(cluster.phase("a/r"), "Cancelled");
  EXPECT_EQ(cluster.count("jobs"), 0U);
  EXPECT_EQ(cluster.requests(Method::Post, "/jobs"), 1U);
}

TEST_F(OperatorTest, ARunThatItsScheduleReplacesEndsThoughTheAnswerComesBeforeTheWatch) {
  cluster.answered_first = [](const kube::Request& request) {
    return request.method == Method::Patch && !request.path.ends_with("/status");
  };
  start();
  const Json wait = {{"name", "only"}, {"wait", {{"for", "1h"}}}};
  const Json schedule = {{"cron", "* * * * *"}, {"concurrencyPolicy", "Replace"}};
  cluster.create("workflows", {{"metadata", {{"name", "w"}, {"namespace", "a"}}},
                               {"spec", {{"tasks", Json::array({wait})}, {"schedule", schedule}}}});
  const auto last_run = [this] {
    const Json status = cluster.find("workflows", "a/w")->at("status");
    return status.value(Json::json_pointer("/schedule/lastRun"), "");
  };
  loop.advance(std::chrono::seconds(70));
  const std::string first = last_run();
  ASSERT_EQ(cluster.phase("a/" + first), "Running");
  loop.advance(std::chrono::seconds(70));
  EXPECT_EQ(cluster.phase("a/" + first), "Cancelled");
  EXPECT_NE(last_run(), first);
}

TEST_F(OperatorTest, AJobThatAUserDeletesIsOneInfrastructureFailureAndAFurtherAttempt) {
  start();
  cluster.create("workflowruns", inline_run("r", {task("only")}));
  loop.run_until_idle();
  const Json status = cluster.find("workflowruns", "a/r")->at("status");
  cluster.remove("jobs", "a/" + status.at("tasks").at(0).at("job").get<std::string>());
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  const Json task = cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0);
  EXPECT_EQ(task.at("attempt"), 2);
  EXPECT_EQ(task.at("infrastructureRetries"), 1);
  EXPECT_EQ(task.at("attempts").at(0).at("reason"), "JobDeleted");
}

TEST_F(OperatorTest, WhoRewritesTheLabelsOfAJobConfusesNobody) {
  start();
  for (const Json& label : {Json(nullptr), Json("7")}) {
    const std::string name = label.is_null() ? "without" : "others";
    cluster.create("workflowruns", inline_run(name, {task("one"), task("two", {"one"})}));
    loop.run_until_idle();
    const std::string job = cluster.find("workflowruns", "a/" + name)->at("status").at("tasks").at(0).at("job");
    const Json labels = {{"ork.dev/task", label}, {"ork.dev/attempt", label}};
    cluster.patch("jobs", "a/" + job, {{"metadata", {{"labels", labels}}}});
    cluster.settle();
    EXPECT_EQ(cluster.phase("a/" + name), "Succeeded");
  }
  EXPECT_EQ(cluster.count("jobs"), 4U);
}

TEST_F(OperatorTest, AJobThatWentWhileNobodyLookedIsAskedForOnceBeforeItIsMadeAgain) {
  start();
  cluster.create("workflowruns", inline_run("r", {task("only")}));
  loop.run_until_idle();
  const std::string job = cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0).at("job");
  process.reset();
  cluster.remove("jobs", "a/" + job);
  cluster.forget_requests();
  start();
  cluster.settle();
  EXPECT_EQ(cluster.requests(Method::Get, "/jobs/" + job), 1U);
  const Json status = cluster.find("workflowruns", "a/r")->at("status");
  EXPECT_EQ(status.at("phase"), "Succeeded");
  EXPECT_EQ(status.at("tasks").at(0).at("attempt"), 2);
}

TEST_F(OperatorTest, ThePodsOfAFinishedJobAreAskedForOnceWhereNoneIsThere) {
  start();
  cluster.create("workflowruns", inline_run("r", {task("only")}));
  loop.run_until_idle();
  process.reset();
  cluster.run_jobs();
  const std::string job = cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0).at("job");
  cluster.remove("pods", "a/" + job + "-0");
  cluster.forget_requests();
  start();
  cluster.settle();
  EXPECT_EQ(cluster.requests(Method::Get, "job-name"), 1U);
  const Json task = cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0);
  EXPECT_EQ(task.at("phase"), "Succeeded");
  EXPECT_EQ(task.at("message"), "its output was lost with its Pod");
}

TEST_F(OperatorTest, AnAnswerCutInTheMiddleIsDecidedAnewAtAnyWrite) {
  bool reached = true;
  for (int at = 1; reached; ++at) {
    reached = false;
    TestCluster other(loop);
    other.fault = [&](const kube::Request&, int write) {
      reached = reached || write == at;
      return write == at ? Fault::HalfAnswer : Fault::None;
    };
    const Process working(other, loop);
    other.create("workflowruns", inline_run("r", diamond()));
    other.settle();
    ASSERT_EQ(other.phase("a/r"), "Succeeded") << "write " << at;
    EXPECT_EQ(other.count("jobs"), 4U) << "write " << at;
    EXPECT_LE(other.requests(Method::Post, "/jobs"), 5U) << "write " << at;
  }
}

TEST_F(OperatorTest, ADeletedRunIsForgottenWithAllThatBelongsToIt) {
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  loop.run_until_idle();
  cluster.remove("workflowruns", "a/r");
  cluster.settle();
  EXPECT_EQ(cluster.count("jobs"), 0U);
  EXPECT_EQ(process->op.mirror().jobs.size(), 0U);
  EXPECT_EQ(process->op.mirror().runs.size(), 0U);
}

TEST_F(OperatorTest, ARunThatCanNotBeReadDisturbsNoOther) {
  start();
  cluster.create("workflowruns", {{"metadata", {{"name", "bad"}, {"namespace", "a"}}}, {"spec", "a string"}});
  cluster.create("workflowruns", inline_run("good", {task("only")}));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/good"), "Succeeded");
  ASSERT_FALSE(process->troubles.empty());
  EXPECT_NE(process->troubles.front().find("a/bad"), std::string::npos);
}

TEST_F(OperatorTest, AStatusThatConflictsIsDecidedAgain) {
  int conflicts = 2;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Patch || conflicts == 0) return std::nullopt;
    --conflicts;
    return kube::Error{
        .code = kube::Errc::Conflict, .status = 409, .reason = "Conflict", .message = "the object has moved on"};
  };
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(process->op.stats().conflicts, 2U);
}

TEST_F(OperatorTest, AJobThatIsRefusedForNowIsCreatedLater) {
  int refusals = 3;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.path.find("/jobs") == std::string::npos || request.method != Method::Post || refusals == 0)
      return std::nullopt;
    --refusals;
    return kube::Error{
        .code = kube::Errc::Forbidden, .status = 403, .reason = "Forbidden", .message = "exceeded quota"};
  };
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  expect_one_pod_a_job();
}

// Seen for half a minute after an API server's start: its admission did not know the owner's kind yet.
TEST_F(OperatorTest, AJobThatIsRefusedForLongIsAskedForSeldomAndToldOnce) {
  int creates = 0;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.path.find("/jobs") == std::string::npos || request.method != Method::Post) return std::nullopt;
    ++creates;
    return kube::Error{
        .code = kube::Errc::Forbidden, .status = 403, .reason = "Forbidden", .message = "exceeded quota"};
  };
  start();
  cluster.create("workflowruns", inline_run("r", {task("only")}));
  loop.advance(std::chrono::minutes{1});
  EXPECT_GE(creates, 8);
  EXPECT_LE(creates, 16);
  EXPECT_EQ(process->op.stats().failures, static_cast<std::uint64_t>(creates));
  EXPECT_LE(cluster.requests(Method::Patch, "/workflowruns/r/status"), 2U);
  EXPECT_NE(cluster.find("workflowruns", "a/r")->dump().find("exceeded quota"), std::string::npos);
}

TEST_F(OperatorTest, ANamespaceThatGoesAwayIsAskedSeldomAndInSilence) {
  int creates = 0;
  cluster.refuse = [&](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.method != Method::Post) return std::nullopt;
    ++creates;
    return kube::Error{.code = kube::Errc::Terminating, .status = 403, .reason = "Forbidden", .message = "going away"};
  };
  start();
  cluster.create("workflowruns", inline_run("r", {task("only")}));
  loop.advance(std::chrono::minutes{5});
  EXPECT_GE(creates, 5);
  EXPECT_LE(creates, 15);
  EXPECT_TRUE(process->troubles.empty());
}

TEST_F(OperatorTest, AJobThatIsInvalidFailsItsTaskWithWhatTheServerSaid) {
  cluster.refuse = [](const kube::Request& request) -> std::optional<kube::Error> {
    if (request.path.find("/jobs") == std::string::npos || request.method != Method::Post) return std::nullopt;
    return kube::Error{.code = kube::Errc::Invalid, .status = 422, .reason = "Invalid", .message = "image: no spaces"};
  };
  start();
  cluster.create("workflowruns", inline_run("r", diamond()));
  cluster.settle();
  EXPECT_EQ(cluster.phase("a/r"), "Failed");
  const Json task = cluster.find("workflowruns", "a/r")->at("status").at("tasks").at(0);
  EXPECT_EQ(task.at("reason"), "JobRejected");
  EXPECT_NE(task.at("message").get<std::string>().find("no spaces"), std::string::npos);
}

TEST_F(OperatorTest, AFinishedRunIsDeletedWhenItsTimeToLiveIsOver) {
  start();
  cluster.create("workflowruns", inline_run("r", {task("only")}, {{"ttlSecondsAfterFinished", 20}}));
  cluster.settle();
  EXPECT_EQ(cluster.count("workflowruns"), 0U);
  EXPECT_EQ(cluster.count("jobs"), 0U);
}

// Every write of a run with a retry, a fan-out and a fan-out's retry, in each of three positions.
class CrashTest : public ::testing::TestWithParam<int> {};

TEST_P(CrashTest, AtAnyWriteLosesNothingAndDoublesNothing) {
  const int position = GetParam();  // 0: before it is sent, 1: carried out but unanswered, 2: answered
  int at = 1;
  for (bool reached = true; reached; ++at) {
    reached = false;
    ManualLoop loop;
    TestCluster cluster(loop);
    auto process = std::make_unique<Process>(cluster, loop);
    cluster.pod_end = [](const Json& job, int index) {
      const bool first = job.at("metadata").at("labels").at("ork.dev/attempt") == "1";
      const std::string name = job.at("metadata").at("labels").at("ork.dev/task");
      return PodEnd{first && (name == "left" || (name == "fan" && index == 1)) ? 1 : 0, ""};
    };
    cluster.fault = [&](const kube::Request&, int write) {
      if (write != at) return Fault::None;
      reached = true;
      process->connection.cut();
      loop.post([&] { process = std::make_unique<Process>(cluster, loop); });
      return position == 0 ? Fault::DropRequest : position == 1 ? Fault::LoseAnswer : Fault::None;
    };
    const Json retry = {{"retry", {{"limit", 1}, {"backoff", {{"initial", "1s"}}}}}};
    Json fan = retry;
    fan["forEach"] = {"x", "y", "z"};
    cluster.create("workflowruns", inline_run("r", {task("top"), task("left", {"top"}, retry),
                                                    task("fan", {"top"}, fan), task("bottom", {"left", "fan"})}));
    cluster.settle();
    ASSERT_EQ(cluster.phase("a/r"), "Succeeded") << "crash at write " << at;
    EXPECT_EQ(cluster.count("jobs"), 6U) << "crash at write " << at;
    EXPECT_EQ(cluster.count("configmaps"), 1U) << "crash at write " << at;
    for (const auto& [job, pods] : cluster.pods_started()) {
      EXPECT_LE(pods, 3) << job << ", crash at write " << at;
      if (job.find("fan") == std::string::npos) {
        EXPECT_EQ(pods, 1) << job << ", crash at write " << at;
      }
    }
  }
  EXPECT_GT(at, 12) << "too few writes were reached for this to prove anything";
}

INSTANTIATE_TEST_SUITE_P(Positions, CrashTest, ::testing::Values(0, 1, 2));

}  // namespace
}  // namespace ork::reconcile::testing
