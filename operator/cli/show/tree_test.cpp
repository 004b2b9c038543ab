#include "operator/cli/show/tree.hpp"

#include <gtest/gtest.h>

#include "operator/cli/show/test_runs.hpp"

namespace ork::show {
namespace {

using api::Json;

const char* const etl = R"([{"name": "list"}, {"name": "load", "dependsOn": ["list"], "count": 3},
                            {"name": "report", "dependsOn": ["list", "load"]}])";

Json etl_tasks() {
  return {{{"name", "list"},
           {"phase", "Succeeded"},
           {"attempt", 1},
           {"startTime", at(0)},
           {"completionTime", at(1)},
           {"output", {{"files", {"a.csv"}}}}},
          {{"name", "load"},
           {"phase", "Running"},
           {"attempt", 1},
           {"startTime", at(2)},
           {"count", 3},
           {"active", 1},
           {"succeededIndexes", "0,1"}},
          {{"name", "report"}, {"phase", "Pending"}, {"reason", "Upstream"}}};
}

TEST(LiveTree, ShowsEachTaskWithItsPhaseItsTimeAndWhy) {
  const api::WorkflowRun run = run_with(etl_tasks());
  const workflow::Definition definition = definition_of(etl);
  EXPECT_EQ(joined(live_tree({run, &definition, start + 7000}, {.width = 80, .height = 24})),
            "etl-1  Running  7s  3 tasks: 1 running, 1 pending, 1 succeeded\n"
            "├─ list    Succeeded  1s\n"
            "├─ load    Running    5s  2/3 done, 1 running\n"
            "└─ report  Pending        waits for load\n");
}

TEST(LiveTree, IsDrawnInAsciiWhereTheTerminalHasNoMore) {
  const api::WorkflowRun run = run_with(etl_tasks());
  EXPECT_EQ(joined(live_tree({run, nullptr, start + 7000}, {.width = 60, .height = 24, .unicode = false})),
            "etl-1  Running  7s  3 tasks: 1 running, 1 pending, 1 succ...\n"
            "|- list    Succeeded  1s\n"
            "|- load    Running    5s  2/3 done, 1 running\n"
            "`- report  Pending\n");
}

TEST(LiveTree, ColoursThePhaseAndNothingThatMatters) {
  const api::WorkflowRun run = run_with({{{"name", "a"}, {"phase", "Failed"}, {"message", "no"}}}, "Failed");
  EXPECT_EQ(joined(live_tree({run, nullptr, start}, {.width = 80, .colour = true})),
            "\x1b[1metl-1\x1b[0m  \x1b[31mFailed\x1b[0m  0s  1 task: 1 failed\n"
            "\x1b[2m└─ \x1b[0ma  \x1b[31mFailed\x1b[0m  no\n");
}

TEST(LiveTree, CutsLinesToTheWidthWithTheirColours) {
  const std::string message = "the program ended with exit code 3: no such file or directory";
  const api::WorkflowRun run = run_with(
      {{{"name", "a-task-with-a-very-long-name-that-goes-on-and-on"}, {"phase", "Failed"}, {"message", message}}},
      "Failed");
  const Screen screen{.width = 72, .height = 24};
  EXPECT_EQ(live_tree({run, nullptr, start}, screen)[1],
            "└─ a-task-with-a-very-long-name-that-goes-…  Failed  the program ended …");
  for (int width = 1; width < 100; ++width) {
    for (const bool unicode : {true, false}) {
      const Screen narrow{.width = width, .height = 3, .unicode = unicode};
      for (const std::string& line : live_tree({run, nullptr, start}, narrow)) {
        EXPECT_LE(width_of(line), static_cast<std::size_t>(std::max(width, 20))) << width;
      }
    }
  }
}

TEST(LiveTree, ShowsARunThatHasNoTasksYet) {
  const api::WorkflowRun fresh = run_of({{"observedGeneration", -1}});
  EXPECT_EQ(joined(live_tree({fresh, nullptr, start}, {.width = 80})),
            "etl-1  Pending  not taken up yet by an operator\n");
  const api::WorkflowRun waiting =
      run_of({{"phase", "Pending"}, {"observedGeneration", 1}, {"message", "there is no Workflow etl"}});
  EXPECT_EQ(joined(live_tree({waiting, nullptr, start}, {.width = 80})), "etl-1  Pending  there is no Workflow etl\n");
}

TEST(LiveTree, SaysWhatRetriesAndWhatWaitsForAReason) {
  const api::WorkflowRun run = run_with(
      {{{"name", "a"},
        {"phase", "Retrying"},
        {"reason", "Backoff"},
        {"attempt", 1},
        {"startTime", at(0)},
        {"retryTime", at(12)},
        {"message", "attempt 1: the program ended with exit code 1: boom\nmore"}},
       {{"name", "b"}, {"phase", "Queued"}, {"reason", "Unschedulable"}, {"message", "no node fits: 0/1 nodes"}},
       {{"name", "c"}, {"phase", "Queued"}, {"reason", "Creating"}},
       {{"name", "d"}, {"phase", "Running"}, {"attempt", 3}, {"startTime", at(1)}},
       {{"name", "e"}, {"phase", "Succeeded"}, {"attempt", 2}, {"startTime", at(0)}, {"completionTime", at(75)}},
       {{"name", "f"}, {"phase", "Failed"}, {"cause", "OutOfMemory"}, {"reason", "OOMKilled"}, {"exitCode", 137}},
       {{"name", "g"}, {"phase", "UpstreamFailed"}, {"message", "a task that it depends on has failed"}}});
  EXPECT_EQ(joined(live_tree({run, nullptr, start + 2000}, {})),
            "etl-1  Running  2s  7 tasks: 1 failed, 1 running, 1 retrying, 2 queued, 1 succeeded, 1 upstream failed\n"
            "├─ a  Retrying        2s     attempt 2 in 10s; attempt 1: the program ended with exit code 1: boom\n"
            "├─ b  Queued                 Unschedulable: no node fits: 0/1 nodes\n"
            "├─ c  Queued\n"
            "├─ d  Running         1s     attempt 3\n"
            "├─ e  Succeeded       1m15s  attempt 2\n"
            "├─ f  Failed                 OOMKilled, exit code 137\n"
            "└─ g  UpstreamFailed         a task that it depends on has failed\n");
}

TEST(LiveTree, NamesTheFirstOfManyThatATaskWaitsFor) {
  const workflow::Definition definition = definition_of(
      R"([{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}, {"name": "e"},
          {"name": "z", "dependsOn": ["a", "b", "c", "d", "e"]}])");
  Json tasks = Json::array();
  for (const char* name : {"a", "b", "c", "d", "e"})
    tasks.push_back({{"name", name}, {"phase", "Running"}, {"attempt", 1}});
  tasks.push_back({{"name", "z"}, {"phase", "Pending"}});
  const api::WorkflowRun run = run_with(tasks);
  EXPECT_EQ(live_tree({run, &definition, start}, {}).back(), "└─ z  Pending  waits for a, b, c and 2 more");
}

api::WorkflowRun large_run() {
  Json tasks = Json::array();
  for (int i = 0; i < 2000; ++i) {
    const char* phase = i % 500 == 7    ? "Failed"
                        : i % 100 == 3  ? "Running"
                        : i % 1000 == 4 ? "Retrying"
                        : i >= 1500     ? "Pending"
                                        : "Succeeded";
    tasks.push_back({{"name", "t" + std::to_string(i)}, {"phase", phase}, {"attempt", 1}});
  }
  return run_with(tasks);
}

TEST(LiveTree, OfMoreTasksThanLinesShowsWhatFailedAndRunsAndCountsTheRest) {
  const api::WorkflowRun run = large_run();
  EXPECT_EQ(joined(live_tree({run, nullptr, start}, {.width = 100, .height = 12})),
            "etl-1  Running  0s  2000 tasks: 4 failed, 20 running, 2 retrying, 494 pending, 1480 succeeded\n"
            "├─ t3     Running\n"
            "├─ t7     Failed\n"
            "├─ t103   Running\n"
            "├─ t203   Running\n"
            "├─ t303   Running\n"
            "├─ t403   Running\n"
            "├─ t507   Failed\n"
            "├─ t1007  Failed\n"
            "├─ t1507  Failed\n"
            "└─ … and 15 Running, 2 Retrying, 494 Pending, 1480 Succeeded\n");
}

TEST(LiveTree, AlwaysFitsTheScreenAndLosesNoTask) {
  const api::WorkflowRun run = large_run();
  for (const int height : {5, 6, 10, 24, 50, 1999, 2001, 2002, 2003}) {
    const auto lines = live_tree({run, nullptr, start}, {.width = 100, .height = height});
    EXPECT_LT(lines.size(), static_cast<std::size_t>(height)) << height;
    EXPECT_EQ(lines.size(), static_cast<std::size_t>(std::min(height - 1, 2001))) << height;
  }
}

TEST(FullTree, ShowsEveryTaskWithItsAttemptsAndItsOutput) {
  const api::WorkflowRun run = run_with(
      {{{"name", "list"},
        {"phase", "Succeeded"},
        {"attempt", 1},
        {"startTime", at(0)},
        {"completionTime", at(1)},
        {"output", {{"files", {"a.csv", "b.csv"}}}}},
       {{"name", "load"},
        {"phase", "Failed"},
        {"attempt", 2},
        {"count", 4},
        {"startTime", at(2)},
        {"completionTime", at(9)},
        {"succeededIndexes", "0-2"},
        {"failedIndexes", "3"},
        {"cause", "Program"},
        {"reason", "Error"},
        {"exitCode", 3},
        {"message", "index 3: the program ended with exit code 3: boom"},
        {"attempts",
         {{{"attempt", 1},
           {"startTime", at(2)},
           {"completionTime", at(3)},
           {"exitCode", 3},
           {"cause", "Program"},
           {"node", "node-0"},
           {"failedIndexes", "1,3"},
           {"message", "2 of 4 indexes failed"}},
          {{"attempt", 2}, {"cause", "Infrastructure"}, {"reason", "Evicted"}, {"message", "the node\nwas full"}}}}}},
      "Failed");
  EXPECT_EQ(joined(full_tree({run, nullptr, start + 9000}, {.height = 3})),
            "etl-1  Failed  9s  2 tasks: 1 failed, 1 succeeded\n"
            "├─ list  Succeeded  1s\n"
            "│  output {\"files\":[\"a.csv\",\"b.csv\"]}\n"
            "└─ load  Failed     7s  3/4 done, 1 failed, attempt 2: index 3: the program ended with exit code 3: boom\n"
            "   attempt 1  1s  exit code 3  indexes 1,3  on node-0\n"
            "     2 of 4 indexes failed\n"
            "   attempt 2  Evicted\n"
            "     the node\n");
}

TEST(FullTree, SaysWhichRunDidWhatThisOneInherits) {
  Json tasks = etl_tasks();
  tasks[0] = {{"name", "list"},
              {"phase", "Succeeded"},
              {"reason", "Inherited"},
              {"inheritedFrom", {{"run", "etl-0"}}},
              {"output", 7}};
  const api::WorkflowRun run = run_with(tasks);
  EXPECT_EQ(joined(live_tree({run, nullptr, start + 7000}, {.width = 80, .height = 24})),
            "etl-1  Running  7s  3 tasks: 1 running, 1 pending, 1 succeeded\n"
            "├─ list    Succeeded      inherited from etl-0\n"
            "├─ load    Running    5s  2/3 done, 1 running\n"
            "└─ report  Pending\n");
}

TEST(FullTree, SaysWhichRunHasMadeWhatIsCached) {
  Json tasks = etl_tasks();
  tasks[0] = {{"name", "list"},
              {"phase", "Succeeded"},
              {"reason", "Cached"},
              {"message", "made at 2026-11-20T12:00:00.000Z"},
              {"inheritedFrom", {{"run", "etl-0"}}}};
  const api::WorkflowRun run = run_with(tasks);
  EXPECT_EQ(joined(live_tree({run, nullptr, start + 7000}, {.width = 80, .height = 24})),
            "etl-1  Running  7s  3 tasks: 1 running, 1 pending, 1 succeeded\n"
            "├─ list    Succeeded      cached, from etl-0, made at 2026-11-20T12:00:00.000Z\n"
            "├─ load    Running    5s  2/3 done, 1 running\n"
            "└─ report  Pending\n");
}

TEST(FullTree, IsPrintableWhateverAProgramWrote) {
  const api::WorkflowRun run = run_with({{{"name", "a"},
                                          {"phase", "Failed"},
                                          {"message", "\x1b[2Jgone\tand \xE2\x80\xAE"},
                                          {"output", "\x1b]0;title\x07"}}},
                                        "Failed");
  EXPECT_EQ(joined(full_tree({run, nullptr, start}, {})),
            "etl-1  Failed  0s  1 task: 1 failed\n"
            "└─ a  Failed  \\x1b[2Jgone\\tand \\u202e\n"
            "   output \"\\u001b]0;title\\u0007\"\n");
}

}  // namespace
}  // namespace ork::show
