#include "operator/cli/cluster/failure.hpp"

#include "controllers/expr/quote.hpp"
#include "operator/cli/show/run_view.hpp"

namespace ork::cli {
namespace {

ExitCode code_of(kube::Errc code, bool read) {
  switch (code) {
    case kube::Errc::Credentials:
    case kube::Errc::Unauthorized:
    case kube::Errc::Forbidden: return ExitCode::Refused;
    case kube::Errc::NotFound: return ExitCode::NotFound;
    case kube::Errc::AlreadyExists:
    case kube::Errc::Conflict: return ExitCode::Conflict;
    case kube::Errc::Invalid:
    case kube::Errc::TooLarge: return read ? ExitCode::Usage : ExitCode::Invalid;
    case kube::Errc::Config:
    case kube::Errc::Connect:
    case kube::Errc::Timeout:
    case kube::Errc::Interrupted:
    case kube::Errc::Terminating:
    case kube::Errc::Gone:
    case kube::Errc::TooManyRequests:
    case kube::Errc::Server:
    case kube::Errc::Malformed:
    case kube::Errc::Cancelled: break;
  }
  return ExitCode::Error;
}

}  // namespace

Failure failure_of(const kube::Error& error, kube::Method method) {
  const std::string& words = error.said.empty() ? error.message : error.said;
  return {code_of(error.code, method == kube::Method::Get), expr::printable_whole(words)};
}

ExitCode outcome_of(const api::WorkflowRun& run) {
  switch (run.status.phase) {
    case api::Phase::Succeeded: return ExitCode::Ok;
    case api::Phase::Cancelled: return ExitCode::RunCancelled;
    default: return show::timed_out(run) ? ExitCode::RunTimedOut : ExitCode::RunFailed;
  }
}

}  // namespace ork::cli
