#include "operator/cli/show/run_view.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "controllers/api/condition.hpp"
#include "controllers/run/cache.hpp"
#include "controllers/run/hooks.hpp"
#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/show/limits.hpp"

namespace ork::show {
namespace {

using api::Phase;

const api::TaskStatus* find_task(const api::WorkflowRun& run, std::string_view name, std::size_t likely) {
  const auto& tasks = run.status.tasks;
  if (likely < tasks.size() && tasks[likely]->name == name) return tasks[likely].get();
  const auto it = std::find_if(tasks.begin(), tasks.end(), [&](const auto& task) { return task->name == name; });
  return it == tasks.end() ? nullptr : it->get();
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string out;
  const std::size_t most = std::min(names.size(), limits::names_listed);
  for (std::size_t i = 0; i < most; ++i) out += (i > 0 ? ", " : "") + std::string(names[i]);
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

// The tasks that it depends on and that have not ended.
std::string waits_for(const RunView& view, const api::TaskStatus& task) {
  const int place = view.definition == nullptr ? -1 : view.definition->index_of(task.name);
  if (place < 0) return {};
  std::vector<std::string_view> names;
  for (const int upstream : view.definition->graph.upstream(place)) {
    const auto index = static_cast<std::size_t>(upstream);
    const std::string_view name = view.definition->tasks[index].name();
    const api::TaskStatus* status = find_task(view.run, name, index);
    if (status == nullptr || !api::is_final(status->phase)) names.push_back(name);
  }
  return names.empty() ? std::string() : "waits for " + listed(names);
}

std::string joined(std::initializer_list<std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

std::string indexes_of(const api::TaskStatus& task) {
  if (task.count == 0) return {};
  std::string out = std::to_string(task.succeeded_indexes.size()) + "/" + std::to_string(task.count) + " done";
  if (task.active > 0) out += ", " + std::to_string(task.active) + " running";
  if (!task.failed_indexes.empty()) out += ", " + std::to_string(task.failed_indexes.size()) + " failed";
  return out;
}

std::string attempt_of(const api::TaskStatus& task) {
  return task.attempt > 1 ? "attempt " + std::to_string(task.attempt) : std::string();
}

std::string waiting(const RunView& view, const api::TaskStatus& task, bool unicode) {
  if (task.is_hook() && task.reason == run::reason_hook) return {};
  if (task.phase == Phase::Pending || task.reason == "Upstream") return waits_for(view, task);
  const bool said = task.reason.empty() || task.reason == "Creating";
  return joined({said ? "" : task.reason, first_line(task.message, limits::message_columns, unicode)}, ": ");
}

std::string retrying(const RunView& view, const api::TaskStatus& task, bool unicode) {
  const std::string next = task.retry_ms > view.now ? "attempt " + std::to_string(task.attempt + 1) + " in " +
                                                          elapsed(task.retry_ms - view.now)
                                                    : "attempt " + std::to_string(task.attempt + 1) + " is due";
  return joined({next, first_line(task.message, limits::message_columns, unicode)}, "; ");
}

std::string succeeded(const api::TaskStatus& task, bool unicode) {
  return joined({indexes_of(task), attempt_of(task), first_line(task.message, limits::message_columns, unicode)}, ", ");
}

// The message says of itself what it died of.
std::string failed(const api::TaskStatus& task, bool unicode) {
  const std::string message = first_line(task.message, limits::message_columns, unicode);
  const std::string why = message.empty() ? cause_of(task.cause, task.reason, task.exit_code) : message;
  return joined({joined({indexes_of(task), attempt_of(task)}, ", "), why}, ": ");
}

}  // namespace

Colour colour_of(Phase phase) {
  switch (phase) {
    case Phase::Succeeded: return Colour::Green;
    case Phase::Failed: return Colour::Red;
    case Phase::Running: return Colour::Blue;
    case Phase::Retrying:
    case Phase::UpstreamFailed:
    case Phase::Cancelled: return Colour::Yellow;
    case Phase::Pending:
    case Phase::Queued:
    case Phase::Deferred:
    case Phase::Skipped: break;
  }
  return Colour::Dim;
}

std::string_view reason_of(const api::WorkflowRun& run) {
  const api::Condition* condition = api::find_condition(run.status.conditions, "Succeeded");
  return condition == nullptr ? std::string_view() : std::string_view(condition->reason);
}

bool timed_out(const api::WorkflowRun& run) {
  return run.status.phase == Phase::Failed && reason_of(run) == "DeadlineExceeded";
}

std::string counts_of(const api::WorkflowRun& run) {
  const api::TaskCounts& counts = run.status.counts;
  if (counts.total == 0) return {};
  const std::array parts = {
      std::pair{counts.failed, "failed"},       std::pair{counts.running, "running"},
      std::pair{counts.retrying, "retrying"},   std::pair{counts.queued, "queued"},
      std::pair{counts.pending, "pending"},     std::pair{counts.succeeded, "succeeded"},
      std::pair{counts.skipped, "skipped"},     std::pair{counts.upstream_failed, "upstream failed"},
      std::pair{counts.cancelled, "cancelled"},
  };
  std::string out = std::to_string(counts.total) + (counts.total == 1 ? " task" : " tasks");
  const char* separator = ": ";
  for (const auto& [number, word] : parts) {
    if (number <= 0) continue;
    out += separator + std::to_string(number) + " " + word;
    separator = ", ";
  }
  return out;
}

std::string cause_of(api::Cause cause, std::string_view reason, const std::optional<int>& exit_code) {
  std::string out;
  // What a program did is told by its exit code; the other causes have a finer reason.
  if (cause != api::Cause::Program && cause != api::Cause::None) out = reason.empty() ? api::to_string(cause) : reason;
  if (exit_code) out += (out.empty() ? "" : ", ") + ("exit code " + std::to_string(*exit_code));
  if (out.empty() && !reason.empty()) out = reason;
  return out;
}

namespace {

std::string course_of(const RunView& view, const api::TaskStatus& task, bool unicode) {
  if (task.is_inherited()) {
    const std::string note = first_line(task.message, limits::message_columns, unicode);
    const std::string how = task.reason == run::reason_cached ? "cached, from " : "inherited from ";
    return joined({how + task.inherited_from, note}, ", ");
  }
  switch (task.phase) {
    case Phase::Pending:
    case Phase::Queued: return waiting(view, task, unicode);
    case Phase::Running:
    case Phase::Deferred:
      return joined({indexes_of(task), attempt_of(task), first_line(task.message, limits::message_columns, unicode)},
                    ", ");
    case Phase::Retrying: return retrying(view, task, unicode);
    case Phase::Succeeded: return succeeded(task, unicode);
    case Phase::Failed: return failed(task, unicode);
    case Phase::Skipped:
    case Phase::UpstreamFailed:
    case Phase::Cancelled: break;
  }
  return first_line(task.message, limits::message_columns, unicode);
}

std::string hook_of(const api::TaskStatus& task) {
  return task.is_hook() ? task.hook + " of " + (task.hook_of.empty() ? "the run" : task.hook_of) : "";
}

}  // namespace

std::string detail_of(const RunView& view, const api::TaskStatus& task, bool unicode) {
  return joined({hook_of(task), course_of(view, task, unicode)}, ": ");
}

}  // namespace ork::show
