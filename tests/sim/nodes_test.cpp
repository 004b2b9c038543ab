// A task of one program on a node that something happens to: what the run makes of it.

#include "tests/sim/nodes.hpp"

#include <gtest/gtest.h>

#include "tests/sim/history.hpp"
#include "tests/sim/shape_parts.hpp"
#include "tests/sim/text_at.hpp"
#include "tests/sim/trial.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;

// One task that runs for ten seconds and may not be retried; the harm strikes on whichever node it is.
Verdict struck_by(Harm harm, std::int64_t wait = 0) {
  Case what;
  what.shape = {.name = "random",
                .objects = {parts::run_of({parts::task("a")})},
                .programs = {{.task = "a", .program = parts::runs_for(10'000)}}};
  for (const char* actor : {"kubelet", "kubelet-2"}) what.faults.push_back({actor, Counted::Write, 1, harm, wait});
  FairEnds known;
  return judge_beside_fair_weather(what, known);
}

Json task_at_the_end(const Verdict& verdict) {
  const History history(verdict.outcome.trace);
  return task_in(history.runs.begin()->second.back().object, "a");
}

std::string first_reason(const Verdict& verdict) { return text_at(task_at_the_end(verdict), "/attempts/0/reason"); }

struct Loss {
  Harm harm;
  std::int64_t wait;
  const char* reason;
};

TEST(Nodes, WhatIsLostOrEvictedIsTriedAgainAtNoCostToTheUser) {
  for (const Loss& loss :
       {Loss{Harm::NodeReboot, 20'000, "NodeLost"}, Loss{Harm::NodeGone, 30'000, "NodeLost"},
        Loss{Harm::Drain, 0, "Evicted"}, Loss{Harm::Preempt, 0, "Preempted"}, Loss{Harm::Evict, 0, "Evicted"}}) {
    const Verdict verdict = struck_by(loss.harm, loss.wait);
    EXPECT_TRUE(verdict.violations.empty()) << to_string(loss.harm) << "\n" << report({}, verdict);
    const Json task = task_at_the_end(verdict);
    EXPECT_EQ(task.value("phase", ""), "Succeeded") << to_string(loss.harm);
    EXPECT_GE(task.value("attempt", 0), 2) << to_string(loss.harm);
    EXPECT_EQ(task.value("programRetries", 0), 0) << to_string(loss.harm);
    EXPECT_EQ(first_reason(verdict), loss.reason) << to_string(loss.harm);
  }
}

TEST(Nodes, ASilentOneThatIsBackInTimeHasLostNothing) {
  const Verdict verdict = struck_by(Harm::NodeSilent, 300'000);
  EXPECT_TRUE(verdict.violations.empty()) << report({}, verdict);
  EXPECT_EQ(task_at_the_end(verdict).value("phase", ""), "Succeeded");
  EXPECT_EQ(task_at_the_end(verdict).value("attempt", 0), 1);
}

TEST(Nodes, ASilentOneThatIsNotLosesItsPods) {
  const Verdict verdict = struck_by(Harm::NodeSilent, 590'000);
  EXPECT_TRUE(verdict.violations.empty()) << report({}, verdict);
  EXPECT_EQ(task_at_the_end(verdict).value("phase", ""), "Succeeded");
  EXPECT_EQ(task_at_the_end(verdict).value("attempt", 0), 2);
}

}  // namespace
}  // namespace ork::sim
