// workflow history, diff and rollback: what a Workflow was, how it differs, and to be that again.

#include <algorithm>
#include <map>

#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/print/line_diff.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/print/table.hpp"
#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/verbs/objects.hpp"
#include "operator/cli/verbs/revisions.hpp"
#include "operator/manifest/yaml_writer.hpp"

namespace ork::cli {
namespace {

std::string number_of(const KnownRevision& one) { return std::to_string(one.revision.revision); }

// The runs that pin each revision, by its name. Empty where nobody may list runs: the history is shown all the same.
std::map<std::string, std::size_t> runs_by_revision(const std::string& workflow, Context& context) {
  std::map<std::string, std::size_t> out;
  const auto runs = runs_of_workflow(context, workflow);
  if (!runs) return out;
  for (const api::WorkflowRun& run : *runs) ++out[run.status.revision];
  return out;
}

}  // namespace

ExitCode workflow_history(const WorkflowHistoryFlags& flags, Context& context) {
  auto revisions = get_revisions(context, flags.workflow);
  if (!revisions) return fail(context.console, revisions.error());
  std::reverse(revisions->known.begin(), revisions->known.end());
  if (print::is_object_format(flags.output)) {
    std::vector<Json> objects;
    for (KnownRevision& one : revisions->known) objects.push_back(std::move(one.object));
    context.console.out(print::list(std::move(objects), flags.output));
    return ExitCode::Ok;
  }
  const auto runs = runs_by_revision(flags.workflow, context);
  std::vector<std::vector<std::string>> rows = {{"REVISION", "NAME", "TASKS", "RUNS", "AGE", ""}};
  for (const KnownRevision& one : revisions->known) {
    const std::string& name = one.revision.meta.name;
    const auto tasks = one.revision.spec->value("tasks", Json::array()).size();
    const auto pinned = runs.find(name);
    rows.push_back({number_of(one), name, std::to_string(tasks),
                    std::to_string(pinned == runs.end() ? 0 : pinned->second),
                    show::elapsed(one.revision.meta.creation_ms, 0, context.session.loop().wall_ms()),
                    name == revisions->current ? "current" : ""});
  }
  context.console.out(print::print_rows(rows));
  return ExitCode::Ok;
}

ExitCode workflow_diff(const WorkflowDiffFlags& flags, Context& context) {
  const auto revisions = get_revisions(context, flags.workflow);
  if (!revisions) return fail(context.console, revisions.error());
  const auto from = choose_revision(*revisions, flags.from);
  if (!from) return fail(context.console, from.error());
  const auto to = flags.to.empty() ? current_revision(*revisions) : choose_revision(*revisions, flags.to);
  if (!to) return fail(context.console, to.error());
  const std::string diff =
      print::line_diff(manifest::to_yaml(*(*from)->revision.spec), manifest::to_yaml(*(*to)->revision.spec));
  if (diff.empty()) {
    context.console.err_line("revisions " + number_of(**from) + " and " + number_of(**to) + " say the same");
    return ExitCode::Ok;
  }
  context.console.out("--- " + flags.workflow + " revision " + number_of(**from) + "\n+++ " + flags.workflow +
                      " revision " + number_of(**to) + "\n" + diff);
  return ExitCode::Ok;
}

ExitCode workflow_rollback(const WorkflowRollbackFlags& flags, Context& context) {
  const auto revisions = get_revisions(context, flags.workflow);
  if (!revisions) return fail(context.console, revisions.error());
  const auto to = choose_revision(*revisions, flags.to);
  if (!to) return fail(context.console, to.error());
  const std::string shown = print::name_of(revisions->workflow);
  if ((*to)->revision.meta.name == revisions->current) {
    context.console.out(shown + " is at revision " + number_of(**to) + " already\n");
    return ExitCode::Ok;
  }
  // Only of what was looked at: who has changed it meanwhile is not overruled unseen.
  const Json patch = {{{"op", "replace"},
                       {"path", "/metadata/resourceVersion"},
                       {"value", revisions->workflow.at("metadata").at("resourceVersion")}},
                      {{"op", "replace"}, {"path", "/spec"}, {"value", *(*to)->revision.spec}}};
  const auto answer = patch_object(context, workflows, flags.workflow, kube::PatchType::Json, patch.dump());
  if (!answer) return fail(context.console, answer.error());
  context.console.out(shown + " rolled back to revision " + number_of(**to) + "\n");
  return ExitCode::Ok;
}

}  // namespace ork::cli
