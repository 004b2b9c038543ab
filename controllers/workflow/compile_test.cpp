#include "controllers/workflow/compile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using testing::ElementsAre;

Definition compiled(const char* spec) {
  auto definition = compile(Json::parse(spec));
  EXPECT_TRUE(definition.ok()) << testing::PrintToString(problems_of(spec));
  return definition.ok() ? std::move(*definition) : Definition{};
}

TEST(Compile, KeepsTasksInDeclaredOrderAndFindsThemByName) {
  const auto definition = compiled(R"({"tasks": [{"name": "c", "image": "i", "dependsOn": ["b"]},
                                                 {"name": "a", "image": "i"}, {"name": "b", "image": "i"}]})");
  ASSERT_EQ(definition.tasks.size(), 3u);
  EXPECT_EQ(definition.tasks[0].name(), "c");
  EXPECT_EQ(definition.index_of("c"), 0);
  EXPECT_EQ(definition.index_of("a"), 1);
  EXPECT_EQ(definition.index_of("b"), 2);
  EXPECT_EQ(definition.index_of("d"), -1);
  EXPECT_EQ(definition.index_of(""), -1);
  EXPECT_THAT(definition.graph.upstream(0), ElementsAre(2));
}

TEST(Compile, KeepsWhatIsSaidOfTheWholeRun) {
  const auto definition = compiled(R"({"params": [{"name": "day", "default": "x"}], "parallelism": 7, "timeout": "1h",
    "ttlSecondsAfterFinished": 60, "successfulRunsHistoryLimit": 3, "failedRunsHistoryLimit": 0,
    "tasks": [{"name": "a", "image": "i"}]})");
  EXPECT_EQ(definition.params.at(0).name, "day");
  EXPECT_EQ(definition.parallelism, 7);
  EXPECT_EQ(definition.timeout_ms, 3'600'000);
  EXPECT_EQ(definition.ttl_seconds_after_finished, 60);
  EXPECT_EQ(definition.successful_runs_history_limit, 3);
  EXPECT_EQ(definition.failed_runs_history_limit, 0);
  EXPECT_EQ(compiled(R"({"tasks": [{"name": "a", "image": "i"}]})").parallelism, std::nullopt);
}

TEST(Compile, GivesATaskWhatNobodySaid) {
  const auto definition = compiled(R"({"tasks": [{"name": "a", "image": "i"}]})");
  const CompiledTask& task = definition.tasks[0];
  EXPECT_EQ(task.retry.limit, 0);
  EXPECT_EQ(task.timeout_ms, 0);
  EXPECT_EQ(task.on_failure, api::OnFailure::Skip);
  EXPECT_FALSE(task.fans_out());
  EXPECT_TRUE(task.env().is_null());
  EXPECT_TRUE(task.env_from().is_null());
  EXPECT_TRUE(task.resources().is_null());
}

constexpr const char* with_defaults = R"({
  "defaults": {"image": "base", "timeout": "10m", "retry": {"limit": 3}, "onFailure": "run", "serviceAccountName": "sa",
    "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}], "envFrom": [{"secretRef": {"name": "s"}}],
    "resources": {"limits": {"cpu": "1"}}, "securityContext": {"runAsUser": 1000, "privileged": false}},
  "tasks": [
    {"name": "plain"},
    {"name": "own", "image": "own", "timeout": "1s", "retry": {"limit": 0, "backoff": {"initial": "1s"}},
     "onFailure": "skip", "serviceAccountName": "sb",
     "env": [{"name": "C", "value": "$(A)!"}, {"name": "B", "value": "4"}],
     "envFrom": [], "resources": {}, "securityContext": {"runAsUser": 2000}, "count": 3},
    {"name": "pod", "podTemplate": {"spec": {"containers": [{"name": "main", "image": "i"}]}}}]})";

TEST(Compile, MergesDefaultsIntoATaskThatSaysNothing) {
  const auto definition = compiled(with_defaults);
  const CompiledTask& task = definition.tasks[0];
  EXPECT_EQ(task.task.image, "base");
  EXPECT_EQ(task.timeout_ms, 600'000);
  EXPECT_EQ(task.retry.limit, 3);
  EXPECT_EQ(task.on_failure, api::OnFailure::Run);
  EXPECT_EQ(task.task.service_account_name, "sa");
  EXPECT_EQ(task.env(), Json::parse(R"([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])"));
  EXPECT_EQ(task.env_from(), Json::parse(R"([{"secretRef": {"name": "s"}}])"));
  EXPECT_EQ(task.resources(), Json::parse(R"({"limits": {"cpu": "1"}})"));
  EXPECT_EQ(task.security_context(), Json::parse(R"({"runAsUser": 1000, "privileged": false})"));
}

TEST(Compile, LetsTheTaskWinOverTheDefaultsAndMergesEnvByName) {
  const auto definition = compiled(with_defaults);
  const CompiledTask& task = definition.tasks[1];
  EXPECT_EQ(task.task.image, "own");
  EXPECT_EQ(task.timeout_ms, 1000);
  EXPECT_EQ(task.retry.limit, 0);
  EXPECT_EQ(task.retry.backoff.initial_ms, 1000);
  EXPECT_EQ(task.on_failure, api::OnFailure::Skip);
  EXPECT_EQ(task.task.service_account_name, "sb");
  EXPECT_EQ(task.env(), Json::parse(R"([{"name": "A", "value": "1"}, {"name": "C", "value": "$(A)!"},
                                        {"name": "B", "value": "4"}])"));
  EXPECT_EQ(task.env_from(), Json::array());
  EXPECT_EQ(task.resources(), Json::object());
  EXPECT_EQ(task.security_context(), Json::parse(R"({"runAsUser": 2000})")) << "the whole of it, not field by field";
  EXPECT_TRUE(task.fans_out());
}

TEST(Compile, TakesATasksOwnEnvAsItIsWhereThereIsNoDefault) {
  const auto definition = compiled(R"({"tasks": [{"name": "a", "image": "i", "env": [{"name": "A"}]}]})");
  EXPECT_EQ(definition.tasks[0].env(), Json::parse(R"([{"name": "A"}])"));
}

TEST(Compile, GivesAPodTemplateNoDefaultImage) {
  const auto definition = compiled(with_defaults);
  EXPECT_EQ(definition.tasks[2].task.image, std::nullopt);
  EXPECT_EQ(definition.tasks[2].timeout_ms, 600'000);
}

TEST(Compile, ParsesInputsAndNamesTheirVariables) {
  const auto definition = compiled(R"({"params": [{"name": "day"}], "tasks": [{"name": "list", "image": "i"},
    {"name": "load", "image": "i", "inputs": {"files": "tasks.list.output.files", "Day": "params.day"}}]})");
  const auto& inputs = definition.tasks[1].inputs;
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(inputs[0].name, "Day");
  EXPECT_EQ(inputs[0].env_name, "ORK_INPUT_DAY");
  EXPECT_EQ(inputs[0].expression.text(), "params.day");
  EXPECT_EQ(inputs[1].env_name, "ORK_INPUT_FILES");
  EXPECT_THAT(inputs[1].expression.references().tasks, ElementsAre("list"));
}

TEST(Compile, WaitsForWhatWhenRefersTo) {
  const auto definition = compiled(R"({"tasks": [{"name": "list", "image": "i"},
    {"name": "load", "image": "i", "when": "tasks.list.output > 0", "trigger": "anySucceeded"}]})");
  ASSERT_TRUE(definition.tasks[1].when.has_value());
  EXPECT_EQ(definition.tasks[1].when->text(), "tasks.list.output > 0");
  EXPECT_EQ(definition.tasks[1].task.trigger, api::Trigger::AnySucceeded);
  EXPECT_THAT(definition.graph.upstream(1), ElementsAre(0));
  EXPECT_FALSE(definition.tasks[0].when.has_value());
}

TEST(Compile, FansOutByANumberOrAnExpression) {
  const auto definition = compiled(R"x({"tasks": [{"name": "list", "image": "i"},
    {"name": "load", "image": "i", "count": "size(tasks.list.output)", "parallelism": 2}]})x");
  EXPECT_TRUE(definition.tasks[1].fans_out());
  EXPECT_EQ(definition.tasks[1].task.count, std::nullopt);
  EXPECT_EQ(definition.tasks[1].count->text(), "size(tasks.list.output)");
  EXPECT_THAT(definition.graph.upstream(1), ElementsAre(0));
}

TEST(Compile, RefusesWhatIsNoSpec) {
  EXPECT_THAT(problems_of(Json()), ElementsAre("spec: is missing: a workflow needs tasks"));
  EXPECT_THAT(problems_of(Json(3)), ElementsAre("spec: must be an object"));
  EXPECT_THAT(problems_of(Json::array()), ElementsAre("spec: must be an object"));
}

TEST(Compile, SaysWhereTheSpecStands) {
  const auto definition = compile(Json::parse(R"({"tasks": [{"name": "a"}]})"), "spec.workflow");
  ASSERT_FALSE(definition.ok());
  EXPECT_EQ(definition.error()[0].path, "spec.workflow.tasks[0]");
}

TEST(Compile, RefusesASpecThatIsNestedTooDeepToBeCopied) {
  const std::size_t depth = 100'000;
  const Json spec = Json::parse(R"({"tasks": [{"name": "a", "image": "i", "resources": )" + [&] {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += R"({"a":)";
    return text + "1" + std::string(depth, '}');
  }() + "}]}");
  EXPECT_THAT(problems_of(spec), ElementsAre("spec: is nested more than 128 deep: make it flatter"));
}

TEST(Compile, ReportsProblemsOfAllRulesAtOnce) {
  EXPECT_THAT(
      problems_of(R"({"x": 1, "params": [{"name": "1"}], "tasks": [{"name": "a", "image": "i", "parallelism": 2,
                             "dependsOn": ["b"], "inputs": {"p": "params."}}]})"),
      ElementsAre("spec: there is no field \"x\"; remove it, or move it to where it belongs",
                  "spec.params[0].name: \"1\" must be at most 63 letters, digits and '_', and not begin with a "
                  "digit",
                  "spec.tasks[0].parallelism: means nothing without count, forEach or matrix: set one of them, or "
                  "remove parallelism",
                  "spec.tasks[0].inputs.p: at character 8 of \"params.\": the expression ends where the name of "
                  "a field is missing",
                  "spec.tasks[0].dependsOn[0]: there is no task \"b\": add it, or refer to another"));
}

}  // namespace
}  // namespace ork::workflow
