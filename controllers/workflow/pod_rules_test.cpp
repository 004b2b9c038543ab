// Rules about what passes through to the Pod, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems_of_pod(const std::string& pod_template) {
  return problems_of_task(R"({"name": "a", "podTemplate": )" + pod_template + "}");
}

TEST(EnvRules, RefuseWhatAnApiServerRefuses) {
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "env": [{"name": "A"}, {"name": "A", "valu": "x"},
                                   {"name": "B=", "value": "x", "valueFrom": {"fieldRef": {}}}, {"name": "C", "valueFrom": 1}]})"),
      ElementsAre("spec.tasks[0].env[1].name: \"A\" is the name of spec.tasks[0].env[0] already: rename one of them",
                  "spec.tasks[0].env[1]: there is no field \"valu\"; did you mean \"value\"?",
                  "spec.tasks[0].env[2].name: may have at most 256 characters, and no '='",
                  "spec.tasks[0].env[2]: has both value and valueFrom: remove one of them",
                  "spec.tasks[0].env[3].valueFrom: must be an object, as in {secretKeyRef: {name: db, key: "
                  "password}}"));
}

TEST(EnvRules, RefuseWhatIsNoVariable) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "env": ["A=1", {"value": "x"}, {"name": ""}, {"name": 3},
                                  {"name": "B", "value": 1}, {"name": "C", "valueFrom": {}}]})"),
              ElementsAre("spec.tasks[0].env[0]: must be a variable with a name, as in {name: LEVEL, value: debug}",
                          "spec.tasks[0].env[1]: must be a variable with a name, as in {name: LEVEL, value: debug}",
                          "spec.tasks[0].env[2]: must be a variable with a name, as in {name: LEVEL, value: debug}",
                          "spec.tasks[0].env[3]: must be a variable with a name, as in {name: LEVEL, value: debug}",
                          "spec.tasks[0].env[4].value: is 1, but must be a string: put it in quotes"));
}

TEST(EnvRules, RefuseNamesThatAreOrksWhereverTheyAre) {
  const std::string rest = " begins with ORK_, which only ork's own variables may: rename it";
  EXPECT_THAT(problems_of(R"({"defaults": {"image": "i", "env": [{"name": "ORK_RUN"}]},
    "tasks": [{"name": "a", "env": [{"name": "OR"}, {"name": "ORK_"}]},
              {"name": "b", "podTemplate": {"spec": {"containers": [{"name": "c", "env": [{"name": "ORK_X"}]}]}}}]})"),
              ElementsAre("spec.defaults.env[0].name: \"ORK_RUN\"" + rest, "spec.tasks[0].env[1].name: \"ORK_\"" + rest,
                          "spec.tasks[1].podTemplate.spec.containers[0].env[0].name: \"ORK_X\"" + rest));
}

TEST(EnvRules, RefuseSourcesThatAreNoObjects) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "envFrom": [{"secretRef": {"name": "s"}}, "c"]})"),
              ElementsAre("spec.tasks[0].envFrom[1]: must be an object with configMapRef or secretRef"));
}

TEST(PodRules, RefuseAPodWithoutContainers) {
  const std::string at_least_one = "must be a list of at least one container";
  EXPECT_THAT(problems_of_pod(R"({"spec": {}})"),
              ElementsAre("spec.tasks[0].podTemplate.spec.containers: " + at_least_one));
  EXPECT_THAT(problems_of_pod(R"({"spec": {"containers": []}})"),
              ElementsAre("spec.tasks[0].podTemplate.spec.containers: " + at_least_one));
  EXPECT_THAT(problems_of_pod(R"({"spec": {"containers": {}}})"),
              ElementsAre("spec.tasks[0].podTemplate.spec.containers: " + at_least_one));
  EXPECT_THAT(problems_of_pod(R"({"spec": "x"})"),
              ElementsAre("spec.tasks[0].podTemplate.spec: must be an object: the spec of a Pod"));
}

TEST(PodRules, RefuseAContainerWithoutAName) {
  EXPECT_THAT(problems_of_pod(R"({"spec": {"containers": [{"image": "i"}, 3, {"name": "x", "env": 3}]}})"),
              ElementsAre("spec.tasks[0].podTemplate.spec.containers[0]: must be a container with a name",
                          "spec.tasks[0].podTemplate.spec.containers[1]: must be a container with a name",
                          "spec.tasks[0].podTemplate.spec.containers[2].env: must be a list of variables, each with a "
                          "name"));
}

TEST(PodRules, RefuseARestartPolicyThatWouldRetryBehindOurBack) {
  EXPECT_THAT(problems_of_pod(R"({"spec": {"restartPolicy": "OnFailure", "containers": [{"name": "main"}]}})"),
              ElementsAre("spec.tasks[0].podTemplate.spec.restartPolicy: must be Never or left out: use the task's "
                          "retry instead"));
  EXPECT_THAT(problems_of_pod(R"({"spec": {"restartPolicy": "Never", "containers": [{"name": "main"}]}})"), IsEmpty());
}

TEST(PodRules, RefuseMetadataThatIsNotText) {
  EXPECT_THAT(problems_of_pod(R"({"metadata": {"labels": {"a": 1, "b": "c"}, "annotations": []},
                                 "spec": {"containers": [{"name": "main"}]}})"),
              ElementsAre("spec.tasks[0].podTemplate.metadata.labels: the value of \"a\" must be a string: put it in "
                          "quotes",
                          "spec.tasks[0].podTemplate.metadata.annotations: must be an object of strings"));
  EXPECT_THAT(problems_of_pod(R"({"metadata": [], "spec": {"containers": [{"name": "main"}]}})"),
              ElementsAre("spec.tasks[0].podTemplate.metadata: must be an object"));
}

}  // namespace
}  // namespace ork::workflow
