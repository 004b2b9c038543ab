#include "controllers/api/workflow.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "controllers/api/read_meta.hpp"
#include "controllers/api/reader.hpp"

namespace ork::api {
namespace {

Param read_param(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Param param;
  param.name = reader.string("name").value_or("");
  if (json.is_object()) param.schema = json;
  outer.absorb(reader);
  return param;
}

Retry read_retry(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Retry retry;
  // The rules of controllers/workflow know the true bound; this one keeps the number a number.
  retry.limit = reader.bounded("limit", INT32_MIN, INT32_MAX).value_or(0);
  retry.when = reader.string("when");
  if (const Json* backoff_json = reader.find("backoff")) {
    Reader backoff(*backoff_json, path + ".backoff");
    retry.backoff.initial_ms = backoff.duration("initial").value_or(retry.backoff.initial_ms);
    retry.backoff.factor = backoff.number("factor").value_or(retry.backoff.factor);
    retry.backoff.max_ms = backoff.duration("max").value_or(retry.backoff.max_ms);
    retry.backoff.jitter = backoff.number("jitter").value_or(retry.backoff.jitter);
    reader.absorb(backoff);
  }
  outer.absorb(reader);
  return retry;
}

void read_shared(Reader& reader, TaskShared& shared) {
  shared.image = reader.string("image");
  shared.timeout_ms = reader.duration("timeout");
  shared.pending_timeout_ms = reader.duration("pendingTimeout");
  if (const Json* retry = reader.find("retry")) shared.retry = read_retry(*retry, reader.path_of("retry"), reader);
  if (const auto text = reader.string("onFailure")) {
    if (*text != "run" && *text != "skip") {
      reader.fail(DecodeErrc::BadValue, reader.path_of("onFailure"), "must be run or skip");
    }
    shared.on_failure = *text == "run" ? OnFailure::Run : OnFailure::Skip;
  }
  shared.env = reader.array("env");
  shared.env_from = reader.array("envFrom");
  shared.resources = reader.object("resources");
  shared.security_context = reader.object("securityContext");
  shared.service_account_name = reader.string("serviceAccountName");
}

constexpr std::array<std::string_view, 5> trigger_names = {"allSucceeded", "allDone", "anySucceeded", "anyFailed",
                                                           "noneFailed"};

Trigger read_trigger(Reader& reader) {
  const auto text = reader.string("trigger");
  if (!text) return Trigger::AllSucceeded;
  const auto found = std::find(trigger_names.begin(), trigger_names.end(), *text);
  if (found != trigger_names.end()) return static_cast<Trigger>(found - trigger_names.begin());
  // Known elsewhere: it would also start what is left of a run that was stopped.
  const std::string instead = *text == "always" ? "; allDone starts a task however the others have ended" : "";
  reader.fail(DecodeErrc::BadValue, reader.path_of("trigger"),
              "must be allSucceeded, allDone, anySucceeded, anyFailed or noneFailed" + instead);
  return Trigger::AllSucceeded;
}

std::optional<OnOom> read_on_oom(Reader& outer) {
  const Json* json = outer.find("onOOM");
  if (json == nullptr) return std::nullopt;
  Reader reader(*json, outer.path_of("onOOM"));
  OnOom out{reader.string("memory").value_or(""), reader.string("max").value_or("")};
  outer.absorb(reader);
  return out;
}

// "10%": 10.
std::optional<std::int64_t> percent_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || std::string_view(end, text.data() + text.size()) != "%") return std::nullopt;
  return number > 0 && number <= 100 ? std::optional(number) : std::nullopt;
}

std::optional<Tolerate> read_tolerate(Reader& outer) {
  const Json* json = outer.find("tolerate");
  if (json == nullptr) return std::nullopt;
  Reader reader(*json, outer.path_of("tolerate"));
  std::optional<Tolerate> out;
  if (const Json* failures = reader.find("failures"); failures != nullptr && failures->is_string()) {
    const auto percent = percent_in(failures->get_ref<const std::string&>());
    const char* expected = "a number of indexes or a part of them, such as 5 or 10%";
    if (!percent) reader.fail(DecodeErrc::BadValue, reader.path_of("failures"), expected, expected);
    out = {percent.value_or(0), true};
  } else if (const auto number = reader.integer("failures")) {
    out = {*number, false};
  }
  outer.absorb(reader);
  return out;
}

Json read_for_each(Reader& reader) {
  const Json* elements = reader.find("forEach");
  if (elements == nullptr) return {};
  if (elements->is_structured() || elements->is_string()) return *elements;
  reader.fail(DecodeErrc::WrongType, reader.path_of("forEach"), "must be a list, a map or an expression",
              "a list, a map or an expression that gives one");
  return {};
}

WaitForRun read_wait_for_run(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  WaitForRun out{reader.string("name").value_or("")};
  outer.absorb(reader);
  return out;
}

WaitForObject read_wait_for_object(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  WaitForObject out;
  out.api_version = reader.string("apiVersion").value_or("");
  out.kind = reader.string("kind").value_or("");
  out.name = reader.string("name").value_or("");
  out.condition = reader.string("condition");
  out.until = reader.string("until");
  outer.absorb(reader);
  return out;
}

Wait read_wait(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Wait wait;
  wait.for_ms = reader.duration("for");
  wait.until = reader.string("until");
  if (const Json* run = reader.find("run")) wait.run = read_wait_for_run(*run, reader.path_of("run"), reader);
  if (const Json* object = reader.find("object"))
    wait.object = read_wait_for_object(*object, reader.path_of("object"), reader);
  outer.absorb(reader);
  return wait;
}

Approval read_approval(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Approval approval;
  approval.message = reader.string("message").value_or("");
  approval.timeout_ms = reader.duration("timeout");
  if (const auto text = reader.string("default")) {
    if (*text != "approve" && *text != "reject")
      reader.fail(DecodeErrc::BadValue, reader.path_of("default"), "must be approve or reject");
    approval.approved_by_default = *text == "approve";
  }
  outer.absorb(reader);
  return approval;
}

std::optional<Cache> read_cache(Reader& outer) {
  const Json* json = outer.find("cache");
  if (json == nullptr) return std::nullopt;
  Reader reader(*json, outer.path_of("cache"));
  Cache out{reader.string("key").value_or(""), reader.duration("ttl").value_or(0)};
  outer.absorb(reader);
  return out;
}

// What is named and given by expressions: inputs, and the params of a child run.
std::map<std::string, std::string> read_named_expressions(Reader& reader, const std::string& field) {
  std::map<std::string, std::string> out;
  const Json written = reader.object(field);
  for (const auto& [name, value] : written.items()) {
    if (value.is_string()) {
      out.emplace(name, value.get<std::string>());
    } else {
      reader.fail(DecodeErrc::WrongType, reader.path_of(field) + "." + name,
                  "must be an expression, written as a string", "an expression in a text");
    }
  }
  return out;
}

Call read_call(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Call out{reader.string("name").value_or(""), read_named_expressions(reader, "params")};
  outer.absorb(reader);
  return out;
}

Task read_task(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Task task;
  read_shared(reader, task);
  task.name = reader.string("name").value_or("");
  task.depends_on = reader.strings("dependsOn");
  task.trigger = read_trigger(reader);
  task.when = reader.string("when");
  task.script = reader.string("script");
  task.command = reader.strings("command");
  task.args = reader.strings("args");
  task.on_oom = read_on_oom(reader);
  task.pod_template = reader.object("podTemplate");
  if (const Json* count = reader.find("count"); count != nullptr && count->is_string()) {
    task.count_expression = reader.string("count");
  } else {
    task.count = reader.integer("count");
  }
  task.for_each = read_for_each(reader);
  task.matrix = reader.object("matrix");
  task.parallelism = reader.integer("parallelism");
  task.tolerate = read_tolerate(reader);
  task.fails_run = reader.boolean("failsRun").value_or(false);
  if (const Json* wait = reader.find("wait")) task.wait = read_wait(*wait, reader.path_of("wait"), reader);
  if (const Json* approve = reader.find("approve"))
    task.approve = read_approval(*approve, reader.path_of("approve"), reader);
  if (const Json* output = reader.find("output")) task.output = *output;
  task.cache = read_cache(reader);
  if (const Json* call = reader.find("workflow")) task.workflow = read_call(*call, reader.path_of("workflow"), reader);
  task.inputs = read_named_expressions(reader, "inputs");
  outer.absorb(reader);
  return task;
}

constexpr std::array<std::string_view, 4> moment_names = {"onStart", "onSuccess", "onFailure", "onExit"};

// The lists of hooks of a task or, where `of` is -1, of the run. `place`: where they stand below the spec.
void read_hooks(Reader& reader, int of, const std::string& place, std::vector<Task>& out) {
  for (std::size_t i = 0; i < moment_names.size(); ++i) {
    const std::string list(moment_names[i]);
    const Json written = reader.array(list);
    for (std::size_t j = 0; j < written.size(); ++j) {
      const std::string item = list + "[" + std::to_string(j) + "]";
      out.push_back(read_task(written[j], reader.path_of(item), reader));
      out.back().hook = std::make_shared<const Hook>(Hook{static_cast<Moment>(i), of, place + "." + item});
    }
  }
}

void read_all_hooks(Reader& spec, const Json& tasks, WorkflowSpec& out) {
  for (std::size_t i = 0; tasks.is_array() && i < tasks.size(); ++i) {
    if (!tasks[i].is_object()) continue;
    const std::string place = "tasks[" + std::to_string(i) + "]";
    Reader task(tasks[i], spec.path_of(place));
    const Json* written = task.find("hooks");
    if (written == nullptr) continue;
    Reader hooks(*written, task.path_of("hooks"));
    read_hooks(hooks, static_cast<int>(i), place + ".hooks", out.tasks);
    spec.absorb(hooks);
  }
  const Json* of_run = spec.find("hooks");
  if (of_run == nullptr) return;
  Reader hooks(*of_run, spec.path_of("hooks"));
  out.hooks_timeout_ms = hooks.duration("timeout");
  read_hooks(hooks, -1, "hooks", out.tasks);
  spec.absorb(hooks);
}

constexpr std::array<std::string_view, 3> concurrency_names = {"Allow", "Forbid", "Replace"};

Schedule read_schedule(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Schedule schedule;
  schedule.cron = reader.string("cron").value_or("");
  schedule.time_zone = reader.string("timeZone").value_or("");
  if (const auto text = reader.string("concurrencyPolicy")) {
    const auto found = std::find(concurrency_names.begin(), concurrency_names.end(), *text);
    if (found == concurrency_names.end()) {
      reader.fail(DecodeErrc::BadValue, reader.path_of("concurrencyPolicy"), "must be Allow, Forbid or Replace");
    } else {
      schedule.concurrency = static_cast<ConcurrencyPolicy>(found - concurrency_names.begin());
    }
  }
  schedule.starting_deadline_seconds = reader.integer("startingDeadlineSeconds");
  schedule.suspend = reader.boolean("suspend").value_or(false);
  if (reader.find("params") != nullptr) schedule.params = reader.object("params");
  outer.absorb(reader);
  return schedule;
}

ScheduleStatus read_schedule_status(const Json& json, Reader& outer) {
  Reader reader(json, outer.path_of("schedule"));
  ScheduleStatus out;
  out.by = reader.string("by").value_or("");
  out.last_ms = reader.time("lastTime");
  out.last_run = reader.string("lastRun").value_or("");
  out.next_ms = reader.time("nextTime");
  out.message = reader.string("message").value_or("");
  outer.absorb(reader);
  return out;
}

Json encode_schedule_status(const ScheduleStatus& status) {
  // Null takes a field away: the status is stored by a merge patch.
  const auto time = [](TimeMs at) { return at == 0 ? Json(nullptr) : Json(format_time(at)); };
  const auto text = [](const std::string& words) { return words.empty() ? Json(nullptr) : Json(words); };
  return {{"by", text(status.by)},
          {"lastTime", time(status.last_ms)},
          {"lastRun", text(status.last_run)},
          {"nextTime", time(status.next_ms)},
          {"message", text(status.message)}};
}

}  // namespace

std::string_view to_string(Moment moment) { return moment_names[static_cast<std::size_t>(moment)]; }

std::string_view to_string(Trigger trigger) { return trigger_names[static_cast<std::size_t>(trigger)]; }

PartlyDecoded read_workflow_spec(const Json& spec, std::string_view path) {
  Reader reader(spec, std::string(path));
  WorkflowSpec out;
  if (const Json* types = reader.find("types")) out.types = *types;
  const Json params = reader.array("params");
  for (std::size_t i = 0; i < params.size(); ++i) {
    out.params.push_back(read_param(params[i], reader.path_of("params") + "[" + std::to_string(i) + "]", reader));
  }
  if (const Json* defaults = reader.find("defaults")) {
    Reader shared(*defaults, reader.path_of("defaults"));
    read_shared(shared, out.defaults);
    reader.absorb(shared);
  }
  out.parallelism = reader.integer("parallelism");
  out.timeout_ms = reader.duration("timeout");
  out.ttl_seconds_after_finished = reader.integer("ttlSecondsAfterFinished");
  out.successful_runs_history_limit = reader.integer("successfulRunsHistoryLimit");
  out.failed_runs_history_limit = reader.integer("failedRunsHistoryLimit");
  out.output = reader.string("output");
  if (const Json* schedule = reader.find("schedule"))
    out.schedule = read_schedule(*schedule, reader.path_of("schedule"), reader);
  out.suspend = reader.boolean("suspend").value_or(false);
  if (const Json* circuit_json = reader.find("circuitBreaker")) {
    Reader circuit(*circuit_json, reader.path_of("circuitBreaker"));
    out.circuit_failures = circuit.integer("failures");
    reader.absorb(circuit);
  }
  if (const Json* tasks = reader.find("tasks"); tasks != nullptr && tasks->is_array()) {
    out.tasks.reserve(tasks->size());
    for (std::size_t i = 0; i < tasks->size(); ++i) {
      out.tasks.push_back(read_task((*tasks)[i], reader.path_of("tasks") + "[" + std::to_string(i) + "]", reader));
    }
    read_all_hooks(reader, *tasks, out);
  } else if (tasks != nullptr) {
    reader.fail(DecodeErrc::WrongType, reader.path_of("tasks"), "must be a list", "a list");
  }
  return {std::move(out), reader.errors()};
}

Result<WorkflowSpec, DecodeError> decode_workflow_spec(const Json& spec, std::string_view path) {
  PartlyDecoded read = read_workflow_spec(spec, path);
  if (!read.errors.empty()) return Err(std::move(read.errors.front()));
  return std::move(read.spec);
}

namespace {

CircuitStatus read_circuit(const Json& json, Reader& outer) {
  Reader reader(json, "status.circuitBreaker");
  CircuitStatus out;
  out.since_ms = reader.time("since");
  out.resumed = reader.string("resumed").value_or("");
  out.open_ms = reader.time("openTime");
  out.failures = reader.integer("failures").value_or(0);
  out.last_run = reader.string("lastRun").value_or("");
  outer.absorb(reader);
  return out;
}

Json encode_circuit(const CircuitStatus& circuit) {
  // Null takes a field away: the status is stored by a merge patch.
  const bool open = circuit.open_ms != 0;
  return {{"since", format_time(circuit.since_ms)},
          {"resumed", circuit.resumed.empty() ? Json(nullptr) : Json(circuit.resumed)},
          {"openTime", open ? Json(format_time(circuit.open_ms)) : Json(nullptr)},
          {"failures", open ? Json(circuit.failures) : Json(nullptr)},
          {"lastRun", open ? Json(circuit.last_run) : Json(nullptr)}};
}

}  // namespace

Result<Workflow, DecodeError> decode_workflow(const Json& object) {
  Reader reader(object, "");
  Workflow out;
  out.meta = read_meta(reader);
  out.resumed = read_annotation(reader, annotation_resumed);
  out.queue_labels = read_queue_labels(reader);
  if (const Json* spec = reader.find("spec")) out.spec = *spec;
  if (const Json* status_json = reader.find("status")) {
    Reader status(*status_json, "status");
    out.status.observed_generation = status.integer("observedGeneration").value_or(-1);
    out.status.revision = status.string("revision").value_or("");
    out.status.tasks = status.integer("tasks").value_or(0);
    if (const Json* schedule = status.find("schedule")) out.status.schedule = read_schedule_status(*schedule, status);
    if (const Json* circuit = status.find("circuitBreaker")) out.status.circuit = read_circuit(*circuit, status);
    out.status.conditions = read_conditions(status);
    reader.absorb(status);
  }
  if (reader.error()) return Err(*reader.error());
  return out;
}

Json encode_status(const WorkflowStatus& status) {
  Json out = {{"observedGeneration", status.observed_generation}, {"tasks", status.tasks}};
  if (!status.revision.empty()) out["revision"] = status.revision;
  out["schedule"] = status.schedule ? encode_schedule_status(*status.schedule) : Json(nullptr);
  out["circuitBreaker"] = status.circuit ? encode_circuit(*status.circuit) : Json(nullptr);
  out["conditions"] = encode_conditions(status.conditions);
  return out;
}

}  // namespace ork::api
