#pragma once

// A failing case made small: fewer faults, shorter waits, a plainer world, fewer tasks.

#include <functional>

#include "tests/sim/world.hpp"

namespace ork::sim {

// A smaller case with which `fails` still holds; it is called at most `most` times.
Case shrink(const Case& what, const std::function<bool(const Case&)>& fails, int most = 400);

}  // namespace ork::sim
