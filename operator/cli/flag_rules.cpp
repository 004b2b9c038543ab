#include "operator/cli/flag_rules.hpp"

namespace ork::cli {

namespace {

template <typename Flags>
std::string wrong_timeout(const Flags& flags) {
  return flags.timeout && flags.follow == Follow::No ? "--timeout needs --wait, --watch or --logs" : "";
}

}  // namespace

std::string wrong_together(const RunStartFlags& flags) {
  if (flags.workflow.empty() && flags.file.empty()) return "name a Workflow, or a file with -f";
  if (!flags.workflow.empty() && !flags.file.empty()) return "name a Workflow or a file, not both";
  return wrong_timeout(flags);
}

std::string wrong_together(const RunRerunFlags& flags) {
  if (flags.from_failed && !flags.from.empty()) return "choose one of --from-failed and --from";
  return wrong_timeout(flags);
}

std::string wrong_together(const RunStatusFlags& flags) {
  return flags.timeout && !flags.watch ? "--timeout needs --watch" : "";
}

std::string wrong_together(const RunCancelFlags& flags) {
  if (flags.runs.empty() && flags.labels.empty()) return "name runs, or choose them with -l";
  return !flags.runs.empty() && !flags.labels.empty() ? "name runs or choose them with -l, not both" : "";
}

std::string wrong_together(const WorkflowDeleteFlags& flags) {
  if (flags.workflows.empty() && flags.labels.empty()) return "name Workflows, or choose them with -l";
  return !flags.workflows.empty() && !flags.labels.empty() ? "name Workflows or choose them with -l, not both" : "";
}

std::string wrong_together(const DevFlags& flags) {
  if (!flags.run.empty() && !flags.paths.empty()) return "give files to apply, or one to --run, not both";
  return !flags.params.empty() && flags.run.empty() ? "-p needs --run" : "";
}

std::string wrong_together(const EvalFlags& flags) {
  if (flags.functions) return flags.expression.empty() ? "" : "give an expression or --functions, not both";
  return flags.expression.empty() ? "give an expression, as in ork eval -- 'size([1, 2]) > 1'" : "";
}

}  // namespace ork::cli
