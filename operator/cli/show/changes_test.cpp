#include "operator/cli/show/changes.hpp"

#include <gtest/gtest.h>

#include "operator/cli/show/test_runs.hpp"

namespace ork::show {
namespace {

using api::Json;

Json task(const char* name, const char* phase, Json more = Json::object()) {
  more["name"] = name;
  more["phase"] = phase;
  return more;
}

std::string lines(const api::WorkflowRun* before, const api::WorkflowRun& run, int seconds = 7) {
  return joined(changes(before, {run, nullptr, start + seconds * 1000}));
}

TEST(Changes, BeginWithWhatHasHappenedAlready) {
  const api::WorkflowRun run =
      run_with({task("list", "Succeeded", {{"attempt", 1}, {"startTime", at(0)}, {"completionTime", at(1)}}),
                task("load", "Running", {{"attempt", 1}, {"startTime", at(2)}}), task("report", "Pending")});
  EXPECT_EQ(lines(nullptr, run),
            "list    Succeeded  1s\n"
            "load    Running    attempt 1\n");
}

TEST(Changes, AreALineForEachStepOfATask) {
  const auto run = [](Json load) { return run_with({task("list", "Succeeded"), std::move(load)}); };
  const api::WorkflowRun pending = run(task("load", "Pending"));
  const api::WorkflowRun creating = run(task("load", "Queued", {{"reason", "Creating"}}));
  const api::WorkflowRun stuck =
      run(task("load", "Queued", {{"reason", "Unschedulable"}, {"message", "no node fits"}, {"attempt", 1}}));
  const api::WorkflowRun running = run(task("load", "Running", {{"attempt", 1}, {"startTime", at(2)}}));
  const api::WorkflowRun retrying = run(task("load", "Retrying",
                                             {{"attempt", 1},
                                              {"startTime", at(2)},
                                              {"retryTime", at(17)},
                                              {"message", "attempt 1: the program ended with exit code 1"}}));
  const api::WorkflowRun again = run(task("load", "Running", {{"attempt", 2}, {"startTime", at(2)}}));
  const api::WorkflowRun done =
      run(task("load", "Succeeded", {{"attempt", 2}, {"startTime", at(2)}, {"completionTime", at(20)}}));
  EXPECT_EQ(lines(&pending, creating), "");
  EXPECT_EQ(lines(&creating, stuck), "load  Queued     Unschedulable: no node fits\n");
  EXPECT_EQ(lines(&stuck, running), "load  Running    attempt 1\n");
  EXPECT_EQ(lines(&running, running), "");
  EXPECT_EQ(lines(&running, retrying),
            "load  Retrying   5s  attempt 2 in 10s; attempt 1: the program ended with exit code 1\n");
  EXPECT_EQ(lines(&retrying, again), "load  Running    attempt 2\n");
  EXPECT_EQ(lines(&again, done), "load  Succeeded  18s  attempt 2\n");
}

TEST(Changes, TellOfAttemptsThatEndedUnseen) {
  const auto run = [](Json load) { return run_with(Json::array({std::move(load)})); };
  const Json attempts = {{{"attempt", 1}, {"startTime", at(0)}, {"completionTime", at(1)}, {"message", "exit code 1"}},
                         {{"attempt", 2}, {"startTime", at(2)}, {"completionTime", at(4)}, {"message", "exit code 2"}}};
  const api::WorkflowRun first = run(task("load", "Running", {{"attempt", 1}}));
  const api::WorkflowRun waits =
      run(task("load", "Retrying", {{"attempt", 1}, {"attempts", Json::array({attempts[0]})}}));
  const api::WorkflowRun third = run(task("load", "Running", {{"attempt", 3}, {"attempts", attempts}}));
  EXPECT_EQ(lines(&first, third),
            "load  Retrying   1s  attempt 1: exit code 1\n"
            "load  Retrying   2s  attempt 2: exit code 2\n"
            "load  Running    attempt 3\n");
  EXPECT_EQ(lines(&waits, third),
            "load  Retrying   2s  attempt 2: exit code 2\n"
            "load  Running    attempt 3\n");
}

TEST(Changes, SayNothingOfIndexesThatComeAndGo) {
  const api::WorkflowRun one = run_with(Json::array(
      {task("load", "Running", {{"attempt", 1}, {"count", 100}, {"succeededIndexes", "0-9"}, {"active", 5}})}));
  const api::WorkflowRun two = run_with(Json::array(
      {task("load", "Running", {{"attempt", 1}, {"count", 100}, {"succeededIndexes", "0-50"}, {"active", 5}})}));
  EXPECT_EQ(lines(nullptr, one), "load  Running    10/100 done, 5 running\n");
  EXPECT_EQ(lines(&one, two), "");
}

TEST(Changes, SayWhyARunWithoutTasksWaits) {
  const api::WorkflowRun fresh = run_of({{"observedGeneration", -1}});
  const api::WorkflowRun waiting =
      run_of({{"phase", "Pending"}, {"observedGeneration", 1}, {"message", "there is no Workflow etl"}});
  EXPECT_EQ(lines(nullptr, fresh), "");
  EXPECT_EQ(lines(&fresh, waiting), "etl-1  Pending  there is no Workflow etl\n");
  EXPECT_EQ(lines(&waiting, waiting), "");
}

TEST(Changes, AreOneLineEachWhateverAProgramWrote) {
  const api::WorkflowRun run = run_with(Json::array({task("a", "Failed", {{"message", "one\ntwo\x1b[2J"}})}), "Failed");
  EXPECT_EQ(lines(nullptr, run), "a  Failed     one\n");
}

}  // namespace
}  // namespace ork::show
