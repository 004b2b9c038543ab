#pragma once

// The simulator sent after one bug at a time: seeds, until one fails that is clean without the bug.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/kept_cases.hpp"
#include "tests/sim/trial.hpp"
#include "tests/sim/zoo/bug.hpp"

namespace ork::zoo {

struct Hunt {
  std::vector<Bug> bugs;
  // Tried with what no seed of the first turn has caught.
  std::vector<sim::KeptCase> kept;
  std::uint64_t seeds = 20'000;    // a bug
  std::chrono::seconds time{600};  // for all of them; bugs whose turn has not come by then go free
  std::size_t workers = 2;
};

struct Catch {
  std::string bug;
  bool caught = false;
  std::string invariant;    // "I2"; "crash" or "no end": of the process
  std::string what;         // the violation
  std::uint64_t seeds = 0;  // tried, from 1 on; the last of them caught it
  std::string kept;         // the kept case that caught it, and no seed
  std::chrono::duration<double> took{0};
};

// `on_catch` is called as each is caught or has gone free. What is returned stands in the order of `bugs`.
std::vector<Catch> hunt(const Hunt& hunt, const std::function<void(const Catch&)>& on_catch);

// The seed as it is tried with this bug.
sim::Case case_with(const Bug& bug, std::uint64_t seed);
// With the bug alive, but held against how tasks end without it.
sim::Verdict judge_with(const Bug& bug, const sim::Case& what, sim::FairEnds& known);

}  // namespace ork::zoo
