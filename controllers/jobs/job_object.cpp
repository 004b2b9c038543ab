#include "controllers/jobs/job_object.hpp"

#include <algorithm>

#include "controllers/api/job.hpp"
#include "controllers/jobs/belonging.hpp"
#include "controllers/jobs/inputs_file.hpp"
#include "controllers/jobs/names.hpp"
#include "controllers/observe/trace.hpp"
#include "controllers/workflow/items.hpp"
#include "controllers/workflow/memory_growth.hpp"
#include "controllers/workflow/pod_rules.hpp"

namespace ork::jobs {
namespace {

using api::Json;

constexpr const char* index_annotation = "metadata.annotations['batch.kubernetes.io/job-completion-index']";
// Kubernetes' own default path: it exists in every container, whatever the image.
constexpr const char* output_path = "/dev/termination-log";

// Where an index finds its item and its inputs. A container's own files are hidden by no more than these.
constexpr const char* item_path = "/ork/item";
constexpr const char* inputs_path = "/ork/inputs";
constexpr const char* items_volume = "ork-items";
// Gives a script its item as a variable, to the byte ($(...) alone would drop newlines at the end).
constexpr const char* take_item =
    R"(ORK_ITEM=$(cat "$ORK_ITEM_FILE" && echo .) && export ORK_ITEM="${ORK_ITEM%.}" && )";
// And the inputs that are its index's own.
constexpr const char* take_inputs = ". /ork/inputs && ";
// Gets out of its way: the script's messages and its $0 are as without all this.
constexpr const char* run_script = R"(exec sh -c "$1")";

Json attempt_labels_of(const JobRequest& request) {
  Json labels = labels_of(request.run.meta, request.workflow, request.task.name());
  labels[std::string(api::label_attempt)] = std::to_string(request.attempt);
  return labels;
}

// `text` so that the kubelet gives it back as it is. In values and commands it takes "$(NAME)" for a
// variable and "$$" for one "$" (wherever it stands), so a run of dollars is doubled where it is
// longer than one, or comes before a "(".
std::string verbatim(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of('$', at), text.size());
    const std::size_t dollars = end - at;
    const bool means_something = dollars > 1 || (dollars == 1 && end < text.size() && text[end] == '(');
    out.append(means_something ? 2 * dollars : dollars, '$');
    const std::size_t next = std::min(text.find('$', end), text.size());
    out.append(text.substr(end, next - end));
    at = next;
  }
  return out;
}

void add(Json& env, std::string_view name, std::string_view value) {
  env.push_back({{"name", name}, {"value", verbatim(value)}});
}

// A secret one comes from its Secret, by the kubelet; nobody else gets to see it. Those of an index are in its file,
// and so is the JSON of all.
void add_inputs(Json& env, const JobRequest& request) {
  if (!request.task.has_inputs_of_index()) {
    add(env, "ORK_INPUTS", text_of_inputs(request.task, request.inputs));
  } else if (!request.task.task.script) {
    add(env, "ORK_INPUTS_FILE", inputs_path);
  }
  for (const workflow::Input& input : request.task.inputs) {
    if (input.of_index) continue;
    const Json& value = request.inputs.at(input.name);
    if (input.secret) {
      env.push_back({{"name", input.env_name}, {"valueFrom", value}});
    } else {
      add(env, input.env_name, workflow::text_of(value));
    }
  }
}

bool has_variable(const Json& env, std::string_view name) {
  return std::any_of(env.begin(), env.end(),
                     [&](const Json& one) { return one.is_object() && one.contains("name") && one["name"] == name; });
}

// `own`: the user's variables.
Json environment(const JobRequest& request, const Json& own) {
  Json env = Json::array();
  add(env, "ORK_RUN", request.run.meta.name);
  add(env, "ORK_WORKFLOW", request.workflow);
  if (request.run.spec.scheduled_ms != 0)
    add(env, "ORK_SCHEDULED_TIME", api::format_time(request.run.spec.scheduled_ms));
  add(env, "ORK_TASK", request.task.name());
  add(env, "ORK_ATTEMPT", std::to_string(request.attempt));
  if (request.task.fans_out()) {
    env.push_back({{"name", "ORK_INDEX"}, {"valueFrom", {{"fieldRef", {{"fieldPath", index_annotation}}}}}});
    add(env, "ORK_COUNT", std::to_string(request.count));
  }
  if (request.task.has_items()) add(env, "ORK_ITEM_FILE", item_path);
  if (!request.task.inputs.empty()) {
    add_inputs(env, request);
  }
  add(env, "ORK_OUTPUT", output_path);
  // Whoever brings a trace of his own keeps it.
  if (!has_variable(own, "TRACEPARENT"))
    add(env, "TRACEPARENT", observe::traceparent_of(request.run, request.task.name(), request.attempt));
  // After ours, so that the user's variables can refer to them as $(ORK_INDEX).
  env.insert(env.end(), own.begin(), own.end());
  return env;
}

Json plain_container(const JobRequest& request) {
  const api::Task& task = request.task.task;
  Json container = {{"name", "main"}, {"image", task.image.value_or("")}};
  if (task.script) {
    // To the letter: "$$" and "$(date)" are the shell's. A command and its args are Kubernetes' own fields,
    // and mean what they mean in any Pod.
    container["command"] = {"sh", "-c"};
    const std::string before = std::string(request.task.has_items() ? take_item : "") +
                               (request.task.has_inputs_of_index() ? take_inputs : "");
    if (!before.empty()) container["command"].insert(container["command"].end(), {verbatim(before + run_script), "sh"});
    container["command"].push_back(verbatim(*task.script));
  } else {
    if (!task.command.empty()) container["command"] = task.command;
    if (!task.args.empty()) container["args"] = task.args;
  }
  return container;
}

void set_if_absent(Json& object, const char* field, const Json& value) {
  if (!value.is_null() && !object.contains(field)) object[field] = value;
}

// As onOOM has it, by how many attempts ran out of memory before.
void grow_memory(Json& container, const JobRequest& request) {
  const workflow::MemoryGrowth* growth = request.task.memory.get();
  if (growth == nullptr || request.memory_growths == 0) return;
  const auto grow = [&](const char* field, const std::string& written) {
    if (!written.empty()) container["resources"][field]["memory"] = grown(*growth, written, request.memory_growths);
  };
  grow("requests", growth->request);
  grow("limits", growth->limit);
}

void equip(Json& container, const JobRequest& request) {
  Json own = Json::array();
  if (const Json of_task = request.task.env(); of_task.is_array()) own = of_task;
  if (const auto of_container = container.find("env"); of_container != container.end() && of_container->is_array()) {
    own.insert(own.end(), of_container->begin(), of_container->end());
  }
  container["env"] = environment(request, own);
  set_if_absent(container, "envFrom", request.task.env_from());
  set_if_absent(container, "resources", request.task.resources());
  set_if_absent(container, "securityContext", request.task.security_context());
  grow_memory(container, request);
  container["terminationMessagePath"] = output_path;
  // A failed program that left no message gets the last lines of its log as one.
  container["terminationMessagePolicy"] = "FallbackToLogsOnError";
}

// The list of that name, made where there is none.
Json& list_in(Json& object, const char* name) {
  Json& list = object[name];
  if (!list.is_array()) list = Json::array();
  return list;
}

// By the index that Kubernetes gives each container of an Indexed Job, so that nothing in the image has to choose.
void mount_own(Json& pod_spec, Json& container, const JobRequest& request) {
  list_in(pod_spec, "volumes").push_back({{"name", items_volume}, {"configMap", {{"name", request.items}}}});
  const auto mount = [&](const char* path, const char* key) {
    list_in(container, "volumeMounts")
        .push_back({{"name", items_volume}, {"mountPath", path}, {"subPathExpr", key}, {"readOnly", true}});
  };
  if (request.task.has_items()) mount(item_path, "$(JOB_COMPLETION_INDEX)");
  if (request.task.has_inputs_of_index()) mount(inputs_path, "$(JOB_COMPLETION_INDEX).inputs");
}

Json pod_template(const JobRequest& request) {
  const api::Task& task = request.task.task;
  Json pod = {{"metadata", Json::object()}, {"spec", Json::object()}};
  if (task.pod_template.is_object()) {
    pod["spec"] = task.pod_template.value("spec", Json::object());
    pod["metadata"] = task.pod_template.value("metadata", Json::object());
  } else {
    pod["spec"]["containers"] = Json::array({plain_container(request)});
  }
  Json& labels = pod["metadata"]["labels"];
  if (!labels.is_object()) labels = Json::object();
  // The Job stands in the queue: with the label its Pods would stand there once more.
  for (const auto& [name, value] : api::queue_labels_in(pod["metadata"])) labels.erase(name);
  labels.update(attempt_labels_of(request));
  Json& spec = pod["spec"];
  Json& container = spec["containers"].at(workflow::main_container_of(spec["containers"]));
  equip(container, request);
  if (request.task.has_items() || request.task.has_inputs_of_index()) mount_own(spec, container, request);
  spec["restartPolicy"] = "Never";
  if (task.service_account_name) {
    set_if_absent(spec, "serviceAccountName", *task.service_account_name);
  } else if (!task.pod_template.is_object()) {
    // Who names no account has no use for the rights of the namespace's own.
    spec["automountServiceAccountToken"] = false;
  }
  return pod;
}

Json job_spec(const JobRequest& request) {
  Json spec = {{"template", pod_template(request)}};
  if (request.task.fans_out()) {
    spec["completionMode"] = "Indexed";
    spec["completions"] = request.count;
    spec["parallelism"] = request.parallelism;
    // Each index has one try in this Job, and one that fails does not stop the others: retries are
    // ork's, over the indexes that failed.
    spec["backoffLimitPerIndex"] = 0;
  } else {
    spec["backoffLimit"] = 0;
  }
  const bool is_queued = !api::queue_of(request.queue).empty();
  if (request.unseeded || is_queued) spec["suspend"] = true;
  // What its queue stops and starts again soon must not run twice at a time.
  if (is_queued) spec["podReplacementPolicy"] = "Failed";
  if (request.task.timeout_ms > 0) spec["activeDeadlineSeconds"] = (request.task.timeout_ms + 999) / 1000;
  return spec;
}

}  // namespace

std::string build_job(const JobRequest& request) {
  const api::ObjectMeta& run = request.run.meta;
  const std::string name = job_name(run.name, run.uid, request.task.name(), request.attempt);
  Json metadata = metadata_of(run, name, attempt_labels_of(request));
  if (request.unseeded) metadata["annotations"][std::string(api::annotation_unseeded)] = "true";
  // Else its queue would start it.
  if (!request.unseeded) metadata["labels"].update(Json(request.queue));
  return body_of(
      {{"apiVersion", "batch/v1"}, {"kind", "Job"}, {"metadata", std::move(metadata)}, {"spec", job_spec(request)}});
}

std::string seeded_status(std::string_view uid, const api::IndexSet& done) {
  return Json{{"metadata", {{"uid", uid}}},
              {"status", {{"completedIndexes", done.format()}, {"succeeded", done.size()}}}}
      .dump();
}

std::string seeded_job(std::string_view uid, const api::QueueLabels& queue) {
  Json patch = {{"metadata", {{"uid", uid}}}};
  patch["metadata"]["annotations"][std::string(api::annotation_unseeded)] = nullptr;
  if (!queue.empty()) patch["metadata"]["labels"] = queue;
  if (api::queue_of(queue).empty()) patch["spec"]["suspend"] = false;
  return patch.dump();
}

}  // namespace ork::jobs
