#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Script& store(Script& script, const std::string& name, const std::string& uid, const Json& status,
              const Json& rerun_of = nullptr) {
  Json spec = {{"workflow", {{"tasks", {{{"name", "a"}}, {{"name", "b"}, {"dependsOn", {"a"}}}}}}}};
  if (!rerun_of.is_null()) spec["rerunOf"] = rerun_of;
  return script.stored("operator", "workflowruns.ork.dev", "default/" + name,
                       {{"metadata", {{"name", name}, {"uid", uid}}}, {"spec", spec}, {"status", status}});
}

// The run old: a has given 7, b has failed.
Script& old_run(Script& script, const std::string& phase = "Failed") {
  return store(script, "old", "run-0",
               status(phase, {task("a", "Succeeded", 1, {{"output", 7}}), task("b", "Failed", 1)}));
}

// A rerun of it, with a as it is given.
Script& rerun(Script& script, const Json& a, const std::string& from = "Failed") {
  Json told = status("Running", {a, task("b", "Pending", 0)});
  told["rerunOf"] = {{"name", "old"}, {"inherited", 1}};
  return store(script, "r", "run-1", told, {{"name", "old"}, {"from", from}});
}

Json inherited(int output = 7) {
  return {{"name", "a"}, {"phase", "Succeeded"}, {"output", output}, {"inheritedFrom", {{"run", "old"}}}};
}

TEST(InvariantReuse, WhatHasEndedSoIsInheritedRightly) {
  Script script;
  rerun(old_run(script), inherited());
  script.job("b", 1);
  EXPECT_THAT(script.found(check_inherited), IsEmpty());
}

TEST(InvariantReuse, ItsOutputIsThatOfItsSource) {
  Script script;
  rerun(old_run(script), inherited(8));
  EXPECT_THAT(script.found(check_inherited), ElementsAre(HasSubstr("I30: a is inherited from old, which did not end")));
}

TEST(InvariantReuse, ItsSourceHasEnded) {
  Script script;
  rerun(old_run(script, "Running"), inherited());
  EXPECT_THAT(script.found(check_inherited), ElementsAre(HasSubstr("I30: a is inherited from old, which did not end")));
}

TEST(InvariantReuse, ItHasNoJob) {
  Script script;
  rerun(old_run(script), inherited());
  script.job("a", 1);
  EXPECT_THAT(script.found(check_inherited), ElementsAre(HasSubstr("I30: a attempt 1 is made, although")));
}

TEST(InvariantReuse, ItTellsOfNoAttempt) {
  Script script;
  Json a = inherited();
  a["attempt"] = 1;
  rerun(old_run(script), a);
  EXPECT_THAT(script.found(check_inherited), ElementsAre(HasSubstr("I30: a is inherited, and tells of an attempt")));
}

TEST(InvariantReuse, WhatIsToRunAgainIsNot) {
  Script script;
  rerun(old_run(script), inherited(), "a");
  EXPECT_THAT(script.found(check_inherited), ElementsAre(HasSubstr("I30: a is inherited, and was to run again")));
}

TEST(InvariantReuse, WhatFollowsATaskThatRunsIsNot) {
  Script script;
  store(script, "old", "run-0", status("Succeeded", {task("a", "Succeeded", 1), task("b", "Succeeded", 1)}));
  Json told =
      status("Running", {task("a", "Running", 1), task("b", "Succeeded", 0, {{"inheritedFrom", {{"run", "old"}}}})});
  told["rerunOf"] = {{"name", "old"}, {"inherited", 1}};
  store(script, "r", "run-1", told, {{"name", "old"}, {"from", "a"}});
  EXPECT_THAT(script.found(check_inherited),
              ::testing::Contains(HasSubstr("I30: b is inherited, and depends on a, which is not")));
}

TEST(InvariantReuse, WhatWasDecidedStays) {
  Script script;
  rerun(old_run(script), inherited());
  store(script, "r", "run-1", status("Running", {task("a", "Pending", 0)}));
  EXPECT_THAT(script.found(check_inherited), ElementsAre(HasSubstr("I30: what is told of the earlier run was")));
}

}  // namespace
}  // namespace ork::sim
