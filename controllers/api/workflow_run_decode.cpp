#include <cstdint>

#include "controllers/api/read_meta.hpp"
#include "controllers/api/reader.hpp"
#include "controllers/api/stored_bytes.hpp"
#include "controllers/api/workflow_run.hpp"

namespace ork::api {
namespace {

Phase read_phase(Reader& reader) {
  const auto text = reader.string("phase");
  if (!text) return Phase::Pending;
  if (const auto phase = parse_phase(*text)) return *phase;
  reader.fail(DecodeErrc::BadValue, reader.path_of("phase"), "is no phase");
  return Phase::Pending;
}

std::optional<int> read_exit_code(Reader& reader) { return reader.bounded("exitCode", INT32_MIN, INT32_MAX); }

Cause read_cause(Reader& reader) {
  const auto text = reader.string("cause");
  if (!text) return Cause::None;
  if (const auto cause = parse_cause(*text)) return *cause;
  reader.fail(DecodeErrc::BadValue, reader.path_of("cause"), "is no cause");
  return Cause::None;
}

IndexSet read_indexes(Reader& reader, std::string_view field) {
  const auto text = reader.string(field);
  if (!text) return {};
  if (const auto set = IndexSet::parse(*text)) return *set;
  reader.fail(DecodeErrc::BadValue, reader.path_of(field), "is no list of index ranges");
  return {};
}

// Attempts and retries. Far more than any budget allows, and far from where adding one overflows.
int read_tries(Reader& reader, std::string_view field) { return reader.bounded(field, 0, 1'000'000).value_or(0); }

Attempt read_attempt(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Attempt out;
  out.attempt = read_tries(reader, "attempt");
  out.job = reader.string("job").value_or("");
  out.run = reader.string("run").value_or("");
  out.start_ms = reader.time("startTime");
  out.completion_ms = reader.time("completionTime");
  out.node = reader.string("node").value_or("");
  out.exit_code = read_exit_code(reader);
  out.cause = read_cause(reader);
  out.reason = reader.string("reason").value_or("");
  out.message = reader.string("message").value_or("");
  out.failed_indexes = reader.string("failedIndexes").value_or("");
  outer.absorb(reader);
  return out;
}

TaskStatus read_task_status(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  TaskStatus out;
  out.name = reader.string("name").value_or("");
  out.hook = reader.string("hook").value_or("");
  out.hook_of = reader.string("hookOf").value_or("");
  out.phase = read_phase(reader);
  out.reason = reader.string("reason").value_or("");
  out.message = reader.string("message").value_or("");
  out.attempt = read_tries(reader, "attempt");
  out.job = reader.string("job").value_or("");
  out.run = reader.string("run").value_or("");
  out.object = reader.string("object").value_or("");
  out.start_ms = reader.time("startTime");
  out.completion_ms = reader.time("completionTime");
  out.exit_code = read_exit_code(reader);
  out.cause = read_cause(reader);
  if (const Json* output = reader.find("output")) out.output = *output;
  out.retry_ms = reader.time("retryTime");
  out.until_ms = reader.time("waitUntil");
  out.program_retries = read_tries(reader, "programRetries");
  out.infrastructure_retries = read_tries(reader, "infrastructureRetries");
  out.memory_growths = read_tries(reader, "memoryGrowths");
  if (const Json* origin_json = reader.find("inheritedFrom")) {
    Reader origin(*origin_json, reader.path_of("inheritedFrom"));
    out.inherited_from = origin.string("run").value_or("");
    reader.absorb(origin);
  }
  out.cache_key = reader.string("cacheKey").value_or("");
  for (const Json& attempt : reader.array("attempts")) {
    const std::string place = "[" + std::to_string(out.attempts.size()) + "]";
    out.attempts.push_back(read_attempt(attempt, reader.path_of("attempts") + place, reader));
  }
  out.count = reader.integer("count").value_or(0);
  out.active = reader.integer("active").value_or(0);
  out.succeeded_indexes = read_indexes(reader, "succeededIndexes");
  out.failed_indexes = read_indexes(reader, "failedIndexes");
  outer.absorb(reader);
  return out;
}

Act read_act(Reader& reader) {
  const auto text = reader.string("do");
  if (const auto act = parse_act(text.value_or(""))) return *act;
  reader.fail(DecodeErrc::BadValue, reader.path_of("do"), "is no action");
  return Act::Retry;
}

// What an action and what is told of it have in common.
template <typename T>
void read_wish(Reader& reader, T& out) {
  out.id = reader.string("id").value_or("");
  out.task = reader.string("task").value_or("");
  out.act = read_act(reader);
  out.by = reader.string("by").value_or("");
}

Action read_action(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  Action out;
  read_wish(reader, out);
  if (const Json* output = reader.find("output")) out.output = *output;
  out.comment = reader.string("comment").value_or("");
  outer.absorb(reader);
  return out;
}

ActionStatus read_action_status(const Json& json, const std::string& path, Reader& outer) {
  Reader reader(json, path);
  ActionStatus out;
  read_wish(reader, out);
  out.time_ms = reader.time("time");
  out.done = reader.string("result") == "Done";
  out.message = reader.string("message").value_or("");
  outer.absorb(reader);
  return out;
}

TaskCounts read_counts(const Json& json, Reader& outer) {
  Reader reader(json, "status.counts");
  TaskCounts out;
  out.total = reader.integer("total").value_or(0);
  out.pending = reader.integer("pending").value_or(0);
  out.queued = reader.integer("queued").value_or(0);
  out.running = reader.integer("running").value_or(0);
  out.retrying = reader.integer("retrying").value_or(0);
  out.succeeded = reader.integer("succeeded").value_or(0);
  out.failed = reader.integer("failed").value_or(0);
  out.skipped = reader.integer("skipped").value_or(0);
  out.upstream_failed = reader.integer("upstreamFailed").value_or(0);
  out.cancelled = reader.integer("cancelled").value_or(0);
  outer.absorb(reader);
  return out;
}

RerunStatus read_rerun_status(const Json& json, Reader& outer) {
  Reader reader(json, "status.rerunOf");
  RerunStatus out;
  out.name = reader.string("name").value_or("");
  out.uid = reader.string("uid").value_or("");
  out.inherited = reader.integer("inherited").value_or(0);
  outer.absorb(reader);
  return out;
}

RunResult read_result(const Json& json, Reader& outer) {
  Reader reader(json, "status.result");
  RunResult out;
  out.phase = read_phase(reader);
  out.reason = reader.string("reason").value_or("");
  out.message = reader.string("message").value_or("");
  out.time_ms = reader.time("time");
  outer.absorb(reader);
  return out;
}

RunStatus read_status(const Json& json, Reader& outer) {
  Reader reader(json, "status");
  RunStatus out;
  out.phase = read_phase(reader);
  out.observed_generation = reader.integer("observedGeneration").value_or(-1);
  out.start_ms = reader.time("startTime");
  out.completion_ms = reader.time("completionTime");
  out.expiration_ms = reader.time("expirationTime");
  out.workflow = reader.string("workflow").value_or("");
  out.revision = reader.string("revision").value_or("");
  out.progress = reader.string("progress").value_or("");
  out.duration = reader.string("duration").value_or("");
  out.message = reader.string("message").value_or("");
  if (const Json* output = reader.find("output")) out.output = *output;
  if (const Json* result = reader.find("result")) out.result = read_result(*result, reader);
  if (const Json* counts = reader.find("counts")) out.counts = read_counts(*counts, reader);
  out.conditions = read_conditions(reader);
  if (const Json* rerun_of = reader.find("rerunOf")) out.rerun_of = read_rerun_status(*rerun_of, reader);
  for (const Json& action : reader.array("actions")) {
    const std::string place = "status.actions[" + std::to_string(out.actions.size()) + "]";
    out.actions.push_back(read_action_status(action, place, reader));
  }
  if (const Json* tasks = reader.find("tasks"); tasks != nullptr && tasks->is_array()) {
    out.tasks.reserve(tasks->size());
    for (std::size_t i = 0; i < tasks->size(); ++i) {
      out.tasks.push_back(std::make_shared<const TaskStatus>(
          read_task_status((*tasks)[i], "status.tasks[" + std::to_string(i) + "]", reader)));
    }
  } else if (tasks != nullptr) {
    reader.fail(DecodeErrc::WrongType, "status.tasks", "must be a list");
  }
  outer.absorb(reader);
  return out;
}

RerunOf read_rerun_of(const Json& json, Reader& outer) {
  Reader reader(json, "spec.rerunOf");
  RerunOf out;
  out.name = reader.string("name").value_or("");
  out.uid = reader.string("uid").value_or("");
  out.from = reader.string("from").value_or("");
  outer.absorb(reader);
  return out;
}

ChildOf read_child_of(const Json& json, Reader& outer) {
  Reader reader(json, "spec.childOf");
  ChildOf out;
  out.task = reader.string("task").value_or("");
  out.attempt = read_tries(reader, "attempt");
  out.index = reader.integer("index").value_or(-1);
  out.count = reader.integer("count").value_or(0);
  outer.absorb(reader);
  return out;
}

RunSpec read_spec(const Json& json, Reader& outer) {
  Reader reader(json, "spec");
  RunSpec out;
  if (const Json* ref_json = reader.find("workflowRef")) {
    Reader ref(*ref_json, "spec.workflowRef");
    out.workflow_ref = ref.string("name").value_or("");
    out.workflow_revision = ref.string("revision").value_or("");
    reader.absorb(ref);
  }
  if (const Json* workflow = reader.find("workflow")) out.workflow = std::make_shared<const Json>(*workflow);
  if (const Json params = reader.object("params"); !params.is_null()) out.params = params;
  out.cancel = reader.boolean("cancel").value_or(false);
  out.suspend = reader.boolean("suspend").value_or(false);
  out.scheduled_ms = reader.time("scheduledTime");
  if (const Json* rerun_of = reader.find("rerunOf")) out.rerun_of = read_rerun_of(*rerun_of, reader);
  if (const Json* child_of = reader.find("childOf")) out.child_of = read_child_of(*child_of, reader);
  for (const Json& action : reader.array("actions")) {
    const std::string place = "spec.actions[" + std::to_string(out.actions.size()) + "]";
    out.actions.push_back(read_action(action, place, reader));
  }
  out.ttl_seconds_after_finished = reader.integer("ttlSecondsAfterFinished");
  outer.absorb(reader);
  return out;
}

}  // namespace

Result<WorkflowRun, DecodeError> decode_workflow_run(const Json& object) {
  Reader reader(object, "");
  WorkflowRun out;
  out.meta = read_meta(reader);
  out.traceparent = read_annotation(reader, annotation_traceparent);
  out.queue_labels = read_queue_labels(reader);
  if (const Json* spec = reader.find("spec")) out.spec = read_spec(*spec, reader);
  if (const Json* status = reader.find("status")) out.status = read_status(*status, reader);
  if (reader.error()) return Err(*reader.error());
  for (const auto& [name, value] : object.items()) {
    if (name != "status") out.bytes_beside_status += stored_bytes(name) + stored_bytes(value) + 2;
  }
  return out;
}

}  // namespace ork::api
