#include "tests/sim/shape_parts.hpp"

#include "controllers/api/queue_labels.hpp"

namespace ork::sim::parts {

using runtime::Duration;

namespace {

constexpr const char* ork_version = "ork.dev/v1alpha1";

Json object_of(const char* kind, const char* name, Json spec) {
  return {{"apiVersion", ork_version},
          {"kind", kind},
          {"metadata", {{"name", name}, {"namespace", "default"}}},
          {"spec", std::move(spec)}};
}

}  // namespace

Json task(const std::string& name, const std::vector<std::string>& depends_on, const Json& more) {
  Json out = {{"name", name}};
  const bool has_image = !more.contains("podTemplate") && !more.contains("wait") && !more.contains("approve") &&
                         !more.contains("workflow");
  if (has_image) out.update({{"image", "busybox:1.36"}, {"script", "work"}});
  if (!depends_on.empty()) out["dependsOn"] = depends_on;
  out.update(more);
  return out;
}

Json call(const std::string& name, const std::vector<std::string>& depends_on, const Json& more, const Json& params) {
  Json of = {{"name", "w"}};
  if (!params.empty()) of["params"] = params;
  return task(name, depends_on, both({{"workflow", std::move(of)}}, more));
}

Json retry(int limit, const char* initial) { return retry_with(limit, {{"initial", initial}, {"jitter", 0}}); }

Json retry_with(int limit, Json backoff) { return {{"retry", {{"limit", limit}, {"backoff", std::move(backoff)}}}}; }

Json retry_if(int limit, const char* when) {
  return {{"retry", {{"limit", limit}, {"when", when}, {"backoff", {{"initial", "1s"}, {"jitter", 0}}}}}};
}

Json memory(const char* limit, const char* growth, const char* most) {
  return {{"resources", {{"limits", {{"memory", limit}}}}}, {"onOOM", {{"memory", growth}, {"max", most}}}};
}

Json both(Json one, const Json& other) {
  one.update(other);
  return one;
}

Json run_of(Json tasks, const Json& workflow_fields, const Json& run_fields) {
  Json spec = {{"workflow", both({{"tasks", std::move(tasks)}}, workflow_fields)}};
  spec.update(run_fields);
  return object_of("WorkflowRun", "r", std::move(spec));
}

Json named(Json object, const std::string& name) {
  object["metadata"]["name"] = name;
  return object;
}

Json queued(Json object) {
  object["metadata"]["labels"][std::string(api::label_queue)] = "team-a";
  return object;
}

Json switch_that_says(const char* go) {
  return {{"apiVersion", "v1"},
          {"kind", "ConfigMap"},
          {"metadata", {{"name", "switch"}, {"namespace", "default"}}},
          {"data", {{"go", go}}}};
}

Json workflow_of(Json tasks, const Json& more) {
  return object_of("Workflow", "w", both({{"tasks", std::move(tasks)}}, more));
}

Json run_by_name(const std::string& name, const Json& run_fields) {
  return named(object_of("WorkflowRun", "r", both({{"workflowRef", {{"name", "w"}}}}, run_fields)), name);
}

Json edit_to(Json tasks) { return {{"spec", {{"tasks", std::move(tasks)}}}}; }

Program fails(int exit_code) { return {.exit_code = exit_code}; }
Program writes(std::string output) { return {.output = std::move(output)}; }
Program runs_for(std::int64_t ms) { return {.runs = Duration{ms}}; }
Program stops_slowly(std::int64_t runs_ms, std::int64_t stops_ms) {
  return {.runs = Duration{runs_ms}, .stops = Duration{stops_ms}};
}
Program evicted() { return {.evicted = true}; }
Program stuck() { return {.stuck = true}; }
Program out_of_memory() { return {.out_of_memory = true}; }

Wish wish(std::int64_t at_ms, Wish::Kind kind, Json object) { return {Duration{at_ms}, kind, std::move(object)}; }

Wish act(std::int64_t at_ms, const char* what, const char* name) {
  return wish(at_ms, Wish::Kind::Act, {{"do", what}, {"task", name}});
}

}  // namespace ork::sim::parts
