#include "controllers/run/status_budget.hpp"

#include <functional>

#include "controllers/run/limits.hpp"

namespace ork::run {
namespace {

using api::TaskStatus;

constexpr std::size_t short_message = 80;

// An upper bound of the bytes of a JSON value's dump, without making it.
std::size_t json_bytes(const api::Json& value) {
  switch (value.type()) {
    case api::Json::value_t::string: return value.get_ref<const std::string&>().size() + 2 + 8;
    case api::Json::value_t::array:
    case api::Json::value_t::object: return value.dump(-1, ' ', false, api::Json::error_handler_t::replace).size();
    default: return 24;
  }
}

std::size_t attempt_bytes(const api::Attempt& attempt) {
  return 160 + attempt.job.size() + attempt.node.size() + attempt.reason.size() + attempt.message.size() +
         attempt.failed_indexes.size();
}

std::size_t task_bytes(const TaskStatus& task) {
  // Names of fields, quotes, phase, and the two times of a task that ended.
  std::size_t bytes = 150 + task.name.size();
  if (!task.reason.empty()) bytes += 12 + task.reason.size();
  if (!task.message.empty()) bytes += 13 + task.message.size();
  if (!task.job.empty()) bytes += 9 + task.job.size();
  if (task.output) bytes += 10 + json_bytes(*task.output);
  for (const api::Attempt& attempt : task.attempts) bytes += attempt_bytes(attempt);
  if (task.count > 0) bytes += 110 + (task.succeeded_indexes.ranges().size() + task.failed_indexes.ranges().size()) * 14;
  return bytes;
}

bool has_open_downstream(const workflow::Definition& definition, std::size_t task, const api::RunStatus& status) {
  for (const int downstream : definition.graph.downstream(static_cast<int>(task))) {
    if (!api::is_final(status.tasks[static_cast<std::size_t>(downstream)]->phase)) return true;
  }
  return false;
}

void shorten(TaskStatus& task) {
  if (task.message.size() > short_message) task.message = task.message.substr(0, short_message) + "...";
}

using Step = std::function<bool(std::size_t, TaskStatus&)>;  // true: it changed something

std::vector<Step> steps_for(const workflow::Definition& definition, const api::RunStatus& status) {
  return {
      [](std::size_t, TaskStatus& task) {
        if (task.phase != api::Phase::Succeeded || (task.attempts.empty() && task.job.empty())) return false;
        task.attempts.clear();
        task.job.clear();
        return true;
      },
      [](std::size_t, TaskStatus& task) {
        if (task.message.size() <= short_message + 3) return false;
        shorten(task);
        return true;
      },
      [](std::size_t, TaskStatus& task) {
        if (task.attempts.size() < 2) return false;
        task.attempts.erase(task.attempts.begin(), task.attempts.end() - 1);
        return true;
      },
      [&definition, &status](std::size_t i, TaskStatus& task) {
        if (!task.output || !api::is_final(task.phase) || has_open_downstream(definition, i, status)) return false;
        task.output.reset();
        task.message = "its output was dropped to keep the status small";
        return true;
      },
  };
}

}  // namespace

std::size_t estimated_bytes(const api::RunStatus& status) {
  std::size_t bytes = 2048 + status.message.size() * 4;
  for (const api::TaskStatusPtr& task : status.tasks) bytes += task_bytes(*task);
  return bytes;
}

bool fit_status(const workflow::Definition& definition, api::RunStatus& status) {
  std::size_t bytes = estimated_bytes(status);
  if (bytes <= status_soft_bytes) return true;
  for (const Step& step : steps_for(definition, status)) {
    for (std::size_t i = 0; i < status.tasks.size() && bytes > status_soft_bytes; ++i) {
      TaskStatus task = *status.tasks[i];
      if (!step(i, task)) continue;
      bytes -= task_bytes(*status.tasks[i]);
      bytes += task_bytes(task);
      status.tasks[i] = std::make_shared<const TaskStatus>(std::move(task));
    }
  }
  return bytes <= status_hard_bytes;
}

}  // namespace ork::run
