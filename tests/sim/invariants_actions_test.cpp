#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/script.hpp"

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Json told(const std::string& id, const std::string& result = "Done") {
  return {{"id", id}, {"task", "a"}, {"do", "Retry"}, {"result", result}};
}

Json with_actions(const Json& actions) {
  Json out = status("Running", {task("a", "Retrying", 1)});
  out["actions"] = actions;
  return out;
}

TEST(InvariantActions, WhatIsToldOfOnceAndStaysIsRight) {
  Script script;
  script.run(with_actions(Json::array({told("x")}))).run(with_actions(Json::array({told("x"), told("y", "Refused")})));
  EXPECT_THAT(script.found(check_actions, true), IsEmpty());
}

TEST(InvariantActions, AnActionIsToldOfOnce) {
  Script script;
  script.run(with_actions(Json::array({told("x"), told("x")})));
  EXPECT_THAT(script.found(check_actions, true), ElementsAre(HasSubstr("I27: an action is told of twice")));
}

TEST(InvariantActions, WhatWasToldIsNotForgotten) {
  Script script;
  script.run(with_actions(Json::array({told("x")}))).run(with_actions(Json::array()));
  EXPECT_THAT(script.found(check_actions, true), ElementsAre(HasSubstr("I27: what was told of an action changes")));
}

TEST(InvariantActions, EachIsAnswered) {
  Script script;
  script.stored("user", "workflowruns.ork.dev", "default/r",
                {{"metadata", {{"name", "r"}, {"uid", "run-1"}}},
                 {"spec", {{"actions", {{{"id", "x"}, {"task", "a"}, {"do", "Kill"}}}}}},
                 {"status", status("Succeeded")}});
  EXPECT_THAT(script.found(check_actions, true), ElementsAre("I27: nobody has answered x of default/r"));
  EXPECT_THAT(script.found(check_actions, false), IsEmpty());
}

TEST(InvariantActions, AFinalTaskGoesOnOnlyWhereItWasActedOn) {
  Script acted;
  acted.run(status("Running", {task("a", "Failed", 1)})).run(with_actions(Json::array({told("x")})));
  EXPECT_THAT(acted.found(check_phases), IsEmpty());
  Script by_itself;
  by_itself.run(status("Running", {task("a", "Failed", 1)})).run(status("Running", {task("a", "Retrying", 1)}));
  EXPECT_THAT(by_itself.found(check_phases), ElementsAre(HasSubstr("I4: a goes from Failed to Retrying")));
}

}  // namespace
}  // namespace ork::sim
