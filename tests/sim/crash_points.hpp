#pragma once

// The operator killed at every write it makes, one run for each: before the write is sent, after it was
// carried out without an answer, after its answer; and carried out late, when the next process works.

#include <string>
#include <vector>

#include "tests/sim/trial.hpp"

namespace ork::sim {

struct CrashPoint {
  const Shape* shape = nullptr;
  std::uint32_t write = 0;
  Harm harm = Harm::CrashBeforeSend;
  std::int64_t wait = 0;
};

// Of each shape as many as it makes writes without a fault, in each position; `only`: of this shape.
std::vector<CrashPoint> crash_points(const std::string& only);
Case case_of(const CrashPoint& point);

}  // namespace ork::sim
