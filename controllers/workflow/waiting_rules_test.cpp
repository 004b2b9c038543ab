// Rules about tasks that only wait, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(WaitingRules, TakeATimeOrAMomentAndNoImage) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"for": "5m"}})"), IsEmpty());
  EXPECT_THAT(problems_of_task(R"js({"name": "a", "timeout": "1h", "when": "true", "onFailure": "run",
                                   "wait": {"until": "timestamp('2026-01-31T12:00:00Z') + duration('1h')"}})js"),
              IsEmpty());
}

TEST(WaitingRules, RefuseAWaitForNothingOrForTwoThings) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {}})"),
              ElementsAre("spec.tasks[0].wait: says not for what: write for: 5m, until: and an expression that gives "
                          "a timestamp, run: {name: ...}, or object: {apiVersion: ..., kind: ..., name: ...}"));
  EXPECT_THAT(problems_of_task(R"js({"name": "a", "wait": {"for": "1s", "until": "timestamp(0)"}})js"),
              ElementsAre("spec.tasks[0].wait: has both for and until: it waits for one of them, so remove the other"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"for": "0s"}})"),
              ElementsAre("spec.tasks[0].wait.for: must be longer than 0s and at most ten years (87600h)"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"for": "soon"}})"),
              ElementsAre(HasSubstr("spec.tasks[0].wait.for: ")));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"fro": "1s"}})"),
              ElementsAre("spec.tasks[0].wait: there is no field \"fro\"; did you mean \"for\"?"));
}

TEST(WaitingRules, ARunIsNamedByAnExpression) {
  EXPECT_THAT(
      problems_of_task(R"js({"name": "a", "timeout": "1h", "wait": {"run": {"name": "'nightly-' + run.name"}}})js"),
      IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"run": {"name": "nightly-1"}}})"),
              ElementsAre("spec.tasks[0].wait.run.name: is an expression, in which a name stands in quotes of its own: "
                          "write '\"nightly-1\"'"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"run": {"name": "1 + 1"}}})"),
              ElementsAre("spec.tasks[0].wait.run.name: has the type int, but has to be a string"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"run": {}}})"),
              ElementsAre("spec.tasks[0].wait.run.name: is missing"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"for": "1s", "run": {"name": "'n'"}}})"),
              ElementsAre("spec.tasks[0].wait: has both for and run: it waits for one of them, so remove the other"));
}

// "hold", which waits for an object.
std::vector<std::string> problems_of_wait_for(const std::string& object) {
  return problems_of_task((R"({"name": "hold", "wait": {"object": )" + object + "}}").c_str());
}

TEST(WaitingRules, AnObjectIsNamedByItsKindAndAnExpression) {
  const std::string web = R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": "'web-' + run.name")";
  EXPECT_THAT(problems_of_wait_for(web + "}"), IsEmpty());
  EXPECT_THAT(problems_of_wait_for(web + R"(, "condition": "Available"})"), IsEmpty());
  EXPECT_THAT(problems_of_wait_for(web + R"(, "until": "object.status.readyReplicas > 2 && run.name != 'x'"})"),
              IsEmpty());
  EXPECT_THAT(
      problems_of_wait_for(R"({"kind": "deployment", "name": "web"})"),
      ElementsAre("spec.tasks[0].wait.object.apiVersion: is missing",
                  "spec.tasks[0].wait.object.kind: \"deployment\" is no kind: letters and digits, as Deployment",
                  "spec.tasks[0].wait.object.name: is an expression, in which a name stands in quotes of its "
                  "own: write '\"web\"'"));
  EXPECT_THAT(problems_of_wait_for(R"({"apiVersion": "apps", "kind": "Deployment", "name": "'web'"})"),
              ElementsAre("spec.tasks[0].wait.object.apiVersion: \"apps\" is no API version: write a group and a "
                          "version, as apps/v1, or v1"));
}

TEST(WaitingRules, OfAnObjectOneThingIsAsked) {
  const std::string web = R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": "'web'")";
  EXPECT_THAT(problems_of_wait_for(web + R"(, "condition": "Available", "until": "true"})"),
              ElementsAre("spec.tasks[0].wait.object: has both condition and until: remove one of them, or ask for the "
                          "condition in until"));
  EXPECT_THAT(problems_of_wait_for(web + R"(, "until": "1 + 1"})"),
              ElementsAre("spec.tasks[0].wait.object.until: has the type int, but has to be a bool: true or false"));
  EXPECT_THAT(problems_of_wait_for(web + R"(, "until": "objekt.x == 1"})"),
              ElementsAre("spec.tasks[0].wait.object.until: at character 1 of \"objekt.x == 1\": there is no variable "
                          "\"objekt\"; did you mean \"object\"?"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "when": "object.x == 1", "image": "i"})"),
              ElementsAre(HasSubstr("there is no variable \"object\"")));
  EXPECT_THAT(problems_of_wait_for(R"({"apiVersion": "v1", "kind": "Secret", "name": "'key'"})"),
              ElementsAre("spec.tasks[0].wait.object: is a Secret, which is never read: wait for what uses it"));
}

TEST(WaitingRules, RefuseAPodBeside) {
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "script": "s", "wait": {"for": "1s"}})"),
      ElementsAre("spec.tasks[0]: has both wait and image: a task either waits or runs a Pod, so make two tasks "
                  "of it, or remove one of them"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "retry": {"limit": 1}, "count": 2, "wait": {"for": "1s"}})"),
              ElementsAre("spec.tasks[0].count: means nothing for a task that waits without a Pod: remove it",
                          "spec.tasks[0].retry: means nothing for a task that waits without a Pod: remove it"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "cache": {"key": "1", "ttl": "1h"}, "wait": {"for": "1s"}})"),
              ElementsAre("spec.tasks[0].cache: means nothing for a task that waits without a Pod: remove it"));
}

TEST(WaitingRules, TakeAQuestion) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "approve": {}})"), IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "onFailure": "run",
                                   "approve": {"message": "go?", "timeout": "1h", "default": "approve"}})"),
              IsEmpty());
}

TEST(WaitingRules, RefuseAQuestionThatMakesNoSense) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "approve": {}, "wait": {"for": "1s"}})"),
              ElementsAre("spec.tasks[0]: has both wait and approve: a task waits for one thing, so make two tasks of "
                          "it, or remove one of them"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "approve": {}, "script": "s"})"),
              ElementsAre("spec.tasks[0]: has both approve and script: a task either waits or runs a Pod, so make two "
                          "tasks of it, or remove one of them"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "approve": {"default": "approve"}})"),
              ElementsAre("spec.tasks[0].approve.default: means nothing without a timeout: an answer is waited for "
                          "until it comes"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "approve": {"timeout": "1h", "default": "yes"}})"),
              ElementsAre("spec.tasks[0].approve.default: must be approve or reject"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "approve": {"timeout": "0s"}, "timeout": "1h"})"),
              ElementsAre("spec.tasks[0].approve.timeout: must be longer than 0s and at most ten years (87600h)",
                          "spec.tasks[0].timeout: is for attempts, of which an approval has none: write it as "
                          "approve.timeout"));
}

TEST(WaitingRules, WantATimestampOfAnExpression) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"until": "2026-01-31T12:00:00Z"}})"),
              ElementsAre("spec.tasks[0].wait.until: is a time, and has to be an expression that gives one: write "
                          "timestamp(\"2026-01-31T12:00:00Z\")"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "wait": {"until": "1 + 1"}})"),
              ElementsAre("spec.tasks[0].wait.until: has the type int, but has to be a timestamp, as "
                          "timestamp(\"2026-01-31T12:00:00Z\") gives"));
  EXPECT_THAT(problems_of_task(R"js({"name": "a", "wait": {"until": "timestamp(tasks.b.output)"}})js"),
              ElementsAre("spec.tasks[0].wait.until: there is no task \"b\": add it, or refer to another"));
}

TEST(WaitingRules, MakeATaskWaitForWhatItsMomentIsTakenFrom) {
  const auto compiled = compile(api::Json::parse(R"js({"defaults": {"image": "i", "timeout": "1m"}, "tasks": [
      {"name": "plan"}, {"name": "hold", "wait": {"until": "timestamp(tasks.plan.output)"}}]})js"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->graph.upstream(1).size(), 1U);
  EXPECT_FALSE(compiled->tasks[1].task.image);
  // The defaults' timeout is that of an attempt.
  EXPECT_EQ(compiled->tasks[1].timeout_ms, 0);
}

}  // namespace
}  // namespace ork::workflow
