// Forgeries look like what they are not, and runs go on beside them; runs whose status was defaced end.

#include "tests/sim/forger.hpp"

#include <gtest/gtest.h>

#include "controllers/jobs/names.hpp"
#include "tests/sim/shape_parts.hpp"
#include "tests/sim/text_at.hpp"
#include "tests/sim/trial.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;

Json job_of_ork() {
  return Json::parse(R"({"metadata":{"name":"r-a-1-h","ownerReferences":[{"uid":"run-1","controller":true}],
    "labels":{"ork.dev/run":"r","ork.dev/run-uid":"run-1","ork.dev/task":"a","ork.dev/attempt":"1"}},
    "spec":{"template":{"spec":{"containers":[]}}}})");
}

TEST(Forgery, HasTheLabelsAndMayHaveTheOwnerOrTheNextName) {
  EXPECT_EQ(text_at(forgery(job_of_ork(), 0), "/metadata/labels/ork.dev~1task"), "a");
  EXPECT_FALSE(forgery(job_of_ork(), 0).at("metadata").contains("ownerReferences"));
  EXPECT_EQ(forgery(job_of_ork(), 1).at("/metadata/ownerReferences/0/controller"_json_pointer), false);
  EXPECT_NE(text_at(forgery(job_of_ork(), 2), "/metadata/ownerReferences/0/uid"), "run-1");
  EXPECT_EQ(text_at(forgery(job_of_ork(), 4), "/metadata/ownerReferences/0/uid"), "run-1");
  EXPECT_EQ(text_at(forgery(job_of_ork(), 4), "/metadata/labels/ork.dev~1attempt"), "2");
  EXPECT_EQ(text_at(forgery(job_of_ork(), 5), "/metadata/name"), jobs::job_name("r", "run-1", "a", 2));
  EXPECT_EQ(forgery(job_of_ork(), 6).at("kind"), "Pod");
}

// Three tasks of a second each; the second is tried twice.
Verdict struck_by(Harm harm, std::int64_t which, std::uint32_t write) {
  Case what;
  what.shape = {
      .name = "random",
      .objects = {parts::run_of({parts::task("a"), parts::task("b", {"a"}, parts::retry(1)), parts::task("c", {"b"})})},
      .programs = {{.task = "b", .up_to_attempt = 1, .program = parts::fails()}},
      .ends = {"Succeeded", "Failed"}};
  what.faults.push_back({"operator", Counted::Write, write, harm, which});
  return judge(what);
}

TEST(Forger, ARunGoesOnBesideForgeries) {
  for (std::int64_t which = 0; which < forgeries; ++which) {
    for (std::uint32_t write = 1; write <= 8; ++write) {
      const Verdict verdict = struck_by(Harm::Forge, which, write);
      EXPECT_TRUE(verdict.violations.empty()) << which << " at write " << write << "\n" << report({}, verdict);
    }
  }
}

TEST(Forger, ARunWhoseStatusWasDefacedEnds) {
  for (std::int64_t which = 0; which < defacements; ++which) {
    for (std::uint32_t write = 1; write <= 8; ++write) {
      const Verdict verdict = struck_by(Harm::Deface, which, write);
      EXPECT_TRUE(verdict.violations.empty()) << which << " at write " << write << "\n" << report({}, verdict);
    }
  }
}

}  // namespace
}  // namespace ork::sim
