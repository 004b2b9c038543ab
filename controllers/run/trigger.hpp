#pragma once

// When a task's turn comes, by how what it depends on has ended.
//
//   trigger         starts once                          and if that can't be any more
//   allSucceeded    all have succeeded                   UpstreamFailed at the first failure; else Skipped
//   noneFailed      all have ended, none has failed      UpstreamFailed at the first failure
//   allDone         all have ended
//   anySucceeded    one has succeeded                    UpstreamFailed where one has failed; else Skipped
//   anyFailed       one has failed                       Skipped
//
// A failure that `onFailure: run` excuses counts as a success for allSucceeded, and as none for noneFailed; for
// anySucceeded and anyFailed it is what it is, a failure. What was not run because of a failure has failed here.

#include <span>
#include <string_view>

#include "controllers/api/workflow_run.hpp"
#include "controllers/workflow/definition.hpp"

namespace ork::run {

// How many of the tasks that one depends on ...
struct UpstreamCounts {
  int open = 0;  // have not ended
  int succeeded = 0;
  int excused = 0;  // have failed, as their onFailure: run allows
  int failed = 0;   // have failed, or ended because something else had
  int skipped = 0;
};

enum class Turn { NotYet, Run, Skip, UpstreamFailed };

// Decides early only what no further end can change.
Turn turn_of(api::Trigger trigger, const UpstreamCounts& upstream);

// The same of a task that has not started. Whatever its trigger, it waits for the tasks that its expressions read. Of a
// hook whose moment has come the trigger is about other hooks.
Turn turn_of_task(const workflow::Definition& definition, int task, std::span<const api::TaskStatusPtr> tasks);

// A sentence for a task whose turn never comes, though nothing is wrong.
std::string_view why_skipped(api::Trigger trigger);

}  // namespace ork::run
