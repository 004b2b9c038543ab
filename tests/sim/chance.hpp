#pragma once

// The one source of chance: a seed, and streams of it by name. A stream does not depend on what others
// have drawn, so a new consumer shifts nobody's numbers. All arithmetic is written out here: the
// standard library's distributions differ between implementations.
//
// SplitMix64 (Steele, Lea, Flood 2014) fills the state, xoshiro256** (Blackman, Vigna 2018) goes on.

#include <array>
#include <cstdint>
#include <string_view>

namespace ork::sim {

// One step of SplitMix64: moves `state` on and returns its number.
std::uint64_t split_mix(std::uint64_t& state);

// FNV-1a, 64 bits: what names and traces are hashed by.
std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325U);

class Chance {
 public:
  explicit Chance(std::uint64_t seed);

  // The same for the same seed and name, whatever has been drawn.
  Chance stream(std::string_view name) const;

  std::uint64_t next();
  // Uniform in [0, bound); 0 where bound is 0.
  std::uint64_t below(std::uint64_t bound);
  // Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high);
  bool happens(unsigned percent) { return below(100) < percent; }
  // Uniform in [0, 1).
  double unit();

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_;
};

}  // namespace ork::sim
