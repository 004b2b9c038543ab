#pragma once

// One case tried and judged; what a seed stands for.

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

// I7, I24 and I26 of the runs: the world did not break, each run has ended, and (`as_in_fair_weather`) as its shape
// says.
void check_ends(const Shape& shape, const Outcome& outcome, bool as_in_fair_weather, Violations& found);
// I26 of the tasks: they ended as they do in fair weather.
void compare_ends(const std::map<std::string, std::string>& fair, const std::map<std::string, std::string>& ends,
                  Violations& found);

// `ends`: how each task ended without a fault; empty: not compared.
Verdict judge(const Case& what, const std::map<std::string, std::string>& ends = {});
// How the tasks of named shapes end without faults, once known.
using FairEnds = std::map<std::string, std::map<std::string, std::string>>;
// The same, with the ends of the shape's run without faults where they are steady.
Verdict judge_beside_fair_weather(const Case& what, FairEnds& known);

// What a person needs to see and to replay it: violations, the case as tests/sim/kept holds it, the trace's last lines.
std::string report(const Case& what, const Verdict& verdict);

}  // namespace ork::sim
