// The whole operator on a small cluster under virtual time: what is counted, and that nothing is counted twice.

#include "operator/instruments/instruments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "operator/reconcile/test_cluster.hpp"

namespace ork::instruments {
namespace {

using reconcile::testing::Json;
using reconcile::testing::TestCluster;

// One operator process; destroying it is kill -9.
struct Process {
  Process(TestCluster& cluster, runtime::ManualLoop& loop, bool per_task, std::vector<observe::Span>& spans)
      : connection(cluster),
        instruments(
            loop, {.per_task = per_task, .version = "1.2.3"},
            [&spans](std::vector<observe::Span> ended) { spans.insert(spans.end(), ended.begin(), ended.end()); }),
        op(connection, loop, {.ns = "", .instance = "test", .observer = &instruments},
           {.on_trouble = [](const std::string&) {}}) {
    op.start();
  }
  std::string metrics() { return instruments.metrics(op, 64, {}, telemetry::Exposition::OpenMetrics); }

  reconcile::testing::Connection connection;
  Instruments instruments;
  reconcile::Operator op;
};

class InstrumentsTest : public ::testing::Test {
 protected:
  void start(bool per_task = false) {
    process.reset();
    process = std::make_unique<Process>(cluster, loop, per_task, spans);
    cluster.settle();
  }

  static Json workflow(const std::string& name, Json tasks) {
    return {{"metadata", {{"name", name}, {"namespace", "a"}}}, {"spec", {{"tasks", std::move(tasks)}}}};
  }

  static Json run_of(const std::string& name, const std::string& workflow) {
    return {{"metadata", {{"name", name}, {"namespace", "a"}}}, {"spec", {{"workflowRef", {{"name", workflow}}}}}};
  }

  static Json chain() {
    return {{{"name", "list"}, {"image", "busybox:1.36"}},
            {{"name", "load"}, {"image", "busybox:1.36"}, {"dependsOn", {"list"}}}};
  }

  // The sample's value as text; "none" where there is no such sample.
  std::string value_of(const std::string& sample) {
    const std::string text = "\n" + process->metrics();
    const std::size_t at = text.find("\n" + sample + " ");
    if (at == std::string::npos) return "none";
    const std::size_t begin = at + sample.size() + 2;
    return text.substr(begin, text.find_first_of(" \n", begin) - begin);
  }

  runtime::ManualLoop loop;
  TestCluster cluster{loop};
  std::vector<observe::Span> spans;
  std::unique_ptr<Process> process;
};

TEST_F(InstrumentsTest, ARunAndItsTasksAreCountedAsTheyEnd) {
  start();
  cluster.create("workflows", workflow("etl", chain()));
  cluster.create("workflowruns", run_of("r", "etl"));
  cluster.settle();
  EXPECT_EQ(value_of("ork_workflow_runs_total{namespace=\"a\",workflow=\"etl\",result=\"success\"}"), "1");
  EXPECT_EQ(value_of("ork_workflow_run_duration_seconds_count{namespace=\"a\",workflow=\"etl\"}"), "1");
  EXPECT_EQ(value_of("ork_task_runs_total{namespace=\"a\",workflow=\"etl\",result=\"success\"}"), "2");
  EXPECT_EQ(value_of("ork_task_start_latency_seconds_count{namespace=\"a\"}"), "2");
  EXPECT_EQ(value_of("ork_workflow_runs_kept{namespace=\"a\"}"), "1");
  EXPECT_EQ(value_of("ork_workflow_runs_active{namespace=\"a\",state=\"Running\"}"), "none");
  EXPECT_NE(value_of("ork_status_bytes_count"), "0");
  EXPECT_EQ(value_of("ork_jobs_created_total"), "2");
  EXPECT_EQ(value_of("ork_build_info{version=\"1.2.3\"}"), "1");
}

TEST_F(InstrumentsTest, ADurationShowsTheTraceOfARunThatTookSoLong) {
  start();
  cluster.create("workflows", workflow("etl", chain()));
  cluster.create("workflowruns", run_of("r", "etl"));
  cluster.settle();
  ASSERT_EQ(spans.size(), 3u);
  const std::string text = process->metrics();
  EXPECT_NE(text.find("# {trace_id=\"" + spans[0].trace_id + "\"}"), std::string::npos) << text;
}

TEST_F(InstrumentsTest, AnOperatorThatStartsAnewCountsNothingAgainAndGoesOnWithTheTrace) {
  start();
  cluster.create("workflows", workflow("etl", chain()));
  cluster.create("workflowruns", run_of("before", "etl"));
  cluster.settle();
  const std::vector<observe::Span> earlier = spans;
  spans.clear();
  start();
  EXPECT_EQ(value_of("ork_workflow_runs_total{namespace=\"a\",workflow=\"etl\",result=\"success\"}"), "none");
  EXPECT_EQ(value_of("ork_workflow_runs_kept{namespace=\"a\"}"), "1");
  EXPECT_TRUE(spans.empty());
}

TEST_F(InstrumentsTest, HoweverOftenItIsKilledARunIsCountedByOneOfThem) {
  cluster.create("workflows", workflow("etl", chain()));
  cluster.create("workflowruns", run_of("r", "etl"));
  int ended = 0;
  std::string trace;
  for (int i = 0; i < 6; ++i) {
    process.reset();
    process = std::make_unique<Process>(cluster, loop, false, spans);
    loop.advance(runtime::Duration{500});
    cluster.run_jobs();
    loop.advance(runtime::Duration{500});
    const std::string count = value_of("ork_workflow_runs_total{namespace=\"a\",workflow=\"etl\",result=\"success\"}");
    ended += count == "none" ? 0 : std::stoi(count);
  }
  EXPECT_EQ(cluster.phase("a/r"), "Succeeded");
  EXPECT_EQ(ended, 1);
  ASSERT_EQ(spans.size(), 3u);
  for (const observe::Span& span : spans) EXPECT_EQ(span.trace_id, spans[0].trace_id);
}

TEST_F(InstrumentsTest, AFailureAndItsRetriesAreCountedApart) {
  start();
  Json tasks = chain();
  tasks[0]["retry"] = {{"limit", 1}, {"backoff", {{"initial", "1s"}}}};
  cluster.pod_end = [](const Json&, int) { return reconcile::testing::PodEnd{.exit_code = 3}; };
  cluster.create("workflows", workflow("etl", tasks));
  cluster.create("workflowruns", run_of("r", "etl"));
  cluster.settle();
  EXPECT_EQ(value_of("ork_workflow_runs_total{namespace=\"a\",workflow=\"etl\",result=\"failure\"}"), "1");
  EXPECT_EQ(value_of("ork_task_runs_total{namespace=\"a\",workflow=\"etl\",result=\"failure\"}"), "1");
  EXPECT_EQ(value_of("ork_task_runs_total{namespace=\"a\",workflow=\"etl\",result=\"skip\"}"), "1");
  EXPECT_EQ(value_of("ork_task_retries_total{namespace=\"a\",workflow=\"etl\",cause=\"program\"}"), "1");
}

TEST_F(InstrumentsTest, TasksAreNamedOnlyWhereThatIsWanted) {
  start(true);
  cluster.create("workflows", workflow("etl", chain()));
  cluster.create("workflowruns", run_of("r", "etl"));
  cluster.settle();
  EXPECT_EQ(value_of("ork_task_runs_total{namespace=\"a\",workflow=\"etl\",result=\"success\",task=\"load\"}"), "1");
  start(false);
  EXPECT_EQ(process->metrics().find("task=\""), std::string::npos);
}

TEST_F(InstrumentsTest, AHundredWorkflowsMakeNoMoreThanTwoThousandSeries) {
  start();
  for (int i = 0; i < 100; ++i) {
    const std::string name = "w" + std::to_string(i);
    cluster.create("workflows", workflow(name, chain()));
    cluster.create("workflowruns", run_of("r" + std::to_string(i), name));
  }
  cluster.settle();
  const std::string text = process->metrics();
  const auto lines = std::count(text.begin(), text.end(), '\n');
  const auto comments = [&] {
    std::ptrdiff_t found = 0;
    for (std::size_t at = text.find("# "); at != std::string::npos; at = text.find("\n# ", at + 1)) ++found;
    return found;
  }();
  EXPECT_EQ(value_of("ork_workflow_runs_kept{namespace=\"a\"}"), "100");
  EXPECT_LE(lines - comments, 2000);
}

TEST(IdleSince, IsWhenSomethingLastHappenedToARunOfWhichNothingRuns) {
  api::WorkflowRun run;
  run.meta.creation_ms = 1'000;
  run.status.start_ms = 2'000;
  EXPECT_EQ(idle_since(run), 2'000);
  api::TaskStatus done;
  done.completion_ms = 5'000;
  run.status.tasks = {std::make_shared<const api::TaskStatus>(done)};
  EXPECT_EQ(idle_since(run), 5'000);
  run.status.counts.running = 1;
  EXPECT_EQ(idle_since(run), 0);
  run.status.counts.running = 0;
  run.spec.suspend = true;
  EXPECT_EQ(idle_since(run), 0);
}

}  // namespace
}  // namespace ork::instruments
