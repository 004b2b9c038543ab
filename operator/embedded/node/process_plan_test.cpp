#include "operator/embedded/node/process_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/node/test_pods.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class PlanProcess : public ::testing::Test {
 protected:
  ContainerSpec container(const std::string& fields) {
    return testing::pod_with(R"({"containers":[{"name":"main","image":"busybox",)" + fields + "}]}").containers[0];
  }
  Result<ProcessPlan, std::string> plan(const std::string& fields) {
    container_ = container(fields);
    return plan_process({.container = container_,
                         .variables = variables,
                         .paths = paths,
                         .project_folder = "/project",
                         .is_folder = is_folder});
  }

  Variables variables = {{"A", "1"}, {"FILE", "/in/f"}};
  PathMap paths;
  std::function<bool(const std::string&)> is_folder = [](const std::string& path) { return path == "/there"; };

 private:
  ContainerSpec container_;
};

TEST_F(PlanProcess, ExpandsCommandAndArgs) {
  EXPECT_THAT(plan(R"j("command":["run","$(A)"],"args":["$(NONE)","$$(A)"])j")->argv,
              ElementsAre("run", "1", "$(NONE)", "$(A)"));
}

TEST_F(PlanProcess, LeadsPathsOfMountsToTheirFolders) {
  paths.add("/in", "/real");
  const auto out = plan(R"("command":["/in/tool","cat /in/x"])");
  EXPECT_THAT(out->argv, ElementsAre("/real/tool", "cat /real/x"));
  EXPECT_THAT(out->env, ElementsAre("A=1", "FILE=/real/f"));
}

TEST_F(PlanProcess, LeavesDataInVariablesAlone) {
  paths.add("/in", "/real");
  variables = {{"INPUTS", R"({"file":"/in/x"})"}};
  EXPECT_THAT(plan(R"("command":["x"])")->env, ElementsAre(R"(INPUTS={"file":"/in/x"})"));
}

TEST_F(PlanProcess, RunsInItsWorkingFolderOrTheProjects) {
  EXPECT_EQ(plan(R"("command":["x"])")->cwd, "/project");
  EXPECT_EQ(plan(R"("command":["x"],"workingDir":"/there")")->cwd, "/there");
  const auto missing = plan(R"("command":["x"],"workingDir":"/nowhere")");
  EXPECT_EQ(missing->cwd, "/project");
  EXPECT_EQ(missing->missing_folder, "/nowhere");
  paths.add("/work", "/there");
  EXPECT_EQ(plan(R"("command":["x"],"workingDir":"/work")")->cwd, "/there");
}

TEST_F(PlanProcess, SaysWhatToDoWhereThereIsNoCommand) {
  const auto out = plan(R"("args":["x"])");
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(
      out.error(),
      "container \"main\" has no command, and its image \"busybox\" is not used here, so what it would run is not "
      "known: give it a command, or use --runtime docker or podman");
}

TEST(BaseVariables, AreThoseThatProgramsNeedAndNoSecretOfTheMachine) {
  EXPECT_THAT(base_variables({"PATH=/bin", "TOKEN=x", "LC_ALL=C", "TERM=xterm", "MINE=a=b", "broken"}, {"MINE"}),
              ElementsAre(Pair("PATH", "/bin"), Pair("LC_ALL", "C"), Pair("MINE", "a=b")));
}

TEST(PassedVariables, AreOnlyThoseThatWereNamed) {
  EXPECT_THAT(passed_variables({"PATH=/bin", "MINE=a=b", "TOKEN=x"}, {"MINE", "ABSENT"}),
              ElementsAre(Pair("MINE", "a=b")));
}

}  // namespace
}  // namespace ork::embedded
