#include "operator/cli/cluster/failure.hpp"

#include <gtest/gtest.h>

namespace ork::cli {
namespace {

using kube::Errc;
using kube::Method;

TEST(ExitCode, OfAnApiErrorSaysWhatAScriptCanActOn) {
  struct Case {
    Errc error;
    Method method;
    int code;
  };
  const Case cases[] = {
      {Errc::Unauthorized, Method::Get, 4},
      {Errc::Forbidden, Method::Post, 4},
      {Errc::Credentials, Method::Get, 4},
      {Errc::NotFound, Method::Get, 5},
      {Errc::AlreadyExists, Method::Post, 6},
      {Errc::Conflict, Method::Patch, 6},
      {Errc::Invalid, Method::Post, 3},
      {Errc::Invalid, Method::Patch, 3},
      {Errc::TooLarge, Method::Post, 3},
      {Errc::Invalid, Method::Get, 2},
      {Errc::Connect, Method::Get, 1},
      {Errc::Config, Method::Get, 1},
      {Errc::Timeout, Method::Post, 1},
      {Errc::Server, Method::Get, 1},
      {Errc::Gone, Method::Get, 1},
      {Errc::Terminating, Method::Post, 1},
      {Errc::TooManyRequests, Method::Get, 1},
  };
  for (const Case& c : cases) {
    kube::Error error;
    error.code = c.error;
    EXPECT_EQ(static_cast<int>(failure_of(error, c.method).code), c.code) << kube::to_string(c.error);
  }
}

TEST(Failure, SpeaksInTheServersWordsMadePrintable) {
  kube::Error error;
  error.message = "GET /apis/... was answered 404 (NotFound): workflows.ork.dev \"x\" not found";
  EXPECT_EQ(failure_of(error, Method::Get).message, error.message);
  error.said = "workflows.ork.dev \"\x1b[2Jx\" not found";
  EXPECT_EQ(failure_of(error, Method::Get).message, "workflows.ork.dev \"\\x1b[2Jx\" not found");
}

api::WorkflowRun run(api::Phase phase, const char* reason) {
  api::WorkflowRun out;
  out.status.phase = phase;
  out.status.conditions.push_back({"Succeeded", api::ConditionStatus::False, 1, 0, reason, ""});
  return out;
}

TEST(ExitCode, OfARunSaysHowItEnded) {
  EXPECT_EQ(static_cast<int>(outcome_of(run(api::Phase::Succeeded, "Succeeded"))), 0);
  EXPECT_EQ(static_cast<int>(outcome_of(run(api::Phase::Failed, "TaskFailed"))), 10);
  EXPECT_EQ(static_cast<int>(outcome_of(run(api::Phase::Cancelled, "Cancelled"))), 11);
  EXPECT_EQ(static_cast<int>(outcome_of(run(api::Phase::Failed, "DeadlineExceeded"))), 12);
}

}  // namespace
}  // namespace ork::cli
