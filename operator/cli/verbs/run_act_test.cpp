#include <gtest/gtest.h>

#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using api::Act;
using kube::Method;
using runtime::testing::FakeStream;

const std::string reviews_path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

RunActFlags retry_load() {
  RunActFlags flags;
  flags.run = "r";
  flags.task = "load";
  flags.by = "alice";
  return flags;
}

// The run as it is once the action that was sent last is told of in its status.
Json told(TestContext& t, const std::string& result, const std::string& message) {
  const Json patch = Json::parse(t.last(Method::Patch).body);
  const Json& value = patch.at(1).at("value");
  Json action = value.is_array() ? value.at(0) : value;
  action["result"] = result;
  action["message"] = message;
  Json run = run_object("Running", Json::array(), "", "8");
  run["status"]["actions"] = Json::array({action});
  return run;
}

TEST(RunAct, AsksForItAndTellsWhatCameOfIt) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Running")})));
  t.session.api.on_stream(runs_path, [&](FakeStream& stream) {
    stream.line(Json{{"type", "MODIFIED"}, {"object", told(t, "Done", "attempt 2 of load was asked for")}}.dump());
  });
  EXPECT_EQ(run_act(retry_load(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r: attempt 2 of load was asked for\n");
  const Json patch = Json::parse(t.last(Method::Patch).body);
  EXPECT_EQ(patch.at(0), (Json{{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", "4"}}));
  EXPECT_EQ(patch.at(1)["path"], "/spec/actions");
  Json action = patch.at(1)["value"].at(0);
  EXPECT_TRUE(action["id"].get<std::string>().starts_with("retry-"));
  action.erase("id");
  EXPECT_EQ(action, (Json{{"task", "load"}, {"do", "Retry"}, {"by", "alice"}}));
}

TEST(RunAct, ThatWasRefusedFails) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Running")})));
  t.session.api.on_stream(runs_path, [&](FakeStream& stream) {
    stream.line(Json{{"type", "MODIFIED"}, {"object", told(t, "Refused", "task load has not started")}}.dump());
  });
  EXPECT_EQ(run_act(retry_load(), t.context), ExitCode::Error);
  EXPECT_EQ(t.console.stderr_, "error: refused: task load has not started\n");
}

TEST(RunAct, AddsToWhatWasAskedForBefore) {
  TestContext t;
  Json run = run_object("Running");
  run["spec"]["actions"] = Json::array({{{"id", "a"}, {"task", "b"}, {"do", "Kill"}}});
  t.answer(Method::Get, runs_path + "/r", run);
  t.session.api.answer(Method::Patch, runs_path + "/r", 409);
  t.answer(Method::Get, runs_path + "/r", run);
  t.answer(Method::Patch, runs_path + "/r", run);
  RunActFlags flags = retry_load();
  flags.act = Act::MarkSucceeded;
  flags.output = R"({"rows": 3})";
  flags.no_wait = true;
  EXPECT_EQ(run_act(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.count(Method::Patch), 2U) << "a conflict is no reason to give up";
  const Json added = Json::parse(t.last(Method::Patch).body).at(1);
  EXPECT_EQ(added["path"], "/spec/actions/-");
  EXPECT_EQ(added["value"]["output"], (Json{{"rows", 3}}));
  EXPECT_TRUE(
      t.console.stdout_.starts_with("workflowrun.ork.dev/r is asked to do MarkSucceeded of load (markSucceeded-"))
      << t.console.stdout_;
}

RunActFlags approve() {
  RunActFlags flags;
  flags.act = Act::Approve;
  flags.run = "r";
  flags.by = "alice";
  flags.comment = "looks right";
  flags.no_wait = true;
  return flags;
}

Json run_that_asks(const std::vector<std::string>& names) {
  Json tasks = Json::array({{{"name", "load"}, {"phase", "Running"}, {"attempt", 1}}});
  for (const std::string& name : names) tasks.push_back({{"name", name}, {"phase", "Running"}, {"reason", "Approval"}});
  return run_object("Running", tasks);
}

TEST(RunAct, AnswersTheOnlyTaskThatAsks) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_that_asks({"gate"}));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  EXPECT_EQ(run_act(approve(), t.context), ExitCode::Ok);
  const Json action = Json::parse(t.last(Method::Patch).body).at(1)["value"].at(0);
  EXPECT_EQ(action["task"], "gate");
  EXPECT_EQ(action["do"], "Approve");
  EXPECT_EQ(action["comment"], "looks right");
}

TEST(RunAct, AsksWhichWhereSeveralAskOrNone) {
  TestContext several;
  several.answer(Method::Get, runs_path + "/r", run_that_asks({"gate", "door"}));
  EXPECT_EQ(run_act(approve(), several.context), ExitCode::Error);
  EXPECT_EQ(several.console.stderr_, "error: 2 tasks of run r wait for an answer: say which, by --task (gate, door)\n");
  TestContext none;
  none.answer(Method::Get, runs_path + "/r", run_that_asks({}));
  EXPECT_EQ(run_act(approve(), none.context), ExitCode::Error);
  EXPECT_EQ(none.console.stderr_, "error: no task of run r waits for an answer\n");
}

TEST(RunAct, IsAskedForByWhomTheServerTakesTheUserFor) {
  TestContext t;
  t.answer(Method::Post, reviews_path, {{"status", {{"userInfo", {{"username", "bob"}}}}}}, 201);
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  RunActFlags flags = retry_load();
  flags.by.clear();
  flags.no_wait = true;
  EXPECT_EQ(run_act(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(Json::parse(t.last(Method::Patch).body).at(1)["value"].at(0)["by"], "bob");
  EXPECT_EQ(t.last(Method::Post).accept, "application/json");
}

TEST(RunAct, SendsNothingThatIsWrong) {
  TestContext t;
  RunActFlags flags = retry_load();
  flags.output = "{rows: 3}";
  EXPECT_EQ(run_act(flags, t.context), ExitCode::Invalid);
  EXPECT_EQ(t.console.stderr_, "error: --output is no JSON: {rows: 3}\n");
  t.answer(Method::Get, runs_path + "/r", run_object("Failed"));
  EXPECT_EQ(run_act(retry_load(), t.context), ExitCode::Error);
  EXPECT_EQ(t.count(Method::Patch), 0U);
}

TEST(RunAct, StopsWaitingWhenItIsTold) {
  TestContext t;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run_object("Running")})));
  RunActFlags flags = retry_load();
  flags.timeout = runtime::Duration(5'000);
  EXPECT_EQ(run_act(flags, t.context), ExitCode::WaitTimeout);
  EXPECT_TRUE(t.console.stderr_.starts_with("not done yet; ork run status r shows")) << t.console.stderr_;
}

TEST(RunSuspend, AndResume) {
  TestContext t;
  RunSuspendFlags flags;
  flags.runs = {"r"};
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  t.answer(Method::Patch, runs_path + "/r", run_object("Running"));
  EXPECT_EQ(run_suspend(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.last(Method::Patch).body, R"({"spec":{"suspend":true}})");
  flags.suspend = false;
  t.answer(Method::Get, runs_path + "/r", run_object("Running"));
  EXPECT_EQ(run_suspend(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r suspended\nworkflowrun.ork.dev/r is not suspended\n");
  EXPECT_EQ(t.count(Method::Patch), 1U);
  t.answer(Method::Get, runs_path + "/r", run_object("Succeeded"));
  EXPECT_EQ(run_suspend(flags, t.context), ExitCode::Error);
}

}  // namespace
}  // namespace ork::cli
