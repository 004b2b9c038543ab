#include "controllers/jobs/job_object.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include "controllers/api/job.hpp"

#include "controllers/jobs/names.hpp"
#include "controllers/observe/trace.hpp"
#include "controllers/workflow/compile.hpp"

namespace ork::jobs {
namespace {

using api::Json;

struct Request {
  api::WorkflowRun run;
  workflow::Definition definition;
  int attempt = 1;
  Json inputs = Json::object();
  std::int64_t parallelism = 1;
  std::string items;
  bool unseeded = false;
  int memory_growths = 0;
};

Request request(const char* tasks, const char* defaults = "{}") {
  const Json params =
      Json::parse(R"([{"name": "day"}, {"name": "files", "type": "array"}, {"name": "n", "type": "integer"},
                                      {"name": "v"}, {"name": "password", "secret": true}])");
  const Json spec = {{"params", params}, {"tasks", Json::parse(tasks)}, {"defaults", Json::parse(defaults)}};
  auto definition = workflow::compile(spec);
  EXPECT_TRUE(definition) << (definition ? "" : workflow::describe(definition.error()));
  Request out{.definition = std::move(*definition)};
  out.run.meta.ns = "data";
  out.run.meta.name = "etl-1";
  out.run.meta.uid = "u-1";
  return out;
}

// The Job of the first task.
Json built(const Request& r) {
  const std::string text = build_job({.run = r.run,
                                      .task = r.definition.tasks[0],
                                      .workflow = "etl",
                                      .attempt = r.attempt,
                                      .inputs = r.inputs,
                                      .count = r.definition.tasks[0].written_count().value_or(0),
                                      .parallelism = r.parallelism,
                                      .items = r.items,
                                      .unseeded = r.unseeded,
                                      .memory_growths = r.memory_growths});
  return Json::parse(text);
}

Json main_of(const Json& job) { return job["spec"]["template"]["spec"]["containers"][0]; }

Json variable(const Json& container, const std::string& name) {
  for (const Json& entry : container["env"]) {
    if (entry["name"] == name) return entry;
  }
  return nullptr;
}

TEST(JobObject, TakesASecretInputFromItsSecret) {
  Request r = request(R"([{"name": "a", "image": "i", "inputs": {"day": "params.day", "pw": "params.password"}}])");
  const Json reference = {{"secretKeyRef", {{"name", "db"}, {"key", "password"}}}};
  r.inputs = {{"day", "monday"}, {"pw", reference}};
  const Json main = main_of(built(r));
  EXPECT_EQ(variable(main, "ORK_INPUT_PW"), (Json{{"name", "ORK_INPUT_PW"}, {"valueFrom", reference}}));
  EXPECT_EQ(variable(main, "ORK_INPUTS")["value"], R"({"day":"monday"})");
}

TEST(JobObject, OfAScript) {
  Json expected = Json::parse(R"({
    "apiVersion": "batch/v1", "kind": "Job",
    "metadata": {
      "name": "", "namespace": "data",
      "labels": {"app.kubernetes.io/managed-by": "ork", "ork.dev/workflow": "etl", "ork.dev/run": "etl-1",
                 "ork.dev/run-uid": "u-1", "ork.dev/task": "list", "ork.dev/attempt": "2"},
      "ownerReferences": [{"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "name": "etl-1", "uid": "u-1",
                           "controller": true, "blockOwnerDeletion": true}]},
    "spec": {
      "backoffLimit": 0, "activeDeadlineSeconds": 90,
      "template": {
        "metadata": {"labels": {"app.kubernetes.io/managed-by": "ork", "ork.dev/workflow": "etl", "ork.dev/run": "etl-1",
                                "ork.dev/run-uid": "u-1", "ork.dev/task": "list", "ork.dev/attempt": "2"}},
        "spec": {"restartPolicy": "Never", "automountServiceAccountToken": false, "containers": [{
          "name": "main", "image": "busybox", "command": ["sh", "-c", "echo hello"],
          "env": [{"name": "ORK_RUN", "value": "etl-1"}, {"name": "ORK_WORKFLOW", "value": "etl"},
                  {"name": "ORK_TASK", "value": "list"}, {"name": "ORK_ATTEMPT", "value": "2"},
                  {"name": "ORK_OUTPUT", "value": "/dev/termination-log"}],
          "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "FallbackToLogsOnError"}]}}}})");
  expected["metadata"]["name"] = job_name("etl-1", "u-1", "list", 2);
  Request r = request(R"([{"name": "list", "image": "busybox", "script": "echo hello", "timeout": "90s"}])");
  r.attempt = 2;
  expected["spec"]["template"]["spec"]["containers"][0]["env"].push_back(
      {{"name", "TRACEPARENT"}, {"value", observe::traceparent_of(r.run, "list", 2)}});
  EXPECT_EQ(built(r), expected) << built(r).dump(1);
}

TEST(JobObject, LeavesATraceAloneThatTheUserBringsHimself) {
  const Json main =
      main_of(built(request(R"([{"name": "a", "image": "i", "env": [{"name": "TRACEPARENT", "value": "mine"}]}])")));
  EXPECT_EQ(variable(main, "TRACEPARENT")["value"], "mine");
  const auto is_it = [](const Json& one) { return one["name"] == "TRACEPARENT"; };
  EXPECT_EQ(std::count_if(main["env"].begin(), main["env"].end(), is_it), 1);
}

TEST(JobObject, IsTheSameBytesForTheSameRequest) {
  const Request r =
      request(R"([{"name": "a", "image": "i", "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]}])");
  EXPECT_EQ(built(r).dump(), built(r).dump());
}

TEST(JobObject, OfACommandWithArgs) {
  const Json container =
      main_of(built(request(R"j([{"name": "a", "image": "i", "command": ["run", "$(ORK_TASK)"], "args": ["-v"]}])j")));
  EXPECT_EQ(container["command"],
            Json::parse(R"j(["run", "$(ORK_TASK)"])j"));  // Kubernetes' own words keep their meaning
  EXPECT_EQ(container["args"], Json::parse(R"(["-v"])"));
}

TEST(JobObject, OfAnImageAloneRunsWhatTheImageSays) {
  const Json container = main_of(built(request(R"([{"name": "a", "image": "i"}])")));
  EXPECT_FALSE(container.contains("command"));
  EXPECT_FALSE(container.contains("args"));
}

TEST(JobObject, OfAnInlineWorkflowHasNoLabelOfOne) {
  Request r = request(R"([{"name": "a", "image": "i"}])");
  const Json job =
      Json::parse(build_job({.run = r.run, .task = r.definition.tasks[0], .workflow = "", .inputs = r.inputs}));
  EXPECT_FALSE(job["metadata"]["labels"].contains("ork.dev/workflow"));
  EXPECT_EQ(variable(main_of(job), "ORK_WORKFLOW")["value"], "");
}

TEST(JobObject, OfAFanOut) {
  Request r = request(R"([{"name": "a", "image": "i", "count": 1000, "parallelism": 10}])");
  r.parallelism = 7;
  const Json job = built(r);
  EXPECT_EQ(job["spec"]["completionMode"], "Indexed");
  EXPECT_EQ(job["spec"]["completions"], 1000);
  EXPECT_EQ(job["spec"]["parallelism"], 7);
  EXPECT_EQ(job["spec"]["backoffLimitPerIndex"], 0);
  EXPECT_FALSE(job["spec"].contains("backoffLimit"));
  EXPECT_FALSE(job["spec"].contains("suspend"));
  EXPECT_EQ(variable(main_of(job), "ORK_COUNT")["value"], "1000");
  EXPECT_EQ(variable(main_of(job), "ORK_INDEX")["valueFrom"]["fieldRef"]["fieldPath"],
            "metadata.annotations['batch.kubernetes.io/job-completion-index']");
}

TEST(JobObject, OfAFanOutsRetryIsMadeSuspended) {
  Request r = request(R"([{"name": "a", "image": "i", "count": 5}])");
  r.unseeded = true;
  const Json job = built(r);
  EXPECT_EQ(job["spec"]["suspend"], true);
  EXPECT_EQ(job["metadata"]["annotations"][std::string(api::annotation_unseeded)], "true");
}

TEST(JobObject, OverItemsMountsTheOneOfEachIndex) {
  Request with_items = request(R"([{"name": "a", "image": "i", "command": ["load"], "forEach": ["x", "y"]}])");
  with_items.items = "etl-1-a-items-x";
  const Json job = built(with_items);
  EXPECT_EQ(job["spec"]["completionMode"], "Indexed");
  const Json& pod = job["spec"]["template"]["spec"];
  EXPECT_EQ(pod["volumes"], Json::array({{{"name", "ork-items"}, {"configMap", {{"name", "etl-1-a-items-x"}}}}}));
  EXPECT_EQ(main_of(job)["volumeMounts"], Json::parse(R"j([{"name": "ork-items", "mountPath": "/ork/item",
      "subPathExpr": "$(JOB_COMPLETION_INDEX)", "readOnly": true}])j"));
  EXPECT_EQ(variable(main_of(job), "ORK_ITEM_FILE")["value"], "/ork/item");
  EXPECT_EQ(variable(main_of(job), "ORK_COUNT")["value"], "2");
  EXPECT_EQ(main_of(job)["command"], Json::array({"load"})) << "nothing comes between a command and its program";
}

TEST(JobObject, OverItemsGivesAScriptItsOwnAsAVariable) {
  const Json command = main_of(
      built(request(R"([{"name": "a", "image": "i", "script": "echo $ORK_ITEM", "forEach": ["x"]}])")))["command"];
  ASSERT_EQ(command.size(), 5U);
  EXPECT_EQ(command[0], "sh");
  EXPECT_EQ(command[4], "echo $ORK_ITEM");
}

TEST(JobObject, OverItemsKeepsWhatAPodTemplateMounts) {
  const Json job = built(request(R"([{"name": "a", "forEach": "params.files", "podTemplate": {"spec": {
      "volumes": [{"name": "v", "emptyDir": {}}],
      "containers": [{"name": "side", "image": "i"},
                     {"name": "main", "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}]}}}])"));
  const Json& pod = job["spec"]["template"]["spec"];
  EXPECT_EQ(pod["volumes"].size(), 2U);
  EXPECT_FALSE(pod["containers"][0].contains("volumeMounts"));
  EXPECT_EQ(pod["containers"][1]["volumeMounts"][0]["name"], "v");
  EXPECT_EQ(pod["containers"][1]["volumeMounts"][1]["name"], "ork-items");
}

// Of the first task, with the inputs that all indexes have alike.
Json with_inputs_of_index(const char* task) {
  Request r = request(task);
  r.items = "etl-1-a-items-x";
  r.inputs = {{"day", "d"}};
  return main_of(built(r));
}

TEST(JobObject, GivesAScriptTheInputsOfItsIndex) {
  const Json container = with_inputs_of_index(
      R"([{"name": "a", "image": "i", "script": "x", "count": 2, "inputs": {"day": "params.day", "n": "index"}}])");
  EXPECT_EQ(container["volumeMounts"], Json::parse(R"j([{"name": "ork-items", "mountPath": "/ork/inputs",
      "subPathExpr": "$(JOB_COMPLETION_INDEX).inputs", "readOnly": true}])j"));
  EXPECT_EQ(variable(container, "ORK_INPUT_DAY")["value"], "d");
  EXPECT_TRUE(variable(container, "ORK_INPUT_N").is_null());
  EXPECT_TRUE(variable(container, "ORK_INPUTS").is_null()) << "it is another for each index";
  EXPECT_TRUE(variable(container, "ORK_INPUTS_FILE").is_null());
  EXPECT_EQ(container["command"], Json({"sh", "-c", R"(. /ork/inputs && exec sh -c "$1")", "sh", "x"}));
}

TEST(JobObject, TellsACommandWhereTheInputsOfItsIndexAre) {
  const Json container = with_inputs_of_index(
      R"([{"name": "a", "image": "i", "command": ["x"], "forEach": ["e"], "inputs": {"day": "params.day", "n": "item"}}])");
  EXPECT_EQ(container["volumeMounts"].size(), 2U);
  EXPECT_EQ(variable(container, "ORK_INPUTS_FILE")["value"], "/ork/inputs");
  EXPECT_EQ(variable(container, "ORK_INPUT_DAY")["value"], "d");
  EXPECT_TRUE(variable(container, "ORK_INPUTS").is_null());
  EXPECT_EQ(container["command"], Json::array({"x"}));
}

TEST(JobObject, RoundsATimeoutUpToWholeSeconds) {
  const struct {
    const char* timeout;
    int seconds;
  } cases[] = {{"1s", 1}, {"1.001s", 2}, {"1ms", 1}, {"1500ms", 2}, {"2h", 7200}};
  for (const auto& c : cases) {
    const std::string tasks = std::string(R"([{"name": "a", "image": "i", "timeout": ")") + c.timeout + "\"}]";
    EXPECT_EQ(built(request(tasks.c_str()))["spec"]["activeDeadlineSeconds"], c.seconds) << c.timeout;
  }
  EXPECT_FALSE(built(request(R"([{"name": "a", "image": "i"}])"))["spec"].contains("activeDeadlineSeconds"));
}

TEST(JobObject, MergesTheDefaults) {
  const Json job = built(request(R"([{"name": "a", "env": [{"name": "B", "value": "own"}]}])",
                                 R"({"image": "busybox", "timeout": "5s", "serviceAccountName": "sa",
                                     "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "default"}],
                                     "envFrom": [{"secretRef": {"name": "s"}}], "resources": {"limits": {"cpu": "1"}},
                                     "securityContext": {"runAsUser": 1000}})"));
  const Json container = main_of(job);
  EXPECT_EQ(container["image"], "busybox");
  EXPECT_EQ(container["envFrom"][0]["secretRef"]["name"], "s");
  EXPECT_EQ(container["resources"]["limits"]["cpu"], "1");
  EXPECT_EQ(container["securityContext"], Json({{"runAsUser", 1000}}));
  EXPECT_EQ(variable(container, "A")["value"], "1");
  EXPECT_EQ(variable(container, "B")["value"], "own");
  EXPECT_EQ(job["spec"]["template"]["spec"]["serviceAccountName"], "sa");
  EXPECT_EQ(job["spec"]["activeDeadlineSeconds"], 5);
}

TEST(JobObject, PutsTheUsersVariablesAfterOurs) {
  const Json env = main_of(
      built(request(R"j([{"name": "a", "image": "i", "env": [{"name": "A", "value": "$(ORK_TASK)"}]}])j")))["env"];
  EXPECT_EQ(env.back()["name"], "A");
  EXPECT_EQ(env.back()["value"], "$(ORK_TASK)");
}

TEST(JobObject, EquipsTheContainerNamedMainOfAPodTemplate) {
  const Json job =
      built(request(R"([{"name": "a", "podTemplate": {
    "metadata": {"labels": {"mine": "yes", "ork.dev/task": "forged"}, "annotations": {"note": "n"}},
    "spec": {"serviceAccountName": "own", "nodeSelector": {"disk": "ssd"},
      "containers": [{"name": "side", "image": "s"},
                     {"name": "main", "image": "m", "env": [{"name": "A", "value": "1"}], "resources": {"limits": {"cpu": "2"}},
                      "securityContext": {"privileged": true}}]}}}])",
                    R"({"image": "unused", "serviceAccountName": "default", "resources": {"limits": {"cpu": "1"}},
                        "securityContext": {"runAsUser": 1000}})"));
  const Json pod = job["spec"]["template"];
  EXPECT_EQ(pod["metadata"]["labels"]["mine"], "yes");
  EXPECT_EQ(pod["metadata"]["labels"]["ork.dev/task"], "a");
  EXPECT_EQ(pod["metadata"]["annotations"]["note"], "n");
  EXPECT_EQ(pod["spec"]["restartPolicy"], "Never");
  EXPECT_EQ(pod["spec"]["serviceAccountName"], "own");
  EXPECT_EQ(pod["spec"]["nodeSelector"]["disk"], "ssd");
  EXPECT_EQ(pod["spec"]["containers"][0], Json::parse(R"({"name": "side", "image": "s"})"));
  const Json& container = pod["spec"]["containers"][1];
  EXPECT_EQ(container["image"], "m");
  EXPECT_EQ(container["resources"]["limits"]["cpu"], "2");
  EXPECT_EQ(container["securityContext"], Json({{"privileged", true}})) << "its own, and that alone";
  EXPECT_EQ(variable(container, "ORK_TASK")["value"], "a");
  EXPECT_EQ(container["env"].back()["name"], "A");
}

TEST(JobObject, EquipsTheFirstContainerWhereNoneIsNamedMain) {
  const Json job = built(request(R"([{"name": "a", "podTemplate": {"spec": {"containers": [
    {"name": "one", "image": "1"}, {"name": "two", "image": "2"}]}}}])"));
  const Json& containers = job["spec"]["template"]["spec"]["containers"];
  EXPECT_EQ(variable(containers[0], "ORK_TASK")["value"], "a");
  EXPECT_FALSE(containers[1].contains("env"));
  EXPECT_EQ(containers[0]["terminationMessagePath"], "/dev/termination-log");
}

TEST(JobObject, HandsInputsOverAsEnvironment) {
  Request r = request(
      R"([{"name": "a", "image": "i", "inputs": {"day": "params.day", "files": "params.files", "n": "params.n"}}])");
  r.inputs = Json::parse(R"({"day": "2026-11-21", "files": ["a", "b"], "n": 3})");
  const Json container = main_of(built(r));
  EXPECT_EQ(variable(container, "ORK_INPUT_DAY")["value"], "2026-11-21");
  EXPECT_EQ(variable(container, "ORK_INPUT_FILES")["value"], R"(["a","b"])");
  EXPECT_EQ(variable(container, "ORK_INPUT_N")["value"], "3");
  EXPECT_EQ(Json::parse(variable(container, "ORK_INPUTS")["value"].get<std::string>()), r.inputs);
}

// How the kubelet reads values and commands (Kubernetes' documentation of env, command and args):
// $(NAME) is a variable, or itself where there is none of that name; $$ is one $.
std::string as_the_kubelet_reads(const std::string& text, const std::map<std::string, std::string>& variables) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text.find(')', i);
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '$') {
      out += '$';
      ++i;
    } else if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '(' && end != std::string::npos) {
      const auto it = variables.find(text.substr(i + 2, end - i - 2));
      out += it == variables.end() ? text.substr(i, end - i + 1) : it->second;
      i = end;
    } else {
      out += text[i];
    }
  }
  return out;
}

const char* const full_of_dollars[] = {"$(ORK_RUN)",
                                       "$$(ORK_RUN)",
                                       "$$$(ORK_RUN)",
                                       "$$",
                                       "$$$",
                                       "a$b",
                                       "$",
                                       "cost: 5$",
                                       "$(",
                                       "$$(",
                                       "$(ORK_RUN",
                                       "$HOME ${HOME}",
                                       "echo $$ $(date) $((1+2)) $(ORK_RUN)$(ORK_RUN)",
                                       "",
                                       "$)(",
                                       "a$$b$(ORK_RUN)$$"};

TEST(JobObject, GivesInputsToTheProgramToTheLetter) {
  for (const char* text : full_of_dollars) {
    Request r = request(R"([{"name": "a", "image": "i", "inputs": {"v": "params.v"}}])");
    r.inputs = {{"v", text}};
    const Json container = main_of(built(r));
    const std::map<std::string, std::string> variables = {{"ORK_RUN", "INJECTED"}};
    EXPECT_EQ(as_the_kubelet_reads(variable(container, "ORK_INPUT_V")["value"], variables), text);
    EXPECT_EQ(Json::parse(as_the_kubelet_reads(variable(container, "ORK_INPUTS")["value"], variables)), r.inputs);
  }
}

TEST(JobObject, GivesAScriptToTheShellToTheLetter) {
  for (const std::string text : full_of_dollars) {
    if (text.empty()) continue;
    const Json tasks = Json::array({{{"name", "a"}, {"image", "i"}, {"script", text}}});
    const Json container = main_of(built(request(tasks.dump().c_str())));
    EXPECT_EQ(as_the_kubelet_reads(container["command"][2], {{"ORK_RUN", "INJECTED"}}), text);
  }
}

TEST(JobObject, HasATokenOnlyWhereATaskNamesAnAccount) {
  const auto pod_of = [](const char* task) { return built(request(task))["spec"]["template"]["spec"]; };
  EXPECT_EQ(pod_of(R"([{"name": "a", "image": "i"}])")["automountServiceAccountToken"], false);
  const Json named = pod_of(R"([{"name": "a", "image": "i", "serviceAccountName": "loader"}])");
  EXPECT_EQ(named["serviceAccountName"], "loader");
  EXPECT_FALSE(named.contains("automountServiceAccountToken"));
  const Json own =
      pod_of(R"([{"name": "a", "podTemplate": {"spec": {"containers": [{"name": "main", "image": "i"}]}}}])");
  EXPECT_FALSE(own.contains("automountServiceAccountToken")) << "who writes a Pod writes all of it";
}

TEST(JobObject, LeavesAPlainDollarAlone) {
  const Json container =
      main_of(built(request(R"([{"name": "a", "image": "i", "script": "echo $ORK_TASK > $ORK_OUTPUT"}])")));
  EXPECT_EQ(container["command"][2], "echo $ORK_TASK > $ORK_OUTPUT");
}

TEST(JobObject, SeedsAndResumesByMergePatches) {
  EXPECT_EQ(Json::parse(seeded_status("u1", *api::IndexSet::parse("0-2,4"))),
            Json::parse(R"({"metadata": {"uid": "u1"}, "status": {"completedIndexes": "0-2,4", "succeeded": 4}})"));
  EXPECT_EQ(
      Json::parse(seeded_job("u1", {})),
      Json::parse(
          R"({"metadata": {"uid": "u1", "annotations": {"ork.dev/unseeded": null}}, "spec": {"suspend": false}})"));
}

TEST(JobObject, HandsASeededOneToItsQueueInOneStep) {
  EXPECT_EQ(Json::parse(seeded_job("u1", {{"kueue.x-k8s.io/queue-name", "team-a"}})),
            Json::parse(R"({"metadata": {"uid": "u1", "annotations": {"ork.dev/unseeded": null},
                                         "labels": {"kueue.x-k8s.io/queue-name": "team-a"}}})"));
}

TEST(JobObject, HasMoreMemoryForEachAttemptThatRanOutOfIt) {
  Request r = request(R"([{"name": "load", "image": "i", "onOOM": {"memory": "x2", "max": "300Mi"},
                           "resources": {"requests": {"cpu": "1", "memory": "32Mi"}, "limits": {"memory": "100Mi"}}}])");
  const char* const limits[] = {"100Mi", "200Mi", "300Mi", "300Mi"};
  const char* const requests[] = {"32Mi", "64Mi", "128Mi", "256Mi"};
  for (r.memory_growths = 0; r.memory_growths < 4; ++r.memory_growths) {
    const Json resources = main_of(built(r))["resources"];
    EXPECT_EQ(resources["limits"], Json({{"memory", limits[r.memory_growths]}}));
    EXPECT_EQ(resources["requests"], Json({{"cpu", "1"}, {"memory", requests[r.memory_growths]}}));
  }
}

TEST(JobObject, GrowsNoMemoryThatIsNotThere) {
  Request r =
      request(R"([{"name": "load", "onOOM": {"memory": "x2", "max": "1Gi"}, "podTemplate": {"spec": {"containers": [
                            {"name": "proxy", "resources": {"limits": {"memory": "32Mi"}}},
                            {"name": "main", "resources": {"limits": {"memory": "64Mi"}}}]}}}])");
  r.memory_growths = 1;
  const Json containers = built(r)["spec"]["template"]["spec"]["containers"];
  EXPECT_EQ(containers[0]["resources"], Json::parse(R"({"limits": {"memory": "32Mi"}})"));
  EXPECT_EQ(containers[1]["resources"], Json::parse(R"({"limits": {"memory": "128Mi"}})"));
}

}  // namespace
}  // namespace ork::jobs
