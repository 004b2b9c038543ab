// workflow status: one Workflow, what it takes, what it does, and its newest runs.

#include <algorithm>

#include "controllers/api/condition.hpp"
#include "controllers/workflow/compile.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/print/table.hpp"
#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/show/limits.hpp"
#include "operator/cli/show/line.hpp"
#include "operator/cli/verbs/objects.hpp"

namespace ork::cli {
namespace {

constexpr std::size_t shown_runs = 5;

using Rows = std::vector<std::vector<std::string>>;

std::string facts_of(const api::Workflow& workflow) {
  const api::Condition* ready = api::find_condition(workflow.status.conditions, "Ready");
  const char* word = ready == nullptr                               ? "not looked at yet by an operator"
                     : ready->status == api::ConditionStatus::True  ? "yes"
                     : ready->status == api::ConditionStatus::False ? "no"
                                                                    : "not known yet";
  Rows rows = {{"Name", workflow.meta.name}, {"Namespace", workflow.meta.ns}, {"Ready", word}};
  if (ready != nullptr && ready->status != api::ConditionStatus::True) {
    rows.push_back({"Reason", ready->reason});
    rows.push_back({"Message", show::first_line(ready->message, show::limits::message_columns, /*unicode=*/true)});
  }
  if (const api::Condition* suspended = api::find_condition(workflow.status.conditions, "Suspended"))
    rows.push_back({"Suspended", suspended->message});
  if (!workflow.status.revision.empty()) rows.push_back({"Revision", workflow.status.revision});
  return print::print_rows(rows);
}

std::string params_of(const workflow::Definition& definition) {
  if (definition.params.empty()) return {};
  Rows rows = {{"PARAM", "TYPE", "DEFAULT", "DESCRIPTION"}};
  for (const workflow::CompiledParam& param : definition.params) {
    const schema::Schema& schema = *param.schema;
    const std::string value = schema.default_value
                                  ? schema.default_value->dump(-1, ' ', false, api::Json::error_handler_t::replace)
                                  : "(required)";
    rows.push_back({param.name, param.secret ? "secret" : schema.written, value,
                    show::first_line(schema.description, 80, /*unicode=*/true)});
  }
  return "\n" + print::print_rows(rows);
}

std::string count_of(const workflow::CompiledTask& task) {
  if (task.count) return show::first_line(task.count->text(), 40, /*unicode=*/true);
  return task.task.count ? std::to_string(*task.task.count) : "";
}

std::string tasks_of(const workflow::Definition& definition) {
  Rows rows = {{"TASK", "DEPENDS ON", "COUNT", "RETRIES", "TIMEOUT"}};
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
    const workflow::CompiledTask& task = definition.tasks[i];
    std::string upstream;
    for (const int index : definition.graph.upstream(static_cast<int>(i))) {
      upstream += (upstream.empty() ? "" : ", ") + definition.tasks[static_cast<std::size_t>(index)].name();
    }
    if (task.is_hook()) upstream = definition.hook_in_words(i);
    rows.push_back({task.name(), show::cut(upstream, 60, /*unicode=*/true), count_of(task),
                    task.retry.limit > 0 ? std::to_string(task.retry.limit) : "",
                    task.timeout_ms > 0 ? api::format_duration(task.timeout_ms) : ""});
  }
  return "\n" + print::print_rows(rows);
}

// Newest first.
std::string runs_of(std::vector<api::WorkflowRun> runs, api::TimeMs now) {
  if (runs.empty()) return "\nNo runs.\n";
  std::sort(runs.begin(), runs.end(),
            [](const auto& a, const auto& b) { return a.meta.creation_ms > b.meta.creation_ms; });
  const std::size_t all = runs.size();
  runs.resize(std::min(all, shown_runs));
  Rows rows = {{"RUN", "STATUS", "TASKS", "DURATION", "AGE"}};
  for (const api::WorkflowRun& run : runs) {
    rows.push_back({run.meta.name, std::string(api::to_string(run.status.phase)), run.status.progress,
                    show::elapsed(run.status.start_ms, run.status.completion_ms, now),
                    show::elapsed(run.meta.creation_ms, 0, now)});
  }
  std::string out = "\n" + print::print_rows(rows);
  if (all > shown_runs) out += "and " + std::to_string(all - shown_runs) + " older ones\n";
  return out;
}

std::string newest_runs(const std::string& name, Context& context) {
  auto runs = runs_of_workflow(context, name);
  // The Workflow is shown all the same to somebody who may not see runs.
  if (!runs) return "\nIts runs can't be listed: " + runs.error().message + "\n";
  return runs_of(*std::move(runs), context.session.loop().wall_ms());
}

}  // namespace

ExitCode workflow_status(const WorkflowStatusFlags& flags, Context& context) {
  auto object = get_object(context, workflows, flags.workflow);
  if (!object) return fail(context.console, object.error());
  if (print::is_object_format(flags.output)) {
    context.console.out(print::object(*object, flags.output));
    return ExitCode::Ok;
  }
  auto workflow = api::decode_workflow(*object);
  if (!workflow) {
    return fail(context.console,
                {ExitCode::Error, "Workflow " + flags.workflow + " can't be read: " + workflow.error().sentence()});
  }
  std::string out = facts_of(*workflow);
  // One that does not compile says so as its message.
  if (const auto definition = workflow::compile(workflow->spec)) out += params_of(*definition) + tasks_of(*definition);
  context.console.out(out + newest_runs(flags.workflow, context));
  return ExitCode::Ok;
}

}  // namespace ork::cli
