#include <gtest/gtest.h>

#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;

// A run that has failed, of a Workflow with these tasks now.
class RunRerun : public ::testing::Test {
 protected:
  RunRerun() {
    earlier_["metadata"]["generateName"] = "nightly-";
    earlier_["metadata"]["labels"] = {{"team", "data"}};
    earlier_["spec"] = {{"workflowRef", {{"name", "etl"}}},
                        {"params", {{"day", "monday"}}},
                        {"suspend", true},
                        {"actions", Json::array({{{"id", "x"}, {"task", "load"}, {"do", "Retry"}}})}};
    earlier_["status"]["revision"] = "etl-old";
  }

  ExitCode rerun(RunRerunFlags flags = {}) {
    flags.run = "r";
    t.answer(Method::Get, runs_path + "/r", earlier_);
    t.answer(Method::Get, workflows_path + "/etl", workflow_object(spec_of({"list", "load"})));
    t.answer(Method::Get, "/apis/apps/v1/namespaces/a/controllerrevisions/etl-old",
             {{"metadata", {{"name", "etl-old"}}}, {"data", spec_of({"list", "store"})}});
    t.answer(Method::Post, runs_path, run_object(""), 201);
    return run_rerun(flags, t.context);
  }
  static Json spec_of(const std::vector<std::string>& tasks) {
    Json out = {{"defaults", {{"image", "i"}}}, {"tasks", Json::array()}};
    for (const std::string& name : tasks) out["tasks"].push_back({{"name", name}});
    return out;
  }
  Json created() const { return Json::parse(t.last(Method::Post).body); }

  Json earlier_ = run_object("Failed");
  TestContext t;
};

TEST_F(RunRerun, RepeatsWhatWasAskedForAndNotWhatWasDoneToTheRun) {
  EXPECT_EQ(rerun(), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r created\n");
  EXPECT_EQ(created(), Json::parse(R"({"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun",
      "metadata": {"generateName": "nightly-", "labels": {"team": "data"}},
      "spec": {"workflowRef": {"name": "etl"}, "params": {"day": "monday"}, "rerunOf": {"name": "r", "uid": "u1"}}})"));
}

TEST_F(RunRerun, SaysWhereToBegin) {
  EXPECT_EQ(rerun({.from_failed = true, .name = "again"}), ExitCode::Ok);
  EXPECT_EQ(created().at("spec").at("rerunOf"), Json::parse(R"({"name": "r", "uid": "u1", "from": "Failed"})"));
  EXPECT_EQ(created().at("metadata"), Json::parse(R"({"name": "again", "labels": {"team": "data"}})"));
  EXPECT_EQ(rerun({.from = "load"}), ExitCode::Ok);
  EXPECT_EQ(created().at("spec").at("rerunOf").at("from"), "load");
}

TEST_F(RunRerun, OfTheSameRevisionNamesIt) {
  EXPECT_EQ(rerun({.from = "store", .same_revision = true}), ExitCode::Ok);
  EXPECT_EQ(created().at("spec").at("workflowRef"), Json::parse(R"({"name": "etl", "revision": "etl-old"})"));
}

TEST_F(RunRerun, OfAnInlineRunRepeatsItsWorkflow) {
  earlier_["spec"] = {{"workflow", spec_of({"a"})}};
  earlier_["metadata"].erase("generateName");
  EXPECT_EQ(rerun(), ExitCode::Ok);
  EXPECT_EQ(created().at("spec"), (Json{{"workflow", spec_of({"a"})}, {"rerunOf", {{"name", "r"}, {"uid", "u1"}}}}));
  EXPECT_EQ(created().at("metadata").at("generateName"), "r-");
}

TEST_F(RunRerun, PrintsTheNewRun) {
  EXPECT_EQ(rerun({.output = Format::Name}), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r\n");
}

TEST_F(RunRerun, MakesNothingFromARunThatGoesOn) {
  earlier_["status"]["phase"] = "Running";
  EXPECT_EQ(rerun(), ExitCode::Error);
  EXPECT_EQ(t.console.stderr_,
            "error: run r has not ended (Running): wait for its end, or cancel it: ork run cancel r\n");
  EXPECT_EQ(t.count(Method::Post), 0U);
}

TEST_F(RunRerun, MakesNothingFromATaskThatIsNotThere) {
  EXPECT_EQ(rerun({.from = "laod"}), ExitCode::NotFound);
  EXPECT_EQ(t.console.stderr_, "error: there is no task \"laod\"; did you mean \"load\"?\n");
  EXPECT_EQ(t.count(Method::Post), 0U);
}

TEST_F(RunRerun, MakesNothingFromARevisionThatNeverWas) {
  earlier_["status"].erase("revision");
  EXPECT_EQ(rerun({.same_revision = true}), ExitCode::Error);
  EXPECT_EQ(t.console.stderr_, "error: run r ended before it had a revision to start from: leave out --revision\n");
}

}  // namespace
}  // namespace ork::cli
