// run status, run logs, run cancel.

#include <gtest/gtest.h>

#include "operator/cli/cluster/test_pods.hpp"
#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;
using runtime::testing::FakeStream;

const Json two_tasks = {{{"name", "list"}, {"phase", "Succeeded"}, {"output", {1, 2}}},
                        {{"name", "load"}, {"phase", "Running"}, {"attempt", 1}, {"count", 3}}};

RunStatusFlags status_of_r(Format output = Format::Table, bool watch = false) {
  RunStatusFlags flags;
  flags.run = "r";
  flags.output = output;
  flags.watch = watch;
  return flags;
}

TEST(RunStatus, ShowsFactsAndTheWholeTree) {
  TestContext t;
  Json run = run_object("Running", two_tasks, "Running");
  run["spec"]["params"] = {{"day", "x"}};
  t.answer(Method::Get, runs_path + "/r", run);
  EXPECT_EQ(run_status(status_of_r(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_,
            "Namespace  a\n"
            "Workflow   etl\n"
            "Params     {\"day\":\"x\"}\n"
            "Reason     Running\n"
            "Message    so it is\n"
            "r  Running  2 tasks\n"
            "├─ list  Succeeded\n"
            "│  output [1,2]\n"
            "└─ load  Running    0/3 done\n");
}

TEST(RunStatus, NamesWhatATaskWaitsForByTheRevisionThatTheRunPins) {
  TestContext t;
  Json run = run_object("Running", {{{"name", "a"}, {"phase", "Running"}}, {{"name", "b"}, {"phase", "Pending"}}});
  run["status"]["revision"] = "etl-1234";
  t.answer(Method::Get, runs_path + "/r", run);
  t.answer(Method::Get, "/apis/apps/v1/namespaces/a/controllerrevisions/etl-1234",
           {{"metadata", {{"name", "etl-1234"}, {"uid", "ur"}}},
            {"data",
             {{"tasks", {{{"name", "a"}, {"image", "i"}}, {{"name", "b"}, {"image", "i"}, {"dependsOn", {"a"}}}}}}}});
  EXPECT_EQ(run_status(status_of_r(), t.context), ExitCode::Ok);
  EXPECT_NE(t.console.stdout_.find("└─ b  Pending  waits for a\n"), std::string::npos) << t.console.stdout_;
}

TEST(RunStatus, PrintsTheObjectItself) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  EXPECT_EQ(run_status(status_of_r(Format::Json), t.context), ExitCode::Ok);
  EXPECT_EQ(Json::parse(t.console.stdout_), run_object("Running"));
}

TEST(RunStatus, OfAFailedRunIsNoFailureUnlessItWasFollowed) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Failed", Json::array(), "TaskFailed"));
  EXPECT_EQ(run_status(status_of_r(), t.context), ExitCode::Ok);
  EXPECT_NE(t.console.stdout_.find("run r Failed: so it is\n"), std::string::npos);
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Failed", Json::array(), "TaskFailed")})));
  EXPECT_EQ(run_status(status_of_r(Format::Table, true), t.context), ExitCode::RunFailed);
}

TEST(RunStatus, WatchesTheObjectThroughItsStates) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Running")})));
  t.session.api.on_stream(runs_path, [](FakeStream& stream) {
    stream.line(Json{{"type", "MODIFIED"}, {"object", run_object("Succeeded", {}, "", "8")}}.dump());
  });
  EXPECT_EQ(run_status(status_of_r(Format::Name, true), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r\nworkflowrun.ork.dev/r\n");
  EXPECT_EQ(t.console.stderr_, "run r Succeeded: so it is\n");
}

RunLogsFlags logs_of_r(const std::string& task = "") {
  RunLogsFlags flags;
  flags.run = "r";
  flags.task = task;
  return flags;
}

class RunLogs : public ::testing::Test {
 protected:
  void script(const Json& pods) {
    t.answer(Method::Get, runs_path + "/r", run_object("Running", two_tasks));
    t.answer(Method::Get, pods_path + "?", list_of(pods));
    t.session.api.on_stream(pods_path + "/", [](FakeStream& stream) {
      stream.data("hello\n");
      stream.end();
    });
  }
  static Json indexed(const std::string& name, int index, int attempt = 1) {
    Json out = pod(name, "load", attempt, terminated());
    out["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"] = std::to_string(index);
    return out;
  }
  TestContext t;
  std::unique_ptr<runtime::Timer> timer_;
};

TEST_F(RunLogs, BeginEachLineWithItsTask) {
  script({pod("p1", "list", 1, terminated("2026-11-21T03:32:00Z")), indexed("p2", 0), indexed("p3", 1, 2)});
  EXPECT_EQ(run_logs(logs_of_r(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "list | hello\nload[0] | hello\nload[1] attempt 2 | hello\n");
}

TEST_F(RunLogs, OfOnePodAreAsTheProgramWroteThem) {
  script(Json::array({pod("p1", "list", 1, terminated())}));
  EXPECT_EQ(run_logs(logs_of_r("list"), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "hello\n");
}

TEST_F(RunLogs, TakeAPrefixWhereTheUserWantsOne) {
  script(Json::array({pod("p1", "list", 1, terminated())}));
  RunLogsFlags flags = logs_of_r("list");
  flags.prefix = true;
  EXPECT_EQ(run_logs(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "list | hello\n");
}

TEST_F(RunLogs, KnowTheTasksOfTheRun) {
  t.answer(Method::Get, runs_path + "/r", run_object("Running", two_tasks));
  EXPECT_EQ(run_logs(logs_of_r("laod"), t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stderr_, "error: run r has no task laod; did you mean load?\n");
  RunLogsFlags flags = logs_of_r("load");
  flags.index = 3;
  t.answer(Method::Get, runs_path + "/r", run_object("Running", two_tasks));
  EXPECT_EQ(run_logs(flags, t.context), ExitCode::NotFound);
  EXPECT_NE(t.console.stderr_.find("task load has the indexes 0 to 2\n"), std::string::npos);
}

TEST_F(RunLogs, FollowedEndAsTheRunDoes) {
  t.answer(Method::Get, runs_path + "/r", run_object("Running", two_tasks));
  t.answer(Method::Get, pods_path + "?limit=500", list_of(Json::array({pod("p1", "list", 1, running())})));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Failed", two_tasks, "TaskFailed")})));
  t.answer(Method::Get, pods_path + "?limit=500", list_of(Json::array({pod("p1", "list", 1, terminated(), "Failed")})));
  t.session.api.on_stream(pods_path + "/p1/log", [](FakeStream& stream) {
    stream.data("hello\n");
    stream.end();
  });
  RunLogsFlags flags = logs_of_r();
  flags.follow = true;
  EXPECT_EQ(run_logs(flags, t.context), ExitCode::RunFailed);
  EXPECT_EQ(t.console.stdout_, "list | hello\n");
}

TEST_F(RunLogs, InterruptedAfterTheRunsEndSayNothingOfIt) {
  t.answer(Method::Get, runs_path + "/r", run_object("Running", two_tasks));
  t.answer(Method::Get, pods_path + "?limit=500", list_of(Json::array({pod("p1", "list", 1, running())})));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Failed", two_tasks, "TaskFailed")})));
  t.answer(Method::Get, pods_path + "?limit=500", list_of(Json::array({pod("p1", "list", 1, running())})));
  t.session.api.on_stream(pods_path + "/p1/log", [&](FakeStream&) {
    timer_ = t.session.time.after(runtime::Duration(1'000), [&] { t.session.interrupt(); });
  });
  RunLogsFlags flags = logs_of_r();
  flags.follow = true;
  EXPECT_EQ(run_logs(flags, t.context), ExitCode::Interrupted);
  EXPECT_EQ(t.console.stderr_.find("goes on"), std::string::npos) << t.console.stderr_;
}

RunCancelFlags cancel_r() {
  RunCancelFlags flags;
  flags.runs = {"r"};
  return flags;
}

TEST(RunCancel, AsksTheRunToStopAndWaits) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Cancelled")})));
  EXPECT_EQ(run_cancel(cancel_r(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r cancelled\n");
  EXPECT_EQ(t.last(Method::Patch).body, R"({"spec":{"cancel":true}})");
  EXPECT_EQ(t.last(Method::Patch).content_type, "application/merge-patch+json");
  EXPECT_EQ(t.last(Method::Patch).path, runs_path + "/r?fieldManager=ork");
}

TEST(RunCancel, DoesNotWaitWhereItNeedNot) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  RunCancelFlags flags = cancel_r();
  flags.no_wait = true;
  EXPECT_EQ(run_cancel(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r is being cancelled\n");
}

TEST(RunCancel, WaitsForNoOtherOnceInterrupted) {
  TestContext t;
  RunCancelFlags flags;
  flags.runs = {"r", "r"};
  for (int i = 0; i < 2; ++i) {
    t.answer(Method::Get, runs_path + "/r", run_object("Running"));
    t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  }
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Running")})));
  t.session.api.on_stream(runs_path, [&](FakeStream&) { t.session.interrupt(); });
  EXPECT_EQ(run_cancel(flags, t.context), ExitCode::Interrupted);
  EXPECT_EQ(t.session.api.streams().size(), 1U);
  EXPECT_EQ(t.count(Method::Patch), 2U);
}

TEST(RunCancel, LeavesAnEndedRunAlone) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Succeeded"));
  EXPECT_EQ(run_cancel(cancel_r(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r has ended already (Succeeded)\n");
  EXPECT_EQ(t.count(Method::Patch), 0U);
}

TEST(RunCancel, SaysWhereTheRunWasFaster) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Failed", Json::array(), "TaskFailed")})));
  EXPECT_EQ(run_cancel(cancel_r(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r ended before it could be cancelled\n");
}

TEST(RunCancel, TakesTheOthersWhereOneIsMissing) {
  TestContext t;
  RunCancelFlags flags;
  flags.runs = {"nope", "r"};
  flags.no_wait = true;
  t.session.api.answer(Method::Get, runs_path + "/nope", 404);
  t.answer(Method::Get, runs_path + "?", list_of(Json::array()));
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  EXPECT_EQ(run_cancel(flags, t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r is being cancelled\n");
}

}  // namespace
}  // namespace ork::cli
