#pragma once

// retry.when: of which failures a program is tried again.

#include <span>
#include <string>

#include "controllers/expr/expression.hpp"
#include "controllers/jobs/outcome.hpp"
#include "controllers/result/result.hpp"

namespace ork::run {

// True where the condition is true of each of these failures: an index that is not tried again fails its task,
// whatever becomes of the others. It may ask for exitCode (-1 where the program did not end by itself), cause,
// message and attempt. The error is a sentence: why it has no value.
Result<bool, std::string> is_retry_wanted(const expr::Expression& when, std::span<const jobs::ProgramFailure> failures,
                                          int attempt);

}  // namespace ork::run
