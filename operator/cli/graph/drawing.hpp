#pragma once

// A graph of tasks as text. Pure: values in, text out.
//
//   ●   extract          Each task below those it waits for; lines lead from a task to those that wait for it.
//   ├─╮
//   ● │ check
//   │ ● load
//   ├─╯
//   ●   publish

#include <string>
#include <string_view>

#include "controllers/workflow/definition.hpp"
#include "operator/cli/graph/timing.hpp"

namespace ork::cli {

// With lines as long as few of them stand side by side (limits.hpp), else as layers. `unicode`: false draws in ASCII.
// `timing`: how long tasks take, shown with the critical path; may be null.
std::string draw(const workflow::Definition& definition, bool unicode, const Timing* timing = nullptr);

}  // namespace ork::cli
