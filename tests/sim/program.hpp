#pragma once

// What containers do: how long they run and how they end, by task, attempt and index.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "operator/runtime/loop.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

struct Program {
  runtime::Duration runs{800};
  int exit_code = 0;
  std::string output;          // what it leaves in its termination message
  bool out_of_memory = false;  // killed for it: exit code 137
  bool evicted = false;        // the node ends the Pod, whatever the program would do
};

inline constexpr int every_attempt = 1'000'000;

// For attempts up to and including `up_to_attempt`, and for one index or (-1) all.
struct ProgramRule {
  std::string task;
  int up_to_attempt = every_attempt;
  std::int64_t index = -1;
  Program program;
};

// The first rule that fits; without one a Program as it is by default.
Program program_of(const std::vector<ProgramRule>& rules, const Process& process);

}  // namespace ork::sim
