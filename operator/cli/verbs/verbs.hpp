#pragma once

// The verbs: a function each, from flags to an exit code. What they print is in their --help (command_line.cpp).

#include "operator/cli/cluster/session.hpp"
#include "operator/cli/console/console.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// What a verb works with.
struct Context {
  Session& session;
  Console& console;
  std::string ns;     // --namespace, or the kubeconfig's
  std::string flags;  // what a command printed for the user must repeat: " -n team-a"
};

ExitCode run_start(const RunStartFlags& flags, Context& context);
ExitCode run_rerun(const RunRerunFlags& flags, Context& context);
ExitCode run_list(const ListFlags& flags, Context& context);
ExitCode run_status(const RunStatusFlags& flags, Context& context);
ExitCode run_logs(const RunLogsFlags& flags, Context& context);
ExitCode run_cancel(const RunCancelFlags& flags, Context& context);

ExitCode run_act(const RunActFlags& flags, Context& context);
ExitCode run_suspend(const RunSuspendFlags& flags, Context& context);

ExitCode workflow_list(const ListFlags& flags, Context& context);
ExitCode workflow_status(const WorkflowStatusFlags& flags, Context& context);
ExitCode workflow_history(const WorkflowHistoryFlags& flags, Context& context);
ExitCode workflow_diff(const WorkflowDiffFlags& flags, Context& context);
ExitCode workflow_resume(const WorkflowResumeFlags& flags, Context& context);
ExitCode workflow_rollback(const WorkflowRollbackFlags& flags, Context& context);
ExitCode workflow_delete(const WorkflowDeleteFlags& flags, Context& context);
ExitCode workflow_deploy(const WorkflowDeployFlags& flags, Context& context);

// --dry-run=client: reads and checks the files, and asks no cluster.
ExitCode workflow_check(const WorkflowDeployFlags& flags, Console& console);

// "error: ..." to stderr; gives the failure's code.
ExitCode fail(Console& console, const Failure& failure);

}  // namespace ork::cli
