// The ork binary: finds out what is asked for, and with which cluster.

#include <iostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "operator/cli/cluster/live_session.hpp"
#include "operator/cli/command_line.hpp"
#include "operator/cli/dev/dev_command.hpp"
#include "operator/cli/eval/eval_command.hpp"
#include "operator/cli/graph/graph_command.hpp"
#include "operator/cli/operator_command.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/cli/validate/validate_command.hpp"
#include "operator/cli/verbs/objects.hpp"
#include "operator/cli/verbs/verbs.hpp"
#include "operator/embedded/node/agent/agent.hpp"

namespace {

using namespace ork::cli;

// Each verb by its flags.
ExitCode call(const RunStartFlags& flags, Context& context) { return run_start(flags, context); }
ExitCode call(const RunRerunFlags& flags, Context& context) { return run_rerun(flags, context); }
ExitCode call(const RunListFlags& flags, Context& context) { return run_list(flags, context); }
ExitCode call(const RunStatusFlags& flags, Context& context) { return run_status(flags, context); }
ExitCode call(const RunLogsFlags& flags, Context& context) { return run_logs(flags, context); }
ExitCode call(const RunCancelFlags& flags, Context& context) { return run_cancel(flags, context); }
ExitCode call(const RunActFlags& flags, Context& context) { return run_act(flags, context); }
ExitCode call(const RunSuspendFlags& flags, Context& context) { return run_suspend(flags, context); }
ExitCode call(const WorkflowListFlags& flags, Context& context) { return workflow_list(flags, context); }
ExitCode call(const WorkflowStatusFlags& flags, Context& context) { return workflow_status(flags, context); }
ExitCode call(const WorkflowHistoryFlags& flags, Context& context) { return workflow_history(flags, context); }
ExitCode call(const WorkflowDiffFlags& flags, Context& context) { return workflow_diff(flags, context); }
ExitCode call(const WorkflowRollbackFlags& flags, Context& context) { return workflow_rollback(flags, context); }
ExitCode call(const WorkflowResumeFlags& flags, Context& context) { return workflow_resume(flags, context); }
ExitCode call(const WorkflowDeleteFlags& flags, Context& context) { return workflow_delete(flags, context); }
ExitCode call(const WorkflowDeployFlags& flags, Context& context) { return workflow_deploy(flags, context); }

template <typename Verb>
int with_cluster(const ClusterFlags& cluster, Console& console, Verb verb) {
  auto config = ork::kube::find_config(cluster.kubeconfig, cluster.context);
  if (!config) return static_cast<int>(fail(console, {ExitCode::Error, config.error().message}));
  std::string ns = cluster.ns.empty() ? config->ns : cluster.ns;
  LiveSession session(*std::move(config));
  Context context{session, console, std::move(ns), repeated_flags(cluster)};
  return static_cast<int>(verb(context));
}

template <typename Flags>
int run(const Flags& flags, Console& console) {
  return with_cluster(flags.cluster, console, [&](Context& context) { return call(flags, context); });
}

int run(const OperatorFlags& flags, Console&) { return run_operator(flags); }
int run(const DevFlags& flags, Console& console) { return run_dev(flags, console); }
int run(const EvalFlags& flags, Console& console) { return run_eval(flags, console); }
int run(const GraphFlags& flags, Console& console) {
  if (!flags.from_runs) return run_graph(flags, console, std::cin);
  return with_cluster(flags.cluster, console, [&](Context& context) {
    return run_graph(flags, console, std::cin,
                     [&](const std::string& workflow) { return runs_of_workflow(context, workflow); });
  });
}
int run(const ValidateFlags& flags, Console& console) { return run_validate(flags, console, std::cin); }
int run(const NodeAgentFlags& flags, Console&) {
  return ork::embedded::run_node_agent({.dir = flags.dir, .listener = flags.listener});
}

int run(const VersionFlags& flags, Console& console) {
  const nlohmann::json version = {{"version", ORK_VERSION}};
  const bool object = ork::print::is_object_format(flags.output);
  console.out(object ? ork::print::object(version, flags.output) : std::string("ork ") + ORK_VERSION + "\n");
  return 0;
}

int run(const WorkflowDeployFlags& flags, Console& console) {
  if (flags.dry_run == DryRun::Client) return static_cast<int>(workflow_check(flags, console));
  return run<WorkflowDeployFlags>(flags, console);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argc > 0 ? argv + 1 : argv, argv + argc);
  StandardConsole console;
  ParsedCommand parsed = parse_command_line(arguments);
  console.out(parsed.out);
  console.err(parsed.err);
  if (!parsed.command) return static_cast<int>(parsed.code);
  return std::visit([&](const auto& flags) { return run(flags, console); }, *parsed.command);
}
