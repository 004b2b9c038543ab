// Rules about single fields, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controllers/schema/limits.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Fields, TakeASpecThatHasEveryFieldThereIs) {
  EXPECT_THAT(problems_of(R"({
    "types": {"Letter": {"pattern": "^[a-z]$", "minLength": 1, "maxLength": 1}},
    "params": [{"name": "day", "type": "string", "description": "d", "default": "a", "enum": ["a", "b"]},
      {"name": "n", "type": "integer", "minimum": 1, "maximum": 3, "default": 2}, {"name": "l", "type": "Letter"}],
    "defaults": {"image": "busybox", "timeout": "10m", "onFailure": "skip", "serviceAccountName": "s",
      "retry": {"limit": 3, "backoff": {"initial": "10s", "factor": 2, "max": "2m", "jitter": 0.1}},
      "env": [{"name": "A", "value": "1"}], "envFrom": [{"configMapRef": {"name": "c"}}], "resources": {}},
    "parallelism": 10, "timeout": "1h", "ttlSecondsAfterFinished": 0,
    "successfulRunsHistoryLimit": 3, "failedRunsHistoryLimit": 0,
    "tasks": [
      {"name": "list", "script": "true", "output": {"items": {"type": "Letter"}, "minItems": 0, "maxItems": 3}},
      {"name": "load", "image": "i", "command": ["c"], "args": ["a"], "dependsOn": ["list"], "count": 3,
       "parallelism": 2, "inputs": {"day": "params.day"}, "when": "params.day < 'b'", "trigger": "allDone", "retry": {"limit": 1}, "timeout": "5s", "onFailure": "run",
       "env": [], "envFrom": [], "resources": {}, "serviceAccountName": "t"},
      {"name": "pod", "podTemplate": {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
        "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "anything": 1}]}}}]})"),
              IsEmpty());
}

TEST(Fields, RefuseAnUnknownOneAndNameTheNearest) {
  EXPECT_THAT(problems_of(R"({"parallelsim": 3, "tasks": [{"name": "a", "image": "i", "dependOn": [], "weather": "true",
                             "retry": {"limit": 1, "backof": {}}}]})"),
              ElementsAre("spec: there is no field \"parallelsim\"; did you mean \"parallelism\"?",
                          "spec.tasks[0]: there is no field \"dependOn\"; did you mean \"dependsOn\"?",
                          "spec.tasks[0]: there is no field \"weather\"; remove it, or move it to where it belongs",
                          "spec.tasks[0].retry: there is no field \"backof\"; did you mean \"backoff\"?"));
}

TEST(Fields, RefuseUnknownOnesAtEveryLevelButNotInWhatPassesThrough) {
  EXPECT_THAT(problems_of(R"({"params": [{"name": "a", "patern": "x"}], "defaults": {"command": []},
    "tasks": [{"name": "a", "podTemplate": {"kind": "Pod", "metadata": {"name": "x"}, "spec": {"x": 1, "containers":
      [{"name": "main", "y": 2}]}}, "retry": {"limit": 1, "backoff": {"steps": 1}}, "resources": {"z": 3}}]})"),
              ElementsAre("spec.defaults: there is no field \"command\"; remove it, or move it to where it belongs",
                          "spec.tasks[0].podTemplate: there is no field \"kind\"; remove it, or move it to where it "
                          "belongs",
                          "spec.tasks[0].podTemplate.metadata: there is no field \"name\"; remove it, or move it to "
                          "where it belongs",
                          "spec.tasks[0].retry.backoff: there is no field \"steps\"; remove it, or move it to where "
                          "it belongs",
                          "spec.params[0]: there is no field \"patern\"; did you mean \"pattern\"?",
                          "spec.tasks[0].resources: there is no field \"z\"; there is: requests, limits, claims"));
}

TEST(Fields, OfOtherSystemsAreToldInOrksWords) {
  EXPECT_THAT(
      problems_of(R"({"tasks": [{"name": "a", "container": {"image": "i"}, "needs": ["b"]}]})"),
      ElementsAre("spec.tasks[0]: there is no field \"container\": a task is its container: give image, command, "
                  "args or script to the task itself",
                  "spec.tasks[0]: there is no field \"needs\": write dependsOn: a list of tasks' names"));
}

TEST(Fields, RefuseASpecWithoutWhatIsRequired) {
  EXPECT_THAT(problems_of("{}"), ElementsAre("spec.tasks: is missing"));
  EXPECT_THAT(problems_of(R"({"params": [{}], "defaults": {"image": "i", "retry": {}}, "tasks": [{}, {"name": ""},
                             {"name": "c", "podTemplate": {}}]})"),
              ElementsAre("spec.params[0].name: is missing", "spec.defaults.retry.limit: is missing",
                          "spec.tasks[0].name: is missing", "spec.tasks[1].name: is empty",
                          "spec.tasks[2].podTemplate.spec: is missing"));
}

TEST(Fields, TakeNullForNotSet) {
  EXPECT_THAT(problems_of(R"({"params": null, "defaults": null, "tasks": [{"name": "a", "image": "i", "count": null,
                             "inputs": null, "env": null, "podTemplate": null}]})"),
              IsEmpty());
}

TEST(Fields, RefuseNumbersOutOfTheirBounds) {
  EXPECT_THAT(problems_of(R"({"parallelism": 0, "ttlSecondsAfterFinished": -1, "successfulRunsHistoryLimit": -1,
    "failedRunsHistoryLimit": -2, "tasks": [{"name": "a", "image": "i", "count": 100001, "parallelism": 100001,
    "retry": {"limit": 4294967297, "backoff": {"factor": 0.5, "jitter": 1.5}}},
    {"name": "b", "image": "i", "count": 0, "retry": {"limit": -1, "backoff": {"factor": 11, "jitter": -0.1}}}]})"),
              ElementsAre("spec.parallelism: is 0, but must be from 1 to 100000",
                          "spec.ttlSecondsAfterFinished: is -1, but must be at least 0",
                          "spec.successfulRunsHistoryLimit: is -1, but must be at least 0",
                          "spec.failedRunsHistoryLimit: is -2, but must be at least 0",
                          "spec.tasks[0].count: is 100001, but must be from 1 to 100000",
                          "spec.tasks[0].parallelism: is 100001, but must be from 1 to 100000",
                          "spec.tasks[0].retry.limit: is 4294967297, but must be from 0 to 100",
                          "spec.tasks[0].retry.backoff.factor: is 0.5, but must be from 1 to 10",
                          "spec.tasks[0].retry.backoff.jitter: is 1.5, but must be from 0 to 1",
                          "spec.tasks[1].count: is 0, but must be from 1 to 100000",
                          "spec.tasks[1].retry.limit: is -1, but must be from 0 to 100",
                          "spec.tasks[1].retry.backoff.factor: is 11, but must be from 1 to 10",
                          "spec.tasks[1].retry.backoff.jitter: is -0.1, but must be from 0 to 1"));
}

TEST(Fields, RefuseListsThatAreTooLong) {
  api::Json spec = {{"params", api::Json::array()}, {"defaults", {{"image", "i"}}}, {"tasks", api::Json::array()}};
  for (std::size_t i = 0; i <= max_params; ++i) spec["params"].push_back({{"name", "p" + std::to_string(i)}});
  for (std::size_t i = 0; i <= max_tasks; ++i) spec["tasks"].push_back({{"name", "t" + std::to_string(i)}});
  EXPECT_THAT(problems_of(spec), ElementsAre("spec.params: has 65 entries, but may have at most 64",
                                             "spec.tasks: has 5001 entries, but may have at most 5000"));
}

TEST(Fields, RefuseMoreInputsDependenciesAndChoicesThanThereMayBe) {
  api::Json inputs = api::Json::object(), names = api::Json::array(), choices = api::Json::array();
  for (std::size_t i = 0; i <= max_inputs; ++i) inputs["i" + std::to_string(i)] = "run.name";
  for (std::size_t i = 0; i <= max_depends_on; ++i) names.push_back("b");
  for (std::size_t i = 0; i <= schema::max_enum; ++i) choices.push_back("c");
  const api::Json spec = {
      {"params", {{{"name", "p"}, {"enum", choices}}}},
      {"tasks",
       {{{"name", "a"}, {"image", "i"}, {"inputs", inputs}, {"dependsOn", names}}, {{"name", "b"}, {"image", "i"}}}}};
  EXPECT_THAT(problems_of(spec), ElementsAre("spec.tasks[0].dependsOn: has 5001 entries, but may have at most 5000",
                                             "spec.tasks[0].inputs: has 65 entries, but may have at most 64",
                                             "spec.params[0].enum: has 65 entries, but may have at most 64"));
}

TEST(Fields, OfTheWrongTypeAreReportedWithTheUnknownOnes) {
  EXPECT_THAT(problems_of(R"({"x": 1, "tasks": [{"name": "a", "image": 3}]})"),
              ElementsAre("spec: there is no field \"x\"; remove it, or move it to where it belongs",
                          "spec.tasks[0].image: is 3, but must be a string: put it in quotes"));
  EXPECT_THAT(problems_of(R"({"tasks": [3]})"), ElementsAre("spec.tasks[0]: is 3, but must be an object"));
  // All of them, and what is wrong elsewhere; not what only follows from them.
  EXPECT_THAT(problems_of(R"({"timeout": 5, "tasks": [{"name": "a", "image": true, "retry": 2, "dependsOn": "b c"},
                             {"name": "b", "image": "i", "dependsOn": ["d"]}]})"),
              ElementsAre("spec.timeout: is 5, but must be a duration such as 90s, 10m or 1h30m: write it as 5s",
                          "spec.tasks[0].image: is true, but must be a string: put it in quotes",
                          "spec.tasks[0].retry: is 2, but must be an object: write it as {limit: 2}",
                          "spec.tasks[0].dependsOn: is \"b c\", but must be a list: write it as [b, c]",
                          "spec.tasks[1].dependsOn[0]: there is no task \"d\": add it, or refer to another"));
  EXPECT_THAT(problems_of(R"({"tasks": [{"name": 1, "image": "i"}, {"name": "b", "image": "i", "dependsOn": ["1"]}]})"),
              ElementsAre("spec.tasks[0].name: is 1, but must be a string: put it in quotes"));
  EXPECT_THAT(problems_of(R"({"defaults": {"image": 1}, "tasks": [{"name": "a", "command": ["echo", 1, 2]}]})"),
              ElementsAre("spec.defaults.image: is 1, but must be a string: put it in quotes",
                          "spec.tasks[0].command[1]: is 1, but must be a string: put it in quotes",
                          "spec.tasks[0].command[2]: is 2, but must be a string: put it in quotes"));
  EXPECT_THAT(problems_of(R"({"tasks": [{"name": "a", "image": "i", "timeout": "5 minutes"}]})"),
              ElementsAre("spec.tasks[0].timeout: is no duration: write it like 90s, 10m or 1h30m"));
}

}  // namespace
}  // namespace ork::workflow
