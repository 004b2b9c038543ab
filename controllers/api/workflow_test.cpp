#include "controllers/api/workflow.hpp"

#include <gtest/gtest.h>

#include "controllers/api/hostile_json.hpp"
#include "controllers/api/revision.hpp"

namespace ork::api {
namespace {

const char* const full_spec = R"({
  "types": {"File": {"type": "string"}},
  "output": "tasks.load.output",
  "params": [{"name": "day", "type": "string", "description": "which", "default": "today", "enum": ["today", "then"]},
             {"name": "plain"}],
  "defaults": {"image": "busybox", "timeout": "10m", "onFailure": "run", "env": [{"name": "A", "value": "1"}],
    "retry": {"limit": 1}, "envFrom": [{"secretRef": {"name": "s"}}], "resources": {"limits": {"cpu": "1"}},
    "serviceAccountName": "sa"},
  "parallelism": 10, "timeout": "1h", "ttlSecondsAfterFinished": 60, "successfulRunsHistoryLimit": 3,
  "failedRunsHistoryLimit": 1,
  "tasks": [
    {"name": "list", "script": "echo", "output": {"items": {"type": "File"}}},
    {"name": "load", "image": "img", "command": ["run"], "args": ["-v", "x"], "dependsOn": ["list"], "count": 5,
     "parallelism": 2, "inputs": {"files": "tasks.list.output"}, "when": "params.day > 'a'", "trigger": "noneFailed", "timeout": "90s", "onFailure": "skip",
     "retry": {"limit": 3, "backoff": {"initial": "1s", "factor": 3, "max": "1m", "jitter": 0.5}}},
    {"name": "pod", "podTemplate": {"spec": {"containers": []}}}]})";

Json full() { return Json::parse(full_spec); }

TEST(WorkflowSpec, ReadsEveryField) {
  auto decoded = decode_workflow_spec(full(), "spec");
  ASSERT_TRUE(decoded) << decoded.error().sentence();
  const WorkflowSpec& spec = *decoded;
  ASSERT_EQ(spec.params.size(), 2u);
  EXPECT_EQ(spec.params[0].schema.at("default"), Json("today"));
  EXPECT_EQ(spec.params[0].schema.at("enum").size(), 2u);
  EXPECT_EQ(spec.types.at("File").at("type"), "string");
  EXPECT_EQ(spec.output, "tasks.load.output");
  EXPECT_EQ(spec.tasks[0].output.at("items").at("type"), "File");
  EXPECT_EQ(spec.defaults.image, "busybox");
  EXPECT_EQ(spec.defaults.timeout_ms, 600'000);
  EXPECT_EQ(spec.defaults.on_failure, OnFailure::Run);
  EXPECT_EQ(spec.defaults.retry->limit, 1);
  EXPECT_EQ(spec.defaults.retry->backoff.initial_ms, 10'000);
  EXPECT_EQ(spec.defaults.env.size(), 1u);
  EXPECT_EQ(spec.defaults.env_from.size(), 1u);
  EXPECT_EQ(spec.defaults.resources["limits"]["cpu"], "1");
  EXPECT_EQ(spec.defaults.service_account_name, "sa");
  EXPECT_EQ(spec.parallelism, 10);
  EXPECT_EQ(spec.timeout_ms, 3'600'000);
  EXPECT_EQ(spec.ttl_seconds_after_finished, 60);
  EXPECT_EQ(spec.successful_runs_history_limit, 3);
  EXPECT_EQ(spec.failed_runs_history_limit, 1);
  ASSERT_EQ(spec.tasks.size(), 3u);
  EXPECT_EQ(spec.tasks[0].script, "echo");
  const Task& load = spec.tasks[1];
  EXPECT_EQ(load.command, std::vector<std::string>{"run"});
  EXPECT_EQ(load.args, (std::vector<std::string>{"-v", "x"}));
  EXPECT_EQ(load.depends_on, std::vector<std::string>{"list"});
  EXPECT_EQ(load.count, 5);
  EXPECT_EQ(load.parallelism, 2);
  EXPECT_EQ(load.inputs.at("files"), "tasks.list.output");
  EXPECT_EQ(load.timeout_ms, 90'000);
  EXPECT_EQ(load.on_failure, OnFailure::Skip);
  EXPECT_EQ(load.when, "params.day > 'a'");
  EXPECT_EQ(load.trigger, Trigger::NoneFailed);
  EXPECT_EQ(load.retry->limit, 3);
  EXPECT_EQ(load.retry->backoff.initial_ms, 1'000);
  EXPECT_EQ(load.retry->backoff.factor, 3.0);
  EXPECT_EQ(load.retry->backoff.max_ms, 60'000);
  EXPECT_EQ(load.retry->backoff.jitter, 0.5);
  EXPECT_TRUE(spec.tasks[2].pod_template.is_object());
}

TEST(WorkflowSpec, HooksAreTasksAfterTheOthers) {
  const auto spec =
      decode_workflow_spec(Json::parse(R"({"hooks": {"timeout": "5m", "onExit": [{"name": "end", "failsRun": true}]},
                      "tasks": [{"name": "a"}, {"name": "b", "hooks": {"onStart": [{"name": "x"}, {"name": "y"}]}}]})"),
                           "spec");
  ASSERT_TRUE(spec) << spec.error().sentence();
  EXPECT_EQ(spec->hooks_timeout_ms, 300'000);
  ASSERT_EQ(spec->tasks.size(), 5u);
  EXPECT_EQ(spec->tasks[1].hook, nullptr);
  const Hook& of_task = *spec->tasks[3].hook;
  EXPECT_EQ(spec->tasks[3].name, "y");
  EXPECT_EQ(to_string(of_task.moment), "onStart");
  EXPECT_EQ(of_task.of, 1);
  EXPECT_EQ(of_task.place, "tasks[1].hooks.onStart[1]");
  const Hook& of_run = *spec->tasks[4].hook;
  EXPECT_EQ(to_string(of_run.moment), "onExit");
  EXPECT_EQ(of_run.of, -1);
  EXPECT_EQ(of_run.place, "hooks.onExit[0]");
  EXPECT_TRUE(spec->tasks[4].fails_run);
  const auto bad =
      decode_workflow_spec(Json::parse(R"({"tasks": [{"name": "a", "hooks": {"onExit": [{"timeout": 3}]}}]})"), "spec");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().path, "spec.tasks[0].hooks.onExit[0].timeout");
}

// Whatever stands there, or both a number and a text: a count may be an expression.
bool is_free(const std::string& pointer, const Json& odd) {
  if (pointer == "/tasks/1/count") return odd.is_string();
  for (const char* free :
       {"/types", "/params/0/type", "/params/0/description", "/params/0/default", "/params/0/enum", "/tasks/0/output",
        "/defaults/env/", "/defaults/envFrom/", "/defaults/resources/", "/tasks/2/podTemplate/"}) {
    if (pointer.starts_with(free)) return true;
  }
  return false;
}

TEST(WorkflowSpec, SomethingOddInAnyPlaceIsNamedAndNeverFatal) {
  const Json good = full();
  for (const auto& at : pointers_of(good)) {
    for (const Json& odd : odd_values()) {
      Json bad = good;
      bad[at] = odd;
      const auto spec = decode_workflow_spec(bad, "spec");
      if (spec) {
        const bool wrong_type =
            odd.type() != good[at].type() && !odd.is_null() && !(odd.is_number() && good[at].is_number());
        EXPECT_TRUE(!wrong_type || is_free(at.to_string(), odd)) << at << " = " << odd;
      } else {
        EXPECT_NE(spec.error().sentence().find(field_of(at)), std::string::npos)
            << at << " = " << odd << ": " << spec.error().sentence();
      }
    }
  }
}

TEST(WorkflowSpec, NamesThePlaceByThePathItWasGiven) {
  const auto spec =
      decode_workflow_spec(Json::parse(R"({"tasks": [{}, {"retry": {"backoff": {"max": "x"}}}]})"), "spec.workflow");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().path, "spec.workflow.tasks[1].retry.backoff.max");
}

TEST(WorkflowSpec, RefusesAnUnknownOnFailure) {
  const auto spec = decode_workflow_spec(Json::parse(R"({"tasks": [{"onFailure": "ignore"}]})"), "spec");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().sentence(), "spec.tasks[0].onFailure must be run or skip");
}

TEST(WorkflowSpec, TakesACountThatIsANumberOrAnExpression) {
  const auto count_of = [](const Json& count) {
    return decode_workflow_spec({{"tasks", {{{"name", "a"}, {"count", count}}}}}, "spec");
  };
  EXPECT_EQ(count_of(3)->tasks[0].count, 3);
  EXPECT_EQ(count_of("params.n")->tasks[0].count, std::nullopt);
  EXPECT_EQ(count_of("params.n")->tasks[0].count_expression, "params.n");
  EXPECT_FALSE(count_of(2.5).ok());
}

TEST(WorkflowSpec, TakesElementsThatAreAListAMapOrAnExpression) {
  const auto elements_of = [](const Json& elements) {
    return decode_workflow_spec({{"tasks", {{{"name", "a"}, {"forEach", elements}}}}}, "spec");
  };
  for (const Json& elements : {Json::array({1, "b"}), Json{{"a", 1}}, Json("params.files")}) {
    EXPECT_EQ(elements_of(elements)->tasks[0].for_each, elements);
  }
  EXPECT_TRUE(elements_of(nullptr)->tasks[0].for_each.is_null());
  ASSERT_FALSE(elements_of(3).ok());
  EXPECT_EQ(elements_of(3).error().sentence(), "spec.tasks[0].forEach must be a list, a map or an expression");
}

TEST(WorkflowSpec, TakesTheFiveTriggersAndNoOther) {
  const auto trigger_of = [](const std::string& name) {
    return decode_workflow_spec({{"tasks", {{{"name", "a"}, {"trigger", name}}}}}, "spec");
  };
  for (const Trigger trigger :
       {Trigger::AllSucceeded, Trigger::AllDone, Trigger::AnySucceeded, Trigger::AnyFailed, Trigger::NoneFailed}) {
    const auto spec = trigger_of(std::string(to_string(trigger)));
    ASSERT_TRUE(spec.ok());
    EXPECT_EQ(spec->tasks[0].trigger, trigger);
  }
  EXPECT_EQ(trigger_of("allsucceeded").error().sentence(),
            "spec.tasks[0].trigger must be allSucceeded, allDone, anySucceeded, anyFailed or noneFailed");
  EXPECT_EQ(
      trigger_of("always").error().sentence(),
      "spec.tasks[0].trigger must be allSucceeded, allDone, anySucceeded, anyFailed or noneFailed; allDone starts "
      "a task however the others have ended");
}

TEST(Workflow, KeepsItsSpecAsItStandsAndReadsItsStatus) {
  const Json object = {
      {"metadata", {{"name", "etl"}, {"uid", "u"}, {"namespace", "data"}}},
      {"spec", {{"anything", "at all"}}},
      {"status", {{"observedGeneration", 2}, {"revision", "etl-1"}, {"tasks", 3}, {"conditions", Json::array()}}}};
  const auto workflow = decode_workflow(object);
  ASSERT_TRUE(workflow);
  EXPECT_EQ(workflow->spec, object["spec"]);
  EXPECT_EQ(workflow->status.tasks, 3);
  Json stored = encode_status(workflow->status);
  for (const char* field : {"schedule", "circuitBreaker"}) {
    EXPECT_TRUE(stored.at(field).is_null());
    stored.erase(field);
  }
  EXPECT_EQ(stored, object["status"]);
}

TEST(Workflow, WithABrokenStatusIsRefused) {
  const Json object = {{"metadata", {{"name", "etl"}, {"uid", "u"}}}, {"status", {{"tasks", "many"}}}};
  const auto workflow = decode_workflow(object);
  ASSERT_FALSE(workflow);
  EXPECT_EQ(workflow.error().path, "status.tasks");
}

Json full_revision() {
  return Json::parse(R"({"metadata": {"name": "etl-1", "uid": "u", "labels": {"ork.dev/workflow": "etl"}},
                         "revision": 7, "data": {"tasks": []}})");
}

TEST(Revision, ReadsItsWorkflowNumberAndSpec) {
  const auto revision = decode_revision(full_revision());
  ASSERT_TRUE(revision);
  EXPECT_EQ(revision->workflow, "etl");
  EXPECT_EQ(revision->revision, 7);
  EXPECT_EQ(*revision->spec, Json::parse(R"({"tasks": []})"));
}

TEST(Revision, SomethingOddInAnyPlaceIsNamedAndNeverFatal) {
  const Json good = full_revision();
  for (const auto& at : pointers_of(good)) {
    for (const Json& odd : odd_values()) {
      Json bad = good;
      bad[at] = odd;
      const auto revision = decode_revision(bad);
      if (revision) continue;
      EXPECT_NE(revision.error().sentence().find(field_of(at)), std::string::npos) << at << " = " << odd;
    }
  }
}

TEST(Revision, WithoutDataIsRefused) {
  Json object = full_revision();
  object.erase("data");
  const auto revision = decode_revision(object);
  ASSERT_FALSE(revision);
  EXPECT_EQ(revision.error().path, "data");
}

}  // namespace
}  // namespace ork::api
