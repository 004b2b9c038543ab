#pragma once

// One case tried and judged; what a seed stands for; and a failing case made small.

#include <functional>
#include <string>

#include "tests/sim/invariants.hpp"
#include "tests/sim/world.hpp"

namespace ork::sim {

// Half of all seeds try a named shape, the others one at random; all with some faults.
Case case_of_seed(std::uint64_t seed);

struct Verdict {
  Outcome outcome;
  Violations violations;
};

// `ends`: how each task ended without a fault; empty: not compared.
Verdict judge(const Case& what, const std::map<std::string, std::string>& ends = {});
// How the tasks of named shapes end without faults, once known.
using FairEnds = std::map<std::string, std::map<std::string, std::string>>;
// The same, with the ends of the shape's run without faults where they are steady.
Verdict judge_beside_fair_weather(const Case& what, FairEnds& known);

// A shorter list of faults with which `fails` still holds; it is called at most `most` times.
Faults shrink(const Case& what, const std::function<bool(const Case&)>& fails, int most = 400);

// What a person needs to see and to replay it: violations, the list of faults, the trace's last lines.
std::string report(const Case& what, const Verdict& verdict);

}  // namespace ork::sim
