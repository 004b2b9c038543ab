#pragma once

// What woven code asks: whether a bug lives. weave.py puts the questions in.

#include <cstdint>

namespace ork::runtime {}

namespace ork::zoo {

// At most one lives at a time, by its number; 0: none, and the operator is as it should be.
inline std::uint32_t living = 0;
inline bool lives(std::uint32_t bug) { return living == bug; }

// Loops, timers and times are the world's, shared by all; the rest of this folder is woven.
namespace runtime {
using namespace ork::runtime;
}

}  // namespace ork::zoo
