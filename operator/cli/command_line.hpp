#pragma once

// argv to a verb and its flags, or to what the user has to know: help, the version, what is wrong with the command
// and which verb or flag was probably meant. Pure; the only file that knows CLI11.

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "operator/cli/cluster/failure.hpp"
#include "operator/cli/operator_command.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

using Command =
    std::variant<OperatorFlags, DevFlags, NodeAgentFlags, RunStartFlags, RunRerunFlags, RunListFlags, RunStatusFlags,
                 RunLogsFlags, RunCancelFlags, RunActFlags, RunSuspendFlags, WorkflowListFlags, WorkflowStatusFlags,
                 WorkflowHistoryFlags, WorkflowDiffFlags, WorkflowRollbackFlags, WorkflowResumeFlags,
                 WorkflowDeleteFlags, WorkflowDeployFlags, EvalFlags, GraphFlags, ValidateFlags, VersionFlags>;

struct ParsedCommand {
  std::optional<Command> command;  // empty: print `out` and `err`, and end with `code`
  ExitCode code = ExitCode::Ok;
  std::string out;  // help, the version
  std::string err;  // what is wrong
};

// `arguments` without the program's name.
ParsedCommand parse_command_line(std::span<const std::string> arguments);

// What a command printed for the user must repeat to reach the same objects: " -n team-a --context dev".
std::string repeated_flags(const ClusterFlags& flags);

}  // namespace ork::cli
