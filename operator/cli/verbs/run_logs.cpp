// run logs: what a run's programs have written, and write.

#include <algorithm>
#include <vector>

#include "controllers/dag/nearest.hpp"
#include "operator/cli/cluster/log_follower.hpp"
#include "operator/cli/verbs/follow.hpp"

namespace ork::cli {
namespace {

const api::TaskStatus* find_task(const api::WorkflowRun& run, const std::string& name) {
  const auto& tasks = run.status.tasks;
  const auto it = std::find_if(tasks.begin(), tasks.end(), [&](const auto& task) { return task->name == name; });
  return it == tasks.end() ? nullptr : it->get();
}

// A run that has not been taken up has no tasks yet to know better by.
std::optional<Failure> check_task(const api::WorkflowRun& run, const RunLogsFlags& flags) {
  if (flags.task.empty() || run.status.tasks.empty()) return std::nullopt;
  const api::TaskStatus* task = find_task(run, flags.task);
  if (task == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& each : run.status.tasks) names.push_back(each->name);
    const std::string_view nearest = dag::nearest(flags.task, names);
    return Failure{ExitCode::NotFound, "run " + run.meta.name + " has no task " + flags.task +
                                           (nearest.empty() ? "" : "; did you mean " + std::string(nearest) + "?")};
  }
  if (!task->run.empty()) {
    const std::string other = task->run + (task->count > 0 ? "-" + std::to_string(flags.index.value_or(0)) : "");
    return Failure{ExitCode::Error, "task " + flags.task + " has no Pods of its own: ork run logs " + other};
  }
  if (flags.index && (*flags.index < 0 || *flags.index >= task->count)) {
    return Failure{ExitCode::NotFound,
                   "task " + flags.task +
                       (task->count == 0 ? " does not fan out: it has no indexes"
                                         : " has the indexes 0 to " + std::to_string(task->count - 1))};
  }
  return std::nullopt;
}

// Lines of one Pod after the other need nothing in front; those of several that take turns do.
bool wants_prefix(const api::WorkflowRun& run, const RunLogsFlags& flags) {
  if (flags.prefix) return *flags.prefix;
  if (flags.task.empty()) return true;
  const api::TaskStatus* task = find_task(run, flags.task);
  return task != nullptr && task->count > 0 && !flags.index;
}

}  // namespace

ExitCode run_logs(const RunLogsFlags& flags, Context& context) {
  auto found = get_run(context, flags.run);
  if (!found) return fail(context.console, found.error());
  if (const auto failure = check_task(found->run, flags)) return fail(context.console, *failure);
  const LogFilter filter{flags.task, flags.attempt, flags.index};
  const bool prefix = wants_prefix(found->run, flags);
  if (flags.follow) {
    return follow_run(context, *found,
                      {.style = FollowStyle::LogsOnly, .logs = filter, .tail = flags.tail, .prefix = prefix})
        .code;
  }
  const auto read = print_logs(
      context.session, context.ns, found->run.meta.uid, filter, flags.tail,
      [&](const LogSource& source, std::string_view line) {
        std::string text = prefix ? log_prefix(source) : std::string();
        text += line;
        context.console.out(text + "\n");
      },
      [&](const std::string& sentence) { context.console.err_line("ork: " + sentence); });
  return read ? ExitCode::Ok : fail(context.console, read.error());
}

}  // namespace ork::cli
