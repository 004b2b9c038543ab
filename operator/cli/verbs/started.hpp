#pragma once

// A run that a verb has made, by run start or run rerun: its making, and what the user sees of it.

#include <optional>

#include "operator/cli/verbs/objects.hpp"

namespace ork::cli {

// Made in the context's namespace.
Result<FoundRun, Failure> create_run(Context& context, const Json& run);

struct Afterwards {
  Follow follow = Follow::No;
  std::optional<runtime::Duration> timeout;
  Format output = Format::Table;
};

// Tells that it was created, and follows it as far as is asked for; then the exit code is the run's.
ExitCode tell_created(Context& context, const FoundRun& created, const Afterwards& wanted);

}  // namespace ork::cli
