#pragma once

// The operator killed at every write it makes, one run for each: before the write is sent, after it was
// carried out without an answer, after its answer; and carried out late, when the next process works.

#include <string>
#include <vector>

#include "tests/sim/trial.hpp"

namespace ork::sim {

struct CrashPoint {
  const Shape* shape = nullptr;
  Faults faults;
};

// Of each shape as many as it makes writes without a fault, in each position; `only`: of this shape.
std::vector<CrashPoint> crash_points(const std::string& only);
// A second crash at any later write, the next process' own included: of the ten shapes with the fewest
// writes, or of `only`.
std::vector<CrashPoint> crash_pairs(const std::string& only);

Case case_of(const CrashPoint& point);

}  // namespace ork::sim
