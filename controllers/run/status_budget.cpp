#include "controllers/run/status_budget.hpp"

#include <algorithm>
#include <array>

#include "controllers/api/stored_bytes.hpp"
#include "controllers/jobs/failure.hpp"
#include "controllers/run/limits.hpp"

namespace ork::run {
namespace {

using api::TaskStatus;

constexpr std::size_t short_message = 80;
constexpr std::string_view output_dropped = "its output was dropped to keep the status small";
constexpr std::size_t short_message_bytes = short_message + 3;  // with its "..."

// "name":value, of a field whose value takes `value` bytes; nothing where it is left out.
constexpr std::size_t field_bytes(std::string_view name, std::size_t value) { return name.size() + 4 + value; }

std::size_t field_bytes(std::string_view name, const std::string& value) {
  return value.empty() ? 0 : field_bytes(name, api::stored_bytes(value));
}

constexpr std::size_t number_bytes = 11;  // of 32 bits
constexpr std::size_t time_bytes = 26;
constexpr std::size_t word_bytes = 16;  // the longest phase or cause, in quotes

constexpr std::size_t fixed_bytes = 2048;  // names, counts and three conditions, but for their messages

// A task that strip_status has been at, but for its name: no reason of a task's end is longer than 32 bytes.
constexpr std::size_t bare_task_bytes = 5 + field_bytes("name", 0) + field_bytes("phase", word_bytes) +
                                        field_bytes("reason", 32) + field_bytes("attempt", number_bytes) +
                                        field_bytes("completionTime", time_bytes);

constexpr std::size_t attempt_fixed_bytes = 3 + field_bytes("attempt", number_bytes) +
                                            field_bytes("startTime", time_bytes) +
                                            field_bytes("completionTime", time_bytes) +
                                            field_bytes("exitCode", number_bytes) + field_bytes("cause", word_bytes);

std::size_t attempt_bytes(const api::Attempt& attempt) {
  return attempt_fixed_bytes + field_bytes("job", attempt.job) + field_bytes("run", attempt.run) +
         field_bytes("node", attempt.node) + field_bytes("reason", attempt.reason) +
         field_bytes("message", attempt.message) + field_bytes("failedIndexes", attempt.failed_indexes);
}

// "12345," and "12345-67890,": no index has more digits. So 100,000 indexes fit however they are scattered.
std::size_t text_bytes(const api::IndexSet& indexes) {
  std::size_t bytes = 2;
  for (const api::IndexSet::Range& range : indexes.ranges()) bytes += range.first == range.last ? 6 : 12;
  return bytes;
}

std::size_t fan_out_bytes(const TaskStatus& task) {
  return field_bytes("count", 6) + field_bytes("active", 6) + field_bytes("succeeded", 6) + field_bytes("failed", 6) +
         field_bytes("succeededIndexes", text_bytes(task.succeeded_indexes)) +
         field_bytes("failedIndexes", text_bytes(task.failed_indexes));
}

std::size_t number_field_bytes(std::string_view name, int value) {
  return value == 0 ? 0 : field_bytes(name, number_bytes);
}

std::size_t time_field_bytes(std::string_view name, api::TimeMs value) {
  return value == 0 ? 0 : field_bytes(name, time_bytes);
}

std::size_t task_bytes(const TaskStatus& task) {
  std::size_t bytes =
      3 + field_bytes("name", task.name) + field_bytes("hook", task.hook) + field_bytes("hookOf", task.hook_of) +
      field_bytes("phase", word_bytes) + field_bytes("reason", task.reason) + field_bytes("message", task.message) +
      field_bytes("job", task.job) + field_bytes("run", task.run) + field_bytes("object", task.object) +
      field_bytes("cacheKey", task.cache_key) + number_field_bytes("attempt", task.attempt) +
      time_field_bytes("startTime", task.start_ms) + time_field_bytes("completionTime", task.completion_ms) +
      time_field_bytes("retryTime", task.retry_ms) + time_field_bytes("waitUntil", task.until_ms) +
      number_field_bytes("programRetries", task.program_retries) +
      number_field_bytes("infrastructureRetries", task.infrastructure_retries) +
      number_field_bytes("memoryGrowths", task.memory_growths);
  if (task.exit_code) bytes += field_bytes("exitCode", number_bytes);
  if (task.cause != api::Cause::None) bytes += field_bytes("cause", word_bytes);
  if (task.output) bytes += field_bytes("output", api::stored_bytes(*task.output));
  if (task.is_inherited()) bytes += field_bytes("inheritedFrom", 2 + field_bytes("run", task.inherited_from));
  if (!task.attempts.empty()) bytes += field_bytes("attempts", 2);
  for (const api::Attempt& attempt : task.attempts) bytes += attempt_bytes(attempt);
  if (task.count > 0) bytes += fan_out_bytes(task);
  return bytes;
}

std::size_t action_bytes(const api::ActionStatus& action) {
  return 3 + field_bytes("id", action.id) + field_bytes("task", action.task) + field_bytes("do", word_bytes) +
         field_bytes("result", word_bytes) + field_bytes("by", action.by) + field_bytes("time", time_bytes) +
         field_bytes("message", action.message);
}

bool has_open_downstream(const workflow::Definition& definition, std::size_t task, const api::RunStatus& status) {
  for (const int downstream : definition.graph.downstream(static_cast<int>(task))) {
    if (!api::is_final(status.tasks[static_cast<std::size_t>(downstream)]->phase)) return true;
  }
  return false;
}

// The run's own output is put together at its end.
bool is_awaited_by_run(const workflow::Definition& definition, std::size_t task, const api::RunStatus& status) {
  if (!definition.output || status.result || api::is_final(status.phase)) return false;
  const auto& names = definition.output->references().tasks;
  return std::binary_search(names.begin(), names.end(), definition.tasks[task].name());
}

struct Where {
  const workflow::Definition& definition;
  const api::RunStatus& status;
  std::size_t task;
};

// What carries it out, a Job or a child run; or what it waits for.
bool names_attempt(const TaskStatus& task) { return !task.job.empty() || !task.run.empty() || !task.object.empty(); }

void forget_name_of_attempt(TaskStatus& task) {
  task.job.clear();
  task.run.clear();
  task.object.clear();
}

// One kind of detail: which tasks have it, and what dropping it means.
struct Saving {
  bool (*has)(const TaskStatus& task, const Where& where);
  void (*drop)(TaskStatus& task);
};

constexpr std::array savings = {
    Saving{[](const TaskStatus& task, const Where&) {
             return task.phase == api::Phase::Succeeded && (!task.attempts.empty() || names_attempt(task));
           },
           [](TaskStatus& task) {
             task.attempts.clear();
             forget_name_of_attempt(task);
           }},
    Saving{[](const TaskStatus& task, const Where&) { return task.message.size() > short_message_bytes; },
           [](TaskStatus& task) { task.message = jobs::printable_head(task.message, short_message); }},
    Saving{[](const TaskStatus& task, const Where&) { return task.attempts.size() > 1; },
           [](TaskStatus& task) { task.attempts.erase(task.attempts.begin(), task.attempts.end() - 1); }},
    Saving{[](const TaskStatus& task, const Where& where) {
             return task.output && api::is_final(task.phase) &&
                    !has_open_downstream(where.definition, where.task, where.status) &&
                    !is_awaited_by_run(where.definition, where.task, where.status);
           },
           [](TaskStatus& task) {
             task.output.reset();
             task.message = output_dropped;
           }},
    Saving{[](const TaskStatus& task, const Where&) { return !task.attempts.empty(); },
           [](TaskStatus& task) { task.attempts.clear(); }},
    Saving{[](const TaskStatus& task, const Where&) { return !task.message.empty(); },
           [](TaskStatus& task) { task.message.clear(); }},
    Saving{[](const TaskStatus& task, const Where&) {
             return api::is_final(task.phase) &&
                    (task.start_ms != 0 || task.retry_ms != 0 || task.until_ms != 0 || task.exit_code ||
                     task.cause != api::Cause::None || names_attempt(task) || task.program_retries != 0 ||
                     task.infrastructure_retries != 0 || task.memory_growths != 0 || task.is_inherited() ||
                     !task.cache_key.empty());
           },
           [](TaskStatus& task) {
             task.start_ms = 0;
             task.retry_ms = 0;
             task.until_ms = 0;
             task.exit_code.reset();
             task.cause = api::Cause::None;
             forget_name_of_attempt(task);
             task.program_retries = 0;
             task.infrastructure_retries = 0;
             task.memory_growths = 0;
             task.inherited_from.clear();
             task.cache_key.clear();
           }},
};

}  // namespace

std::size_t estimated_bytes(const api::RunStatus& status) {
  // The run and its three conditions, each with its message.
  std::size_t bytes = fixed_bytes + api::stored_bytes(status.message) * 4;
  for (const api::ActionStatus& action : status.actions) bytes += action_bytes(action);
  if (status.rerun_of) bytes += 64 + api::stored_bytes(status.rerun_of->name) + api::stored_bytes(status.rerun_of->uid);
  if (status.output) bytes += field_bytes("output", api::stored_bytes(*status.output));
  if (status.result)
    bytes += 64 + field_bytes("reason", status.result->reason) + field_bytes("message", status.result->message);
  for (const api::TaskStatusPtr& task : status.tasks) bytes += task_bytes(*task);
  return bytes;
}

StatusRoom status_room(std::size_t bytes_beside) {
  const std::size_t hard = std::min(status_hard_bytes, max_object_bytes - std::min(max_object_bytes, bytes_beside));
  return {std::min(status_soft_bytes, hard - hard / 10), hard};
}

std::optional<std::string> no_status_room(const workflow::Definition& definition, std::size_t bytes_beside) {
  std::size_t least = fixed_bytes;
  for (const workflow::CompiledTask& task : definition.tasks) least += bare_task_bytes + task.name().size();
  if (bytes_beside + least <= max_object_bytes) return std::nullopt;
  const auto kib = [](std::size_t bytes) { return std::to_string((bytes + 1023) / 1024) + " KiB"; };
  return "what the run says takes " + kib(bytes_beside) + " and the status of its " +
         std::to_string(definition.tasks.size()) + " tasks up to " + kib(least) + ", but a cluster stores at most " +
         kib(max_object_bytes) +
         " of a run: write the tasks into a Workflow and name that in spec.workflowRef, or say less in them";
}

bool fit_status(const workflow::Definition& definition, StatusRoom room, api::RunStatus& status) {
  std::size_t bytes = estimated_bytes(status);
  for (const Saving& saving : savings) {
    if (bytes <= room.soft) return true;
    for (std::size_t i = 0; i < status.tasks.size() && bytes > room.soft; ++i) {
      if (!saving.has(*status.tasks[i], {definition, status, i})) continue;
      auto task = std::make_shared<TaskStatus>(*status.tasks[i]);
      saving.drop(*task);
      bytes = bytes + task_bytes(*task) - task_bytes(*status.tasks[i]);
      status.tasks[i] = std::move(task);
    }
  }
  return bytes <= room.hard;
}

// Before any output goes all tasks that have succeeded have lost the name of their Job.
bool may_have_lost_output(const TaskStatus& task) {
  return !task.output && (task.message == output_dropped || (task.attempt > 0 && !names_attempt(task)));
}

void strip_status(api::RunStatus& status) {
  status.output.reset();
  for (api::TaskStatusPtr& task : status.tasks) {
    auto bare = std::make_shared<TaskStatus>();
    bare->name = task->name;
    bare->hook = task->hook;
    bare->phase = task->phase;
    bare->reason = task->reason;
    bare->attempt = task->attempt;
    bare->completion_ms = task->completion_ms;
    task = std::move(bare);
  }
}

}  // namespace ork::run
