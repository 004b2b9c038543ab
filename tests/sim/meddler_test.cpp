// Which object a request is about, and what a run makes of somebody who edits it.

#include "tests/sim/meddler.hpp"

#include <gtest/gtest.h>

#include "tests/sim/history.hpp"
#include "tests/sim/shape_parts.hpp"
#include "tests/sim/trial.hpp"

namespace ork::sim {
namespace {

using kube::Method;

std::string target_of_request(Method method, const std::string& path, const std::string& body = "") {
  const auto target = target_in({.method = method, .path = path, .body = body});
  return target ? target->resource.plural + " " + target->ns + "/" + target->name : "none";
}

TEST(Target, IsWhatARequestIsAbout) {
  const std::string jobs = "/apis/batch/v1/namespaces/default/jobs";
  EXPECT_EQ(target_of_request(Method::Patch, jobs + "/r-a-1/status"), "jobs default/r-a-1");
  EXPECT_EQ(target_of_request(Method::Delete, jobs + "/r-a-1?x=y"), "jobs default/r-a-1");
  EXPECT_EQ(target_of_request(Method::Post, jobs, R"({"metadata":{"name":"r-a-2"}})"), "jobs default/r-a-2");
  EXPECT_EQ(target_of_request(Method::Patch, "/api/v1/namespaces/n/pods/p/status"), "pods n/p");
  EXPECT_EQ(target_of_request(Method::Post, jobs, "{"), "none");
  EXPECT_EQ(target_of_request(Method::Get, jobs + "?limit=500"), "none");
  EXPECT_EQ(target_of_request(Method::Post, "/api/v1/namespaces/n/events", R"({"metadata":{"name":"e"}})"), "none");
  EXPECT_EQ(target_of_request(Method::Get, "/api/v1/nodes/n"), "none");
}

// Two tasks of some seconds each, one after the other, and a third that is tried twice.
Verdict meddled_with(const char* actor, std::uint32_t write, Harm harm) {
  Case what;
  what.shape = {
      .name = "random",
      .objects = {parts::run_of({parts::task("a"), parts::task("b", {"a"}), parts::task("c", {}, parts::retry(1))})},
      .programs = {{.task = "a", .program = parts::runs_for(5'000)},
                   {.task = "c", .up_to_attempt = 1, .program = parts::fails()}}};
  what.faults.push_back({actor, Counted::Write, write, harm, 100});
  FairEnds known;
  return judge_beside_fair_weather(what, known);
}

TEST(Meddler, EditsOfLabelsFinalizersAndPacesChangeNoEnd) {
  for (const Harm harm : {Harm::Unlabel, Harm::Relabel, Harm::Hold, Harm::Adorn, Harm::Halt, Harm::Narrow}) {
    for (const char* actor : {"operator", "job-controller", "kubelet"}) {
      for (std::uint32_t write = 1; write <= 6; ++write) {
        const Verdict verdict = meddled_with(actor, write, harm);
        EXPECT_TRUE(verdict.violations.empty()) << to_string(harm) << " " << actor << " " << write << "\n"
                                                << report({}, verdict);
      }
    }
  }
}

TEST(Meddler, AJobThatIsTakenAwayIsReplaced) {
  const Verdict verdict = meddled_with("job-controller", 2, Harm::Disown);
  EXPECT_TRUE(verdict.violations.empty()) << report({}, verdict);
  EXPECT_EQ(verdict.outcome.ends.begin()->second, "Succeeded");
}

}  // namespace
}  // namespace ork::sim
