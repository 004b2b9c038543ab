// Traces in which a node or an eviction ends what runs, and the same mended or broken.

#include "tests/sim/disruptions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

Json pod(const std::string& uid, bool deleting) {
  Json meta = {{"uid", uid}};
  if (deleting) meta["deletionTimestamp"] = "2026-01-01T00:00:00Z";
  return {{"metadata", meta}};
}

// Attempt 1 runs on a node that is not heard of, its Pod is being deleted; `seconds` later attempt 2 starts.
Script beside_a_lost_one(std::int64_t seconds, const std::string& harm = "node-silent") {
  Script script;
  script.job("a", 1).starts("a", 1, "p1").stored("kubelet", "pods", "default/p1", pod("p1", false));
  script.fault("kubelet", "kubelet write 1 " + harm + " wait=400000 back=0 (PATCH /pods/p1/status)");
  script.stored("node-controller", "pods", "default/p1", pod("p1", true)).waits(seconds);
  script.job("a", 2).starts("a", 2, "p2").ends("p2", 0).ends("p1", 143, false);
  return script;
}

TEST(TakenForLost, ItsSuccessorMayBeginBesideIt) {
  EXPECT_THAT(beside_a_lost_one(120).found(check_processes), IsEmpty());
}

TEST(TakenForLost, NotBeforeItHasBeenWaitedFor) {
  EXPECT_THAT(beside_a_lost_one(60).found(check_processes),
              ElementsAre("I1: a attempt 2 index -1 runs beside attempt 1"));
}

TEST(TakenForLost, NotOnANodeThatWasHeardOf) {
  EXPECT_THAT(beside_a_lost_one(120, "drain").found(check_processes),
              ElementsAre("I1: a attempt 2 index -1 runs beside attempt 1"));
}

Json charged(int retries) { return status("Running", {task("a", "Running", 2, {{"programRetries", retries}})}); }

TEST(BudgetsApart, ARetryIsChargedToAProgramThatFailed) {
  EXPECT_THAT(Script().starts("a", 1, "p1").ends("p1", 1).run(charged(1)).found(check_budgets_apart), IsEmpty());
}

TEST(BudgetsApart, NoneToOneThatWasStopped) {
  EXPECT_THAT(Script().starts("a", 1, "p1").ends("p1", 143, false).run(charged(1)).found(check_budgets_apart),
              ElementsAre("I2: a is charged 1 retries, and failed by itself in 0 attempts"));
}

TEST(BudgetsApart, NobodyIsBlamedWhoWasStopped) {
  const Json failed = status("Failed", {task("a", "Failed", 1, {{"cause", "Program"}})});
  EXPECT_THAT(Script().starts("a", 1, "p1").ends("p1", 143, false).run(failed).found(check_budgets_apart),
              ElementsAre("I2: a has failed by its program's doing, which never failed by itself"));
  EXPECT_THAT(Script().starts("a", 1, "p1").ends("p1", 3).run(failed).found(check_budgets_apart), IsEmpty());
}

}  // namespace
}  // namespace ork::sim
