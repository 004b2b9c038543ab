#include "controllers/workflow/circuit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ork::workflow {
namespace {

using api::CircuitStatus;
using api::Phase;
using testing::HasSubstr;

constexpr api::TimeMs now = 1'000;

FinishedRun run(const char* name, api::TimeMs ended, Phase phase) {
  return {name, std::string("uid-") + name, ended, phase};
}

// A Workflow that was last edited at 100 and has been looked at since; after two failed runs in a row it is suspended.
struct Watched {
  api::Workflow workflow;
  Definition definition;

  Watched() {
    workflow.meta.name = "etl";
    workflow.meta.generation = workflow.status.observed_generation = 3;
    workflow.status.circuit = CircuitStatus{.since_ms = 100};
    definition.circuit_failures = 2;
  }
  std::optional<CircuitStatus> after(const std::vector<FinishedRun>& runs) const {
    return circuit_after(workflow, definition, runs, now);
  }
  bool opens(const std::vector<FinishedRun>& runs) const { return after(runs)->open_ms != 0; }
};

TEST(Circuit, OpensAfterSoManyFailuresInARow) {
  Watched watched;
  EXPECT_FALSE(watched.opens({}));
  EXPECT_FALSE(watched.opens({run("a", 200, Phase::Failed)}));
  const auto open = watched.after({run("b", 300, Phase::Failed), run("a", 200, Phase::Failed)});
  EXPECT_EQ(*open, (CircuitStatus{.since_ms = 100, .open_ms = now, .failures = 2, .last_run = "b"}));
}

TEST(Circuit, CountsRunsByTheirEnds) {
  Watched watched;
  const FinishedRun a = run("a", 200, Phase::Failed), b = run("b", 300, Phase::Succeeded),
                    c = run("c", 400, Phase::Failed), d = run("d", 500, Phase::Failed);
  EXPECT_FALSE(watched.opens({a, b, c}));
  EXPECT_FALSE(watched.opens({c, a, b}));
  EXPECT_TRUE(watched.opens({d, a, b, c}));
  EXPECT_FALSE(watched.opens({a, d, run("e", 600, Phase::Succeeded), c}));
}

TEST(Circuit, ACancelledRunSaysNothing) {
  Watched watched;
  EXPECT_TRUE(
      watched.opens({run("a", 200, Phase::Failed), run("b", 300, Phase::Cancelled), run("c", 400, Phase::Failed)}));
}

TEST(Circuit, WhatEndedBeforeAnEditDoesNotCount) {
  Watched watched;
  EXPECT_FALSE(watched.opens({run("a", 100, Phase::Failed), run("b", 300, Phase::Failed)}));
  const std::vector<FinishedRun> failed = {run("a", 200, Phase::Failed), run("b", 300, Phase::Failed)};
  ++watched.workflow.meta.generation;
  EXPECT_EQ(*watched.after(failed), CircuitStatus{.since_ms = now});
}

TEST(Circuit, WhatEndedBeforeAnEditDoesNotCountThoughTheClockWasSetBackSince) {
  Watched watched;
  watched.workflow.status.circuit = CircuitStatus{.since_ms = 100, .open_ms = now, .failures = 2, .last_run = "b"};
  std::vector<FinishedRun> failed = {run("a", now + 3'000, Phase::Failed), run("b", now + 7'000, Phase::Failed)};
  ++watched.workflow.meta.generation;
  EXPECT_EQ(*watched.after(failed), CircuitStatus{.since_ms = now + 7'000});
}

TEST(Circuit, StaysOpenWhateverBecomesOfTheRuns) {
  Watched watched;
  watched.workflow.status.circuit = CircuitStatus{.since_ms = 100, .open_ms = 400, .failures = 2, .last_run = "b"};
  EXPECT_EQ(watched.after({}), watched.workflow.status.circuit);
  EXPECT_EQ(watched.after({run("c", 500, Phase::Succeeded), run("d", 600, Phase::Failed)}),
            watched.workflow.status.circuit);
}

TEST(Circuit, IsClosedByAPersonWhateverTheirClockSays) {
  Watched watched;
  watched.workflow.status.circuit = CircuitStatus{.since_ms = 100, .open_ms = 400, .failures = 2, .last_run = "b"};
  watched.workflow.resumed = "1999";
  const std::vector<FinishedRun> failed = {run("a", 200, Phase::Failed), run("b", 300, Phase::Failed)};
  const auto closed = watched.after(failed);
  EXPECT_EQ(*closed, (CircuitStatus{.since_ms = now, .resumed = "1999"}));
  watched.workflow.status.circuit = closed;
  EXPECT_EQ(watched.after(failed), closed);
}

TEST(Circuit, BeginsToCountWhenItIsFirstAskedFor) {
  Watched watched;
  watched.workflow.status.circuit.reset();
  EXPECT_EQ(*watched.after({run("a", 200, Phase::Failed), run("b", 300, Phase::Failed)}),
            CircuitStatus{.since_ms = now});
  watched.definition.circuit_failures.reset();
  EXPECT_EQ(watched.after({}), std::nullopt);
}

TEST(Circuit, WhoIsHeldBackIsToldWhatToDo) {
  Watched watched;
  EXPECT_EQ(why_suspended(watched.workflow, watched.definition), "");
  watched.workflow.status.circuit = CircuitStatus{.since_ms = 100, .open_ms = 400, .failures = 2, .last_run = "b"};
  EXPECT_EQ(why_suspended(watched.workflow, watched.definition),
            "Workflow etl is suspended: 2 runs in a row failed, b last: runs that have not started wait until the "
            "Workflow is edited, or somebody says `ork workflow resume etl`");
  watched.definition.suspend = true;
  EXPECT_EQ(why_suspended(watched.workflow, watched.definition),
            "Workflow etl is suspended: by spec.suspend: runs that have not started wait until that is false");
}

}  // namespace
}  // namespace ork::workflow
