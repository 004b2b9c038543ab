#include "operator/cli/cluster/run_follower.hpp"

#include "operator/cli/cluster/test_session.hpp"

namespace ork::cli {
namespace {

using kube::Method;
using runtime::testing::FakeStream;

const std::string runs = "/apis/ork.dev/v1alpha1/namespaces/a/workflowruns";

Json run(const char* uid, const char* phase, const char* version) {
  return {{"metadata", {{"name", "r"}, {"namespace", "a"}, {"uid", uid}, {"resourceVersion", version}}},
          {"spec", Json::object()},
          {"status", {{"phase", phase}}}};
}

class RunFollowerTest : public ::testing::Test {
 protected:
  void begin(const Json& items) {
    session.api.answer(Method::Get, runs, 200, Json{{"metadata", {{"resourceVersion", "5"}}}, {"items", items}}.dump());
    follower.start();
    session.time.run_until_idle();
  }
  void event(const char* type, const Json& object) {
    session.api.last_stream().line(Json{{"type", type}, {"object", object}}.dump());
    session.time.run_until_idle();
  }

  TestSession session;
  std::string log;
  RunFollower follower{
      session,
      "a",
      "r",
      "u1",
      {.on_change = [this](const api::WorkflowRun& seen,
                           const Json&) { log += std::string(api::to_string(seen.status.phase)) + " "; },
       .on_gone = [this] { log += "gone "; },
       .on_trouble = [this](const std::string& sentence) { log += "(" + sentence + ") "; }}};
};

TEST_F(RunFollowerTest, TellsEachStateOfTheRun) {
  begin(Json::array({run("u1", "Pending", "4")}));
  event("MODIFIED", run("u1", "Running", "6"));
  event("MODIFIED", run("u1", "Succeeded", "7"));
  EXPECT_EQ(log, "Pending Running Succeeded ");
  EXPECT_NE(session.api.requests()[0].request.path.find("fieldSelector=metadata.name%3Dr"), std::string::npos);
}

TEST_F(RunFollowerTest, TellsThatTheRunIsGone) {
  begin(Json::array({run("u1", "Running", "4")}));
  event("DELETED", run("u1", "Running", "6"));
  EXPECT_EQ(log, "Running gone ");
}

TEST_F(RunFollowerTest, TakesNoOtherRunOfThatNameForIt) {
  begin(Json::array({run("u2", "Running", "4")}));
  EXPECT_EQ(log, "gone ");
}

TEST_F(RunFollowerTest, TellsThatARunWasGoneBeforeItLooked) {
  begin(Json::array());
  EXPECT_EQ(log, "gone ");
}

TEST_F(RunFollowerTest, TellsOfARunThatVanishedWhileNobodyWatched) {
  begin(Json::array({run("u1", "Running", "4")}));
  session.api.answer(Method::Get, runs, 200, R"({"metadata":{"resourceVersion":"9"},"items":[]})");
  event("ERROR", {{"kind", "Status"}, {"code", 410}, {"reason", "Expired"}});
  session.time.advance(runtime::Duration(60'000));
  EXPECT_NE(log.find("gone"), std::string::npos) << log;
}

TEST_F(RunFollowerTest, SurvivesAStateThatItCanNotRead) {
  begin(Json::array({run("u1", "Running", "4")}));
  Json odd = run("u1", "Running", "6");
  odd["status"]["phase"] = 7;
  event("MODIFIED", odd);
  event("MODIFIED", run("u1", "Succeeded", "7"));
  EXPECT_EQ(log, "Running (the run can't be read: status.phase is number, but must be a string) Succeeded ");
}

}  // namespace
}  // namespace ork::cli
