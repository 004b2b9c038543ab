#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/jobs/names.hpp"
#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void check(const History& history, Violations& found) { check_children(history, true, found); }

Script& parent(Script& script, const Json& sub, const std::string& phase = "Running") {
  const Json tasks = {{{"name", "sub"}, {"workflow", {{"name", "w"}}}}};
  return script.stored("operator", "workflowruns.ork.dev", "default/r",
                       {{"metadata", {{"name", "r"}, {"uid", "run-1"}}},
                        {"spec", {{"workflow", {{"tasks", tasks}}}}},
                        {"status", status(phase, {sub})}});
}

std::string name_of(int attempt) { return jobs::job_name("r", "run-1", "sub", attempt); }

Script& child(Script& script, int attempt, const Json& status, const std::string& name = "") {
  const std::string called = name.empty() ? name_of(attempt) : name;
  const Json owners = {{{"controller", true}, {"uid", "run-1"}}};
  return script.stored(
      "operator", "workflowruns.ork.dev", "default/" + called,
      {{"metadata", {{"name", called}, {"uid", "uid-" + called}, {"ownerReferences", owners}}},
       {"spec", {{"workflowRef", {{"name", "w"}}}, {"childOf", {{"task", "sub"}, {"attempt", attempt}}}}},
       {"status", status}});
}

Json ended(const char* phase, int output = 7) { return {{"phase", phase}, {"output", output}}; }

TEST(InvariantChildren, AChildRunThatEndsItsTaskIsRight) {
  Script script;
  parent(script, task("sub", "Pending", 0));
  child(script, 1, ended("Running"));
  child(script, 1, ended("Succeeded"));
  parent(script, task("sub", "Succeeded", 1, {{"output", 7}}), "Succeeded");
  EXPECT_THAT(script.found(check), IsEmpty());
}

TEST(InvariantChildren, ItIsCalledWhatItHasToBe) {
  Script script;
  parent(script, task("sub", "Pending", 0));
  child(script, 1, ended("Succeeded"), "other");
  EXPECT_THAT(script.found(check), ElementsAre(HasSubstr("I33: a child run is called other, not r-sub-1-")));
}

TEST(InvariantChildren, NoTwoAttemptsLiveSideBySide) {
  Script script;
  parent(script, task("sub", "Pending", 0));
  child(script, 1, ended("Running"));
  child(script, 2, ended("Running"));
  child(script, 1, ended("Failed"));
  child(script, 2, ended("Failed"));
  EXPECT_THAT(script.found(check), ElementsAre(HasSubstr(" goes on (resourceVersion ")));
}

TEST(InvariantChildren, ATaskSucceedsNoSoonerThanItsRunAndWithItsOutput) {
  Script early;
  parent(early, task("sub", "Pending", 0));
  child(early, 1, ended("Running"));
  parent(early, task("sub", "Succeeded", 1, {{"output", 7}}));
  child(early, 1, ended("Succeeded"));
  EXPECT_THAT(early.found(check), ElementsAre(HasSubstr("I33: sub is stored as Succeeded, but not all of its")));
  Script other;
  parent(other, task("sub", "Pending", 0));
  child(other, 1, ended("Succeeded"));
  parent(other, task("sub", "Succeeded", 1, {{"output", 8}}));
  EXPECT_THAT(other.found(check), ElementsAre(HasSubstr("I33: sub has another output than its child run")));
}

TEST(InvariantChildren, ItIsKeptUntilItsParentHasToldOfItAndEndsWithIt) {
  Script script;
  parent(script, task("sub", "Pending", 0));
  child(script, 1, ended("Succeeded"));
  script.gone("operator", "workflowruns.ork.dev", "default/" + name_of(1));
  EXPECT_THAT(script.found(check), ElementsAre(HasSubstr("is deleted before its parent has told of its end")));
  Script open;
  parent(open, task("sub", "Pending", 0));
  child(open, 1, ended("Running"));
  parent(open, task("sub", "Cancelled", 1), "Cancelled");
  EXPECT_THAT(open.found(check), ElementsAre(HasSubstr("goes on although its parent has ended")));
}

}  // namespace
}  // namespace ork::sim
