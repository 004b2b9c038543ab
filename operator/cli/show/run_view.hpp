#pragma once

// What is shown of a run, in words: for the tree, for lines of change, for the ending.

#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"
#include "operator/cli/show/line.hpp"

namespace ork::show {

// A run at one moment. All must outlive the view.
struct RunView {
  const api::WorkflowRun& run;
  const workflow::Definition* definition = nullptr;  // null where it can't be had: then nobody knows who waits for whom
  api::TimeMs now = 0;
};

// The word's colour; the word itself is always shown.
Colour colour_of(api::Phase phase);

// The reason of condition Succeeded, one word; empty where there is none.
std::string_view reason_of(const api::WorkflowRun& run);

// True for a run that failed because it ran out of time.
bool timed_out(const api::WorkflowRun& run);

// "3 tasks: 1 failed, 1 running, 1 succeeded"; what there is none of is left out. Empty without tasks.
std::string counts_of(const api::WorkflowRun& run);

// Why the task stands where it stands, in a few words of one line; may be empty:
// "waits for list, load", "2/3 done, 1 running", "attempt 2: the program ended with exit code 3".
std::string detail_of(const RunView& view, const api::TaskStatus& task, bool unicode);

// "exit code 3", "OutOfMemory, exit code 137", "DeadlineExceeded"; what an attempt died of.
std::string cause_of(api::Cause cause, std::string_view reason, const std::optional<int>& exit_code);

}  // namespace ork::show
