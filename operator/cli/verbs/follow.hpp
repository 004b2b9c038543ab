#pragma once

// Following a run to its end, for `run start --wait|--watch|--logs`, `run status --watch` and `run logs --follow`.

#include <optional>
#include <string>

#include "operator/cli/cluster/log_source.hpp"
#include "operator/cli/verbs/objects.hpp"

namespace ork::cli {

enum class FollowStyle {
  Quiet,    // only its end is told
  Tree,     // painted live on a terminal, else a line for each change
  Logs,     // the lines of its Pods, and a line for each change
  LogsOnly  // the lines of its Pods
};

struct FollowOptions {
  FollowStyle style = FollowStyle::Quiet;
  Channel channel = Channel::Err;  // of all but logs, which are data and go to stdout
  std::optional<runtime::Duration> timeout;
  LogFilter logs;
  std::optional<std::int64_t> tail;
  bool prefix = true;                                 // each log line begins with its task
  bool tell_ending = true;                            // how it ended, and what to type next
  std::function<void(const Json& object)> on_change;  // each state of the run, as the API server has it; may be empty
};

// How it ended: as the run did, or by the timeout, an interrupt (the user is told how to look again), its deletion.
struct Followed {
  ExitCode code = ExitCode::Ok;
  Json last;  // the last state seen
};

// `found` is the run as it is known now.
Followed follow_run(Context& context, const FoundRun& found, const FollowOptions& options);

// "load[3] attempt 2 | ": where a line of a log comes from.
std::string log_prefix(const LogSource& source);

// The end of the log of the task that the run failed by; empty where it can't be had.
std::vector<std::string> last_log_lines(Context& context, const api::WorkflowRun& run,
                                        const workflow::Definition* definition);

}  // namespace ork::cli
