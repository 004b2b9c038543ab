#include "controllers/workflow/call_rules.hpp"

#include <string_view>
#include <utility>

#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/names.hpp"

namespace ork::workflow {
namespace {

void check_workflow_name(const std::string& name, const std::string& path, ProblemList& problems) {
  // Of an empty one the table of fields tells.
  if (name.empty() || is_task_name(name)) return;
  problems.add(path,
               "must be the name of a Workflow: at most 63 lower case letters, digits and '-', beginning and ending "
               "with a letter or digit");
}

}  // namespace

void check_call(const api::Task& task, const std::string& path, ProblemList& problems) {
  const std::initializer_list<std::pair<std::string_view, bool>> of_other_kinds = {
      {"podTemplate", !task.pod_template.is_null()},
      {"image", task.image.has_value()},
      {"script", task.script.has_value()},
      {"command", !task.command.empty()},
      {"args", !task.args.empty()}};
  for (const auto& [name, there] : of_other_kinds) {
    if (!there) continue;
    problems.add(path, "has both workflow and " + std::string(name) +
                           ": a task either runs another Workflow or a Pod, so make two tasks of it, or remove one of "
                           "them");
    break;
  }
  const std::initializer_list<std::pair<std::string_view, bool>> of_a_pod = {
      {"env", !task.env.is_null()},
      {"envFrom", !task.env_from.is_null()},
      {"resources", !task.resources.is_null()},
      {"securityContext", !task.security_context.is_null()},
      {"onOOM", task.on_oom.has_value()},
      {"pendingTimeout", task.pending_timeout_ms.has_value()},
      {"serviceAccountName", task.service_account_name.has_value()}};
  for (const auto& [name, there] : of_a_pod) {
    if (there)
      problems.add(path + "." + std::string(name),
                   "means nothing for a task that is another Workflow: say it in that Workflow's own tasks");
  }
  if (!task.inputs.empty())
    problems.add(path + ".inputs", "means nothing for a task that is another Workflow: write them as workflow.params");
  check_workflow_name(task.workflow->name, path + ".workflow.name", problems);
  if (task.count && *task.count > max_children && *task.count <= max_count)
    problems.add(path + ".count",
                 "must be at most " + std::to_string(max_children) +
                     ": each index is a run of its own; let the Workflow that it calls fan out instead");
  if (task.for_each.is_structured() && task.for_each.size() > static_cast<std::size_t>(max_children))
    problems.add(path + ".forEach", "has " + std::to_string(task.for_each.size()) + " elements, but may have at most " +
                                        std::to_string(max_children) + ": each is a run of its own");
}

}  // namespace ork::workflow
