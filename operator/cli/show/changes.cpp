#include "operator/cli/show/changes.hpp"

#include <algorithm>
#include <cstddef>

#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/show/limits.hpp"

namespace ork::show {
namespace {

using api::Phase;

constexpr std::size_t phase_columns = 9;  // "Succeeded"

// Waiting for what comes before it is a task's usual state, and so is waiting for its turn.
bool tells_something(const api::TaskStatus& task) {
  if (task.phase == Phase::Pending) return false;
  if (task.phase != Phase::Queued) return true;
  return !task.reason.empty() && task.reason != "Creating" && task.reason != "Parallelism" && task.reason != "Upstream";
}

bool same(const api::TaskStatus& a, const api::TaskStatus& b) {
  if (a.phase != b.phase || a.attempt != b.attempt) return false;
  // A reason that changes while it waits is news; while it runs or once it has ended it is not.
  return a.phase != Phase::Queued || a.reason == b.reason;
}

std::string task_line(const RunView& view, const api::TaskStatus& task, std::size_t name_columns) {
  Line line(cut(task.name, limits::name_columns, /*unicode=*/false));
  line.pad_to(name_columns).add("  ").add(api::to_string(task.phase));
  line.pad_to(name_columns + 2 + phase_columns);
  std::string took = elapsed(task.start_ms, task.completion_ms, view.now);
  // That it has run for no time yet goes without saying.
  if (task.phase == Phase::Running || task.phase == Phase::Queued) took.clear();
  std::string detail = detail_of(view, task, /*unicode=*/false);
  if (task.phase == Phase::Running && task.attempt == 1 && task.count == 0) detail = "attempt 1";
  for (const std::string& part : {took, detail}) {
    if (!part.empty()) line.add("  " + part);
  }
  return line.render({});
}

// Attempts that ended between the two states and were tried again before anybody looked: the status is not written
// for each step of a task.
void missed_attempts(const api::TaskStatus* before, const api::TaskStatus& task, std::size_t name_columns,
                     std::vector<std::string>& out) {
  const int told = before == nullptr ? 0 : before->phase == Phase::Retrying ? before->attempt : before->attempt - 1;
  for (const api::Attempt& attempt : task.attempts) {
    if (attempt.attempt <= told || attempt.attempt >= task.attempt) continue;
    Line line(cut(task.name, limits::name_columns, /*unicode=*/false));
    line.pad_to(name_columns).add("  ").add(api::to_string(Phase::Retrying));
    line.pad_to(name_columns + 2 + phase_columns);
    const std::string took = elapsed(attempt.start_ms, attempt.completion_ms, attempt.start_ms);
    if (!took.empty()) line.add("  " + took);
    line.add("  attempt " + std::to_string(attempt.attempt) + ": ");
    out.push_back(line.add(first_line(attempt.message, limits::message_columns, /*unicode=*/false)).render({}));
  }
}

std::size_t longest_name(const api::WorkflowRun& run) {
  std::size_t columns = 0;
  for (const api::TaskStatusPtr& task : run.status.tasks) columns = std::max(columns, width_of(task->name));
  return std::min(columns, limits::name_columns);
}

// The run as a whole: only while it has no tasks to tell of; how it ends is the ending's to say.
void run_line(const api::WorkflowRun* before, const RunView& view, std::vector<std::string>& out) {
  const api::RunStatus& status = view.run.status;
  if (api::is_final(status.phase) || !status.tasks.empty() || status.message.empty()) return;
  if (before != nullptr && before->status.message == status.message) return;
  Line line(view.run.meta.name);
  line.add("  ").add(api::to_string(status.phase));
  out.push_back(line.add("  " + first_line(status.message, limits::message_columns, /*unicode=*/false)).render({}));
}

}  // namespace

std::vector<std::string> changes(const api::WorkflowRun* before, const RunView& view) {
  std::vector<std::string> out;
  run_line(before, view, out);
  const std::size_t columns = longest_name(view.run);
  const auto& tasks = view.run.status.tasks;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const api::TaskStatus& task = *tasks[i];
    // The order of tasks is the definition's, which a run never changes.
    const bool known =
        before != nullptr && i < before->status.tasks.size() && before->status.tasks[i]->name == task.name;
    const api::TaskStatus* earlier = known ? before->status.tasks[i].get() : nullptr;
    if (earlier != nullptr && same(*earlier, task)) continue;
    missed_attempts(earlier, task, columns, out);
    if (tells_something(task)) out.push_back(task_line(view, task, columns));
  }
  return out;
}

}  // namespace ork::show
