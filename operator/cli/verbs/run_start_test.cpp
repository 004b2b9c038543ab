#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;
using runtime::testing::FakeStream;

const Json etl = {{"params", {{{"name", "day"}}, {{"name", "copies"}, {"type", "integer"}, {"default", 1}}}},
                  {"tasks", Json::array({{{"name", "load"}, {"image", "i"}}})}};

class RunStart : public ::testing::Test {
 protected:
  RunStart()
      : file_(std::filesystem::temp_directory_path() / ("ork-run-start-" + std::to_string(getpid()) + ".yaml")) {}
  ~RunStart() override { std::filesystem::remove(file_); }

  RunStartFlags with_file(const std::string& text) {
    std::ofstream(file_) << text;
    RunStartFlags flags;
    flags.file = file_.string();
    return flags;
  }
  static RunStartFlags named(std::vector<std::string> params, Follow follow = Follow::No) {
    RunStartFlags flags;
    flags.workflow = "etl";
    flags.params = std::move(params);
    flags.follow = follow;
    return flags;
  }
  Json created() const { return Json::parse(t.last(Method::Post).body); }
  // The run is created, and then seen in these states.
  void script(const std::vector<Json>& states) { script(t, states); }
  static void script(TestContext& cluster, const std::vector<Json>& states) {
    cluster.answer(Method::Get, workflows_path + "/etl", workflow_object(etl));
    cluster.answer(Method::Post, runs_path, run_object(""), 201);
    cluster.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("")})));
    cluster.session.api.on_stream(runs_path, [states](FakeStream& stream) {
      int version = 10;
      for (Json state : states) {
        state["metadata"]["resourceVersion"] = std::to_string(version++);
        stream.line(Json{{"type", "MODIFIED"}, {"object", state}}.dump());
      }
    });
  }

  TestContext t;
  std::filesystem::path file_;
};

TEST_F(RunStart, CreatesARunWithTypedParams) {
  t.answer(Method::Get, workflows_path + "/etl", workflow_object(etl));
  t.answer(Method::Post, runs_path, run_object(""), 201);
  EXPECT_EQ(run_start(named({"day=2026-01-01", "copies=3"}), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r created\n");
  EXPECT_EQ(created(), Json::parse(R"({"apiVersion":"ork.dev/v1alpha1","kind":"WorkflowRun",
      "metadata":{"generateName":"etl-"},
      "spec":{"workflowRef":{"name":"etl"},"params":{"day":"2026-01-01","copies":3}}})"));
  EXPECT_EQ(t.last(Method::Post).path, runs_path + "?fieldManager=ork&fieldValidation=Strict");
}

TEST_F(RunStart, SendsNothingWhereAParamIsWrong) {
  t.answer(Method::Get, workflows_path + "/etl", workflow_object(etl));
  EXPECT_EQ(run_start(named({"copies=three", "dya=x"}), t.context), ExitCode::Invalid);
  EXPECT_EQ(t.console.stderr_,
            "error: params: the param \"day\" is missing, and has no default\n"
            "error: params.copies: is \"three\", but must be an integer\n"
            "error: params: the workflow has no param \"dya\"; did you mean \"day\"?\n");
  EXPECT_EQ(t.count(Method::Post), 0U);
}

TEST_F(RunStart, NamesTheWorkflowThatWasMeant) {
  t.session.api.answer(Method::Get, workflows_path + "/etl", 404);
  t.answer(Method::Get, workflows_path + "?", list_of(Json::array({workflow_object(etl, "etl2")})));
  EXPECT_EQ(run_start(named({}), t.context), ExitCode::NotFound);
  EXPECT_NE(t.console.stderr_.find(" in namespace a; did you mean etl2?"), std::string::npos) << t.console.stderr_;
}

TEST_F(RunStart, TakesParamsFromAFileAndLetsFlagsWin) {
  RunStartFlags flags = with_file("day: from file\ncopies: 2\n");
  flags.params_file = std::exchange(flags.file, "");
  flags.workflow = "etl";
  flags.params = {"day=from flag"};
  flags.name = "mine";
  t.answer(Method::Get, workflows_path + "/etl", workflow_object(etl));
  t.answer(Method::Post, runs_path, run_object(""), 201);
  EXPECT_EQ(run_start(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(created()["spec"]["params"], (Json{{"day", "from flag"}, {"copies", 2}}));
  EXPECT_EQ(created()["metadata"], (Json{{"name", "mine"}}));
}

TEST_F(RunStart, DeploysWhatStandsBesideARunInItsFile) {
  const RunStartFlags flags = with_file(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n"
      "apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata: {name: r}\n"
      "spec: {workflow: {tasks: [{name: x, image: i}]}}\n");
  t.session.api.answer(Method::Get, "/api/v1/namespaces/a/configmaps/c", 404);
  t.answer(Method::Patch, "/api/v1/namespaces/a/configmaps/c", {{"kind", "ConfigMap"}}, 201);
  t.answer(Method::Post, runs_path, run_object(""), 201);
  EXPECT_EQ(run_start(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stderr_, "configmap/c created\n");
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r created\n");
}

TEST_F(RunStart, RunsTheOneWorkflowOfAFile) {
  const RunStartFlags flags =
      with_file(workflow_object({{"tasks", Json::array({{{"name", "x"}, {"image", "i"}}})}}).dump());
  t.session.api.answer(Method::Get, workflows_path + "/etl", 404);
  t.answer(Method::Patch, workflows_path + "/etl", workflow_object(etl), 201);
  t.answer(Method::Post, runs_path, run_object(""), 201);
  EXPECT_EQ(run_start(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(created()["spec"], (Json{{"workflowRef", {{"name", "etl"}}}}));
}

TEST_F(RunStart, SendsNothingOfAFileThatIsWrong) {
  EXPECT_EQ(run_start(with_file("apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata: {name: r}\nspec: {}\n"),
                      t.context),
            ExitCode::Invalid);
  EXPECT_NE(t.console.stderr_.find(":4:7: spec: has neither workflowRef"), std::string::npos) << t.console.stderr_;
  EXPECT_TRUE(t.session.api.requests().empty());
  EXPECT_EQ(run_start(with_file("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"), t.context), ExitCode::Usage);
  RunStartFlags missing;
  missing.file = "/no/such/file";
  EXPECT_EQ(run_start(missing, t.context), ExitCode::Error);
}

TEST_F(RunStart, WaitsAndEndsAsTheRunDoes) {
  script({run_object("Running"), run_object("Succeeded")});
  EXPECT_EQ(run_start(named({"day=x"}, Follow::Wait), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r created\n");
  EXPECT_EQ(t.console.stderr_, "run r Succeeded: so it is\n");
}

TEST_F(RunStart, EndsWithACodeForEachEnding) {
  struct Case {
    const char *phase, *reason;
    ExitCode code;
  };
  for (const Case& c :
       {Case{"Failed", "TaskFailed", ExitCode::RunFailed}, Case{"Cancelled", "Cancelled", ExitCode::RunCancelled},
        Case{"Failed", "DeadlineExceeded", ExitCode::RunTimedOut}}) {
    TestContext cluster;
    script(cluster, {run_object(c.phase, Json::array(), c.reason)});
    EXPECT_EQ(run_start(named({"day=x"}, Follow::Wait), cluster.context), c.code) << c.reason;
  }
}

TEST_F(RunStart, TellsEachChangeWhereNothingCanBePainted) {
  const Json running = {{{"name", "load"}, {"phase", "Running"}, {"attempt", 1}}};
  const Json done = {{{"name", "load"}, {"phase", "Succeeded"}, {"attempt", 1}}};
  script({run_object("Running", running), run_object("Running", running), run_object("Succeeded", done)});
  EXPECT_EQ(run_start(named({"day=x"}, Follow::Watch), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stderr_, "load  Running    attempt 1\nload  Succeeded\nrun r Succeeded: so it is\n");
}

TEST_F(RunStart, PaintsATerminal) {
  t.console.terminal = true;
  script({run_object("Succeeded", Json::array({{{"name", "load"}, {"phase", "Succeeded"}}}))});
  EXPECT_EQ(run_start(named({"day=x"}, Follow::Watch), t.context), ExitCode::Ok);
  EXPECT_NE(t.console.stderr_.find("\x1b[K\n└─ load  Succeeded\x1b[K\n\x1b[Jrun r Succeeded"), std::string::npos)
      << t.console.stderr_;
}

TEST_F(RunStart, GivesUpAfterItsTimeoutAndSaysHowToGoOn) {
  script({run_object("Running")});
  RunStartFlags flags = named({"day=x"}, Follow::Wait);
  flags.timeout = runtime::Duration(90'000);
  t.context.flags = " -n a";
  EXPECT_EQ(run_start(flags, t.context), ExitCode::WaitTimeout);
  EXPECT_EQ(t.console.stderr_,
            "error: not ended after 1m30s: run r goes on. Follow it again with: ork run status r --watch -n a\n");
}

TEST_F(RunStart, LeavesTheRunAloneWhenInterrupted) {
  script({});
  t.session.api.on_stream(runs_path, [&](FakeStream&) { t.session.interrupt(); });
  EXPECT_EQ(run_start(named({"day=x"}, Follow::Wait), t.context), ExitCode::Interrupted);
  EXPECT_EQ(t.console.stderr_, "interrupted: run r goes on. Follow it again with: ork run status r --watch\n");
  EXPECT_EQ(t.count(Method::Delete) + t.count(Method::Patch), 0U);
}

TEST_F(RunStart, WondersWhereNobodyTakesTheRunUp) {
  script({});
  RunStartFlags flags = named({"day=x"}, Follow::Wait);
  flags.timeout = limits::unseen_run * 2;
  EXPECT_EQ(run_start(flags, t.context), ExitCode::WaitTimeout);
  EXPECT_NE(t.console.stderr_.find("ork: the run has not been taken up yet: is an operator running?\n"),
            std::string::npos);
}

TEST_F(RunStart, EndsWhereTheRunIsDeleted) {
  script({});
  t.session.api.on_stream(runs_path, [](FakeStream& stream) {
    stream.line(Json{{"type", "DELETED"}, {"object", run_object("Running", {}, "", "9")}}.dump());
  });
  EXPECT_EQ(run_start(named({"day=x"}, Follow::Wait), t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stderr_, "error: run r was deleted before it had ended\n");
}

TEST_F(RunStart, ShowsTheEndOfTheLogOfTheTaskThatFailed) {
  const Json failed = {{{"name", "load"},
                        {"phase", "Failed"},
                        {"attempt", 1},
                        {"exitCode", 3},
                        {"cause", "Program"},
                        {"message", "it broke"}}};
  script({run_object("Failed", failed, "TaskFailed")});
  t.answer(Method::Get, pods_path + "?",
           list_of(Json::array({Json::parse(
               R"({"metadata":{"name":"p","uid":"up","labels":{"ork.dev/task":"load","ork.dev/attempt":"1"}},
             "spec":{"containers":[{"name":"main"}]},
             "status":{"phase":"Failed","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":3}}}]}})")})));
  t.session.api.on_stream(pods_path + "/p/log", [](FakeStream& stream) {
    stream.data("opening b.csv\nno such file\n");
    stream.end();
  });
  EXPECT_EQ(run_start(named({"day=x"}, Follow::Wait), t.context), ExitCode::RunFailed);
  EXPECT_EQ(t.console.stderr_,
            "run r Failed: task load failed\n"
            "  it broke\n"
            "  cause: Program, exit code 3\n"
            "the last lines of load, attempt 1:\n"
            "  opening b.csv\n"
            "  no such file\n"
            "to look further:\n"
            "  ork run logs r load\n"
            "  ork run status r\n");
}

TEST_F(RunStart, PrintsTheRunAsItEndedWhereAnObjectIsAskedFor) {
  script({run_object("Succeeded")});
  RunStartFlags flags = named({"day=x"}, Follow::Wait);
  flags.output = Format::Json;
  EXPECT_EQ(run_start(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(Json::parse(t.console.stdout_)["status"]["phase"], "Succeeded");
}

}  // namespace
}  // namespace ork::cli
