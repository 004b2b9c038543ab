#include "controllers/run/trigger.hpp"

#include <algorithm>

namespace ork::run {
namespace {

using api::Phase;
using api::Trigger;

void count(const workflow::CompiledTask& task, Phase phase, UpstreamCounts& counts) {
  switch (phase) {
    case Phase::Succeeded: ++counts.succeeded; return;
    case Phase::Skipped: ++counts.skipped; return;
    case Phase::Failed: ++(task.on_failure == api::OnFailure::Run ? counts.excused : counts.failed); return;
    case Phase::UpstreamFailed:
    case Phase::Cancelled: ++counts.failed; return;
    case Phase::Pending:
    case Phase::Queued:
    case Phase::Running:
    case Phase::Deferred:
    case Phase::Retrying: ++counts.open; return;
  }
}

bool reads_open(const workflow::Definition& definition, const expr::Expression& expression,
                std::span<const api::TaskStatusPtr> tasks) {
  const auto& names = expression.references().tasks;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return !api::is_final(tasks[static_cast<std::size_t>(definition.index_of(name))]->phase);
  });
}

}  // namespace

Turn turn_of(Trigger trigger, const UpstreamCounts& upstream) {
  const Turn once_done = upstream.open > 0 ? Turn::NotYet : Turn::Run;
  const Turn never = upstream.open > 0 ? Turn::NotYet : Turn::Skip;
  switch (trigger) {
    case Trigger::AllSucceeded:
      if (upstream.failed > 0) return Turn::UpstreamFailed;
      return upstream.skipped > 0 ? never : once_done;
    case Trigger::NoneFailed: return upstream.failed > 0 ? Turn::UpstreamFailed : once_done;
    case Trigger::AllDone: return once_done;
    case Trigger::AnySucceeded:
      if (upstream.succeeded > 0) return Turn::Run;
      return upstream.open == 0 && upstream.failed > 0 ? Turn::UpstreamFailed : never;
    case Trigger::AnyFailed: return upstream.failed + upstream.excused > 0 ? Turn::Run : never;
  }
  return Turn::NotYet;
}

Turn turn_of_task(const workflow::Definition& definition, int task, std::span<const api::TaskStatusPtr> tasks) {
  const workflow::CompiledTask& compiled = definition.tasks[static_cast<std::size_t>(task)];
  UpstreamCounts counts;
  bool open = false;
  for (const int upstream : definition.graph.upstream(task)) {
    const auto i = static_cast<std::size_t>(upstream);
    open = open || !api::is_final(tasks[i]->phase);
    if (compiled.is_hook() && !definition.tasks[i].is_hook()) continue;
    count(definition.tasks[i], tasks[i]->phase, counts);
  }
  const Turn turn = turn_of(compiled.task.trigger, counts);
  if (turn != Turn::Run || !open) return turn;
  const auto expressions = compiled.expressions();
  const bool waits = (compiled.cache_key && reads_open(definition, *compiled.cache_key, tasks)) ||
                     std::any_of(expressions.begin(), expressions.end(), [&](const expr::Expression* expression) {
                       return reads_open(definition, *expression, tasks);
                     });
  return waits ? Turn::NotYet : Turn::Run;
}

std::string_view why_skipped(Trigger trigger) {
  switch (trigger) {
    case Trigger::AnySucceeded: return "none of the tasks that it depends on has succeeded";
    case Trigger::AnyFailed: return "none of the tasks that it depends on has failed";
    case Trigger::AllSucceeded:
    case Trigger::AllDone:
    case Trigger::NoneFailed: break;
  }
  return "a task that it depends on was skipped";
}

}  // namespace ork::run
