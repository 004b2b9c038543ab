#include <gtest/gtest.h>

#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;

class WorkflowResume : public ::testing::Test {
 protected:
  ExitCode resume(const Json& conditions) {
    Json workflow = workflow_object({{"tasks", Json::array({{{"name", "x"}, {"image", "i"}}})}});
    workflow["status"] = {{"conditions", conditions}};
    t.answer(Method::Get, workflows_path + "/etl", workflow);
    t.answer(Method::Patch, workflows_path + "/etl", workflow);
    WorkflowResumeFlags flags;
    flags.workflows = {"etl"};
    return workflow_resume(flags, t.context);
  }
  static Json suspended(const char* reason) {
    return Json::array({{{"type", "Suspended"},
                         {"status", "True"},
                         {"reason", reason},
                         {"message", "it is"},
                         {"lastTransitionTime", "2026-11-21T12:00:00Z"}}});
  }
  TestContext t;
};

TEST_F(WorkflowResume, SaysWhenByAnAnnotation) {
  EXPECT_EQ(resume(suspended("CircuitOpen")), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/etl resumed\n");
  const Json patch = Json::parse(t.last(Method::Patch).body);
  EXPECT_EQ(patch.size(), 1U);
  EXPECT_TRUE(patch.at("metadata").at("annotations").at("ork.dev/resumed-at").is_string());
}

TEST_F(WorkflowResume, OfOneThatIsNotSuspendedChangesNothing) {
  EXPECT_EQ(resume(Json::array()), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/etl is not suspended\n");
  EXPECT_EQ(t.count(Method::Patch), 0U);
}

TEST_F(WorkflowResume, LeavesTheSpecToWhoWritesIt) {
  EXPECT_EQ(resume(suspended("SuspendedBySpec")), ExitCode::Error);
  EXPECT_EQ(
      t.console.stderr_,
      "error: workflow.ork.dev/etl is suspended by its own spec.suspend: set that to false, where the Workflow is "
      "written\n");
  EXPECT_EQ(t.count(Method::Patch), 0U);
}

}  // namespace
}  // namespace ork::cli
