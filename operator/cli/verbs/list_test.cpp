#include <gtest/gtest.h>

#include "operator/cli/verbs/test_context.hpp"

namespace ork::cli {
namespace {

using kube::Method;
using runtime::testing::FakeStream;

Json table(const char* name, const char* status) {
  return {{"kind", "Table"},
          {"metadata", {{"resourceVersion", "5"}}},
          {"columnDefinitions", {{{"name", "Name"}}, {{"name", "Status"}}, {{"name", "Message"}, {"priority", 1}}}},
          {"rows", Json::array({{{"cells", {name, status, "so it is"}},
                                 {"object", {{"metadata", {{"namespace", "a"}, {"resourceVersion", "6"}}}}}}})}};
}

TEST(List, PrintsTheColumnsOfTheApiServer) {
  TestContext t;
  t.answer(Method::Get, runs_path, table("etl-1", "Running"));
  EXPECT_EQ(run_list({}, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "NAME    STATUS\netl-1   Running\n");
  EXPECT_EQ(t.console.stderr_, "");
}

TEST(List, TakesAllNamespacesSelectorsAndAWideTable) {
  TestContext t;
  t.answer(Method::Get, "/apis/ork.dev/v1alpha1/workflows?", table("etl", "True"));
  WorkflowListFlags flags;
  flags.all_namespaces = true;
  flags.labels = "team=data";
  flags.output = Format::Wide;
  flags.no_headers = true;
  EXPECT_EQ(workflow_list(flags, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "a   etl   True   so it is\n");
  EXPECT_EQ(t.request(0).path, "/apis/ork.dev/v1alpha1/workflows?limit=500&labelSelector=team%3Ddata");
}

TEST(List, OfNothingSaysSoToPeopleAndIsAnEmptyListToPrograms) {
  TestContext t;
  t.answer(Method::Get, runs_path, {{"kind", "Table"}, {"rows", Json::array()}});
  EXPECT_EQ(run_list({}, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "");
  EXPECT_EQ(t.console.stderr_, "No resources found in a namespace.\n");
  t.answer(Method::Get, runs_path, list_of(Json::array()));
  ListFlags flags;
  flags.output = Format::Json;
  EXPECT_EQ(run_list({flags}, t.context), ExitCode::Ok);
  EXPECT_EQ(Json::parse(t.console.stdout_)["items"], Json::array());
}

TEST(List, PrintsNames) {
  TestContext t;
  t.answer(Method::Get, runs_path, list_of(Json::array({run_object("Failed")})));
  ListFlags flags;
  flags.output = Format::Name;
  EXPECT_EQ(run_list({flags}, t.context), ExitCode::Ok);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r\n");
}

TEST(List, FailsWithTheServersWords) {
  TestContext t;
  kube::Error error = runtime::testing::status_error(403);
  error.said = "workflowruns.ork.dev is forbidden";
  t.session.api.answer(Method::Get, runs_path, error);
  EXPECT_EQ(run_list({}, t.context), ExitCode::Refused);
  EXPECT_EQ(t.console.stderr_, "error: workflowruns.ork.dev is forbidden\n");
}

TEST(List, GoesOnWithEveryChangeUntilItIsInterrupted) {
  TestContext t;
  t.answer(Method::Get, runs_path, table("etl-1", "Running"));
  t.session.api.on_stream(runs_path, [&](FakeStream& stream) {
    EXPECT_EQ(stream.request().accept, kube::accept_table);
    stream.line(Json{{"type", "MODIFIED"}, {"object", table("etl-1", "Succeeded")}}.dump());
    t.session.interrupt();
  });
  ListFlags flags;
  flags.watch = true;
  EXPECT_EQ(run_list({flags}, t.context), ExitCode::Interrupted);
  EXPECT_EQ(t.console.stdout_, "NAME    STATUS\netl-1   Running\netl-1   Succeeded\n");
}

TEST(List, WatchesObjectsOneByOne) {
  TestContext t;
  t.answer(Method::Get, runs_path, list_of(Json::array({run_object("Running")})));
  t.session.api.on_stream(runs_path, [&](FakeStream& stream) {
    stream.line(Json{{"type", "DELETED"}, {"object", run_object("Running")}}.dump());
    t.session.interrupt();
  });
  ListFlags flags;
  flags.watch = true;
  flags.output = Format::Name;
  EXPECT_EQ(run_list({flags}, t.context), ExitCode::Interrupted);
  EXPECT_EQ(t.console.stdout_, "workflowrun.ork.dev/r\nworkflowrun.ork.dev/r\n");
}

}  // namespace
}  // namespace ork::cli
