// workflow delete: Workflows go; their runs stay.

#include "operator/cli/cluster/lists.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/verbs/verbs.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

Result<std::vector<std::string>, Failure> names_of(const WorkflowDeleteFlags& flags, Context& context) {
  if (flags.labels.empty()) return flags.workflows;
  auto listed = list_objects(context.session, workflows, {.ns = context.ns, .labels = flags.labels, .fields = {}});
  if (!listed) return Err(listed.error());
  std::vector<std::string> names;
  for (const Json& workflow : listed->items) names.emplace_back(manifest::name_of(workflow));
  if (names.empty()) context.console.err_line("No resources found");
  return names;
}

}  // namespace

ExitCode workflow_delete(const WorkflowDeleteFlags& flags, Context& context) {
  const auto names = names_of(flags, context);
  if (!names) return fail(context.console, names.error());
  ExitCode code = ExitCode::Ok;
  for (const std::string& name : *names) {
    auto answer = ask(context.session, kube::delete_request(workflows, context.ns, name, ""));
    if (answer) {
      context.console.out(flags.output == Format::Name ? "workflow.ork.dev/" + name + "\n"
                                                       : "workflow.ork.dev \"" + name + "\" deleted\n");
      continue;
    }
    if (answer.error().code == ExitCode::NotFound && flags.ignore_not_found) continue;
    const ExitCode failed = fail(context.console, answer.error());
    if (code == ExitCode::Ok) code = failed;
  }
  return code;
}

}  // namespace ork::cli
