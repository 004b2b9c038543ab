// workflow history, diff and rollback.

#include <gtest/gtest.h>

#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;

const std::string revisions_path = "/apis/apps/v1/namespaces/a/controllerrevisions";

Json spec_with(const std::string& image) {
  return {{"tasks", Json::array({{{"name", "x"}, {"image", image}}, {{"name", "z"}, {"image", "i"}}})}};
}

Json revision_object(const std::string& name, int number, const std::string& image) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "ControllerRevision"},
          {"metadata",
           {{"name", name},
            {"namespace", "a"},
            {"uid", "u-" + name},
            {"resourceVersion", "1"},
            {"creationTimestamp", "2026-11-21T12:00:00Z"},
            {"labels", {{"ork.dev/workflow", "etl"}}}}},
          {"revision", number},
          {"data", spec_with(image)}};
}

class WorkflowRevisions : public ::testing::Test {
 protected:
  // A Workflow whose runs start from the revision named so.
  void show(const std::string& current, const Json& revisions) {
    Json workflow = workflow_object(spec_with("new"));
    workflow["status"] = {{"revision", current}};
    t.answer(Method::Get, workflows_path + "/etl", workflow);
    t.answer(Method::Get, revisions_path, list_of(revisions));
  }
  // The second of three, as after a rollback.
  void show_three() {
    show("etl-b", {revision_object("etl-c", 3, "newest"), revision_object("etl-a", 1, "old"),
                   revision_object("etl-b", 2, "new")});
  }

  TestContext t;
};

TEST_F(WorkflowRevisions, AreListedNewestFirstWithTheirRuns) {
  show_three();
  Json run = run_object("Running");
  run["status"]["revision"] = "etl-a";
  t.answer(Method::Get, runs_path, list_of({run, run}));
  WorkflowHistoryFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_history(flags, t.context), ExitCode::Ok);
  const std::string& out = t.console.stdout_;
  EXPECT_TRUE(out.starts_with("REVISION   NAME    TASKS   RUNS   AGE")) << out;
  EXPECT_LT(out.find("\n3 "), out.find("\n2 "));
  EXPECT_LT(out.find("\n2 "), out.find("\n1 "));
  EXPECT_NE(out.find("1          etl-a   2       2 "), std::string::npos) << out;
  EXPECT_EQ(out.find("current"), out.find("current", out.find("etl-b")));
  EXPECT_NE(t.request(1).path.find("labelSelector=app.kubernetes.io%2Fmanaged-by%3Dork%2Cork.dev%2Fworkflow%3Detl"),
            std::string::npos)
      << t.request(1).path;
}

TEST_F(WorkflowRevisions, DifferAsDiffShowsIt) {
  show_three();
  WorkflowDiffFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_diff(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(
      t.console.stdout_,
      "--- etl revision 1\n+++ etl revision 2\n@@ -1,5 +1,5 @@\n tasks:\n-- image: old\n+- image: new\n   name: x\n"
      " - image: i\n   name: z\n");
}

TEST_F(WorkflowRevisions, AreChosenByNumberOrName) {
  show_three();
  WorkflowDiffFlags flags;
  flags.workflow = "etl";
  flags.from = "3";
  flags.to = "etl-c";
  EXPECT_EQ(workflow_diff(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "");
  EXPECT_EQ(t.console.stderr_, "revisions 3 and 3 say the same\n");
}

TEST_F(WorkflowRevisions, OneThatIsNotThereIsToldWithThoseThatAre) {
  show_three();
  WorkflowDiffFlags flags;
  flags.workflow = "etl";
  flags.from = "7";
  EXPECT_EQ(workflow_diff(flags, t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stderr_, "error: Workflow etl has no revision 7; its revisions are 1, 2, 3\n");
}

TEST_F(WorkflowRevisions, ARollbackTakesTheOneBeforeOfWhatWasLookedAt) {
  show_three();
  t.answer(Method::Patch, workflows_path + "/etl", workflow_object(spec_with("old")));
  WorkflowRollbackFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_rollback(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/etl rolled back to revision 1\n");
  const Json patch = Json::parse(t.last(Method::Patch).body);
  EXPECT_EQ(patch.at(0), (Json{{"op", "replace"}, {"path", "/metadata/resourceVersion"}, {"value", "1"}}));
  EXPECT_EQ(patch.at(1), (Json{{"op", "replace"}, {"path", "/spec"}, {"value", spec_with("old")}}));
}

TEST_F(WorkflowRevisions, ARollbackToWhatItIsChangesNothing) {
  show_three();
  WorkflowRollbackFlags flags;
  flags.workflow = "etl";
  flags.to = "2";
  EXPECT_EQ(workflow_rollback(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/etl is at revision 2 already\n");
  EXPECT_EQ(t.count(Method::Patch), 0U);
}

TEST_F(WorkflowRevisions, OfTheFirstThereIsNoneBefore) {
  show("etl-a", Json::array({revision_object("etl-a", 1, "old")}));
  WorkflowRollbackFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_rollback(flags, t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stderr_, "error: Workflow etl has no revision before the present one; its revisions are 1\n");
}

TEST_F(WorkflowRevisions, WhereThereAreNoneItIsSaidWhy) {
  show("", Json::array());
  WorkflowHistoryFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_history(flags, t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stderr_,
            "error: Workflow etl has no revision: no operator has looked at it yet, or it is not valid; "
            "ork workflow status etl says which\n");
}

}  // namespace
}  // namespace ork::cli
