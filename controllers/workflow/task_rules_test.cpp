// Rules about each task by itself, as compile() reports them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/workflow/problems_of.hpp"
#include "controllers/workflow/resource_rules.hpp"

namespace ork::workflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TaskRules, RefuseANameThatIsNoDnsLabel) {
  EXPECT_THAT(problems_of_task(R"({"name": "Load_All", "image": "i"})"),
              ElementsAre("spec.tasks[0].name: \"Load_All\" must be at most 63 lower case letters, digits and '-', and "
                          "begin and end with a letter or digit"));
}

TEST(TaskRules, RefuseAnEmptyListOfTasks) {
  EXPECT_THAT(problems_of(R"({"tasks": []})"), ElementsAre("spec.tasks: is empty: a workflow needs at least one task"));
}

TEST(TaskRules, RefuseATaskWithNothingToRun) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "script": "true"})"),
              ElementsAre("spec.tasks[0]: has neither an image nor a podTemplate: give it an image, or give one to all "
                          "tasks in defaults.image"));
  EXPECT_THAT(problems_of(R"({"defaults": {"image": "i"}, "tasks": [{"name": "a", "script": "true"}]})"), IsEmpty());
}

TEST(TaskRules, RefuseATaskOfTwoKinds) {
  const std::string pod = R"("podTemplate": {"spec": {"containers": [{"name": "main", "image": "i"}]}})";
  EXPECT_THAT(problems_of_task(R"({"name": "a", )" + pod + "}"), IsEmpty());
  const std::string rest = ": a podTemplate says all of its containers itself, so remove one of them";
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", )" + pod + "}"),
              ElementsAre("spec.tasks[0]: has both podTemplate and image" + rest));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "script": "s", )" + pod + "}"),
              ElementsAre("spec.tasks[0]: has both podTemplate and script" + rest));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "command": ["s"], )" + pod + "}"),
              ElementsAre("spec.tasks[0]: has both podTemplate and command" + rest));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "args": ["s"], )" + pod + "}"),
              ElementsAre("spec.tasks[0]: has both podTemplate and args" + rest));
}

TEST(TaskRules, RefuseAScriptBesideACommandOrArgs) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "script": "s", "command": ["c"]})"),
              ElementsAre("spec.tasks[0]: has both script and command: a script is run by sh, so write the whole of it "
                          "there and remove the other"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "script": "s", "args": ["c"]})"),
              ElementsAre("spec.tasks[0]: has both script and args: a script is run by sh, so write the whole of it "
                          "there and remove the other"));
}

TEST(TaskRules, RefuseACircuitBreakerThatCouldNeverOpen) {
  api::Json spec = api::Json::parse(R"({"circuitBreaker": {"failures": 3}, "failedRunsHistoryLimit": 3,
                                        "tasks": [{"name": "a", "image": "i"}]})");
  EXPECT_THAT(problems_of(spec), IsEmpty());
  spec["failedRunsHistoryLimit"] = 2;
  EXPECT_THAT(problems_of(spec),
              ElementsAre("spec.failedRunsHistoryLimit: keeps fewer failed runs than circuitBreaker counts, so that it "
                          "could never open: keep at least 3"));
  spec["circuitBreaker"] = api::Json::object();
  EXPECT_THAT(problems_of(spec), ElementsAre("spec.circuitBreaker.failures: is missing"));
}

TEST(TaskRules, RefuseACacheThatSaysTooLittle) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "cache": {"key": "[1, run.name]", "ttl": "24h"}})"),
              IsEmpty());
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "cache": {}})"),
              ElementsAre("spec.tasks[0].cache.key: is missing", "spec.tasks[0].cache.ttl: is missing"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "cache": {"key": "", "ttl": "0s"}})"),
              ElementsAre("spec.tasks[0].cache.key: is empty", "spec.tasks[0].cache.ttl: must be longer than 0s"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "cache": {"key": "1", "ttl": "1 day"}})"),
              ElementsAre("spec.tasks[0].cache.ttl: is no duration: write it like 90s, 10m or 1h30m"));
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "cache": {"key": "params.dya", "ttl": "1h"}})"),
      ElementsAre("spec.tasks[0].cache.key: there is no param \"dya\": declare it in params, or refer to another"));
}

TEST(TaskRules, MakeATaskWaitForWhatItsKeyNames) {
  const auto compiled = compile(api::Json::parse(R"({"defaults": {"image": "i"}, "tasks": [
      {"name": "a", "cache": {"key": "tasks.b.output", "ttl": "1h"}}, {"name": "b"}]})"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->graph.upstream(0).size(), 1U);
}

TEST(TaskRules, RefuseParallelismOfATaskThatDoesNotFanOut) {
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "parallelism": 2})"),
      ElementsAre("spec.tasks[0].parallelism: means nothing without count, forEach or matrix: set one of them, or "
                  "remove parallelism"));
}

TEST(TaskRules, TakeElementsWrittenOutAndParallelismOfThem) {
  for (const char* elements : {R"([])", R"(["a", {"b": [1]}])", R"({})", R"({"a": 1})", R"x("[1, 2]")x"}) {
    EXPECT_THAT(
        problems_of_task(R"({"name": "a", "image": "i", "parallelism": 2, "forEach": )" + std::string(elements) + "}"),
        testing::IsEmpty())
        << elements;
  }
}

TEST(TaskRules, RefuseElementsThatCanNotBeHandedOut) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "count": 2, "forEach": ["x"]})"),
              ElementsAre("spec.tasks[0]: has both count and forEach: forEach makes one index for each element, so "
                          "remove one of them"));
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "i", "forEach": 3})"),
              ElementsAre("spec.tasks[0].forEach: is 3, but must be a list, a map or an expression that gives one"));
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "forEach": [")" + std::string(98'305, 'x') + R"("]})"),
      ElementsAre(
          "spec.tasks[0].forEach: has an element, number 0, of 98305 bytes, but one may have at most 98304: hand over "
          "where to find it instead"));
}

TEST(TaskRules, RefuseATimeoutOfNothing) {
  EXPECT_THAT(problems_of(R"({"timeout": "0s", "defaults": {"timeout": "0m", "image": "i"},
                             "tasks": [{"name": "a", "timeout": "0ms"}]})"),
              ElementsAre("spec.timeout: must be longer than 0s", "spec.defaults.timeout: must be longer than 0s",
                          "spec.tasks[0].timeout: must be longer than 0s"));
}

TEST(TaskRules, RefuseAmountsThatKubernetesCanNotRead) {
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": "i", "resources": {"requests": {"cpu": 1, "memory": "64Mi"},
                                   "limits": {"cpu": "500m", "memory": "1e3", "x": "+.5", "y": "64MB", "z": true}}})"),
      ElementsAre("spec.tasks[0].resources.limits.y: is \"64MB\", but must be an amount such as 500m, 2 or 64Mi",
                  "spec.tasks[0].resources.limits.z: is true, but must be an amount such as 500m, 2 or 64Mi"));
  for (const char* bad : {"", "m", "1 Mi", "--1", "1e", "1e3e3", "0x1", "."}) EXPECT_FALSE(is_quantity(bad)) << bad;
  for (const char* good : {"0", "1.", "-2", "1E3", "1e-3", "12.5Gi", "7u"}) EXPECT_TRUE(is_quantity(good)) << good;
}

TEST(TaskRules, RefuseImagesWithATemplateInThem) {
  EXPECT_THAT(problems_of_task(R"({"name": "a", "image": "{{ .Values.image }}"})"), testing::SizeIs(1));
}

TEST(TaskRules, RefuseNamesOfImagesAndAccountsThatCannotBe) {
  const std::string image(1025, 'i'), account(254, 'a');
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": ""})"),
      ElementsAre("spec.tasks[0].image: must be the name of an image such as busybox:1.36, at most 1024 bytes long and "
                  "without blanks and braces"));
  EXPECT_THAT(
      problems_of_task(R"({"name": "a", "image": ")" + image + R"(", "serviceAccountName": ")" + account + "\"}"),
      ElementsAre("spec.tasks[0].image: must be the name of an image such as busybox:1.36, at most 1024 bytes long and "
                  "without blanks and braces",
                  "spec.tasks[0].serviceAccountName: must be a name, at most 253 bytes long"));
}

}  // namespace
}  // namespace ork::workflow
