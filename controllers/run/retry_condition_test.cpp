#include "controllers/run/retry_condition.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ork::run {
namespace {

using api::Cause;
using jobs::ProgramFailure;

// "true", "false" or the error.
std::string wanted(std::string_view when, const std::vector<ProgramFailure>& failures, int attempt = 1) {
  const auto expression = expr::parse(when);
  if (!expression) return "does not parse: " + expression.error().message;
  const auto result = is_retry_wanted(*expression, failures, attempt);
  if (!result) return result.error();
  return *result ? "true" : "false";
}

const ProgramFailure busy{Cause::Program, 75, "the program ended with exit code 75: table is busy"};
const ProgramFailure out_of_memory{Cause::OutOfMemory, 137, "it ran out of memory"};
const ProgramFailure too_long{Cause::Deadline, std::nullopt, "it ran longer than its timeout"};

TEST(RetryCondition, MayAskHowTheProgramFailed) {
  EXPECT_EQ(wanted("exitCode == 75", {busy}), "true");
  EXPECT_EQ(wanted("exitCode == 75", {out_of_memory}), "false");
  EXPECT_EQ(wanted("cause == 'OutOfMemory'", {out_of_memory}), "true");
  EXPECT_EQ(wanted("cause != 'Deadline'", {too_long}), "false");
  EXPECT_EQ(wanted("message.contains('busy')", {busy}), "true");
  EXPECT_EQ(wanted("attempt < 3", {busy}, 2), "true");
  EXPECT_EQ(wanted("attempt < 3", {busy}, 3), "false");
}

TEST(RetryCondition, HasAnExitCodeOfMinusOneWhereTheProgramDidNotEndByItself) {
  EXPECT_EQ(wanted("exitCode == -1", {too_long}), "true");
}

TEST(RetryCondition, HasToHoldForEachWayInWhichIndexesFailed) {
  EXPECT_EQ(wanted("exitCode > 0", {busy, out_of_memory}), "true");
  EXPECT_EQ(wanted("exitCode == 75", {busy, out_of_memory}), "false");
}

TEST(RetryCondition, WithoutAValueSaysWhy) {
  EXPECT_EQ(wanted("int(message) > 1", {busy}).rfind("retry.when has no value: ", 0), 0U);
  EXPECT_EQ(wanted("dyn(exitCode)", {busy}), "retry.when is neither true nor false");
}

}  // namespace
}  // namespace ork::run
