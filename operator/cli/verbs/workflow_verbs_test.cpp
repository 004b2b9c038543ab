// workflow deploy, workflow delete, workflow status; and what deploys.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "operator/cli/verbs/deployer.hpp"
#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;

const Json one_task = {{"tasks", Json::array({{{"name", "x"}, {"image", "i"}}})}};
const Json two_tasks = {{"tasks", {{{"name", "x"}, {"image", "i"}}, {{"name", "y"}, {"image", "i"}}}}};

class WorkflowDeploy : public ::testing::Test {
 protected:
  WorkflowDeploy() : folder_(std::filesystem::temp_directory_path() / ("ork-deploy-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~WorkflowDeploy() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  WorkflowDeployFlags flags(DryRun dry_run = DryRun::No) {
    WorkflowDeployFlags out;
    out.paths = {folder_.string()};
    out.dry_run = dry_run;
    return out;
  }

  TestContext t;
  std::filesystem::path folder_;
};

TEST_F(WorkflowDeploy, SaysWhatBecameOfEachObject) {
  for (const char* name : {"a", "b", "c"}) write(std::string(name) + ".json", workflow_object(two_tasks, name).dump());
  Json moved = workflow_object(two_tasks, "c");
  moved["metadata"]["resourceVersion"] = "9";
  moved["metadata"]["generation"] = 4;
  moved["metadata"]["managedFields"] = Json::array({1});
  t.session.api.answer(Method::Get, workflows_path + "/a", 404);
  t.answer(Method::Get, workflows_path + "/b", workflow_object(one_task, "b"));
  t.answer(Method::Get, workflows_path + "/c", workflow_object(two_tasks, "c"));
  t.answer(Method::Patch, workflows_path + "/a", workflow_object(two_tasks, "a"), 201);
  t.answer(Method::Patch, workflows_path + "/b", workflow_object(two_tasks, "b"));
  t.answer(Method::Patch, workflows_path + "/c", moved);
  EXPECT_EQ(workflow_deploy(flags(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_,
            "workflow.ork.dev/a created\nworkflow.ork.dev/b configured\nworkflow.ork.dev/c unchanged\n");
  EXPECT_EQ(t.last(Method::Patch).path, workflows_path + "/c?fieldManager=ork&fieldValidation=Strict");
  EXPECT_EQ(t.last(Method::Patch).content_type, "application/apply-patch+yaml");
}

TEST_F(WorkflowDeploy, AsksTheServerWithoutChangingAnything) {
  write("a.json", workflow_object(one_task, "a").dump());
  t.session.api.answer(Method::Get, workflows_path + "/a", 404);
  t.answer(Method::Patch, workflows_path + "/a", workflow_object(one_task, "a"), 201);
  EXPECT_EQ(workflow_deploy(flags(DryRun::Server), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/a created (server dry run)\n");
  EXPECT_EQ(t.last(Method::Patch).path, workflows_path + "/a?fieldManager=ork&fieldValidation=Strict&dryRun=All");
}

TEST_F(WorkflowDeploy, ChecksFilesWithoutACluster) {
  write("a.json", workflow_object(one_task, "a").dump());
  EXPECT_EQ(workflow_check(flags(DryRun::Client), t.console), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/a valid (dry run)\n");
  write("b.yaml", "apiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: b}\nspec: {tasks: []}\n");
  EXPECT_EQ(workflow_check(flags(DryRun::Client), t.console), ExitCode::Invalid);
  EXPECT_NE(t.console.stderr_.find("/b.yaml:4:15: spec.tasks: is empty"), std::string::npos) << t.console.stderr_;
  EXPECT_NE(t.console.stderr_.find("error: 1 problem; nothing was sent\n"), std::string::npos);
}

TEST_F(WorkflowDeploy, LeavesRunsOut) {
  Json run = run_object("");
  run.erase("status");
  write("a.json", workflow_object(one_task, "etl").dump());
  write("b.json", run.dump());
  t.session.api.answer(Method::Get, workflows_path + "/etl", 404);
  t.answer(Method::Patch, workflows_path + "/etl", workflow_object(one_task), 201);
  EXPECT_EQ(workflow_deploy(flags(), t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/etl created\n");
  EXPECT_NE(t.console.stderr_.find("workflowrun.ork.dev/r is a run and is left out; start it with ork run start -f "),
            std::string::npos);
}

TEST_F(WorkflowDeploy, TakesTheOthersWhereOneIsRefused) {
  for (const char* name : {"a", "b"}) write(std::string(name) + ".json", workflow_object(one_task, name).dump());
  t.session.api.answer(Method::Get, workflows_path + "/a", 404);
  t.session.api.answer(Method::Get, workflows_path + "/b", 404);
  t.session.api.answer(Method::Patch, workflows_path + "/a", 409);
  t.answer(Method::Patch, workflows_path + "/b", workflow_object(one_task, "b"), 201);
  EXPECT_EQ(workflow_deploy(flags(), t.context), ExitCode::Conflict);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/b created\n");
  EXPECT_NE(t.console.stderr_.find("(--force-conflicts takes the fields over)"), std::string::npos);
}

TEST_F(WorkflowDeploy, HoldsAnObjectsNamespaceToTheFlag) {
  Json elsewhere = workflow_object(one_task, "a");
  elsewhere["metadata"]["namespace"] = "b";
  write("a.json", elsewhere.dump());
  WorkflowDeployFlags wrong = flags();
  wrong.cluster.ns = "a";
  EXPECT_EQ(workflow_deploy(wrong, t.context), ExitCode::Usage);
  EXPECT_TRUE(t.session.api.requests().empty());
  t.session.api.answer(Method::Get, "/apis/ork.dev/v1alpha1/namespaces/b/workflows/a", 404);
  t.answer(Method::Patch, "/apis/ork.dev/v1alpha1/namespaces/b/workflows/a", elsewhere, 201);
  EXPECT_EQ(workflow_deploy(flags(), t.context), ExitCode::Ok);
}

TEST_F(WorkflowDeploy, PrintsObjectsWhereAsked) {
  write("a.json", workflow_object(one_task, "a").dump());
  t.session.api.answer(Method::Get, workflows_path + "/a", 404);
  t.answer(Method::Patch, workflows_path + "/a", workflow_object(one_task, "a"), 201);
  WorkflowDeployFlags json = flags();
  json.output = Format::Json;
  EXPECT_EQ(workflow_deploy(json, t.context), ExitCode::Ok);
  EXPECT_EQ(Json::parse(t.console.stdout_), workflow_object(one_task, "a"));
}

TEST(Deployer, FindsKindsThatItDoesNotKnow) {
  TestContext t;
  const Json role = {
      {"apiVersion", "rbac.authorization.k8s.io/v1"}, {"kind", "ClusterRole"}, {"metadata", {{"name", "c"}}}};
  const std::string group = "/apis/rbac.authorization.k8s.io/v1";
  t.answer(Method::Get, group,
           {{"resources",
             {{{"name", "clusterroles/status"}, {"kind", "ClusterRole"}},
              {{"name", "clusterroles"}, {"kind", "ClusterRole"}, {"namespaced", false}}}}});
  t.session.api.answer(Method::Get, group + "/clusterroles/c", 404);
  t.answer(Method::Patch, group + "/clusterroles/c", role, 201);
  Deployer deployer(t.session, false, true);
  EXPECT_EQ(deployer.apply(role, "a")->verb, "created");
  EXPECT_EQ(t.request(0).path, group);
  EXPECT_NE(t.last(Method::Patch).path.find("&force=true"), std::string::npos);
  t.session.api.answer(Method::Get, "/apis/example.com/v1", 404);
  EXPECT_EQ(deployer.apply({{"apiVersion", "example.com/v1"}, {"kind", "Thing"}, {"metadata", {{"name", "t"}}}}, "a")
                .error()
                .message,
            "this cluster has no kind Thing of example.com/v1");
}

TEST(Deployer, CountsOnlyWhatUsersWroteAsAChange) {
  Json before = workflow_object(one_task), after = before;
  after["metadata"]["resourceVersion"] = "99";
  after["status"] = {{"tasks", 1}};
  EXPECT_TRUE(same_content(before, after));
  after["metadata"]["labels"] = {{"a", "b"}};
  EXPECT_FALSE(same_content(before, after));
  EXPECT_TRUE(same_content(nullptr, nullptr));
  EXPECT_TRUE(same_content({{"metadata", 1}}, {{"metadata", 1}}));
}

TEST(WorkflowDelete, DeletesEachAndSaysSo) {
  TestContext t;
  WorkflowDeleteFlags flags;
  flags.workflows = {"a", "nope", "b"};
  t.answer(Method::Delete, workflows_path + "/a", Json::object());
  t.session.api.answer(Method::Delete, workflows_path + "/nope", 404);
  t.answer(Method::Delete, workflows_path + "/b", Json::object());
  EXPECT_EQ(workflow_delete(flags, t.context), ExitCode::NotFound);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev \"a\" deleted\nworkflow.ork.dev \"b\" deleted\n");
}

TEST(WorkflowDelete, MindsNoMissingOneWhereToldSo) {
  TestContext t;
  WorkflowDeleteFlags flags;
  flags.workflows = {"nope"};
  flags.ignore_not_found = true;
  t.session.api.answer(Method::Delete, workflows_path + "/nope", 404);
  EXPECT_EQ(workflow_delete(flags, t.context), ExitCode::Ok);
}

TEST(WorkflowDelete, ChoosesByLabels) {
  TestContext t;
  WorkflowDeleteFlags flags;
  flags.labels = "team=data";
  flags.output = Format::Name;
  t.answer(Method::Get, workflows_path + "?", list_of(Json::array({workflow_object(one_task, "a")})));
  t.answer(Method::Delete, workflows_path + "/a", Json::object());
  EXPECT_EQ(workflow_delete(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflow.ork.dev/a\n");
}

TEST(WorkflowStatus, ShowsParamsTasksAndTheNewestRuns) {
  TestContext t;
  const api::TimeMs created = t.session.time.wall_ms() - 75'000;
  Json workflow = workflow_object(
      {{"params",
        {{{"name", "day"}, {"description", "Day to load"}}, {{"name", "n"}, {"type", "integer"}, {"default", 3}}}},
       {"tasks",
        {{{"name", "list"}, {"image", "i"}},
         {{"name", "load"},
          {"image", "i"},
          {"dependsOn", {"list"}},
          {"count", 3},
          {"timeout", "90s"},
          {"retry", {{"limit", 2}}}}}}});
  workflow["status"] = {{"revision", "etl-1234"},
                        {"conditions", Json::array({{{"type", "Ready"}, {"status", "True"}, {"reason", "Valid"}}})}};
  Json run = run_object("Succeeded");
  run["metadata"]["creationTimestamp"] = api::format_time(created);
  run["status"].update({{"progress", "2/2"},
                        {"startTime", api::format_time(created)},
                        {"completionTime", api::format_time(created + 8000)}});
  t.answer(Method::Get, workflows_path + "/etl", workflow);
  t.answer(Method::Get, runs_path + "?", list_of(Json::array({run})));
  WorkflowStatusFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_status(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_,
            "Name        etl\n"
            "Namespace   a\n"
            "Ready       yes\n"
            "Revision    etl-1234\n"
            "\n"
            "PARAM   TYPE      DEFAULT      DESCRIPTION\n"
            "day     string    (required)   Day to load\n"
            "n       integer   3\n"
            "\n"
            "TASK   DEPENDS ON   COUNT   RETRIES   TIMEOUT\n"
            "list\n"
            "load   list         3       2         1m30s\n"
            "\n"
            "RUN   STATUS      TASKS   DURATION   AGE\n"
            "r     Succeeded   2/2     8s         1m15s\n");
  EXPECT_NE(t.last(Method::Get).path.find("fieldSelector=status.workflow%3Detl"), std::string::npos);
}

TEST(WorkflowStatus, SaysWhatIsWrongWithAWorkflow) {
  TestContext t;
  Json workflow = workflow_object({{"tasks", Json::array()}});
  workflow["status"]["conditions"] = Json::array(
      {{{"type", "Ready"}, {"status", "False"}, {"reason", "Invalid"}, {"message", "spec.tasks: is empty"}}});
  t.answer(Method::Get, workflows_path + "/etl", workflow);
  t.session.api.answer(Method::Get, runs_path + "?", 403);
  WorkflowStatusFlags flags;
  flags.workflow = "etl";
  EXPECT_EQ(workflow_status(flags, t.context), ExitCode::Ok);
  EXPECT_NE(t.console.stdout_.find("Ready       no\nReason      Invalid\nMessage     spec.tasks: is empty\n"),
            std::string::npos);
  EXPECT_NE(t.console.stdout_.find("Its runs can't be listed"), std::string::npos);
}

}  // namespace
}  // namespace ork::cli
