#include "controllers/api/read_meta.hpp"
#include "controllers/api/workflow_run.hpp"

// An empty field is left out: of 5,000 tasks most have no message, and each byte is stored by etcd
// with every write.

namespace ork::api {
namespace {

void put(Json& out, const char* field, const std::string& text) {
  if (!text.empty()) out[field] = text;
}

void put_time(Json& out, const char* field, TimeMs time) {
  if (time != 0) out[field] = format_time(time);
}

void put_number(Json& out, const char* field, std::int64_t number) {
  if (number != 0) out[field] = number;
}

Json encode_attempt(const Attempt& attempt) {
  Json out = {{"attempt", attempt.attempt}};
  put(out, "job", attempt.job);
  put(out, "run", attempt.run);
  put_time(out, "startTime", attempt.start_ms);
  put_time(out, "completionTime", attempt.completion_ms);
  put(out, "node", attempt.node);
  if (attempt.exit_code) out["exitCode"] = *attempt.exit_code;
  if (attempt.cause != Cause::None) out["cause"] = to_string(attempt.cause);
  put(out, "reason", attempt.reason);
  put(out, "message", attempt.message);
  put(out, "failedIndexes", attempt.failed_indexes);
  return out;
}

Json encode_result(const RunResult& result) {
  Json out = {{"phase", to_string(result.phase)}};
  put(out, "reason", result.reason);
  put(out, "message", result.message);
  put_time(out, "time", result.time_ms);
  return out;
}

Json encode_counts(const TaskCounts& counts) {
  Json out = {{"total", counts.total}};
  put_number(out, "pending", counts.pending);
  put_number(out, "queued", counts.queued);
  put_number(out, "running", counts.running);
  put_number(out, "retrying", counts.retrying);
  put_number(out, "succeeded", counts.succeeded);
  put_number(out, "failed", counts.failed);
  put_number(out, "skipped", counts.skipped);
  put_number(out, "upstreamFailed", counts.upstream_failed);
  put_number(out, "cancelled", counts.cancelled);
  return out;
}

void put_fan_out(Json& out, const TaskStatus& status) {
  out["count"] = status.count;
  out["active"] = status.active;
  out["succeeded"] = status.succeeded_indexes.size();
  out["failed"] = status.failed_indexes.size();
  put(out, "succeededIndexes", status.succeeded_indexes.format());
  put(out, "failedIndexes", status.failed_indexes.format());
}

Json encode_action(const ActionStatus& action) {
  Json out = {{"id", action.id},
              {"task", action.task},
              {"do", to_string(action.act)},
              {"result", action.done ? "Done" : "Refused"}};
  put(out, "by", action.by);
  put_time(out, "time", action.time_ms);
  put(out, "message", action.message);
  return out;
}

Json encode_rerun(const RerunStatus& rerun) {
  return {{"name", rerun.name}, {"uid", rerun.uid}, {"inherited", rerun.inherited}};
}

}  // namespace

Json encode_task_status(const TaskStatus& status) {
  Json out = {{"name", status.name}, {"phase", to_string(status.phase)}};
  put(out, "hook", status.hook);
  put(out, "hookOf", status.hook_of);
  put(out, "reason", status.reason);
  put(out, "message", status.message);
  put_number(out, "attempt", status.attempt);
  put(out, "job", status.job);
  put(out, "run", status.run);
  put(out, "object", status.object);
  put_time(out, "startTime", status.start_ms);
  put_time(out, "completionTime", status.completion_ms);
  if (status.exit_code) out["exitCode"] = *status.exit_code;
  if (status.cause != Cause::None) out["cause"] = to_string(status.cause);
  if (status.output) out["output"] = *status.output;
  put_time(out, "retryTime", status.retry_ms);
  put_time(out, "waitUntil", status.until_ms);
  put_number(out, "programRetries", status.program_retries);
  put_number(out, "infrastructureRetries", status.infrastructure_retries);
  put_number(out, "memoryGrowths", status.memory_growths);
  if (status.is_inherited()) out["inheritedFrom"] = {{"run", status.inherited_from}};
  put(out, "cacheKey", status.cache_key);
  for (const Attempt& attempt : status.attempts) out["attempts"].push_back(encode_attempt(attempt));
  if (status.count > 0) put_fan_out(out, status);
  return out;
}

Json encode_status(const RunStatus& status) {
  Json out = {{"phase", to_string(status.phase)}, {"observedGeneration", status.observed_generation}};
  put_time(out, "startTime", status.start_ms);
  put_time(out, "completionTime", status.completion_ms);
  put_time(out, "expirationTime", status.expiration_ms);
  put(out, "workflow", status.workflow);
  put(out, "revision", status.revision);
  put(out, "progress", status.progress);
  put(out, "duration", status.duration);
  put(out, "message", status.message);
  if (status.output) out["output"] = *status.output;
  if (status.result) out["result"] = encode_result(*status.result);
  out["counts"] = encode_counts(status.counts);
  out["conditions"] = encode_conditions(status.conditions);
  if (status.rerun_of) out["rerunOf"] = encode_rerun(*status.rerun_of);
  for (const ActionStatus& action : status.actions) out["actions"].push_back(encode_action(action));
  Json tasks = Json::array();
  for (const TaskStatusPtr& task : status.tasks) tasks.push_back(encode_task_status(*task));
  out["tasks"] = std::move(tasks);
  return out;
}

}  // namespace ork::api
