#pragma once

// tolerate: how many of a fan-out's indexes may fail for good, and it succeeds all the same.

#include <cstdint>
#include <string_view>

#include "controllers/workflow/definition.hpp"

namespace ork::run {

// Of a task that has succeeded although indexes of it have failed.
inline constexpr std::string_view reason_tolerated = "Tolerated";

// Of so many indexes; a part of one counts for none. 0: none is asked for.
std::int64_t tolerated_failures(const workflow::CompiledTask& task, std::int64_t count);

}  // namespace ork::run
