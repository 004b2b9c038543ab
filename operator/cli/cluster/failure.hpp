#pragma once

// How a verb ends: the exit codes of `ork`, and what makes one of them of an API server's refusal.

#include <string>

#include "controllers/api/workflow_run.hpp"
#include "operator/kube/error.hpp"
#include "operator/kube/request.hpp"

namespace ork::cli {

enum class ExitCode {
  Ok = 0,        // done; of a run that was followed to its end: Succeeded
  Error = 1,     // anything that has no code of its own: no connection, a server's fault
  Usage = 2,     // wrong flags, a selector that can't be read
  Invalid = 3,   // a manifest or a param that is wrong
  Refused = 4,   // not logged in, or not allowed
  NotFound = 5,  // no such object
  Conflict = 6,  // it is there already, or somebody else owns a field
  RunFailed = 10,
  RunCancelled = 11,
  RunTimedOut = 12,
  WaitTimeout = 13,  // --timeout has passed; the run goes on
  Interrupted = 130,
};

// Why a verb can't go on: one sentence or several lines, to stderr.
struct Failure {
  ExitCode code = ExitCode::Error;
  std::string message;
};

// `method` is the request's: what a server calls invalid is a manifest in a write, and a selector in a read.
Failure failure_of(const kube::Error& error, kube::Method method);

// Of a run that has ended.
ExitCode outcome_of(const api::WorkflowRun& run);

}  // namespace ork::cli
